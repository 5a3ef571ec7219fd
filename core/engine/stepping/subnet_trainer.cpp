// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/stepping/subnet_trainer.h"

#include "core/engine/stepping/subnet_step.h"

#include "core/base/error.h"
#include "core/base/random.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace bitscape {
namespace {

/// Stream of the seed that construction draws its batches from; final training has the epochs' own.
constexpr std::uint64_t kConstructionStream = 0x636f6e73;

class SubnetTrainer final {
public:
    SubnetTrainer(const Graph& graph, const std::vector<Layer>& layers, const ImageSet& set, const Split& split,
        const Normalisation& normalisation, const SubnetTraining& training, Construction& construction, const SubnetWorld& world,
        SubnetState& state, JobContext& context)
        : m_graph(graph)
        , m_layers(layers)
        , m_split(split)
        , m_training(training)
        , m_construction(construction)
        , m_world(world)
        , m_state(state)
        , m_context(context)
        , m_maker(partOf(set, split), set.shape, normalisation)
        , m_batches(std::max<std::int64_t>(1, split.count() / training.plan.batch))
        , m_step(graph, layers, training, state, world.device)
    {
        construction.setGroups(state.groups);
    }

    void run()
    {
        // Subnets have any number of channels, which runs faster in the plain layout than with channels last.
        for (TensorMap* tensors : { &m_state.tensors, &m_state.velocity }) {
            for (auto& [name, tensor] : *tensors)
                tensor = tensor.to(m_world.device).contiguous();
        }
        m_step.follow(m_state.groups);
        while (static_cast<int>(m_state.iterations.size()) < m_training.iterations)
            iterate();
        if (!m_state.constructed)
            settle();
        while (static_cast<int>(m_state.epochs.size()) < m_training.plan.epochs)
            runEpoch(static_cast<int>(m_state.epochs.size()) + 1);
    }

private:
    struct Sums {
        std::vector<double> right;
        double loss = 0;
        std::int64_t images = 0;
    };

    int subnets() const { return m_construction.subnets(); }

    /// The images of one batch; the order is drawn anew for every pass over the split.
    std::vector<std::int64_t> batchAt(std::int64_t position, std::uint64_t stream)
    {
        const auto pass = static_cast<std::uint64_t>(position / m_batches);
        const std::uint64_t seed = deriveSeed(deriveSeed(m_training.plan.seed, stream), pass);
        if (seed != m_orderSeed || m_order.empty()) {
            m_order = epochOrder(m_split, seed);
            m_orderSeed = seed;
        }
        const auto size = std::min<std::int64_t>(m_training.plan.batch, m_split.count());
        const auto first = m_order.begin() + position % m_batches * size;
        return { first, first + size };
    }

    /// One mini-batch for every subnet, small to large.
    void trainBatch(std::int64_t position, std::uint64_t stream, double rate, bool withTeacher, Sums& sums)
    {
        m_context.checkpoint();
        const auto chosen = batchAt(position, stream);
        const std::uint64_t augmentation = deriveSeed(deriveSeed(m_training.plan.seed, stream + 1), static_cast<std::uint64_t>(position));
        const at::Tensor images = m_maker.augmented(chosen, m_training.plan.augmentation, augmentation).to(m_world.device).contiguous();
        const at::Tensor labels = m_maker.labels(chosen).to(m_world.device);
        const at::Tensor teacher = withTeacher && m_training.gamma < 1 ? m_world.teacher(images) : at::Tensor();
        sums.right.resize(static_cast<std::size_t>(subnets()));
        for (int k = 1; k <= subnets(); ++k) {
            const SubnetStep::Outcome outcome = m_step.run(k, images, labels, teacher, rate);
            if (!std::isfinite(outcome.loss))
                throw Error(
                    ErrorCode::BadArgument, "The loss of subnet " + std::to_string(k) + " is not a number any more: lower learning_rate.");
            sums.right[static_cast<std::size_t>(k - 1)] += outcome.right;
            sums.loss += outcome.loss * static_cast<double>(chosen.size()) / subnets();
        }
        sums.images += static_cast<std::int64_t>(chosen.size());
    }

    void iterate()
    {
        const auto done = static_cast<std::int64_t>(m_state.iterations.size());
        Sums sums;
        m_step.forgetImportance();
        for (int batch = 0; batch < m_training.batchesPerIteration; ++batch)
            trainBatch(done * m_training.batchesPerIteration + batch, kConstructionStream, m_training.plan.learningRate, false, sums);
        m_step.rememberImportance();
        const WeightCounts weights = countWeights(m_graph, m_layers, m_state.tensors, m_training.pruneBelow);
        if (m_training.kind == SubnetKind::Stepping) {
            m_construction.moveOn(m_state.importance, &weights, m_training.iterations - static_cast<int>(done));
            m_state.groups = m_construction.groups();
            m_step.follow(m_state.groups);
        }
        IterationRecord record;
        const SubnetCost cost(m_graph, m_layers, &weights);
        for (int k = 1; k <= subnets(); ++k) {
            const bool dense = m_training.kind == SubnetKind::Slimmable;
            record.macs.push_back(dense ? denseMacs(m_graph, m_layers, m_state.groups, k) : cost.macs(m_state.groups, k));
            record.accuracy.push_back(sums.right[static_cast<std::size_t>(k - 1)] / static_cast<double>(sums.images));
        }
        record.loss = sums.loss / static_cast<double>(sums.images);
        m_state.iterations.push_back(record);
        m_world.keep(m_state);
        tell("iteration " + std::to_string(done + 1) + "/" + std::to_string(m_training.iterations), record.loss, record.accuracy);
    }

    /// All weights count: what is zero now may grow back in final training.
    void settle()
    {
        if (m_training.kind == SubnetKind::Stepping) {
            m_construction.fillUp(m_state.importance);
            m_state.groups = m_construction.groups();
            m_step.follow(m_state.groups);
        }
        m_state.constructed = true;
    }

    void runEpoch(int epoch)
    {
        const auto begin = std::chrono::steady_clock::now();
        const auto position = [&](std::int64_t batch) { return (epoch - 1) * m_batches + batch; };
        const auto rateAt = [&](std::int64_t batch) {
            return learningRateAt(
                m_training.plan, static_cast<double>(position(batch)) / static_cast<double>(m_batches * m_training.plan.epochs));
        };
        Sums sums;
        for (std::int64_t batch = 0; batch < m_batches; ++batch) {
            trainBatch(position(batch), 0, rateAt(batch), true, sums);
            if (batch % 10 == 9 || batch + 1 == m_batches)
                tellEpoch(epoch, batch + 1, sums);
        }
        const auto images = static_cast<double>(sums.images);
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        m_state.epochs.push_back({ epoch, sums.loss / images, sums.right.back() / images, rateAt(0), seconds });
        m_world.keep(m_state);
    }

    void tellEpoch(int epoch, std::int64_t batch, const Sums& sums)
    {
        m_finalBatches = (epoch - 1) * m_batches + batch;
        std::vector<double> accuracy;
        for (const double right : sums.right)
            accuracy.push_back(right / static_cast<double>(sums.images));
        tell("epoch " + std::to_string(epoch) + "/" + std::to_string(m_training.plan.epochs), sums.loss / static_cast<double>(sums.images),
            accuracy);
    }

    void tell(const std::string& stage, double loss, const std::vector<double>& accuracy)
    {
        const auto done
            = static_cast<double>(m_state.iterations.size()) * m_training.batchesPerIteration + static_cast<double>(m_finalBatches);
        const double total = static_cast<double>(m_training.iterations) * m_training.batchesPerIteration
            + static_cast<double>(m_batches * m_training.plan.epochs);
        m_context.progress(
            { done, total, toString(m_training.kind) + ", " + stage, { { "loss", loss }, { "accuracy", accuracy.back() } } });
    }

    const Graph& m_graph;
    const std::vector<Layer>& m_layers;
    Split m_split;
    const SubnetTraining& m_training;
    Construction& m_construction;
    const SubnetWorld& m_world;
    SubnetState& m_state;
    JobContext& m_context;
    BatchMaker m_maker;
    std::int64_t m_batches;
    SubnetStep m_step;
    std::vector<std::int64_t> m_order;
    std::uint64_t m_orderSeed = 0;
    std::int64_t m_finalBatches = 0;
};

} // namespace

std::string toString(SubnetKind kind)
{
    return kind == SubnetKind::Stepping ? "stepping" : kind == SubnetKind::AnyWidth ? "any-width" : "slimmable";
}

void trainSubnets(const Graph& graph, const std::vector<Layer>& layers, const ImageSet& set, const Split& split,
    const Normalisation& normalisation, const SubnetTraining& training, Construction& construction, const SubnetWorld& world,
    SubnetState& state, JobContext& context)
{
    SubnetTrainer(graph, layers, set, split, normalisation, training, construction, world, state, context).run();
}

WeightCounts countWeights(const Graph& graph, const std::vector<Layer>& layers, const TensorMap& tensors, double pruneBelow)
{
    WeightCounts counts;
    for (const Layer& layer : layers) {
        const at::Tensor& weight = tensors.at(graph.nodes[static_cast<std::size_t>(layer.node)].weight);
        const at::Tensor kept = weight.detach().abs().ge(pruneBelow).to(at::kShort).flatten(2 < weight.dim() ? 2 : 1);
        const at::Tensor sums = (weight.dim() > 2 ? kept.sum(2) : kept).to(at::kShort).to(at::kCPU).contiguous();
        const auto* first = reinterpret_cast<const std::uint16_t*>(sums.data_ptr<std::int16_t>());
        counts.emplace_back(first, first + sums.numel());
    }
    return counts;
}

} // namespace bitscape
