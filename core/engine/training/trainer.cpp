// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/training/trainer.h"

#include "core/engine/quantize/statistics.h"

#include "core/base/error.h"
#include "core/base/random.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>
#include <numeric>
#include <set>

namespace bitscape {
namespace {

class Trainer final {
public:
    Trainer(const Graph& graph, const ImageSet& set, const Split& split, const Normalisation& normalisation, const TrainingPlan& plan,
        const TrainingWorld& world, TrainingState& state, JobContext& context)
        : m_graph(graph)
        , m_split(split)
        , m_plan(plan)
        , m_world(world)
        , m_state(state)
        , m_context(context)
        , m_maker(partOf(set, split), set.shape, normalisation)
        , m_names(trainedNames(graph))
    {
        requireStatistics(graph, std::min<std::int64_t>(plan.batch, split.count()));
        // A last batch of one image has no statistics; it is left out.
        m_batches = (split.count() + plan.batch - 1) / plan.batch;
        if (m_batches > 1 && split.count() % plan.batch == 1)
            --m_batches;
    }

    void run()
    {
        m_state.tensors = placed(m_state.tensors, m_world.device);
        m_state.velocity = placed(m_state.velocity, m_world.device);
        for (int epoch = static_cast<int>(m_state.epochs.size()) + 1; epoch <= m_plan.epochs; ++epoch)
            runEpoch(epoch);
    }

private:
    void runEpoch(int epoch)
    {
        const auto begin = std::chrono::steady_clock::now();
        const std::uint64_t seed = deriveSeed(m_plan.seed, static_cast<std::uint64_t>(epoch));
        const auto order = epochOrder(m_split, seed);
        Epoch result { epoch, 0, 0, rateAt(epoch, 0), 0 };
        std::int64_t seen = 0;
        for (std::int64_t batch = 0; batch < m_batches; ++batch) {
            m_context.checkpoint();
            const auto first = static_cast<std::size_t>(batch * m_plan.batch);
            const std::span<const std::int64_t> chosen(
                order.data() + first, std::min(order.size() - first, static_cast<std::size_t>(m_plan.batch)));
            const double loss = step(chosen, deriveSeed(seed, 1), rateAt(epoch, batch));
            result.loss += loss * static_cast<double>(chosen.size());
            seen += static_cast<std::int64_t>(chosen.size());
            tell(epoch, batch + 1, result.loss / static_cast<double>(seen));
        }
        result.loss /= static_cast<double>(seen);
        result.accuracy = m_world.accuracy(m_state.tensors);
        if (m_state.epochs.empty() || result.accuracy > m_state.bestAccuracy())
            m_state.best = cloned(m_state.tensors);
        result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        m_state.epochs.push_back(result);
        m_world.epochEnded(m_state);
    }

    double rateAt(int epoch, std::int64_t batch) const
    {
        const double position = static_cast<double>(epoch - 1) + static_cast<double>(batch) / static_cast<double>(m_batches);
        return learningRateAt(m_plan, position / m_plan.epochs);
    }

    /// One batch forward, backward and a step of SGD; answers the loss.
    double step(std::span<const std::int64_t> chosen, std::uint64_t seed, double rate)
    {
        const at::AutoGradMode gradient(true);
        const at::Tensor images = m_maker.augmented(chosen, m_plan.augmentation, seed).to(m_world.device);
        const at::Tensor labels = m_maker.labels(chosen).to(m_world.device);
        TensorMap leaves = m_state.tensors;
        for (const std::string& name : m_names)
            leaves[name] = leaves.at(name).detach().requires_grad_(true);
        ExecutionOptions options;
        options.training = true;
        options.hook = m_world.hook;
        const at::Tensor logits = execute(m_graph, m_world.effective ? m_world.effective(leaves) : leaves, images, options);
        const at::Tensor loss = lossOf(logits, labels, images);
        const double value = loss.item<double>();
        if (!std::isfinite(value))
            throw Error(ErrorCode::BadArgument, "The loss is not a number any more: lower learning_rate or use warmup_epochs.");
        loss.backward();
        descend(leaves, rate);
        return value;
    }

    at::Tensor lossOf(const at::Tensor& logits, const at::Tensor& labels, const at::Tensor& images) const
    {
        if (m_plan.alpha >= 1)
            return at::cross_entropy_loss(logits, labels);
        return distillationLoss(logits, m_world.teacher(images), labels, m_plan.alpha, m_plan.temperature);
    }

    void descend(const TensorMap& leaves, double rate)
    {
        const at::NoGradGuard noGradient;
        for (const std::string& name : m_names) {
            at::Tensor& weight = m_state.tensors.at(name);
            const at::Tensor& gradient = leaves.at(name).grad();
            at::Tensor& velocity = m_state.velocity.at(name);
            velocity.mul_(m_plan.momentum).add_(weight, m_plan.weightDecay);
            if (gradient.defined())
                velocity.add_(gradient);
            weight.add_(velocity, -rate);
        }
    }

    void tell(int epoch, std::int64_t batch, double loss)
    {
        const double done = static_cast<double>(epoch - 1) * static_cast<double>(m_batches) + static_cast<double>(batch);
        const double total = static_cast<double>(m_plan.epochs) * static_cast<double>(m_batches);
        std::vector<std::pair<std::string, double>> figures { { "loss", loss } };
        if (!m_state.epochs.empty())
            figures.emplace_back("accuracy", m_state.epochs.back().accuracy);
        m_context.progress({ done, total, "epoch " + std::to_string(epoch) + "/" + std::to_string(m_plan.epochs), figures });
    }

    const Graph& m_graph;
    Split m_split;
    const TrainingPlan& m_plan;
    const TrainingWorld& m_world;
    TrainingState& m_state;
    JobContext& m_context;
    BatchMaker m_maker;
    std::vector<std::string> m_names;
    std::int64_t m_batches = 0;
};

} // namespace

std::vector<std::string> trainedNames(const Graph& graph)
{
    std::set<std::string> statistics;
    for (const Node& node : graph.nodes) {
        if (node.op == Op::BatchNorm)
            statistics.insert({ node.mean, node.variance });
    }
    std::vector<std::string> names;
    for (const TensorInfo& info : graph.tensors) {
        if (!statistics.contains(info.name))
            names.push_back(info.name);
    }
    return names;
}

std::vector<std::int64_t> epochOrder(const Split& split, std::uint64_t seed)
{
    std::vector<std::int64_t> order(static_cast<std::size_t>(split.count()));
    std::iota(order.begin(), order.end(), split.first);
    Random random(seed);
    shuffle(order, random);
    return order;
}

double TrainingState::bestAccuracy() const
{
    double highest = 0;
    for (const Epoch& epoch : epochs)
        highest = std::max(highest, epoch.accuracy);
    return highest;
}

TrainingState freshState(const Graph& graph, const TensorMap& tensors)
{
    TrainingState state;
    state.tensors = cloned(tensors);
    for (const std::string& name : trainedNames(graph))
        state.velocity.emplace(name, at::zeros_like(tensors.at(name)));
    return state;
}

double learningRateAt(const TrainingPlan& plan, double share)
{
    const double warmup = plan.warmupEpochs / plan.epochs;
    if (share < warmup)
        return plan.learningRate * share / warmup;
    switch (plan.schedule) {
    case Schedule::Cosine:
        return plan.learningRate * 0.5 * (1 + std::cos(std::numbers::pi * share));
    case Schedule::Steps:
        return plan.learningRate
            * std::pow(plan.decay, static_cast<double>(std::ranges::count_if(plan.milestones, [&](double m) { return share >= m; })));
    case Schedule::Constant:
        break;
    }
    return plan.learningRate;
}

at::Tensor distillationLoss(
    const at::Tensor& student, const at::Tensor& teacher, const at::Tensor& labels, double alpha, double temperature)
{
    const at::Tensor own = at::log_softmax(student / temperature, 1);
    const at::Tensor wanted = at::log_softmax(teacher / temperature, 1);
    const at::Tensor divergence = (wanted.exp() * (wanted - own)).sum(1).mean();
    return alpha * at::cross_entropy_loss(student, labels) + (1 - alpha) * temperature * temperature * divergence;
}

void train(const Graph& graph, const ImageSet& set, const Split& split, const Normalisation& normalisation, const TrainingPlan& plan,
    const TrainingWorld& world, TrainingState& state, JobContext& context)
{
    Trainer(graph, set, split, normalisation, plan, world, state, context).run();
}

} // namespace bitscape
