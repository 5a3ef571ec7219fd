// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/runs/run_panel.h"

#include <QWidget>

class QListWidget;
class QToolButton;

namespace bitscape::ui {

/// The project dock: models, data sets and runs.
class ProjectPanel final : public QWidget {
    Q_OBJECT
public:
    ProjectPanel(const ViewContext& context, JobQueue& queue, QUndoStack& undo, PendingDeletions& deletions, QWidget* parent = nullptr);

    RunPanel& runs() const { return *m_runs; }

signals:
    void addModelRequested();
    void addDatasetRequested();
    void newRunRequested();
    void modelOpened();
    void datasetOpened();
    void refused(const QString& sentence);

private:
    QWidget* section(const QString& title, const QString& help, const QString& name, QWidget* content, void (ProjectPanel::*add)());
    QListWidget* entries(const QString& name, const QString& accessible);
    void fillModels();
    void fillDatasets();
    void tellRuns();
    void removeCurrent(QListWidget& list);
    void fitHeight(QListWidget& list);
    void retheme();

    ViewContext m_context;
    QListWidget* m_models;
    QListWidget* m_datasets;
    RunPanel* m_runs;
    std::vector<std::pair<QToolButton*, QString>> m_buttons;
};

} // namespace bitscape::ui
