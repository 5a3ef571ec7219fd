// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/network/fold.h"
#include "core/network/subnets.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace bitscape {

/// A stepping network ready to be run step by step (methods.md section 7, "Incremental execution"): every step has its own compact weights,
/// so that it costs what it adds.
class IncrementalNetwork final {
public:
    /// `folded`: foldedSubnets() of a stepping or any-width network; `weights`: of countWeights(), for the counting.
    IncrementalNetwork(const FoldedNetwork& folded, const std::vector<Layer>& layers, const FilterGroups& groups, int subnets,
        const WeightCounts& weights);

    int subnets() const { return m_subnets; }
    /// MACs of one image that step i adds: MACs(S_i) - MACs(S_(i-1)).
    std::int64_t stepMacs(int step) const { return m_macs[static_cast<std::size_t>(step - 1)]; }

    /// One batch of images on its way through the subnets. A caller that decides on the fly steps, looks at the logits, and steps or stops.
    class Run final {
    public:
        /// `images` [N,C,H,W]; `network` outlives this.
        Run(const IncrementalNetwork& network, const at::Tensor& images);

        /// Subnets computed so far.
        int steps() const { return m_step; }
        /// Computes what the next subnet adds and answers its logits [N, classes]. Throws Error(BadArgument) behind the last one.
        at::Tensor step();
        /// Multiplications done so far, for all images, weights that are zero not counted.
        std::int64_t multiplications() const { return m_multiplications; }
        /// What a node has computed for the channels of group i; undefined where there are none.
        const at::Tensor& kept(int node, int group) const;

    private:
        void compute(std::size_t node);
        at::Tensor layer(std::size_t node);
        at::Tensor elementwise(std::size_t node);
        at::Tensor joined(int node);

        const IncrementalNetwork& m_network;
        int m_step = 0;
        std::vector<std::vector<at::Tensor>> m_parts; ///< per node and group
        std::vector<at::Tensor> m_joined;             ///< per node, all parts of the current step
        at::Tensor m_logits;
        std::int64_t m_multiplications = 0;
    };

private:
    struct StepOfNode {
        at::Tensor weight, bias;       ///< of a layer's new filters; of a batch normalisation's new channels
        at::Tensor mean, variance;     ///< of a batch normalisation that could not be folded
        std::vector<at::Tensor> picks; ///< per operand of a sum or product, places among its joined parts; undefined: its newest part
        std::int64_t channels = 0;     ///< new ones
        std::int64_t macs = 0;
    };

    void prepareLayer(std::size_t node, const Layer& layer, const TensorMap& tensors, const std::vector<std::uint16_t>& weights);
    void prepareOthers(std::size_t node, const TensorMap& tensors);
    /// Channels of a node in the order of their groups, those of groups first..last.
    std::vector<std::int64_t> ordered(std::size_t node, int first, int last) const;

    Graph m_graph;
    int m_subnets;
    std::vector<std::vector<std::uint8_t>> m_channels; ///< per node, group of each channel
    std::vector<std::vector<StepOfNode>> m_steps;      ///< per node and step
    std::vector<std::int64_t> m_macs;                  ///< per step
};

} // namespace bitscape
