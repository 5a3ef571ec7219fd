// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/project/project_document.h"

#include "core/network/graph_json.h"

#include <QFileInfo>

#include <algorithm>

namespace bitscape::ui {
namespace {

constexpr int kTickMs = 400;

std::vector<ModelEntry> loadModels(Project& project)
{
    std::vector<ModelEntry> entries;
    for (Model& model : bitscape::models(project)) {
        ModelEntry entry;
        entry.graph = graphFromJson(model.graph);
        entry.layers = layersOf(entry.graph);
        entry.parameters = parameterCount(entry.graph);
        for (const Layer& layer : entry.layers)
            entry.macs += layer.macs();
        entry.model = std::move(model);
        entries.push_back(std::move(entry));
    }
    return entries;
}

} // namespace

ProjectDocument::ProjectDocument(QString path, ProjectThread::Mode mode, QObject* parent)
    : QObject(parent)
    , m_path(std::move(path))
    , m_store(m_path, mode)
    , m_library(m_path)
{
    connect(&m_store, &ProjectThread::failed, this, &ProjectDocument::failed);
    connect(&m_library, &ProjectThread::failed, this, &ProjectDocument::failed);
    m_tick.setInterval(kTickMs);
    connect(&m_tick, &QTimer::timeout, this, &ProjectDocument::refresh);
    refresh();
}

QString ProjectDocument::name() const
{
    return QFileInfo(m_path).completeBaseName();
}

std::shared_ptr<const RunRecord> ProjectDocument::run(RunId id) const
{
    const auto found = m_runs.find(id);
    return found == m_runs.end() ? nullptr : found->second;
}

const ModelEntry* ProjectDocument::model(ModelId id) const
{
    const auto found = std::ranges::find_if(m_models, [&](const ModelEntry& entry) { return entry.model.id == id; });
    return found == m_models.end() ? nullptr : &*found;
}

const Dataset* ProjectDocument::dataset(DatasetId id) const
{
    const auto found = std::ranges::find(m_datasets, id, &Dataset::id);
    return found == m_datasets.end() ? nullptr : &*found;
}

QString ProjectDocument::modelName(const std::optional<ModelId>& id) const
{
    const ModelEntry* entry = id ? model(*id) : nullptr;
    return entry ? QString::fromStdString(entry->model.name) : QString();
}

QString ProjectDocument::datasetName(const std::optional<DatasetId>& id) const
{
    const Dataset* entry = id ? dataset(*id) : nullptr;
    return entry ? QString::fromStdString(entry->name) : QString();
}

void ProjectDocument::refresh()
{
    if (m_asking) {
        m_again = true;
        return;
    }
    m_asking = true;
    const auto refusedNow = [this](const QString& sentence) {
        m_asking = false;
        m_tick.stop(); // whatever is wrong with the file is told once
        if (m_open)
            emit failed(sentence);
        else
            emit refused(sentence);
    };
    m_store.ask(
        this, [revision = m_revision](Project& project) { return runChangesSince(project, revision); },
        [this](RunChanges changes) { take(std::move(changes)); }, refusedNow);
}

void ProjectDocument::take(RunChanges changes)
{
    m_asking = false;
    m_revision = changes.revision;
    std::vector<RunId> changed;
    for (RunRecord& record : changes.changed) {
        auto& known = m_runs[record.run.id];
        if (known && *known == record)
            continue; // live runs, and those whose worker died, are always told
        changed.push_back(record.run.id);
        known = std::make_shared<const RunRecord>(std::move(record));
    }
    if (m_modelRevision != changes.modelRevision) {
        m_modelRevision = changes.modelRevision;
        reloadModels();
    }
    if (m_datasetRevision != changes.datasetRevision) {
        m_datasetRevision = changes.datasetRevision;
        reloadDatasets();
    }
    if (!m_tick.isActive())
        m_tick.start();
    if (!std::exchange(m_open, true))
        emit opened();
    if (!changed.empty())
        emit runsChanged(changed);
    if (changes.runCount < static_cast<std::int64_t>(m_runs.size()))
        m_store.ask(this, runIds, [this](const std::vector<RunId>& ids) { takeIds(ids); });
    if (std::exchange(m_again, false))
        refresh();
}

void ProjectDocument::takeIds(const std::vector<RunId>& ids)
{
    std::vector<RunId> removed;
    std::erase_if(m_runs, [&](const auto& entry) {
        const bool gone = !std::ranges::binary_search(ids, entry.first);
        if (gone)
            removed.push_back(entry.first);
        return gone;
    });
    if (!removed.empty())
        emit runsRemoved(removed);
}

void ProjectDocument::reloadModels()
{
    m_store.ask(this, loadModels, [this](std::vector<ModelEntry> entries) {
        m_models = std::move(entries);
        emit modelsChanged();
    });
}

void ProjectDocument::reloadDatasets()
{
    m_store.ask(this, bitscape::datasets, [this](std::vector<Dataset> entries) {
        m_datasets = std::move(entries);
        emit datasetsChanged();
    });
}

} // namespace bitscape::ui
