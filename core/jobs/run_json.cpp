// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/run_json.h"

#include "core/network/graph_json.h"
#include "core/network/layers.h"
#include "core/project/datasets.h"
#include "core/project/models.h"
#include "core/project/results.h"

#include <map>
#include <string>

namespace bitscape {
namespace {

using Json = nlohmann::ordered_json;

/// Beta per class and filter, and the scores that they sum to (methods.md section 2).
void addScores(Json& layer, const LayerScores& scores, std::size_t classes)
{
    layer["scores"] = Json::array();
    layer["classes"] = Json::array();
    const double samples = static_cast<double>(scores.samples);
    for (std::size_t at = 0; classes > 0 && at + classes <= scores.counts.size(); at += classes) {
        Json row = Json::array();
        std::int64_t sum = 0;
        for (std::size_t m = 0; m < classes; ++m) {
            row.push_back(scores.counts[at + m] / samples);
            sum += scores.counts[at + m];
        }
        layer["scores"].push_back(static_cast<double>(sum) / samples);
        layer["classes"].push_back(std::move(row));
    }
}

/// Which layers a run quantizes was decided by the search that it comes from.
bool keepsFirstAndLast(Project& project, const Run& run)
{
    for (const Run& ancestor : ancestry(project, run.id)) {
        if (ancestor.parameters.contains("keep_first_last"))
            return ancestor.parameters.at("keep_first_last").get<bool>();
    }
    return true;
}

Json layersJson(Project& project, const Run& run)
{
    Json list = Json::array();
    if (!run.model)
        return list;
    const Graph graph = graphFromJson(model(project, *run.model).graph);
    const auto layers = layersOf(graph, keepsFirstAndLast(project, run));
    const auto layerScores = scores(project, run.id);
    const LayerBits layerBits = bits(project, run.id);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        Json layer { { "name", layers[i].name }, { "op", toString(layers[i].op) }, { "filters", layers[i].filters },
            { "weights", layers[i].weights() }, { "macs", layers[i].macs() }, { "quantizable", layers[i].quantizable } };
        if (i < layerBits.size())
            layer["bits"] = layerBits[i];
        if (i < layerScores.size())
            addScores(layer, layerScores[i], static_cast<std::size_t>(graph.classes()));
        list.push_back(std::move(layer));
    }
    return list;
}

Json pointJson(const TrajectoryPoint& point)
{
    Json json { { "step", point.step }, { "phase", point.phase }, { "thresholds", point.thresholds }, { "average_bits", point.averageBits },
        { "macs", point.macs }, { "bitops", point.bitops }, { "size_bits", point.sizeBits }, { "floor", point.floor },
        { "kept", point.kept }, { "seconds", point.seconds } };
    if (point.accuracyLow < point.accuracyHigh)
        json["accuracy_bounds"] = { point.accuracyLow, point.accuracyHigh };
    else
        json["accuracy"] = point.accuracyLow;
    return json;
}

/// Every figure by its name; threshold_1, threshold_2, ... as one list.
void addMetrics(Json& json, const std::map<std::string, double>& figures)
{
    for (const auto& [name, value] : figures) {
        if (name.starts_with("threshold_"))
            json["thresholds"].push_back(value);
        else
            json[name] = value;
    }
}

void addTrajectory(Json& json, Project& project, RunId id)
{
    const auto points = trajectory(project, id);
    if (points.empty())
        return;
    json["trajectory"] = Json::array();
    for (const TrajectoryPoint& point : points)
        json["trajectory"].push_back(pointJson(point));
}

void addEpochs(Json& json, Project& project, RunId id)
{
    const auto all = epochs(project, id);
    if (all.empty())
        return;
    json["epochs"] = Json::array();
    for (const Epoch& epoch : all)
        json["epochs"].push_back({ { "loss", epoch.loss }, { "accuracy", epoch.accuracy }, { "learning_rate", epoch.learningRate },
            { "seconds", epoch.seconds } });
}

void addConfusion(Json& json, Project& project, RunId id)
{
    const auto blob = attachment(project, id, "confusion");
    if (!blob)
        return;
    const auto bytes = project.blob(*blob);
    const auto* text = reinterpret_cast<const char*>(bytes.data());
    const auto confusion = nlohmann::json::parse(text, text + bytes.size()).get<std::vector<std::vector<std::int64_t>>>();
    json["per_class"] = Json::array();
    for (std::size_t label = 0; label < confusion.size(); ++label) {
        std::int64_t total = 0;
        for (const std::int64_t count : confusion[label])
            total += count;
        json["per_class"].push_back(total == 0 ? 0.0 : static_cast<double>(confusion[label][label]) / static_cast<double>(total));
    }
    json["confusion"] = confusion;
}

} // namespace

Json runSummary(Project& project, const Run& run)
{
    Json json { { "id", run.id.value }, { "kind", toString(run.kind) }, { "name", run.name }, { "state", toString(run.state) } };
    json["model"] = run.model ? Json(model(project, *run.model).name) : Json();
    json["data"] = run.dataset ? Json(dataset(project, *run.dataset).name) : Json();
    json["parent"] = run.parent ? Json(run.parent->value) : Json();
    json["created"] = run.created;
    json["seconds"] = run.seconds;
    return json;
}

Json runDetails(Project& project, RunId id)
{
    const Run run = bitscape::run(project, id);
    Json json = runSummary(project, run);
    json["parameters"] = run.parameters;
    json["seed"] = run.seed;
    json["threads"] = run.threads;
    json["device"] = run.device;
    json["versions"] = run.versions;
    json["progress"] = run.progress;
    if (!run.failure.empty())
        json["failure"] = run.failure;
    if (!run.tags.empty())
        json["tags"] = run.tags;
    if (!run.note.empty())
        json["note"] = run.note;
    addMetrics(json, metrics(project, id));
    if (run.kind != RunKind::Train)
        json["layers"] = layersJson(project, run);
    addTrajectory(json, project, id);
    addEpochs(json, project, id);
    addConfusion(json, project, id);
    return json;
}

} // namespace bitscape
