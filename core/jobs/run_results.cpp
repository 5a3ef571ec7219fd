// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/run_results.h"

#include "core/base/error.h"
#include "core/jobs/inherited_parameter.h"
#include "core/network/graph_json.h"
#include "core/network/subnets.h"
#include "core/project/datasets.h"
#include "core/project/models.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>
#include <numeric>

namespace bitscape {
namespace {

nlohmann::json parameterOf(const RunResults& results, const std::string& name)
{
    return inheritedParameter(results.run, results.ancestors, name);
}

FilterScores scoresFrom(const std::vector<LayerScores>& layers, std::size_t classes)
{
    FilterScores all;
    for (const LayerScores& layer : layers) {
        auto& own = all.emplace_back();
        for (std::size_t at = 0; classes > 0 && at + classes <= layer.counts.size(); at += classes) {
            std::int64_t sum = 0;
            for (std::size_t m = 0; m < classes; ++m)
                sum += layer.counts[at + m];
            own.push_back(static_cast<double>(sum) / static_cast<double>(layer.samples));
        }
    }
    return all;
}

Error damaged(Project& project, RunId id, const std::string& what)
{
    return { ErrorCode::Store,
        "The results of run " + std::to_string(id.value) + " in '" + project.path().string() + "' are damaged (" + what
            + "): remove the run and compute it again." };
}

/// As runs kept it before they kept answers.
Confusion confusionIn(Project& project, RunId id, const std::string& role)
{
    const auto blob = attachment(project, id, role);
    if (!blob)
        return {};
    const auto bytes = project.blob(*blob);
    const auto* text = reinterpret_cast<const char*>(bytes.data());
    auto confusion = nlohmann::json::parse(text, text + bytes.size()).get<Confusion>();
    for (const auto& row : confusion)
        if (row.size() != confusion.size())
            throw damaged(project, id,
                role + " has a row of " + std::to_string(row.size()) + " for " + std::to_string(confusion.size()) + " classes");
    return confusion;
}

void addNetwork(Project& project, RunResults& results)
{
    if (!results.run.model)
        return;
    const Model model = bitscape::model(project, *results.run.model);
    results.modelName = model.name;
    results.graph = graphFromJson(model.graph);
    if (results.run.kind == RunKind::Step)
        results.graph = widened(results.graph, results.run.parameters.at("expansion").get<double>());
    const auto keep = parameterOf(results, "keep_first_last");
    results.layers = layersOf(results.graph, keep.is_null() || keep.get<bool>());
}

void addScores(Project& project, RunResults& results)
{
    const auto take = [&](RunId id) {
        results.scores = scores(project, id);
        if (!results.scores.empty())
            results.scoreRun = id;
        return !results.scores.empty();
    };
    if (!take(results.run.id)) {
        for (const Run& ancestor : results.ancestors) {
            if (ancestor.model != results.run.model || ancestor.kind == RunKind::Train || take(ancestor.id))
                break;
        }
    }
    results.filterScores = scoresFrom(results.scores, static_cast<std::size_t>(results.graph.nodes.empty() ? 0 : results.graph.classes()));
}

std::vector<double> thresholdsIn(const std::map<std::string, double>& metrics)
{
    std::vector<double> thresholds;
    for (auto found = metrics.find("threshold_1"); found != metrics.end();
         found = metrics.find("threshold_" + std::to_string(thresholds.size() + 1)))
        thresholds.push_back(found->second);
    return thresholds;
}

/// Whether a run's bits are its own, not those of a run before it.
bool givesBits(const Run& run)
{
    return run.kind == RunKind::Search || run.kind == RunKind::Edit;
}

/// A refinement's or evaluation's bits are those of the search or edit before it.
void addThresholds(Project& project, RunResults& results)
{
    results.thresholds = thresholdsIn(results.metrics);
    if (results.bits.empty() || givesBits(results.run))
        return;
    for (const Run& ancestor : results.ancestors) {
        if (givesBits(ancestor))
            results.thresholds = thresholdsIn(metrics(project, ancestor.id));
        if (givesBits(ancestor) || ancestor.kind == RunKind::Train)
            return;
    }
}

bool fits(const std::vector<Layer>& layers, const LayerBits& bits)
{
    return std::ranges::equal(
        layers, bits, [](const Layer& layer, const auto& own) { return layer.filters == static_cast<std::int64_t>(own.size()); });
}

void addQuantization(Project& project, RunResults& results)
{
    results.bits = bits(project, results.run.id);
    if (const auto allowed = parameterOf(results, "allowed_bits"); !allowed.is_null())
        results.allowedBits = allowed.get<std::vector<int>>();
    if (const auto activations = parameterOf(results, "activation_bits"); !activations.is_null())
        results.activationBits = activations.get<int>();
    if (const auto grid = parameterOf(results, "grid"); !grid.is_null())
        results.quantizer.grid = gridFrom(grid.get<std::string>());
    if (const auto range = parameterOf(results, "range"); !range.is_null())
        results.quantizer.range = rangeRuleFrom(range.get<std::string>());
    if (!results.bits.empty() && fits(results.layers, results.bits))
        results.cost = costOf(results.graph, results.layers, results.bits, results.activationBits);
}

std::size_t offsetOf(const Graph& graph, const std::string& tensor)
{
    std::size_t offset = 0;
    for (const TensorInfo& info : graph.tensors) {
        if (info.name == tensor)
            return offset;
        offset += static_cast<std::size_t>(info.elements());
    }
    throw Error(ErrorCode::Internal, "The graph has no tensor '" + tensor + "'.");
}

void addTestImages(RunResults& results, const Dataset& dataset)
{
    const auto images
        = [](const std::vector<std::int64_t>& counts) { return std::accumulate(counts.begin(), counts.end(), std::int64_t { 0 }); };
    const nlohmann::json split = inheritedParameter(results.run, results.ancestors, "test_split");
    if (!split.is_string())
        return;
    try {
        results.testImages = resolveSplit(split.get<std::string>(), images(dataset.trainCounts), images(dataset.testCounts));
    } catch (const Error&) { // a run that was refused for it
    }
}

void addAnswers(Project& project, RunResults& results)
{
    const RunId id = results.run.id;
    results.answers = keptAnswers(project, id, results.classes());
    if (!results.answers) {
        results.confusion = confusionIn(project, id, "confusion");
        results.fullConfusion = confusionIn(project, id, "full_confusion");
        return;
    }
    const KeptAnswers& kept = *results.answers;
    results.confusion = confusionOf(kept.labels, kept.answers, results.classes());
    if (!kept.full.empty())
        results.fullConfusion = confusionOf(kept.labels, kept.full, results.classes());
}

void addAll(Project& project, RunResults& results)
{
    const RunId id = results.run.id;
    results.metrics = metrics(project, id);
    if (results.run.dataset) {
        const Dataset dataset = bitscape::dataset(project, *results.run.dataset);
        results.dataName = dataset.name;
        results.dataFingerprint = dataset.fingerprint;
        results.classNames = dataset.classNames;
        addTestImages(results, dataset);
    }
    if (results.run.kind == RunKind::Sweep) {
        if (results.run.model)
            results.modelName = model(project, *results.run.model).name;
        results.sweep = sweepFigures(project, id);
        return;
    }
    addNetwork(project, results);
    addScores(project, results);
    addQuantization(project, results);
    addThresholds(project, results);
    results.epochs = epochs(project, id);
    results.trajectory = trajectory(project, id);
    addAnswers(project, results);
    results.stepping = keptStepping(project, id);
}

} // namespace

double RunResults::beta(std::size_t layer, std::size_t filter, std::size_t m) const
{
    const LayerScores& own = scores.at(layer);
    return static_cast<double>(own.counts.at(filter * static_cast<std::size_t>(graph.classes()) + m)) / static_cast<double>(own.samples);
}

RunResults runResults(Project& project, RunId id)
{
    RunResults results;
    results.ancestors = ancestry(project, id);
    results.run = results.ancestors.front();
    results.ancestors.erase(results.ancestors.begin());
    try {
        addAll(project, results);
    } catch (const nlohmann::json::exception& damage) {
        throw damaged(project, id, damage.what());
    }
    return results;
}

std::string weightsBlobOf(Project& project, RunId id)
{
    if (bitscape::run(project, id).kind == RunKind::Step)
        return attachment(project, id, "step_weights").value_or("");
    std::optional<ModelId> model;
    bool refined = true; // a search, and scores, are of the full-precision network even where they come from a refinement
    bool edited = false;
    for (const Run& run : ancestry(project, id)) {
        model = model ? model : run.model;
        refined = refined && run.kind != RunKind::Search && !((run.id == id || edited) && run.kind == RunKind::Score);
        edited = edited || run.kind == RunKind::Edit;
        if (run.kind != RunKind::Train && !(run.kind == RunKind::Refine && refined))
            continue;
        if (const auto weights = attachment(project, run.id, "weights"))
            return *weights;
        if (run.kind == RunKind::Train)
            break;
    }
    return model ? bitscape::model(project, *model).weights : std::string();
}

FilterWeights filterWeights(const RunResults& results, const std::vector<std::byte>& bytes, std::size_t layer, std::size_t filter)
{
    std::int64_t elements = 0;
    for (const TensorInfo& info : results.graph.tensors)
        elements += info.elements();
    if (bytes.size() != static_cast<std::size_t>(elements) * sizeof(float))
        throw Error(ErrorCode::BadInput,
            "The weights of model '" + results.modelName + "' are " + std::to_string(bytes.size()) + " bytes long, its graph needs "
                + std::to_string(elements * 4) + ": the project file is damaged.");
    if (layer >= results.layers.size() || filter >= static_cast<std::size_t>(results.layers[layer].filters))
        throw Error(ErrorCode::BadArgument,
            "Model '" + results.modelName + "' has no filter " + std::to_string(filter) + " in layer " + std::to_string(layer) + ".");
    const Layer& at = results.layers[layer];
    const auto count = static_cast<std::size_t>(at.weightsPerFilter());
    const std::size_t first = offsetOf(results.graph, results.graph.nodes[static_cast<std::size_t>(at.node)].weight) + filter * count;
    FilterWeights weights;
    weights.stored.resize(count);
    std::memcpy(weights.stored.data(), bytes.data() + first * sizeof(float), count * sizeof(float));
    if (layer >= results.bits.size() || filter >= results.bits[layer].size())
        return weights;
    weights.bits = results.bits[layer][filter];
    weights.scale = filterScale(weights.stored, weights.bits, results.quantizer);
    weights.quantized.resize(count);
    quantizeFilter(weights.stored, weights.bits, weights.scale, results.quantizer.grid, weights.quantized);
    return weights;
}

} // namespace bitscape
