// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/network/tensors.h"
#include "core/engine/quantize/activations.h"
#include "core/network/graph.h"

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace bitscape {

/// What stands in a TorchScript file beside graph and tensors; everything may be empty.
struct TorchScriptExtras {
    std::map<std::string, std::vector<int>> bits; ///< per layer node, one per filter; 32 for full precision
    std::map<int, ActivationGrid> activations;    ///< of the nodes whose output is quantized
    std::vector<double> mean, stddev;             ///< of the images that the network reads, per channel
};

/// Writes the network as a TorchScript module that plain PyTorch (1.8 and later) loads and that computes what execute() does, with
/// contiguous weights to the last bit. Tensors become parameters and buffers under their nodes' names (characters other than letters,
/// digits, underscores and dots become underscores), so that state_dict() shows them; the extra file `bitscape.json` holds the input shape
/// and the extras, which importTorchScript() reads back. Throws Error(BadInput) where the file cannot be written.
void exportTorchScript(
    const Graph& graph, const TensorMap& tensors, const std::filesystem::path& file, const TorchScriptExtras& extras = {});

/// The same as bytes.
std::string torchScriptBytes(const Graph& graph, const TensorMap& tensors, const TorchScriptExtras& extras = {});

/// Runs a file's own forward: logits [N, classes] of images [N,C,H,W]. For files of our own only: what stands in the file is executed.
/// Throws Error(BadInput) where it cannot be loaded.
std::function<at::Tensor(const at::Tensor& images)> torchScriptLogits(const std::filesystem::path& file);

} // namespace bitscape
