// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/export/export_formats.h"

#include "core/engine/evaluate/each_batch.h"
#include "core/engine/formats/export/export_onnx.h"
#include "core/engine/formats/export/export_packed.h"
#include "core/engine/formats/export/export_qonnx.h"
#include "core/engine/formats/export/export_torchscript.h"
#include "core/engine/formats/export/onnx_execution.h"
#include "core/engine/formats/export/packed_network.h"
#include "core/engine/formats/torchscript_export.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <memory>
#include <numeric>

namespace bitscape {
namespace {

LogitsFunction loadOnnx(const std::filesystem::path& file)
{
    return [execution = std::make_shared<const OnnxExecution>(file)](const at::Tensor& images) { return execution->run(images); };
}

LogitsFunction loadPacked(const std::filesystem::path& file)
{
    return [network = std::make_shared<const InferenceNetwork>(readPacked(file))](
               const at::Tensor& images) { return logitsOf(*network, images); };
}

} // namespace

const std::vector<ExportFormat>& exportFormats()
{
    static const std::vector<ExportFormat> all {
        { "onnx", exportOnnx, loadOnnx },
        { "qonnx", exportQonnx, loadOnnx },
        { "packed", exportPacked, loadPacked },
        { "torchscript", exportAsTorchScript, torchScriptLogits },
    };
    return all;
}

std::vector<std::uint16_t> answersOf(const at::Tensor& logits)
{
    const at::Tensor plain = logits.to(at::kCPU).contiguous();
    const std::int64_t classes = plain.size(1);
    std::vector<std::uint16_t> answers;
    for (std::int64_t n = 0; n < plain.size(0); ++n) {
        const float* row = plain.data_ptr<float>() + n * classes;
        answers.push_back(static_cast<std::uint16_t>(std::max_element(row, row + classes) - row));
    }
    return answers;
}

FileCheck checkFile(
    const LogitsFunction& file, const PreparedImages& images, const std::vector<std::uint16_t>& expected, JobContext& context)
{
    std::vector<std::uint16_t> answers(static_cast<std::size_t>(images.count()));
    std::vector<std::size_t> batches(images.batches());
    std::iota(batches.begin(), batches.end(), std::size_t { 0 });
    eachBatch(batches, images.device(), context, [&](std::size_t batch) {
        const c10::InferenceMode inference;
        const auto found = answersOf(file(images.images(batch)));
        std::copy_n(found.begin(), images.size(batch), answers.begin() + static_cast<std::ptrdiff_t>(images.first(batch)));
    });
    FileCheck check { images.count(), 0, 0 };
    for (std::size_t i = 0; i < answers.size(); ++i) {
        check.right += answers[i] == images.label(i) ? 1 : 0;
        check.differing += answers[i] == expected.at(i) ? 0 : 1;
    }
    return check;
}

} // namespace bitscape
