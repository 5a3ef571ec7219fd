// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/evaluate/reuse_plan.h"

#include "core/base/random.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace bitscape {
namespace {

constexpr int kSamples = 24;

/// One, two or four filters, drawn from all that can change.
std::vector<ChangedFilters> sampleChanges(const std::vector<Layer>& layers)
{
    std::vector<std::pair<std::size_t, std::int64_t>> filters;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        for (std::int64_t f = 0; layers[i].quantizable && f < layers[i].filters; ++f)
            filters.emplace_back(i, f);
    }
    std::vector<ChangedFilters> samples;
    Random random(1);
    for (int s = 0; s < kSamples && !filters.empty(); ++s) {
        ChangedFilters changed(layers.size());
        for (int k = 0; k < 1 << (s % 3); ++k) {
            const auto& [layer, filter] = filters[random.below(filters.size())];
            changed[layer].push_back(filter);
        }
        for (auto& list : changed) {
            std::ranges::sort(list);
            list.erase(std::ranges::unique(list).begin(), list.end());
        }
        samples.push_back(std::move(changed));
    }
    return samples;
}

/// The node that owns the memory of another's output.
int owner(const Graph& graph, int index)
{
    const Node* node = &graph.nodes[static_cast<std::size_t>(index)];
    const auto passesOn = [](const Node& n) {
        return n.op == Op::Identity || n.op == Op::Flatten
            || ((n.op == Op::GlobalAveragePool || n.op == Op::GlobalMaxPool) && n.shape.flat);
    };
    while (passesOn(*node)) {
        index = node->inputs.front();
        node = &graph.nodes[static_cast<std::size_t>(index)];
    }
    return index;
}

/// Each layer's output, each layer's input, both.
std::set<std::vector<int>> candidates(const Graph& graph, const std::vector<Layer>& layers)
{
    std::set<std::vector<int>> groups;
    for (const Layer& layer : layers) {
        const int input = owner(graph, graph.nodes[static_cast<std::size_t>(layer.node)].inputs.front());
        groups.insert({ layer.node });
        if (graph.nodes[static_cast<std::size_t>(input)].op != Op::Input) {
            groups.insert({ input });
            groups.insert({ std::min(input, layer.node), std::max(input, layer.node) });
        }
    }
    return groups;
}

} // namespace

std::vector<bool> nodesWorthKeeping(
    const Graph& graph, const std::vector<Layer>& layers, std::int64_t images, std::int64_t bytes, bool byFilter)
{
    const auto samples = sampleChanges(layers);
    const auto groups = candidates(graph, layers);
    std::vector<bool> kept(graph.nodes.size(), false);
    const auto workWith = [&](const std::vector<bool>& choice) {
        double work = 0;
        for (const ChangedFilters& changed : samples)
            work += planReuse(graph, layers, choice, changed, byFilter).work;
        return work;
    };
    double work = workWith(kept);
    for (;;) {
        std::vector<bool> best;
        double bestRate = 0, bestWork = 0;
        std::int64_t bestBytes = 0;
        for (const auto& group : groups) {
            std::vector<bool> choice = kept;
            std::int64_t more = 0;
            for (const int node : group) {
                if (!kept[static_cast<std::size_t>(node)])
                    more += graph.nodes[static_cast<std::size_t>(node)].shape.size() * images * static_cast<std::int64_t>(sizeof(float));
                choice[static_cast<std::size_t>(node)] = true;
            }
            if (more == 0 || more > bytes)
                continue;
            const double then = workWith(choice);
            const double rate = (work - then) / static_cast<double>(more);
            if (rate > bestRate) {
                best = choice;
                bestRate = rate;
                bestWork = then;
                bestBytes = more;
            }
        }
        if (best.empty())
            return kept;
        kept = best;
        work = bestWork;
        bytes -= bestBytes;
    }
}

} // namespace bitscape
