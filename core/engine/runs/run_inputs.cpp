// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/run_inputs.h"

#include "core/engine/data/dataset_reader.h"
#include "core/engine/runs/device.h"
#include "core/network/bit_edits_json.h"
#include "core/network/graph_json.h"
#include "core/network/zoo.h"

#include "core/base/error.h"
#include "core/jobs/edit_sources.h"
#include "core/jobs/inherited_parameter.h"
#include "core/jobs/parameters.h"
#include "core/project/results.h"

#include <algorithm>
#include <numeric>

namespace bitscape {
namespace {

void checkFit(const Model& model, const Graph& graph, const Dataset& dataset)
{
    const Shape images { dataset.channels, dataset.height, dataset.width, false };
    if (graph.inputShape() != images) {
        throw Error(ErrorCode::BadInput,
            "Model '" + model.name + "' reads images of " + toString(graph.inputShape()) + ", data set '" + dataset.name + "' has "
                + toString(images) + ": add the model with a fitting --input or use another data set.");
    }
    if (graph.classes() != static_cast<std::int64_t>(dataset.classNames.size())) {
        throw Error(ErrorCode::BadInput,
            "Model '" + model.name + "' tells " + std::to_string(graph.classes()) + " classes apart, data set '" + dataset.name + "' has "
                + std::to_string(dataset.classNames.size()) + ": add the model with ?classes=" + std::to_string(dataset.classNames.size())
                + " or use another data set.");
    }
}

std::int64_t sumOf(const std::vector<std::int64_t>& counts)
{
    return std::accumulate(counts.begin(), counts.end(), std::int64_t { 0 });
}

void checkSplits(const Run& run, const Dataset& dataset)
{
    for (const ParameterSpec& spec : parametersOf(run.kind)) {
        if (spec.type != ParameterType::Split || run.parameters.at(spec.name).is_null())
            continue;
        try {
            resolveSplit(run.parameters.at(spec.name).get<std::string>(), sumOf(dataset.trainCounts), sumOf(dataset.testCounts));
        } catch (const Error& error) {
            throw Error(error.code(), spec.name + ": " + error.what());
        }
    }
}

/// Whether the run takes samples_per_class images of every class, to score, to measure sensitivity or to calibrate.
bool takesSamples(const RunInputs& inputs)
{
    const RunKind kind = inputs.run.kind;
    if (kind == RunKind::Score || (kind == RunKind::Search && inputs.run.parameters.at("strategy") == "fisher"))
        return true;
    const bool calibrates = kind == RunKind::Search || kind == RunKind::Edit || kind == RunKind::Refine || kind == RunKind::Evaluate;
    const bool recalibrates = inputs.hasBatchNorm() && inputs.parameter("bn_recalibration") != "off";
    return calibrates && inputs.parameter("calibration_split").is_null()
        && (recalibrates || !inputs.parameter("activation_bits").is_null());
}

/// Said before anything is computed, not at the end of a long search.
void checkSamples(const RunInputs& inputs)
{
    const nlohmann::json perClass = inputs.parameter("samples_per_class"), split = inputs.parameter("score_split");
    if (!perClass.is_null() && !split.is_null() && takesSamples(inputs))
        firstPerClass(inputs.images, resolveSplit(split.get<std::string>(), inputs.images), perClass.get<int>());
}

bool isAfter(const std::vector<Run>& ancestors, std::initializer_list<RunKind> kinds)
{
    return std::ranges::any_of(ancestors, [&](const Run& run) { return std::ranges::find(kinds, run.kind) != kinds.end(); });
}

bool isUnderWay(RunState state)
{
    return state == RunState::Queued || state == RunState::Running || state == RunState::Paused;
}

/// "Run 7, which this one starts from,", or "The train run that this one starts from" of one that is not there yet.
std::string parentText(const Run& parent)
{
    return parent.id.value > 0 ? "Run " + std::to_string(parent.id.value) + ", which this one starts from,"
                               : "The " + toString(parent.kind) + " run that this one starts from";
}

void checkParents(const Run& run, const std::vector<Run>& ancestors, Parents parents)
{
    for (const Run& ancestor : ancestors) {
        if (ancestor.state != RunState::Finished && !(parents == Parents::UnderWay && isUnderWay(ancestor.state)))
            throw Error(ErrorCode::BadArgument,
                parentText(ancestor) + " is " + toString(ancestor.state) + ", not finished: resume it first, or start from another run.");
    }
    if (!ancestors.empty() && ancestors.front().kind == RunKind::Sweep)
        throw Error(
            ErrorCode::BadArgument, "Run " + std::to_string(ancestors.front().id.value) + " is a sweep: start from one of its runs.");
    if (run.kind == RunKind::Search) {
        const auto strategy = run.parameters.at("strategy").get<std::string>();
        if ((strategy == "cq" || strategy == "random") && !isAfter(ancestors, { RunKind::Score }))
            throw Error(
                ErrorCode::BadArgument, "A search with strategy '" + strategy + "' needs scores: start it with --from a score run.");
    }
    if (run.kind == RunKind::Refine && !isAfter(ancestors, { RunKind::Search, RunKind::Edit, RunKind::Refine }))
        throw Error(ErrorCode::BadArgument, "A refinement needs bit-widths: start it with --from a search or edit run.");
    if (run.kind == RunKind::Edit && ancestors.empty())
        throw Error(ErrorCode::BadArgument, "An edit needs bits to change: start it with --from a score, search, refine or edit run.");
    if (!ancestors.empty() && ancestors.front().kind == RunKind::Step)
        throw Error(ErrorCode::BadArgument,
            parentText(ancestors.front())
                + " made subnets, which no run starts from: add them as a network of their own (model add PROJECT run:N), or start from "
                  "the "
                  "training before it.");
    if (run.kind == RunKind::Import || run.kind == RunKind::Export)
        throw Error(ErrorCode::Unsupported, "Runs of kind '" + toString(run.kind) + "' are not available in this version.");
}

void checkParentModel(Project& project, const Run& run, const std::vector<Run>& ancestors)
{
    if (ancestors.empty() || ancestors.front().model == run.model)
        return;
    const std::string theirs = ancestors.front().model ? model(project, *ancestors.front().model).name : "none";
    throw Error(ErrorCode::BadArgument,
        "Run " + std::to_string(ancestors.front().id.value) + ", which this one starts from, is of model '" + theirs + "', not of '"
            + model(project, *run.model).name + "': start from a run of the same model.");
}

/// What its history asks for is there, and fits the network.
void checkEdits(Project& project, const Run& run)
{
    const auto edits = editsFromJson(run.parameters.at("edits"));
    EditSources sources = editSources(project, *run.parent);
    addOtherBits(project, sources, edits);
    replay(sources, edits);
}

/// The parent, its parent and so on up to the nearest training: what lies beyond belongs to other weights.
std::vector<Run> ancestorsOf(Project& project, const Run& run)
{
    std::vector<Run> ancestors = run.parent ? ancestry(project, *run.parent) : std::vector<Run> {};
    const auto training = std::ranges::find(ancestors, RunKind::Train, &Run::kind);
    if (training != ancestors.end())
        ancestors.erase(training + 1, ancestors.end());
    return ancestors;
}

/// Where the model has no weights, and no training before gives it some.
void checkWeights(const Run& run, const std::vector<Run>& ancestors, const Model& model)
{
    if (run.kind != RunKind::Train)
        throw Error(ErrorCode::BadArgument,
            "Model '" + model.name + "' has no trained weights yet: train it first and start with --from the train run.");
    if (!startsFresh(run, ancestors, model))
        throw Error(ErrorCode::BadArgument, "Model '" + model.name + "' has no stored weights to start from: use initialise=fresh.");
}

/// A checkpoint holds weights, velocities and the best weights so far, in one blob.
void checkSize(const Run& run, const Model& model, const Graph& graph)
{
    constexpr std::int64_t kMostParameters = 80'000'000;
    if ((run.kind == RunKind::Train || run.kind == RunKind::Refine) && parameterCount(graph) > kMostParameters)
        throw Error(ErrorCode::Unsupported,
            "Model '" + model.name + "' has " + std::to_string(parameterCount(graph)) + " parameters; up to "
                + std::to_string(kMostParameters) + " can be trained: use a smaller width.");
}

/// The weights that the run starts from: of the nearest training, else the model's own.
std::string fullPrecisionBlob(Project& project, const Model& model, const std::vector<Run>& ancestors)
{
    for (const Run& run : ancestors) {
        if (run.kind != RunKind::Train)
            continue;
        if (const auto weights = attachment(project, run.id, "weights"))
            return *weights;
    }
    return model.weights;
}

} // namespace

nlohmann::json RunInputs::parameter(const std::string& name) const
{
    return inheritedParameter(run, ancestors, name);
}

std::vector<Layer> RunInputs::layers() const
{
    const nlohmann::json keep = parameter("keep_first_last");
    return layersOf(graph, keep.is_null() || keep.get<bool>());
}

bool RunInputs::hasBatchNorm() const
{
    return std::ranges::any_of(graph.nodes, [](const Node& node) { return node.op == Op::BatchNorm; });
}

const Run* RunInputs::ancestor(RunKind kind) const
{
    const auto found = std::ranges::find(ancestors, kind, &Run::kind);
    return found == ancestors.end() ? nullptr : &*found;
}

bool startsFresh(const Run& run, const std::vector<Run>& ancestors, const Model& model)
{
    const auto initialise = run.parameters.at("initialise").get<std::string>();
    return initialise == "fresh" || (initialise == "auto" && !isAfter(ancestors, { RunKind::Train }) && isZooSource(model.source));
}

void checkRun(Project& project, const Run& run, Parents parents)
{
    if (!run.model || !run.dataset)
        throw Error(ErrorCode::BadArgument, "A run of kind '" + toString(run.kind) + "' needs a model and a data set.");
    const auto ancestors = ancestorsOf(project, run);
    checkParentModel(project, run, ancestors);
    const Model model = bitscape::model(project, *run.model);
    const Dataset dataset = bitscape::dataset(project, *run.dataset);
    checkRun(run, ancestors, model, dataset, parents, fullPrecisionBlob(project, model, ancestors));
    if (run.kind == RunKind::Edit && ancestors.front().state == RunState::Finished)
        checkEdits(project, run);
}

void checkRun(const Run& run, const std::vector<Run>& ancestors, const Model& model, const Dataset& dataset, Parents parents,
    const std::string& weightsBlob)
{
    checkParents(run, ancestors, parents);
    const Graph graph = graphFromJson(model.graph);
    checkFit(model, graph, dataset);
    checkSplits(run, dataset);
    if (run.kind == RunKind::Search && !run.parameters.at("class_weights").empty()
        && static_cast<std::int64_t>(run.parameters.at("class_weights").size()) != graph.classes())
        throw Error(ErrorCode::BadArgument,
            "class_weights has " + std::to_string(run.parameters.at("class_weights").size()) + " entries for "
                + std::to_string(graph.classes()) + " classes: give one weight per class, or none.");
    checkSize(run, model, graph);
    const bool willBeTrained = parents == Parents::UnderWay && isAfter(ancestors, { RunKind::Train });
    if (!willBeTrained && weightsBlob.empty())
        checkWeights(run, ancestors, model);
}

RunInputs loadInputs(Project& project, const Run& run, JobContext& context, std::optional<ImageSet> images)
{
    RunInputs inputs;
    inputs.run = run;
    inputs.run.parameters = completeParameters(run.kind, run.parameters); // a run of an older version may lack some
    checkRun(project, inputs.run);
    inputs.ancestors = ancestorsOf(project, run);
    inputs.model = model(project, *run.model);
    inputs.dataset = dataset(project, *run.dataset);
    inputs.graph = graphFromJson(inputs.model.graph);
    inputs.device = deviceFrom(run.device);
    inputs.weightsBlob = fullPrecisionBlob(project, inputs.model, inputs.ancestors);
    if (!inputs.weightsBlob.empty())
        inputs.tensors = tensorsFromBytes(inputs.graph, project.blob(inputs.weightsBlob));
    const bool isRead = images && images->fingerprint == inputs.dataset.fingerprint;
    inputs.images = isRead ? *std::move(images) : readDataset(inputs.dataset.kind, inputs.dataset.path, context);
    if (inputs.images.fingerprint != inputs.dataset.fingerprint)
        throw Error(ErrorCode::BadInput,
            "Data set '" + inputs.dataset.name + "' at '" + inputs.dataset.path
                + "' has changed since it was added: add it again under another name.");
    checkSamples(inputs);
    inputs.normalisation = inputs.model.mean.empty() ? Normalisation { inputs.dataset.mean, inputs.dataset.stddev }
                                                     : Normalisation { inputs.model.mean, inputs.model.stddev };
    return inputs;
}

} // namespace bitscape
