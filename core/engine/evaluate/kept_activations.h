// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/layer_bits.h"
#include "core/engine/evaluate/answers.h"
#include "core/engine/evaluate/reuse_plan.h"

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <map>
#include <memory>
#include <vector>

namespace bitscape {

/// Computes batches for one set of weights after another, from what it kept of each batch the last time (see reuse_plan.h). A batch is
/// computed whole the first time, and after many updates, so that their rounding does not add up.
class KeptActivations final {
public:
    /// `graph`: folded. `bytes`: for the outputs that are kept of all `images`. `byFilter`: see planReuse().
    KeptActivations(
        const Graph& graph, const std::vector<Layer>& layers, std::size_t batches, std::int64_t images, std::int64_t bytes, bool byFilter);

    /// Makes ready for these batches with this network. `weights`: one number per filter and layer that is equal exactly where the filter's
    /// weights are.
    void prepare(const InferenceNetwork& network, const LayerBits& weights, const std::vector<std::size_t>& batches);

    /// [N, classes]. After prepare(), from any number of threads, each with other batches.
    at::Tensor logits(std::size_t batch, const at::Tensor& images);

    /// For when batches come to hold other images.
    void forget() { m_batches.assign(m_batches.size(), {}); }

    bool keepsAnything() const { return m_keepsAnything; }

private:
    struct Kept {
        std::shared_ptr<const LayerBits> weights; ///< null: nothing is kept
        std::vector<at::Tensor> outputs;          ///< by node, undefined where not kept
        const ReusePlan* plan = nullptr;
        int updates = 0;
    };

    ChangedFilters changedSince(const LayerBits& before) const;

    Graph m_graph;
    std::vector<Layer> m_layers;
    bool m_byFilter;
    std::vector<bool> m_keep;
    bool m_keepsAnything = false;
    ReusePlan m_whole;
    std::vector<Kept> m_batches;
    const InferenceNetwork* m_network = nullptr;
    std::shared_ptr<const LayerBits> m_weights;
    std::map<std::shared_ptr<const LayerBits>, ReusePlan> m_plans; ///< by what a batch was computed with last
};

} // namespace bitscape
