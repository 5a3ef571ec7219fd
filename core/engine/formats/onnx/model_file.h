// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <onnx/onnx_pb.h>

#include <filesystem>
#include <map>
#include <string>

namespace bitscape {

/// A model as its file has it, with the tensors taken out of the graph.
struct OnnxModelFile {
    onnx::ModelProto model;                                ///< graph.initializer is empty
    std::map<std::string, onnx::TensorProto> initializers; ///< by name
    std::filesystem::path folder;                          ///< external data is looked for here
    std::int64_t opset = 0;                                ///< of ONNX's own operators
};

/// Reads the file and checks what can be checked before a single operator is looked at: format, version, size, no functions, training or
/// sparse tensors, a graph with one input and one output. Throws Error(BadInput) or Error(Unsupported).
OnnxModelFile readOnnxFile(const std::filesystem::path& file);

/// The graph's input that is no initialiser.
const onnx::ValueInfoProto& imageInput(const OnnxModelFile& file);

/// "ONNX's own" domain has two names.
bool isOnnxDomain(const std::string& domain);

} // namespace bitscape
