// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/onnx/model_file.h"

#include "core/base/error.h"
#include "core/engine/formats/onnx/wire_scan.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <vector>

namespace bitscape {
namespace {

constexpr std::uintmax_t kLargestFile = std::uintmax_t { 1 } << 31; ///< protobuf's own limit
constexpr std::int64_t kMostStructure = std::int64_t { 4 } << 20;   ///< a DenseNet-121 has 0.1 MB
constexpr int kMostNodes = 20000;
constexpr std::int64_t kMostSmallData = std::int64_t { 128 } << 20;
constexpr std::int64_t kOldestIr = 3, kNewestIr = 12;
constexpr std::int64_t kOldestOpset = 7, kNewestOpset = 21;

[[noreturn]] void refuse(const std::filesystem::path& file, ErrorCode code, const std::string& what)
{
    throw Error(code, "'" + file.string() + "' " + what);
}

void checkFile(const std::filesystem::path& file)
{
    std::error_code failure;
    const auto size = std::filesystem::file_size(file, failure);
    if (failure || !std::ifstream(file, std::ios::binary))
        refuse(file, ErrorCode::BadInput, "cannot be read: check that the file is there and may be read.");
    if (size >= kLargestFile)
        refuse(file, ErrorCode::BadInput, "is larger than the 2 GiB that an ONNX file can have: save the weights as external data.");
    const WireScan scan = scanOnnxFile(file);
    if (!scan.isWellFormed || !scan.hasGraph)
        refuse(file, ErrorCode::BadInput, "is not an ONNX model, or is one that has been cut off or damaged: export it again.");
    if (scan.smallBytes > kMostSmallData)
        refuse(file, ErrorCode::Unsupported, "has large tensors in int32_data: store them as raw data.");
    if (scan.otherBytes > kMostStructure)
        refuse(file, ErrorCode::Unsupported,
            "has " + std::to_string(scan.otherBytes >> 20)
                + " MB of nodes and names, more than any network that Bitscape reads; weights belong into initializers with raw data.");
}

onnx::ModelProto parsed(const std::filesystem::path& file)
{
    std::ifstream input(file, std::ios::binary);
    google::protobuf::io::IstreamInputStream buffered(&input);
    google::protobuf::io::CodedInputStream stream(&buffered);
    stream.SetTotalBytesLimit(std::numeric_limits<int>::max());
    onnx::ModelProto model;
    if (!model.ParseFromCodedStream(&stream) || !stream.ConsumedEntireMessage())
        refuse(file, ErrorCode::BadInput, "is damaged: export it again.");
    return model;
}

std::int64_t opsetOf(const std::filesystem::path& file, const onnx::ModelProto& model)
{
    if (model.ir_version() < kOldestIr || model.ir_version() > kNewestIr)
        refuse(file, ErrorCode::Unsupported,
            "has version " + std::to_string(model.ir_version()) + " of the ONNX format; Bitscape reads " + std::to_string(kOldestIr)
                + " to " + std::to_string(kNewestIr) + ".");
    std::int64_t opset = 0;
    for (const auto& import : model.opset_import()) {
        if (isOnnxDomain(import.domain()))
            opset = std::max(opset, import.version());
    }
    if (opset < kOldestOpset || opset > kNewestOpset)
        refuse(file, ErrorCode::Unsupported,
            "uses opset " + std::to_string(opset) + "; Bitscape reads " + std::to_string(kOldestOpset) + " to "
                + std::to_string(kNewestOpset) + ": export it again with opset_version=17.");
    return opset;
}

void checkParts(const std::filesystem::path& file, const onnx::ModelProto& model)
{
    if (model.graph().node_size() > kMostNodes)
        refuse(file, ErrorCode::Unsupported,
            "has " + std::to_string(model.graph().node_size()) + " nodes, more than any network that Bitscape reads.");
    if (model.functions_size() > 0)
        refuse(
            file, ErrorCode::Unsupported, "defines functions of its own, which Bitscape does not read: export it with inlined functions.");
    if (model.training_info_size() > 0)
        refuse(file, ErrorCode::Unsupported, "holds a training graph: export the network for inference.");
    if (model.graph().sparse_initializer_size() > 0)
        refuse(file, ErrorCode::Unsupported, "has sparse initializers: store them as dense tensors.");
    if (model.graph().output_size() != 1)
        refuse(file, ErrorCode::Unsupported,
            "has " + std::to_string(model.graph().output_size()) + " outputs; Bitscape takes classifiers with one, the logits.");
}

std::map<std::string, onnx::TensorProto> takeInitializers(const std::filesystem::path& file, onnx::GraphProto& graph)
{
    std::map<std::string, onnx::TensorProto> initializers;
    for (auto& tensor : *graph.mutable_initializer()) {
        const std::string name = tensor.name();
        auto [place, isNew] = initializers.try_emplace(name);
        if (!isNew || name.empty())
            refuse(file, ErrorCode::BadInput, "has two initializers called '" + name + "', or one without a name.");
        place->second.Swap(&tensor);
    }
    graph.clear_initializer();
    return initializers;
}

} // namespace

bool isOnnxDomain(const std::string& domain)
{
    return domain.empty() || domain == "ai.onnx";
}

OnnxModelFile readOnnxFile(const std::filesystem::path& file)
{
    checkFile(file);
    OnnxModelFile read;
    read.model = parsed(file);
    read.opset = opsetOf(file, read.model);
    checkParts(file, read.model);
    read.folder = std::filesystem::absolute(file).parent_path();
    read.initializers = takeInitializers(file, *read.model.mutable_graph());
    imageInput(read);
    return read;
}

const onnx::ValueInfoProto& imageInput(const OnnxModelFile& file)
{
    std::vector<const onnx::ValueInfoProto*> inputs;
    for (const auto& input : file.model.graph().input()) {
        if (!file.initializers.contains(input.name()))
            inputs.push_back(&input);
    }
    if (inputs.size() != 1)
        throw Error(ErrorCode::Unsupported,
            "The model has " + std::to_string(inputs.size()) + " inputs; Bitscape takes networks with one, the images.");
    return *inputs.front();
}

} // namespace bitscape
