// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/run_json.h"

#include "core/jobs/run_results.h"
#include "core/project/datasets.h"
#include "core/project/models.h"

#include <map>
#include <string>

namespace bitscape {
namespace {

using Json = nlohmann::ordered_json;

/// Beta per class and filter, and the scores that they sum to (methods.md section 2).
void addScores(Json& layer, const RunResults& results, std::size_t at)
{
    const auto classes = static_cast<std::size_t>(results.graph.classes());
    layer["scores"] = results.filterScores[at];
    layer["classes"] = Json::array();
    for (std::size_t filter = 0; filter < results.filterScores[at].size(); ++filter) {
        Json row = Json::array();
        for (std::size_t m = 0; m < classes; ++m)
            row.push_back(results.beta(at, filter, m));
        layer["classes"].push_back(std::move(row));
    }
}

Json layersJson(const RunResults& results)
{
    Json list = Json::array();
    for (std::size_t i = 0; i < results.layers.size(); ++i) {
        const Layer& own = results.layers[i];
        Json layer { { "name", own.name }, { "op", toString(own.op) }, { "filters", own.filters }, { "weights", own.weights() },
            { "macs", own.macs() }, { "quantizable", own.quantizable } };
        if (i < results.bits.size())
            layer["bits"] = results.bits[i];
        if (results.stepping && i < results.stepping->groups.size())
            layer["groups"] = results.stepping->groups[i];
        if (results.scoreRun == results.run.id && i < results.scores.size())
            addScores(layer, results, i);
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

void addTrajectory(Json& json, const std::vector<TrajectoryPoint>& points)
{
    for (const TrajectoryPoint& point : points)
        json["trajectory"].push_back(pointJson(point));
}

void addEpochs(Json& json, const std::vector<Epoch>& epochs)
{
    for (const Epoch& epoch : epochs)
        json["epochs"].push_back({ { "loss", epoch.loss }, { "accuracy", epoch.accuracy }, { "learning_rate", epoch.learningRate },
            { "seconds", epoch.seconds } });
}

void addConfusion(Json& json, const RunResults& results)
{
    if (results.confusion.empty())
        return;
    json["per_class"] = perClassAccuracy(results.confusion);
    json["confusion"] = results.confusion;
    if (!results.fullConfusion.empty())
        json["full_confusion"] = results.fullConfusion;
}

/// design.md section 6: the subnets and, beside them, the baselines; construction and the anytime curve besides.
void addStepping(Json& json, const SteppingResult& stepping)
{
    const nlohmann::json all = toJson(stepping);
    json["original_macs"] = stepping.originalMacs;
    json["subnets"] = Json::array();
    json["baselines"] = Json::array();
    for (std::size_t i = 0; i < stepping.families.size(); ++i) {
        const Json family = Json(all.at("families").at(i));
        if (i == 0)
            json["subnets"] = family.at("subnets");
        else
            json["baselines"].push_back(family);
    }
    json["iterations"] = Json(all.at("iterations"));
    json["anytime"] = Json(all.at("anytime"));
}

} // namespace

Json runSummary(Project& project, const Run& run)
{
    Json json { { "id", run.id.value }, { "kind", toString(run.kind) }, { "name", run.name }, { "state", toString(run.state) } };
    json["model"] = run.model ? Json(model(project, *run.model).name) : Json();
    json["data"] = run.dataset ? Json(dataset(project, *run.dataset).name) : Json();
    json["parent"] = run.parent ? Json(run.parent->value) : Json();
    if (run.sweep)
        json["sweep"] = run.sweep->value;
    json["created"] = run.created;
    json["seconds"] = run.seconds;
    return json;
}

Json runDetails(Project& project, RunId id)
{
    const RunResults results = runResults(project, id);
    const Run& run = results.run;
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
    if (run.kind == RunKind::Edit && run.parameters.contains("edits"))
        json["edits"] = run.parameters.at("edits");
    addMetrics(json, results.metrics);
    if (results.sweep) {
        json.update(toJson(*results.sweep));
        return json;
    }
    if (run.kind != RunKind::Train)
        json["layers"] = layersJson(results);
    addTrajectory(json, results.trajectory);
    addEpochs(json, results.epochs);
    addConfusion(json, results);
    if (results.stepping)
        addStepping(json, *results.stepping);
    return json;
}

} // namespace bitscape
