// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/layer_bits.h"
#include "core/engine/network/tensors.h"
#include "core/network/graph.h"
#include "core/network/layers.h"
#include "core/network/quantizer.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace bitscape {

/// A whole layer's weight tensor with every filter at its own bit-width (methods.md section 4).
struct QuantizedWeight {
    at::Tensor values; ///< like the weights
    at::Tensor scales; ///< [filters], float32
    at::Tensor limits; ///< [filters]: |w| up to which the straight-through gradient passes
};

/// `weight`: [F, ...] float32; one entry of `bits` per filter. Works on the CPU, filter by filter in row-major order, whatever the layout.
QuantizedWeight quantizeWeight(const at::Tensor& weight, const std::vector<std::uint8_t>& bits, const QuantizerOptions& options);

/// What of a 0-bit filter is zeroed besides its weights.
enum class Silence {
    Biases,             ///< its bias, and the shift of a batch normalisation directly behind
    BiasesAndStatistics ///< the running mean of that normalisation as well
};

/// Zeroes what a 0-bit filter must not leave behind (methods.md section 4). Replaces the tensors concerned in `tensors` by masked ones;
/// gradients flow through the mask. Statistics that are being trained must stay in place: they are left out then.
void silencePruned(const Graph& graph, const std::vector<Layer>& layers, const LayerBits& bits, Silence silence, TensorMap& tensors);

/// A network whose filters can be given any bits quickly: each filter is quantized once per bit-width, on first use.
class BitNetwork final {
public:
    /// `tensors`: full precision. The results live on `device`.
    BitNetwork(
        const Graph& graph, std::vector<Layer> layers, const TensorMap& tensors, const QuantizerOptions& options, const at::Device& device);

    const Graph& graph() const { return m_graph; }
    const std::vector<Layer>& layers() const { return m_layers; }

    /// All tensors of the network with these bits; 32 leaves a filter in full precision.
    TensorMap tensors(const LayerBits& bits);

private:
    const at::Tensor& uniform(std::size_t layer, std::uint8_t bits);

    const Graph& m_graph;
    std::vector<Layer> m_layers;
    TensorMap m_tensors;
    TensorMap m_placed;
    QuantizerOptions m_options;
    std::map<std::pair<std::size_t, std::uint8_t>, at::Tensor> m_uniform;
};

} // namespace bitscape
