// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/stepping/subnet_plan.h"
#include "core/engine/stepping/subnet_trainer.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace bitscape {

/// One step of descent for one subnet (methods.md section 7): the loss through the subnet alone, importance on the way, gradients of
/// smaller subnets' weights suppressed, weights outside the subnet left as they are.
class SubnetStep final {
public:
    /// All outlive this.
    SubnetStep(
        const Graph& graph, const std::vector<Layer>& layers, const SubnetTraining& training, SubnetState& state, const at::Device& device);

    /// To be called whenever the groups have changed.
    void follow(const FilterGroups& groups);

    struct Outcome {
        double loss = 0;  ///< mean over the batch
        double right = 0; ///< images
    };
    /// `teacher`: logits; undefined: the labels alone.
    Outcome run(int subnet, const at::Tensor& images, const at::Tensor& labels, const at::Tensor& teacher, double rate);

    /// Importance is summed from here on.
    void forgetImportance();
    /// Puts the sums into the state, for the filters that each subnet has.
    void rememberImportance();

private:
    /// How far a subnet may change a tensor: broadcastable factors.
    struct Share {
        at::Tensor member; ///< 1 where it belongs to the subnet, else 0
        at::Tensor scale;  ///< of the gradient
    };
    struct Subnet {
        SubnetPlan plan;
        std::unordered_map<std::string, Share> shares; ///< by the state's tensor names
        std::vector<at::Tensor> sums;                  ///< per layer [active filters], of |dL/dr|
    };

    Share shareOf(const std::vector<std::uint8_t>& groups, int subnet) const;
    Share shareOfWeight(const Layer& layer, const std::vector<std::uint8_t>& from, const std::vector<std::uint8_t>& to, int subnet) const;
    void share(Subnet& subnet);
    void descend(const Subnet& subnet, const TensorMap& leaves, double rate);

    const Graph& m_graph;
    const std::vector<Layer>& m_layers;
    const SubnetTraining& m_training;
    SubnetState& m_state;
    at::Device m_device;
    std::vector<int> m_layerOfTap; ///< per node; -1: no tap
    std::vector<Subnet> m_subnets;
};

} // namespace bitscape
