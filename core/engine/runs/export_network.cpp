// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/export_network.h"

#include "core/engine/runs/deployed_network.h"
#include "core/engine/runs/reported.h"
#include "core/engine/runs/run_images.h"
#include "core/network/cost.h"
#include "core/network/graph_json.h"

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/jobs/inherited_parameter.h"
#include "core/jobs/parameters.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace bitscape {
namespace {

constexpr std::int64_t kNoiseImages = 256;

/// An evaluation that starts from the run: it reads what the run's own reported accuracy was computed from.
Run evaluationOf(Project& project, const Run& run)
{
    if (run.kind == RunKind::Score || run.kind == RunKind::Step || run.kind == RunKind::Import || run.kind == RunKind::Export
        || run.kind == RunKind::Sweep)
        throw Error(ErrorCode::BadArgument,
            "Run " + std::to_string(run.id.value) + " is of kind '" + toString(run.kind)
                + "', which has no network to export: take a train, search, edit, refine, evaluate or step run, or this one as csv or "
                  "json.");
    if (run.state != RunState::Finished)
        throw Error(ErrorCode::BadArgument,
            "Run " + std::to_string(run.id.value) + " is " + toString(run.state) + ", not finished: only what has finished is exported.");
    const auto ancestors = run.parent ? ancestry(project, *run.parent) : std::vector<Run> {};
    Run evaluation = run;
    evaluation.kind = RunKind::Evaluate;
    evaluation.parent = run.id;
    evaluation.parameters = completeParameters(RunKind::Evaluate, { { "test_split", inheritedParameter(run, ancestors, "test_split") } });
    evaluation.device = "cpu";
    return evaluation;
}

TensorMap plain(const TensorMap& tensors)
{
    TensorMap all;
    for (const auto& [name, tensor] : tensors)
        all.emplace(name, tensor.detach().to(at::kCPU).contiguous());
    return all;
}

void addQuantized(Deployable& to, const DeployedNetwork& network, const Deployment& deployment)
{
    to.bits = network.bits;
    to.quantizer = deployment.quantizer;
    to.activationBits = deployment.activationBits;
    to.ranges = deployment.ranges;
    for (std::size_t i = 0; i < to.layers.size(); ++i) {
        const std::string& weight = to.graph.nodes[static_cast<std::size_t>(to.layers[i].node)].weight;
        to.weights.push_back(integerWeights(network.tensors.at(weight), network.bits[i], deployment.quantizer));
    }
}

at::Tensor noiseFor(const Shape& shape)
{
    Random random(1);
    at::Tensor images = at::empty({ kNoiseImages, shape.channels, shape.height, shape.width });
    std::generate_n(images.data_ptr<float>(), images.numel(), [&] { return static_cast<float>(random.normal()); });
    return images;
}

} // namespace

Deployable deployable(const RunInputs& inputs, const std::vector<Layer>& layers)
{
    Deployable network;
    network.name = inputs.model.name;
    network.graph = inputs.graph;
    network.layers = layers;
    network.normalisation = inputs.normalisation;
    network.classNames = inputs.images.classNames;
    return network;
}

ExportSource exportSource(Project& project, const Run& run, JobContext& context)
{
    ExportSource source;
    const RunInputs& inputs = source.inputs.emplace(loadInputs(project, evaluationOf(project, run), context));
    const auto test = inputs.run.parameters.at("test_split").get<std::string>();
    source.split = resolveSplit(test, inputs.images);
    const DeployedNetwork network = deployedNetwork(project, inputs);
    const Deployment deployment = network.isQuantized() ? deploymentOf(inputs, context) : Deployment {};
    RunEvaluator evaluator(project, inputs, network.tensors, network.weightsBlob, deployment);
    source.network = deployable(inputs, evaluator.layers());
    context.progress({ 0.2, 1, "evaluating the network", {} });
    Evaluation found;
    if (network.isQuantized()) {
        addQuantized(source.network, network, deployment);
        source.network.tensors = plain(evaluator.deployed(network.bits, network.statistics, context));
        found = evaluator.evaluate(network.bits, test, network.statistics, true, context);
    } else {
        source.network.tensors = plain(network.tensors);
        found = evaluator.evaluateFull(test, context);
    }
    source.answers = found.predictions;
    source.accuracy = accuracyOf(found);
    return source;
}

ExportSource exportSource(Project& project, const Model& model)
{
    if (model.weights.empty())
        throw Error(ErrorCode::BadArgument, "Model '" + model.name + "' has no trained weights: train it and export the train run.");
    ExportSource source;
    Deployable& network = source.network;
    network.name = model.name;
    network.graph = graphFromJson(model.graph);
    network.layers = layersOf(network.graph);
    network.tensors = tensorsFromBytes(network.graph, project.blob(model.weights));
    network.normalisation = { model.mean, model.stddev };
    source.noise = noiseFor(network.graph.inputShape());
    source.answers = answersOf(execute(network.graph, network.tensors, source.noise));
    return source;
}

ExportReport exportNetwork(
    const ExportSource& source, const ExportFormat& format, const std::filesystem::path& file, Existing existing, JobContext& context)
{
    context.progress({ 0.5, 1, "writing " + format.name, {} });
    const std::string bytes = format.bytes(source.network);
    WholeFile written(file, bytes, existing);
    context.progress({ 0.6, 1, "running what was written", {} });
    const LogitsFunction logits = format.load(written.temporary());
    ExportReport report { bytes.size(), {}, source.accuracy };
    if (source.inputs) {
        report.check = checkFile(
            logits, preparedImages(*source.inputs, source.split, positionsOf(source.split), kReferenceBatch), source.answers, context);
    } else {
        const auto answers = answersOf(logits(source.noise));
        report.check.images = kNoiseImages;
        for (std::size_t i = 0; i < answers.size(); ++i)
            report.check.differing += answers[i] == source.answers[i] ? 0 : 1;
    }
    context.checkpoint();
    written.keep();
    return report;
}

} // namespace bitscape
