// SPDX-License-Identifier: GPL-3.0-or-later
// Evaluation, scoring and training of three networks, the plain way and Bitscape's, beside the machine's matrix product; re-thresholding.
// The plain way: eager, batch normalisation unfolded, contiguous, batch 128 (scoring: 100), LibTorch's default threads.
#include "core/base/random.h"
#include "core/engine/evaluate/evaluate.h"
#include "core/engine/importance/critical_counts.h"
#include "core/engine/runs/device.h"
#include "core/engine/training/trainer.h"
#include "core/network/allocation.h"
#include "core/network/cost.h"
#include "core/network/zoo.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>

#include <benchmark/benchmark.h>

#include <numeric>

namespace {

using namespace bitscape;

constexpr int kImages = 2048;
const int kDefaultThreads = at::get_num_threads(); // before anything sets it

/// Random pixels: what a kernel takes does not depend on them.
ImageSet imageSet()
{
    ImageSet set;
    set.shape = { 3, 32, 32 };
    set.classNames.resize(10, "class");
    Random random(1);
    for (std::int64_t i = 0; i < kImages * set.shape.size(); ++i)
        set.train.pixels.push_back(static_cast<std::uint8_t>(random.below(256)));
    for (int i = 0; i < kImages; ++i)
        set.train.labels.push_back(static_cast<std::uint16_t>(i % 10));
    return set;
}

const ImageSet& images()
{
    static const ImageSet set = imageSet();
    return set;
}

const Normalisation kNormalisation { { 0.5, 0.5, 0.5 }, { 0.25, 0.25, 0.25 } };

struct Network {
    Graph graph;
    TensorMap tensors;
    explicit Network(const std::string& name)
        : graph(zooGraph(zooRequestFrom("zoo:" + name)))
        , tensors(freshTensors(graph, 1))
    {
    }
    double operations() const
    {
        double macs = 0;
        for (const Layer& layer : layersOf(graph))
            macs += static_cast<double>(layer.macs());
        return 2 * macs;
    }
};

void report(benchmark::State& state, std::int64_t perRound, double operations = 0)
{
    const double done = static_cast<double>(state.iterations() * perRound);
    state.counters["images"] = benchmark::Counter(done, benchmark::Counter::kIsRate);
    if (operations > 0)
        state.counters["gflops"] = benchmark::Counter(done * operations * 1e-9, benchmark::Counter::kIsRate);
}

void matrixProduct(benchmark::State& state)
{
    useThreads(0);
    const at::Tensor a = at::randn({ 2048, 2048 }), b = at::randn({ 2048, 2048 });
    for (auto _ : state)
        benchmark::DoNotOptimize(at::mm(a, b));
    state.counters["gflops"]
        = benchmark::Counter(2.0 * 2048 * 2048 * 2048 * 1e-9 * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void evaluatePlain(benchmark::State& state, const std::string& name)
{
    at::set_num_threads(kDefaultThreads);
    const Network network(name);
    const c10::InferenceMode inference;
    const at::Tensor batch = at::randn({ 128, 3, 32, 32 });
    for (auto _ : state)
        benchmark::DoNotOptimize(at::argmax(execute(network.graph, network.tensors, batch), 1));
    report(state, 128, network.operations());
}

void evaluateFast(benchmark::State& state, const std::string& name)
{
    useThreads(0);
    const Network network(name);
    const c10::InferenceMode inference;
    const InferenceNetwork ready { foldBatchNorm(network.graph, placed(network.tensors, at::kCPU)), {} };
    std::vector<std::int64_t> positions(kImages);
    std::iota(positions.begin(), positions.end(), 0);
    const auto prepared = [&](int batch) {
        return PreparedImages(images().train, images().shape, kNormalisation, positions, batch, at::kCPU, std::int64_t { 1 } << 30);
    };
    SilentContext context;
    const int size = measuredBatchSize(ready, prepared(kReferenceBatch), context);
    const PreparedImages input = prepared(size);
    for (auto _ : state)
        benchmark::DoNotOptimize(classify(ready, input, context));
    report(state, kImages, network.operations());
    state.counters["batch"] = size;
}

/// As one would write it: the gradient of every parameter is computed too, taps by hooks, a class at a time.
void scorePlain(benchmark::State& state, const std::string& name)
{
    at::set_num_threads(kDefaultThreads);
    Network network(name);
    for (auto& [tensor, values] : network.tensors)
        values.requires_grad_(true);
    for (const Node& node : network.graph.nodes) {
        if (node.op == Op::BatchNorm) {
            network.tensors.at(node.mean).requires_grad_(false);
            network.tensors.at(node.variance).requires_grad_(false);
        }
    }
    const auto layers = layersOf(network.graph);
    const at::Tensor batch = at::randn({ 100, 3, 32, 32 });
    for (auto _ : state) {
        std::vector<at::Tensor> wanted;
        ExecutionOptions options;
        std::vector<at::Tensor> taps(network.graph.nodes.size());
        options.hook = [&](int node, const at::Tensor& output) { return taps[static_cast<std::size_t>(node)] = output; };
        const at::Tensor logits = execute(network.graph, network.tensors, batch, options);
        for (const Layer& layer : layers)
            wanted.push_back(taps[static_cast<std::size_t>(layer.tap)]);
        const std::size_t tapCount = wanted.size();
        for (const auto& [tensor, values] : network.tensors) {
            if (values.requires_grad())
                wanted.push_back(values);
        }
        const auto gradients = torch::autograd::grad({ logits.select(1, 3).sum() }, wanted, {}, {}, false, true);
        for (std::size_t i = 0; i < tapCount; ++i)
            benchmark::DoNotOptimize((wanted[i].detach() * gradients[i]).abs().gt(1e-50).sum(0));
    }
    report(state, 100);
}

void scoreFast(benchmark::State& state, const std::string& name)
{
    useThreads(0);
    const Network network(name);
    const TensorMap tensors = placed(network.tensors, at::kCPU);
    std::vector<ClassBatch> batches;
    for (std::size_t i = 0; i < 16; ++i)
        batches.push_back({ i / 4, [] { return at::randn({ 25, 3, 32, 32 }).contiguous(at::MemoryFormat::ChannelsLast); } });
    SilentContext context;
    for (auto _ : state)
        benchmark::DoNotOptimize(countCritical(network.graph, layersOf(network.graph), tensors, batches, 4, {}, context));
    report(state, 400);
}

void trainEpoch(benchmark::State& state, const std::string& name)
{
    useThreads(0);
    const Network network(name);
    TrainingPlan plan;
    plan.epochs = 1;
    const Split split { "train", 0, 1024 };
    TrainingWorld world;
    world.accuracy = [](const TensorMap&) { return 0.0; };
    world.epochEnded = [](const TrainingState&) {};
    SilentContext context;
    for (auto _ : state) {
        TrainingState training = freshState(network.graph, network.tensors);
        train(network.graph, images(), split, kNormalisation, plan, world, training, context);
    }
    report(state, 1024);
}

/// 20000 filters: thresholds to bits, average bits, MACs, BitOps, size.
void rethreshold(benchmark::State& state)
{
    const Graph graph = zooGraph(zooRequestFrom("zoo:vgg16?width=3.8"));
    const auto layers = layersOf(graph);
    Random random(1);
    FilterScores scores;
    std::int64_t filters = 0;
    for (const Layer& layer : layers) {
        scores.emplace_back();
        for (std::int64_t f = 0; f < layer.filters; ++f)
            scores.back().push_back(static_cast<double>(random.below(1001)) / 100);
        filters += layer.filters;
    }
    for (auto _ : state) {
        const double p = static_cast<double>(random.below(40)) / 10;
        benchmark::DoNotOptimize(costOf(graph, layers, bitsFromThresholds(layers, scores, { p, p + 1, p + 2, p + 3 }, {})));
    }
    state.counters["filters"] = static_cast<double>(filters);
}

BENCHMARK(matrixProduct)->Unit(benchmark::kMillisecond)->UseRealTime();
#define BITSCAPE_NETWORKS(function)                                                                                                        \
    BENCHMARK_CAPTURE(function, lenet_3c1l, "lenet-3c1l")->Unit(benchmark::kMillisecond)->UseRealTime();                                   \
    BENCHMARK_CAPTURE(function, resnet20, "resnet20")->Unit(benchmark::kMillisecond)->UseRealTime();                                       \
    BENCHMARK_CAPTURE(function, vgg_small, "vgg-small")->Unit(benchmark::kMillisecond)->UseRealTime()
BITSCAPE_NETWORKS(evaluatePlain);
BITSCAPE_NETWORKS(evaluateFast);
BITSCAPE_NETWORKS(scorePlain);
BITSCAPE_NETWORKS(scoreFast);
BITSCAPE_NETWORKS(trainEpoch);
BENCHMARK(rethreshold)->Unit(benchmark::kMillisecond)->UseRealTime();

} // namespace

BENCHMARK_MAIN();
