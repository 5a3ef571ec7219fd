// SPDX-License-Identifier: GPL-3.0-or-later
// What must follow within a frame when bits are edited: a network of 20000 filters.
#include "core/network/bit_edits.h"
#include "core/network/cost.h"
#include "core/network/graph_builder.h"

#include "core/base/numbered.h"
#include "core/base/random.h"

#include <benchmark/benchmark.h>

namespace {

using namespace bitscape;

/// 40 convolutions of 500 filters each between a first and a last layer, on images of 8x8.
Graph largeGraph()
{
    GraphBuilder builder({ 3, 8, 8, false });
    int at = builder.relu("relu0", builder.conv("conv0", 0, 500, 3, 1, 1));
    for (int i = 1; i <= 40; ++i)
        at = builder.relu(numbered("relu", i), builder.batchNorm(numbered("norm", i), builder.conv(numbered("conv", i), at, 500, 3, 1, 1)));
    return builder.finish(builder.linear("logits", builder.flatten("flat", builder.globalAveragePool("pool", at)), 10));
}

struct World {
    Graph graph = largeGraph();
    EditSources sources;

    World()
    {
        Random random(1);
        sources.layers = layersOf(graph);
        sources.choice = { { 0, 1, 2, 3, 4 }, 8 };
        sources.start = uniformBits(sources.layers, 4, 8);
        SensitivityTable table { { 0, 1, 2, 3, 4 }, 10, {} };
        for (const Layer& layer : sources.layers) {
            auto& scores = sources.scores.emplace_back();
            auto& damage = table.damage.emplace_back();
            for (std::int64_t f = 0; f < layer.filters; ++f) {
                scores.push_back(random.uniform(0, 10));
                for (int b = 0; layer.quantizable && b < 5; ++b)
                    for (int m = 0; m < 10; ++m)
                        damage.push_back(static_cast<float>(random.uniform(0.5, 1) / (1 << (2 * b))));
            }
        }
        sources.sensitivity = std::move(table);
    }
};

const World& world()
{
    static const World kWorld;
    return kWorld;
}

void target(benchmark::State& state)
{
    EditState edited = startOf(world().sources);
    double bits = 1;
    for (auto _ : state) {
        bits = bits > 3 ? 1 : bits + 0.1;
        edited = apply(world().sources, edited, TargetEdit { bits, std::vector<double> { 1, 1, 1, 1, 1, 2, 1, 1, 1, 1 } });
    }
}
BENCHMARK(target)->Unit(benchmark::kMillisecond);

void thresholds(benchmark::State& state)
{
    EditState edited = startOf(world().sources);
    double first = 0;
    for (auto _ : state) {
        first = first > 3 ? 0 : first + 0.1;
        edited = apply(world().sources, edited, ThresholdsEdit { { first, first + 1, first + 2, first + 3 } });
    }
}
BENCHMARK(thresholds)->Unit(benchmark::kMillisecond);

void cost(benchmark::State& state)
{
    const EditState edited = apply(world().sources, startOf(world().sources), ThresholdsEdit { { 1, 2, 4, 6 } });
    for (auto _ : state)
        benchmark::DoNotOptimize(costOf(world().graph, world().sources.layers, edited.bits, 8));
}
BENCHMARK(cost)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
