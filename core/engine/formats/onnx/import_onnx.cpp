// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/onnx/import_onnx.h"

#include "core/base/error.h"
#include "core/engine/formats/onnx/model_metadata.h"
#include "core/engine/formats/onnx/translation.h"
#include "core/network/layers.h"

#include <c10/util/Exception.h>

#include <google/protobuf/stubs/logging.h>

namespace bitscape {
namespace {

ImportedNetwork translated(const std::filesystem::path& path, const ImportOptions& options, JobContext& context)
{
    const OnnxModelFile file = readOnnxFile(path);
    context.checkpoint();
    ImportedNetwork network;
    OnnxTranslation translation(file, checkOnnxModel(file), options, network.notes);
    const int output = translation.run(context);
    context.checkpoint();
    translation.draft().finish(output, network);
    network.format = "onnx";
    network.opset = std::to_string(file.opset);
    network.producer = producerOf(file.model);
    readMetadata(file.model, translation.layerNames(), network);
    return network;
}

} // namespace

ImportedNetwork importOnnx(const std::filesystem::path& path, const ImportOptions& options, JobContext& context)
{
    const google::protobuf::LogSilencer silent; // what is wrong with a file is told by an Error
    try {
        ImportedNetwork network = translated(path, options, context);
        if (layersOf(network.graph).empty())
            throw Error(ErrorCode::Unsupported, "The model has no convolution and no linear layer: there is nothing to quantize.");
        return network;
    } catch (const c10::Error& error) {
        throw Error(ErrorCode::BadInput, std::string("The model cannot be read: ") + error.what_without_backtrace());
    } catch (const std::bad_alloc&) {
        throw Error(ErrorCode::BadInput, "The model needs more memory than there is.");
    }
}

} // namespace bitscape
