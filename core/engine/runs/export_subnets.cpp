// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/export_subnets.h"

#include "core/engine/evaluate/answers.h"
#include "core/engine/evaluate/evaluate.h"
#include "core/engine/formats/export/export_subnets.h"
#include "core/engine/formats/export/onnx_execution.h"
#include "core/engine/runs/run_images.h"
#include "core/engine/runs/subnet_model.h"
#include "core/network/graph_json.h"

#include "core/base/error.h"
#include "core/base/numbered.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <memory>

namespace bitscape {
namespace {

/// The network as it is evaluated.
InferenceNetwork inferenceOf(const Deployable& network)
{
    NodeHook hook;
    if (!network.ranges.empty())
        hook = activationQuantizer(network.layers, network.ranges, network.activationBits, false);
    return { foldBatchNorm(network.graph, network.tensors), std::move(hook), {} };
}

/// Files under their temporary names, and what they answer.
class Files final {
public:
    Files(const Deployable& network, const ExportFormat& format, const std::filesystem::path& file, Existing existing)
    {
        const std::size_t subnets = network.graph.subnets.size();
        for (std::size_t k = 0; k < subnets; ++k) {
            const Deployable own = subnetOf(network, k);
            m_expected.push_back(inferenceOf(own));
            const auto& path = write(besides(file, numbered("s", static_cast<std::int64_t>(k) + 1)), format.bytes(own), existing);
            m_files.back().subnet = static_cast<int>(k) + 1;
            m_logits.push_back(format.load(path));
        }
        const auto steps = format.name == "onnx" ? exportOnnxSteps(network) : std::vector<std::string>();
        for (std::size_t k = 0; k < steps.size(); ++k) {
            m_steps.emplace_back(write(besides(file, numbered("step", static_cast<std::int64_t>(k) + 1)), steps[k], existing));
            m_files.back().subnet = static_cast<int>(k) + 1;
            m_files.back().isStep = true;
        }
    }

    /// The first `labels`, or all where there are none; a batch may be filled up behind them.
    void run(const at::Tensor& images, const std::vector<std::uint16_t>& labels)
    {
        const std::size_t taken = labels.empty() ? static_cast<std::size_t>(images.size(0)) : labels.size();
        const c10::InferenceMode inference;
        OnnxExecution::Values values;
        if (!m_steps.empty())
            values[m_steps.front().inputs().front()] = images;
        for (std::size_t k = 0; k < m_logits.size(); ++k) {
            const auto expected = answersOf(logitsOf(m_expected[k], images));
            const at::Tensor logits = m_logits[k](images);
            count(m_files[k].check, taken, answersOf(logits), expected, labels);
            if (m_steps.empty())
                continue;
            for (auto& [name, value] : m_steps[k].run(values))
                values[name] = value;
            const at::Tensor stepped = values.at(m_steps[k].outputs().front());
            SubnetFile& step = m_files[m_logits.size() + k];
            count(step.check, taken, answersOf(stepped), expected, labels);
            step.apart = std::max(step.apart, (stepped - logits).abs().max().item<double>());
        }
    }

    std::vector<SubnetFile> keep()
    {
        for (const auto& file : m_written)
            file->keep();
        return m_files;
    }

private:
    const std::filesystem::path& write(const std::filesystem::path& file, const std::string& bytes, Existing existing)
    {
        m_written.push_back(std::make_unique<WholeFile>(file, bytes, existing));
        m_files.push_back({ file, 1, false, bytes.size(), {}, 0 });
        return m_written.back()->temporary();
    }

    static void count(FileCheck& check, std::size_t taken, const std::vector<std::uint16_t>& answers,
        const std::vector<std::uint16_t>& expected, const std::vector<std::uint16_t>& labels)
    {
        check.images += static_cast<std::int64_t>(taken);
        for (std::size_t i = 0; i < taken; ++i) {
            check.differing += answers[i] == expected[i] ? 0 : 1;
            check.right += !labels.empty() && answers[i] == labels[i] ? 1 : 0;
        }
    }

    std::vector<std::unique_ptr<WholeFile>> m_written;
    std::vector<SubnetFile> m_files; ///< subnets, then steps
    std::vector<InferenceNetwork> m_expected;
    std::vector<LogitsFunction> m_logits;
    std::vector<OnnxExecution> m_steps;
};

} // namespace

ExportSource subnetSource(Project& project, const Run& run, JobContext& context)
{
    const DescribedModel described = describeSubnets(project, run, "");
    ExportSource source;
    RunInputs& inputs = source.inputs.emplace(loadInputs(project, run, context));
    inputs.graph = graphFromJson(described.model.graph);
    inputs.tensors = tensorsFromBytes(inputs.graph, described.weights);
    source.split = resolveSplit(inputs.run.parameters.at("test_split").get<std::string>(), inputs.images);
    source.network = deployable(inputs, layersOf(inputs.graph));
    source.network.tensors = inputs.tensors;
    return source;
}

std::vector<SubnetFile> exportSubnets(
    const ExportSource& source, const ExportFormat& format, const std::filesystem::path& file, Existing existing, JobContext& context)
{
    if (source.network.graph.subnets.empty())
        throw Error(ErrorCode::BadArgument,
            "'" + source.network.name + "' has no subnets: take a step run, or a run of a model that was added as run:N.");
    context.progress({ 0.3, 1, "writing " + format.name, {} });
    Files files(source.network, format, file, existing);
    context.progress({ 0.5, 1, "running what was written", {} });
    if (source.inputs) {
        const PreparedImages images = preparedImages(*source.inputs, source.split, positionsOf(source.split), kReferenceBatch);
        for (std::size_t batch = 0; batch < images.batches(); ++batch) {
            context.checkpoint();
            std::vector<std::uint16_t> labels;
            for (std::size_t i = 0; i < images.size(batch); ++i)
                labels.push_back(static_cast<std::uint16_t>(images.label(images.first(batch) + i)));
            files.run(images.images(batch), labels);
        }
    } else {
        files.run(source.noise, {});
    }
    context.checkpoint();
    return files.keep();
}

} // namespace bitscape
