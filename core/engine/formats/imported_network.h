// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/job_context.h"
#include "core/network/graph.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// What an importer made of a file.
struct ImportedNetwork {
    Graph graph;                                  ///< checked with checkGraph()
    std::string weights;                          ///< raw little-endian float32, tensor after tensor in the order of graph.tensors
    std::string format;                           ///< "onnx" or "torchscript"
    std::string producer;                         ///< "pytorch 1.13.1"; empty where the file does not say
    std::string opset;                            ///< "13"; empty where the file does not say
    std::vector<std::string> notes;               ///< one plain sentence each: what was left out or resolved
    std::map<std::string, std::vector<int>> bits; ///< per layer node, from the metadata of an export of ours; usually empty
    std::vector<double> mean, stddev;             ///< normalisation of images, likewise
};

struct ImportOptions {
    std::optional<Shape> input; ///< C,H,W in place of what the file says
};

/// Reads a network from a file, by the file's own first bytes. A pickled state_dict or module is refused with the two lines of Python that
/// would save it as TorchScript. Throws Error(BadInput) for a file that is damaged or lies, Error(Unsupported) for an operator that
/// Bitscape does not have, naming operator and node.
ImportedNetwork importModel(const std::filesystem::path& file, const ImportOptions& options, JobContext& context);

/// ONNX, opset 7 to 21. External data is read from the model's own folder only.
ImportedNetwork importOnnx(const std::filesystem::path& file, const ImportOptions& options, JobContext& context);

/// TorchScript as torch.jit.save() writes it. Nothing in the file is executed beyond what loading needs.
ImportedNetwork importTorchScript(const std::filesystem::path& file, const ImportOptions& options, JobContext& context);

} // namespace bitscape
