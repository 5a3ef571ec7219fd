// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/project/project_thread.h"

#include "core/network/graph.h"
#include "core/network/layers.h"
#include "core/project/datasets.h"
#include "core/project/models.h"
#include "core/project/run_changes.h"

#include <QTimer>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace bitscape::ui {

/// A network of the project with what its graph says.
struct ModelEntry {
    Model model;
    Graph graph;
    std::vector<Layer> layers;
    std::int64_t parameters = 0;
    std::int64_t macs = 0; ///< for one image
};

using RunMap = std::map<RunId, std::shared_ptr<const RunRecord>>;

/// An open project as the interface knows it: its models, data sets and runs, kept up to date with whatever any process writes to the file.
/// Holds no results: ResultsLoader does.
class ProjectDocument final : public QObject {
    Q_OBJECT
public:
    ProjectDocument(QString path, ProjectThread::Mode mode, QObject* parent = nullptr);

    const QString& path() const { return m_path; }
    /// The file's name without folder and extension.
    QString name() const;
    /// Whether the first answer has come.
    bool isOpen() const { return m_open; }

    const RunMap& runs() const { return m_runs; }
    /// Null where there is none.
    std::shared_ptr<const RunRecord> run(RunId id) const;
    const std::vector<ModelEntry>& models() const { return m_models; }
    const std::vector<Dataset>& datasets() const { return m_datasets; }
    const ModelEntry* model(ModelId id) const;
    const Dataset* dataset(DatasetId id) const;
    /// "lenet5", or empty for none.
    QString modelName(const std::optional<ModelId>& id) const;
    QString datasetName(const std::optional<DatasetId>& id) const;

    /// For short questions and notes.
    ProjectThread& store() { return m_store; }
    /// For what takes longer: results and weights.
    ProjectThread& library() { return m_library; }

    /// Asks for news now rather than at the next tick.
    void refresh();

signals:
    void opened();
    /// The file cannot be opened, or made.
    void refused(const QString& sentence);
    /// Rows that are new or have changed in any way, results included.
    void runsChanged(const std::vector<bitscape::RunId>& changed);
    void runsRemoved(const std::vector<bitscape::RunId>& removed);
    void modelsChanged();
    void datasetsChanged();
    /// Something asked of the project was refused.
    void failed(const QString& sentence);

private:
    void take(RunChanges changes);
    void takeIds(const std::vector<RunId>& ids);
    void reloadModels();
    void reloadDatasets();

    QString m_path;
    ProjectThread m_store;
    ProjectThread m_library;
    QTimer m_tick;
    bool m_open = false;
    bool m_asking = false;
    bool m_again = false; ///< refresh() was called while an answer was awaited
    std::int64_t m_revision = 0;
    std::int64_t m_modelRevision = -1;
    std::int64_t m_datasetRevision = -1;
    RunMap m_runs;
    std::vector<ModelEntry> m_models;
    std::vector<Dataset> m_datasets;
};

} // namespace bitscape::ui
