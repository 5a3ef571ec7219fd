// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/engine/tiny_network.h"

#include "core/engine/quantize/bit_network.h"
#include "core/engine/quantize/straight_through.h"
#include "core/engine/training/trainer.h"
#include "core/network/cost.h"

#include <torch/csrc/autograd/autograd.h>

#include <QTest>

#include <numbers>

using namespace bitscape;
using namespace bitscape::test;

namespace {

/// 60 images of 3 classes that differ in their mean brightness.
ImageSet brightness()
{
    ImageSet set;
    set.shape = { 2, 6, 6 };
    set.classNames = { "dark", "grey", "bright" };
    Random random(3);
    for (int i = 0; i < 60; ++i) {
        set.train.labels.push_back(static_cast<std::uint16_t>(i % 3));
        for (int p = 0; p < 72; ++p)
            set.train.pixels.push_back(static_cast<std::uint8_t>(40 + 60 * (i % 3) + static_cast<int>(random.below(50))));
    }
    set.test = set.train;
    return set;
}

const Normalisation kHalf { { 0.5, 0.5 }, { 0.25, 0.25 } };

TrainingWorld silentWorld()
{
    TrainingWorld world;
    world.accuracy = [](const TensorMap&) { return 0.5; };
    world.epochEnded = [](const TrainingState&) {};
    return world;
}

bool isSame(const TensorMap& a, const TensorMap& b)
{
    return std::ranges::all_of(a, [&](const auto& entry) { return at::equal(entry.second, b.at(entry.first)); });
}

} // namespace

class TestTraining : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".?")); }

    void ratesFollowTheirFormulas()
    {
        TrainingPlan plan;
        plan.learningRate = 0.2;
        plan.epochs = 10;
        QCOMPARE(learningRateAt(plan, 0), 0.2);
        QVERIFY(std::fabs(learningRateAt(plan, 0.5) - 0.1) < 1e-12);
        QVERIFY(std::fabs(learningRateAt(plan, 0.25) - 0.1 * (1 + std::numbers::sqrt2 / 2)) < 1e-12);
        plan.warmupEpochs = 2;
        QVERIFY(std::fabs(learningRateAt(plan, 0.1) - 0.1) < 1e-12);
        plan.warmupEpochs = 0;
        plan.schedule = Schedule::Steps;
        QCOMPARE(learningRateAt(plan, 0.49), 0.2);
        QVERIFY(std::fabs(learningRateAt(plan, 0.5) - 0.02) < 1e-12);
        QVERIFY(std::fabs(learningRateAt(plan, 0.9) - 0.002) < 1e-12);
        plan.schedule = Schedule::Constant;
        QCOMPARE(learningRateAt(plan, 0.9), 0.2);
    }

    void lossIsThatOfPlainSums()
    {
        const at::Tensor student = randomTensor({ 3, 4 }, 1), teacher = randomTensor({ 3, 4 }, 2);
        const std::vector<std::int64_t> labels { 1, 3, 0 };
        const double alpha = 0.3, temperature = 2.5;
        double expected = 0;
        for (std::int64_t n = 0; n < 3; ++n) {
            const Values s = valuesOf(student[n]), t = valuesOf(teacher[n]);
            double sumS = 0, sumT = 0, sumHard = 0;
            for (std::size_t m = 0; m < 4; ++m) {
                sumS += std::exp(s[m] / temperature);
                sumT += std::exp(t[m] / temperature);
                sumHard += std::exp(s[m]);
            }
            double divergence = 0;
            for (std::size_t m = 0; m < 4; ++m) {
                const double p = std::exp(t[m] / temperature) / sumT, q = std::exp(s[m] / temperature) / sumS;
                divergence += p * std::log(p / q);
            }
            const double cross = -std::log(std::exp(s[static_cast<std::size_t>(labels[static_cast<std::size_t>(n)])]) / sumHard);
            expected += (alpha * cross + (1 - alpha) * temperature * temperature * divergence) / 3;
        }
        const double found = distillationLoss(student, teacher, at::tensor(labels), alpha, temperature).item<double>();
        QVERIFY(std::fabs(expected - found) < 1e-5);
    }

    /// Two steps on one whole batch against v = m v + g + d w, w = w - r v with autograd's gradients taken here.
    void stepsAreThoseOfTheFormula()
    {
        const Graph graph = chain();
        const ImageSet set = brightness();
        const TensorMap begin = randomTensors(graph, 61);
        TrainingPlan plan;
        plan.epochs = 2;
        plan.batch = 60;
        plan.learningRate = 0.01;
        plan.schedule = Schedule::Constant;
        TrainingState state = freshState(graph, begin);
        SilentContext context;
        train(graph, set, { "train", 0, 60 }, kHalf, plan, silentWorld(), state, context);

        TensorMap weights = cloned(begin);
        std::map<std::string, at::Tensor> velocity;
        std::vector<std::int64_t> indices(60);
        for (std::size_t i = 0; i < 60; ++i)
            indices[i] = static_cast<std::int64_t>(i);
        const BatchMaker maker(set.train, set.shape, kHalf);
        for (int step = 0; step < 2; ++step) {
            TensorMap leaves = weights;
            std::vector<at::Tensor> trained;
            std::vector<std::string> names;
            for (auto& [name, tensor] : leaves) {
                if (name.find("running") != std::string::npos)
                    continue;
                tensor = tensor.detach().requires_grad_(true);
                trained.push_back(tensor);
                names.push_back(name);
            }
            ExecutionOptions options;
            options.training = true;
            const at::Tensor loss = at::cross_entropy_loss(execute(graph, leaves, maker.images(indices), options), maker.labels(indices));
            const auto gradients = torch::autograd::grad({ loss }, trained);
            const at::NoGradGuard noGradient;
            for (std::size_t i = 0; i < names.size(); ++i) {
                const at::Tensor push = gradients[i] + 5e-4 * weights.at(names[i]);
                velocity[names[i]] = step == 0 ? push : 0.9 * velocity[names[i]] + push;
                weights[names[i]] = weights.at(names[i]) - 0.01 * velocity[names[i]];
            }
        }
        for (const auto& [name, tensor] : weights) // images come in another order: sums differ in their last bits
            QVERIFY2(at::allclose(tensor, state.tensors.at(name), 1e-3, 1e-5), name.c_str());
    }

    void anInterruptedTrainingEndsTheSame()
    {
        const Graph graph = chain();
        const ImageSet set = brightness();
        TrainingPlan plan;
        plan.epochs = 4;
        plan.batch = 16;
        plan.augmentation = { true, true };
        plan.seed = 9;
        SilentContext context;
        TrainingState whole = freshState(graph, randomTensors(graph, 61));
        std::vector<TrainingState> kept;
        TrainingWorld world = silentWorld();
        world.epochEnded = [&](const TrainingState& state) {
            TrainingState copy = state;
            copy.tensors = cloned(state.tensors);
            copy.velocity = cloned(state.velocity);
            copy.best = cloned(state.best);
            kept.push_back(copy);
        };
        train(graph, set, { "train", 0, 60 }, kHalf, plan, world, whole, context);
        QCOMPARE(kept.size(), std::size_t { 4 });
        for (const std::size_t after : { 1, 3 }) {
            TrainingState resumed = kept[after - 1];
            train(graph, set, { "train", 0, 60 }, kHalf, plan, silentWorld(), resumed, context);
            QVERIFY(isSame(whole.tensors, resumed.tensors));
            QCOMPARE(resumed.epochs.size(), std::size_t { 4 });
            for (std::size_t e = 0; e < 4; ++e)
                QCOMPARE(resumed.epochs[e].loss, whole.epochs[e].loss);
        }
        plan.seed = 10;
        TrainingState other = freshState(graph, randomTensors(graph, 61));
        train(graph, set, { "train", 0, 60 }, kHalf, plan, silentWorld(), other, context);
        QVERIFY(!isSame(whole.tensors, other.tensors));
    }

    void theBestEpochIsKept()
    {
        const Graph graph = chain();
        TrainingPlan plan;
        plan.epochs = 4;
        plan.batch = 16;
        const std::vector<double> accuracies { 0.4, 0.7, 0.7, 0.6 };
        std::size_t epoch = 0;
        TensorMap second;
        TrainingWorld world = silentWorld();
        world.accuracy = [&](const TensorMap& tensors) {
            if (epoch == 1)
                second = cloned(tensors);
            return accuracies[epoch++];
        };
        SilentContext context;
        TrainingState state = freshState(graph, randomTensors(graph, 61));
        train(graph, brightness(), { "train", 0, 60 }, kHalf, plan, world, state, context);
        QVERIFY(isSame(second, state.best)); // the first of equal ones
        QVERIFY(!isSame(state.tensors, state.best));
    }

    void trainingLearns()
    {
        const Graph graph = chain();
        TrainingPlan plan;
        plan.epochs = 15;
        plan.batch = 10;
        plan.learningRate = 0.02;
        SilentContext context;
        TrainingState state = freshState(graph, freshTensors(graph, 1));
        train(graph, brightness(), { "train", 0, 60 }, kHalf, plan, silentWorld(), state, context);
        QVERIFY2(state.epochs.back().loss < 0.3 * state.epochs.front().loss, qPrintable(QString::number(state.epochs.back().loss)));
    }

    /// Straight-through refinement leaves 0-bit filters exactly dead, batch after batch, with decay and momentum.
    void prunedFiltersStayDeadInRefinement()
    {
        const Graph graph = chain();
        const auto layers = layersOf(graph);
        LayerBits bits = uniformBits(layers, 2, 8);
        bits[1][2] = bits[2][0] = 0;
        TrainingWorld world = silentWorld();
        double largest = 0;
        world.effective = [&](const TensorMap& shadow) {
            TensorMap used = shadow;
            for (std::size_t i = 0; i < layers.size(); ++i) {
                at::Tensor& weight = used.at(graph.nodes[static_cast<std::size_t>(layers[i].node)].weight);
                weight = straightThroughWeight(weight, quantizeWeight(weight, bits[i], {}));
            }
            silencePruned(graph, layers, bits, Silence::Biases, used);
            return used;
        };
        int looked = 0;
        world.hook = [&](int node, const at::Tensor& output) {
            for (const auto& [layer, filter] : std::vector<std::pair<std::size_t, std::int64_t>> { { 1, 2 }, { 2, 0 } }) {
                if (node == layers[layer].tap) {
                    ++looked;
                    largest = std::max(largest, output.select(1, filter).abs().max().item<double>());
                }
            }
            return output;
        };
        TrainingPlan plan;
        plan.epochs = 2;
        plan.batch = 20;
        TensorMap begin = randomTensors(graph, 61);
        silencePruned(graph, layers, bits, Silence::BiasesAndStatistics, begin);
        TrainingState state = freshState(graph, begin);
        SilentContext context;
        train(graph, brightness(), { "train", 0, 60 }, kHalf, plan, world, state, context);
        QCOMPARE(looked, 12);
        QCOMPARE(largest, 0.0);
        QCOMPARE(state.tensors.at("bn2.running_mean")[2].item<double>(), 0.0);
    }

    void aLossThatIsNoNumberEndsIt()
    {
        const Graph graph = chain();
        TrainingPlan plan;
        plan.learningRate = 10;
        plan.epochs = 30;
        SilentContext context;
        TensorMap begin = randomTensors(graph, 61);
        begin.at("fc2.weight").mul_(1e20);
        TrainingState state = freshState(graph, begin);
        QVERIFY_EXCEPTION_THROWN(train(graph, brightness(), { "train", 0, 60 }, kHalf, plan, silentWorld(), state, context), Error);
    }
};

QTEST_APPLESS_MAIN(TestTraining)
#include "tst_engine_training.moc"
