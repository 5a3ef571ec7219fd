// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/sweep_subjects.h"

#include "core/base/error.h"
#include "core/engine/data/dataset_reader.h"
#include "core/engine/runs/subnet_model.h"
#include "core/network/zoo.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace bitscape {
namespace {

template <typename Read> auto at(const std::string& where, const Read& read)
{
    try {
        return read();
    } catch (const Error& error) {
        throw Error(error.code(), "Recipe, " + where + ": " + error.what());
    }
}

template <typename Entry> std::string namesOf(const std::vector<Entry>& all)
{
    std::string names;
    for (const Entry& entry : all)
        names += (names.empty() ? "" : ", ") + entry.name;
    return names;
}

template <typename Entry> const Entry& named(const std::vector<Entry>& all, const std::string& text, const std::string& what)
{
    const auto fits
        = [&](const Entry& entry) { return entry.name == text || (entry.id.value > 0 && std::to_string(entry.id.value) == text); };
    const auto byName = std::ranges::find(all, text, &Entry::name);
    const auto found = byName != all.end() ? byName : std::ranges::find_if(all, fits);
    if (found != all.end())
        return *found;
    if (text.empty() && all.size() == 1)
        return all.front();
    if (all.empty())
        throw Error(ErrorCode::BadArgument, "there is no " + what + " yet: add one to the project or to the recipe");
    throw Error(ErrorCode::BadArgument,
        (text.empty() ? "say which " + what + " is meant: there is " : "there is no " + what + " '" + text + "'; there is ")
            + namesOf(all));
}

template <typename Entry, typename Id> const Entry& byNumber(const std::vector<Entry>& all, Id id, const std::string& what)
{
    const auto found = std::ranges::find(all, id, &Entry::id);
    if (found == all.end())
        throw Error(ErrorCode::BadArgument, "there is no " + what + " " + std::to_string(id.value));
    return *found;
}

[[noreturn]] void refuseTaken(const std::string& what, const std::string& name, const std::string& theirs, const std::string& wanted)
{
    throw Error(ErrorCode::BadArgument,
        "the project has another " + what + " '" + name + "', from " + theirs + " and not from " + wanted + ": give it another name");
}

DescribedModel described(Project& project, const SweepModel& wanted, JobContext& context)
{
    if (isZooSource(wanted.source))
        return { builtInModel(wanted.source, wanted.name, wanted.mean, wanted.stddev), {}, {} };
    if (wanted.source.starts_with("run:")) {
        RunId id;
        const char* const end = wanted.source.data() + wanted.source.size();
        const auto [stop, failure] = std::from_chars(wanted.source.data() + 4, end, id.value);
        if (failure != std::errc() || stop != end)
            throw Error(ErrorCode::BadArgument, "'" + wanted.source + "' wants a run's number, such as run:7");
        return describeSubnets(project, run(project, id), wanted.name);
    }
    if (!std::filesystem::exists(wanted.source))
        throw Error(
            ErrorCode::BadInput, "'" + wanted.source + "' is neither a file nor a built-in network (zoo:NAME) nor a step run (run:N)");
    return describeModel({ wanted.source, wanted.name, {}, wanted.mean, wanted.stddev }, context);
}

} // namespace

SweepSubjects::SweepSubjects(Project& project, const SweepRecipe& recipe, JobContext& context)
    : m_models(models(project))
    , m_datasets(datasets(project))
{
    for (const SweepModel& wanted : recipe.models)
        at("model '" + wanted.name + "'", [&] { addModel(project, wanted, context); });
    for (const SweepData& wanted : recipe.data)
        at("data set '" + wanted.name + "'", [&] { addDataset(wanted, context); });
}

void SweepSubjects::addModel(Project& project, const SweepModel& wanted, JobContext& context)
{
    const auto known = std::ranges::find(m_models, wanted.name, &Model::name);
    if (known != m_models.end() && known->source == wanted.source)
        return;
    if (known != m_models.end())
        refuseTaken("model", wanted.name, known->source, wanted.source);
    m_newModels.push_back(described(project, wanted, context));
    Model model = m_newModels.back().model;
    model.id = { -static_cast<std::int64_t>(m_newModels.size()) };
    model.weights = m_newModels.back().weights.empty() ? "" : "not stored yet";
    m_models.push_back(std::move(model));
}

void SweepSubjects::addDataset(const SweepData& wanted, JobContext& context)
{
    const std::string source = wanted.kind + " '" + wanted.path + "'";
    const auto known = std::ranges::find(m_datasets, wanted.name, &Dataset::name);
    if (known != m_datasets.end() && known->kind + " '" + known->path + "'" == source)
        return;
    if (known != m_datasets.end())
        refuseTaken("data set", wanted.name, known->kind + " '" + known->path + "'", source);
    const auto kinds = datasetKinds();
    if (std::ranges::find(kinds, wanted.kind) == kinds.end())
        throw Error(ErrorCode::BadArgument, "there is no kind '" + wanted.kind + "': use idx, cifar10, cifar100, folder or glyphs");
    m_newDatasets.push_back(describeDataset({ wanted.name, wanted.kind, wanted.path, wanted.mean, wanted.stddev }, context));
    Dataset dataset = m_newDatasets.back().dataset;
    dataset.id = { -static_cast<std::int64_t>(m_newDatasets.size()) };
    m_datasets.push_back(std::move(dataset));
}

const Model& SweepSubjects::model(const std::string& text) const
{
    return named(m_models, text, "model");
}

const Dataset& SweepSubjects::dataset(const std::string& text) const
{
    return named(m_datasets, text, "data set");
}

const Model& SweepSubjects::model(ModelId id) const
{
    return byNumber(m_models, id, "model");
}

const Dataset& SweepSubjects::dataset(DatasetId id) const
{
    return byNumber(m_datasets, id, "data set");
}

void SweepSubjects::store(Project& project) const
{
    for (const DescribedModel& model : m_newModels)
        bitscape::addModel(project, model);
    for (const DescribedDataset& dataset : m_newDatasets)
        bitscape::addDataset(project, dataset);
}

} // namespace bitscape
