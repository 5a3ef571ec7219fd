// SPDX-License-Identifier: GPL-3.0-or-later
// What stepping through the subnets costs: every step against a fresh run of its subnet, all steps against one run of the largest subnet;
// and a training step of each subnet.
#include "core/base/random.h"
#include "core/engine/runs/device.h"
#include "core/engine/stepping/construction.h"
#include "core/engine/stepping/incremental_network.h"
#include "core/engine/stepping/subnet_inference.h"
#include "core/engine/stepping/subnet_step.h"
#include "core/network/cost.h"
#include "core/network/zoo.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <benchmark/benchmark.h>

#include <map>

namespace {

using namespace bitscape;

constexpr int kSubnets = 4;

/// A network widened by 1.8 with subnets at 10, 30, 50 and 85 % of the original's MACs, filters dealt by random importance.
struct Stepping {
    Graph graph;
    std::vector<Layer> layers;
    TensorMap tensors;
    FilterGroups groups;
    FoldedNetwork folded;
    std::vector<InferenceNetwork> fresh;
    std::optional<IncrementalNetwork> incremental;

    explicit Stepping(const std::string& name)
    {
        const Graph original = zooGraph(zooRequestFrom("zoo:" + name));
        const auto originalLayers = layersOf(original);
        graph = widened(original, 1.8);
        layers = layersOf(graph);
        tensors = freshTensors(graph, 1);
        const auto macs = static_cast<double>(SubnetCost(original, originalLayers).macs(uniformGroups(originalLayers, 1), 1));
        Construction construction(graph, layers, { 0.1 * macs, 0.3 * macs, 0.5 * macs, 0.85 * macs }, 1.5);
        const SubnetImportance importance = randomImportance(construction.groups());
        for (int left = 8; left >= 1; --left)
            construction.moveOn(importance, nullptr, left);
        construction.fillUp(importance);
        groups = construction.groups();
        folded = foldedSubnets(graph, tensors, 0);
        for (int k = 1; k <= kSubnets; ++k)
            fresh.push_back(subnetNetwork(folded, planSubnet(graph, layers, groups, k, false, at::kCPU)));
        incremental.emplace(folded, layers, groups, kSubnets, countWeights(graph, layers, tensors, 0));
    }

    static SubnetImportance randomImportance(const FilterGroups& groups)
    {
        Random random(2);
        SubnetImportance importance(kSubnets);
        for (auto& subnet : importance) {
            for (const auto& layer : groups) {
                subnet.emplace_back();
                for (std::size_t f = 0; f < layer.size(); ++f)
                    subnet.back().push_back(random.uniform(0, 1));
            }
        }
        return importance;
    }
};

const Stepping& network(const std::string& name)
{
    static std::map<std::string, Stepping> networks;
    const auto found = networks.find(name);
    return found != networks.end() ? found->second : networks.try_emplace(name, name).first->second;
}

at::Tensor images(std::int64_t batch)
{
    return at::rand({ batch, 3, 32, 32 }).contiguous(at::MemoryFormat::ChannelsLast);
}

/// A fresh run of subnet k.
void fresh(benchmark::State& state, const std::string& name)
{
    useThreads(0);
    const Stepping& own = network(name);
    const c10::InferenceMode inference;
    const at::Tensor input = images(state.range(1));
    for (auto _ : state)
        benchmark::DoNotOptimize(logitsOf(own.fresh[static_cast<std::size_t>(state.range(0) - 1)], input));
}

/// Step k alone, the steps before it done.
void step(benchmark::State& state, const std::string& name)
{
    useThreads(0);
    const Stepping& own = network(name);
    const at::Tensor input = images(state.range(1));
    for (auto _ : state) {
        state.PauseTiming();
        IncrementalNetwork::Run run(*own.incremental, input);
        for (int k = 1; k < state.range(0); ++k)
            run.step();
        state.ResumeTiming();
        benchmark::DoNotOptimize(run.step());
    }
}

/// All steps, one after another.
void allSteps(benchmark::State& state, const std::string& name)
{
    useThreads(0);
    const Stepping& own = network(name);
    const at::Tensor input = images(state.range(0));
    for (auto _ : state) {
        IncrementalNetwork::Run run(*own.incremental, input);
        for (int k = 1; k <= kSubnets; ++k)
            benchmark::DoNotOptimize(run.step());
    }
}

/// One step of descent for subnet k, batch 64.
void train(benchmark::State& state, const std::string& name)
{
    useThreads(0);
    const Stepping& own = network(name);
    Construction construction(own.graph, own.layers, std::vector<double>(kSubnets, 1), 1.5);
    construction.setGroups(own.groups);
    SubnetTraining training;
    SubnetState subnets = freshSubnets(own.graph, own.tensors, construction, SubnetKind::Stepping);
    subnets.tensors = placed(subnets.tensors, at::kCPU);
    SubnetStep descent(own.graph, own.layers, training, subnets, at::kCPU);
    descent.follow(own.groups);
    const at::Tensor input = images(64), labels = at::zeros({ 64 }, at::kLong);
    for (auto _ : state)
        benchmark::DoNotOptimize(descent.run(static_cast<int>(state.range(0)), input, labels, {}, 0.001).loss);
}

#define STEPPING(NAME, ZOO)                                                                                                                \
    BENCHMARK_CAPTURE(fresh, NAME, ZOO)->ArgsProduct({ { 1, 2, 3, 4 }, { 1, 32 } })->UseRealTime()->Unit(benchmark::kMillisecond);         \
    BENCHMARK_CAPTURE(step, NAME, ZOO)->ArgsProduct({ { 1, 2, 3, 4 }, { 1, 32 } })->UseRealTime()->Unit(benchmark::kMillisecond);          \
    BENCHMARK_CAPTURE(allSteps, NAME, ZOO)->Arg(1)->Arg(32)->UseRealTime()->Unit(benchmark::kMillisecond);                                 \
    BENCHMARK_CAPTURE(train, NAME, ZOO)->DenseRange(1, 4)->UseRealTime()->Unit(benchmark::kMillisecond)

STEPPING(lenet_3c1l, "lenet-3c1l");
STEPPING(vgg_small, "vgg-small");

} // namespace

BENCHMARK_MAIN();
