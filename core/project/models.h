// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/ids.h"
#include "core/project/project.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// One weighted layer of a model as people who read the file with sqlite3 want it; the graph is the authority.
struct ModelLayer {
    std::string name;
    std::string op;           ///< "conv2d" or "linear"
    std::int64_t filters = 0; ///< output channels or neurons
    std::int64_t weightsPerFilter = 0;
    std::int64_t macsPerFilter = 0; ///< before any pruning
    bool operator==(const ModelLayer&) const = default;
};

/// What is known of the file that a model was read from; all empty for a built-in network.
struct ModelOrigin {
    std::string format;                           ///< "onnx" or "torchscript"
    std::string sha256;                           ///< of the file
    std::string producer;                         ///< "pytorch 1.13.1"; empty where the file does not say
    std::string opset;                            ///< "13"; likewise
    std::map<std::string, std::vector<int>> bits; ///< bits per filter by layer, of an export of Bitscape; usually empty
    bool operator==(const ModelOrigin&) const = default;
};

struct Model {
    ModelId id;
    std::string name;   ///< unique in the project
    std::string source; ///< where it came from: "zoo:lenet5" or a file's path
    ModelOrigin origin;
    std::string graph;                ///< JSON graph (core/network/graph_json.h)
    std::string weights;              ///< SHA-256 of the raw little-endian tensors, empty where the model is untrained
    std::vector<double> mean, stddev; ///< the model's own normalisation per channel, 0..1 pixels; empty: the data set's
    std::vector<ModelLayer> layers;
    std::string created; ///< UTC, ISO 8601
    bool operator==(const Model&) const = default;
};

/// Stores a model (id and created are ignored). Throws Error(BadArgument) if the name is empty, only blanks or taken, if two layers share a
/// name, or if `weights` is no stored blob.
ModelId addModel(Project& project, const Model& model);

/// Throws Error(BadArgument) if a model could not be called that.
void requireFreeModelName(Project& project, const std::string& name);

/// All models, oldest first.
std::vector<Model> models(Project& project);

/// Throws Error(BadArgument) that names the number if there is none.
Model model(Project& project, ModelId id);

/// By name, else by number, else nothing.
std::optional<Model> findModel(Project& project, const std::string& nameOrNumber);

/// Throws Error(BadArgument) that names the runs while any run refers to it. Its weights go with the next sweepBlobs().
void removeModel(Project& project, ModelId id);

} // namespace bitscape
