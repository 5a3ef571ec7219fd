// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/run_job.h"

#include "core/engine/evaluate/evaluate.h"
#include "core/engine/network/fold.h"
#include "core/engine/quantize/straight_through.h"
#include "core/engine/runs/deployed_network.h"
#include "core/engine/runs/reported.h"
#include "core/engine/runs/subnet_figures.h"
#include "core/engine/runs/training_job.h"
#include "core/network/cost.h"
#include "core/project/results.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

namespace bitscape {
namespace {

constexpr double kTrainingShare = 0.97;

/// The quantized network under training (methods.md section 5).
class Student final {
public:
    Student(const RunInputs& inputs, const std::vector<Layer>& layers, const LayerBits& bits, const Deployment& deployment)
        : m_graph(inputs.graph)
        , m_layers(layers)
        , m_bits(bits)
        , m_deployment(deployment)
    {
    }

    /// From shadow weights to used ones; gradients pass straight through.
    TensorMap effective(const TensorMap& shadow) const
    {
        TensorMap used = shadow;
        for (std::size_t i = 0; i < m_layers.size(); ++i) {
            at::Tensor& weight = used.at(m_graph.nodes[static_cast<std::size_t>(m_layers[i].node)].weight);
            weight = straightThroughWeight(weight, quantizeWeight(weight, m_bits[i], m_deployment.quantizer));
        }
        silencePruned(m_graph, m_layers, m_bits, Silence::Biases, used);
        return used;
    }

    double accuracy(const TensorMap& shadow, const PreparedImages& images, JobContext& context) const
    {
        const at::NoGradGuard noGradient;
        return accuracyOf(evaluate(m_graph, effective(shadow), images, deploymentHook(m_layers, m_deployment, false), context));
    }

private:
    const Graph& m_graph;
    const std::vector<Layer>& m_layers;
    const LayerBits& m_bits;
    const Deployment& m_deployment;
};

/// The shadow weights that refinement begins with: those of the network to refine, its statistics taken again as they were reported.
TensorMap initialShadow(RunEvaluator& evaluator, const RunInputs& inputs, const DeployedNetwork& network, JobContext& context)
{
    TensorMap shadow = cloned(placed(network.tensors, inputs.device));
    const TensorMap used = evaluator.deployed(network.bits, network.statistics, context);
    for (const Node& node : inputs.graph.nodes) {
        if (node.op != Op::BatchNorm)
            continue;
        for (const std::string& name : { node.mean, node.variance })
            shadow[name] = used.at(name).clone();
    }
    silencePruned(inputs.graph, evaluator.layers(), network.bits, Silence::BiasesAndStatistics, shadow);
    return shadow;
}

std::function<at::Tensor(const at::Tensor&)> teacherOf(const RunInputs& inputs)
{
    const auto network = std::make_shared<FoldedNetwork>(foldBatchNorm(inputs.graph, placed(inputs.tensors, inputs.device)));
    return [network](const at::Tensor& images) {
        const at::NoGradGuard noGradient;
        return execute(network->graph, network->tensors, images);
    };
}

} // namespace

void refineRun(const RunJob& job)
{
    const RunInputs& inputs = job.inputs;
    const nlohmann::json& parameters = inputs.run.parameters;
    const DeployedNetwork network = deployedNetwork(job.project, inputs);
    const Deployment deployment = deploymentOf(inputs, job.context);
    keepRanges(job.project, inputs.run.id, deployment);
    putBits(job.project, inputs.run.id, network.bits);
    RunEvaluator before(job.project, inputs, network.tensors, network.weightsBlob, deployment);
    const Student student(inputs, before.layers(), network.bits, deployment);
    TrainingWorld world;
    world.effective = [&](const TensorMap& shadow) { return student.effective(shadow); };
    world.hook = deploymentHook(before.layers(), deployment, true);
    world.teacher = teacherOf(inputs);
    const auto accuracy
        = [&](const TensorMap& shadow, const PreparedImages& images) { return student.accuracy(shadow, images, job.context); };
    const auto initial = [&] { return initialShadow(before, inputs, network, job.context); };
    const std::string weights = runTraining(job, initial, accuracy, world, kTrainingShare);
    RunEvaluator after(job.project, inputs, tensorsFromBytes(inputs.graph, job.project.blob(weights)), weights, deployment);
    RunEvaluator full(job.project, inputs, inputs.tensors, inputs.weightsBlob, {});
    const auto test = parameters.at("test_split").get<std::string>();
    const Statistics statistics = parameters.at("bn_recalibration") == "off" ? Statistics::AsStored : Statistics::Recalibrated;
    auto metrics = costMetrics(costOf(inputs.graph, after.layers(), network.bits, deployment.activationBits));
    const Evaluation found = after.evaluate(network.bits, test, statistics, true, job.context);
    const Evaluation asFull = full.evaluateFull(test, job.context);
    keepAnswers(job.project, inputs, found, &asFull);
    metrics["accuracy"] = accuracyOf(found);
    metrics["accuracy_before"] = accuracyOf(before.evaluate(network.bits, test, network.statistics, true, job.context));
    metrics["full_accuracy"] = accuracyOf(asFull);
    addSubnetFigures(metrics, inputs, after, deployment, network.bits, test, statistics, job.context);
    putMetrics(job.project, inputs.run.id, metrics);
}

} // namespace bitscape
