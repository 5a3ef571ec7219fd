// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/parameter_form.h"
#include "ui/forms/run_choices.h"
#include "ui/forms/run_head.h"
#include "ui/jobs/job_queue.h"

#include <QDialog>
#include <QTimer>

#include <optional>
#include <vector>

class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace bitscape::ui {

/// Asks for a run of any kind: what it starts from, its parameters, its seed. bitscape-cli checks it before it is queued; what that
/// refuses stands in the dialog, and nothing typed is lost.
class NewRunDialog final : public QDialog {
    Q_OBJECT
public:
    NewRunDialog(ProjectDocument& document, JobQueue& queue, QWidget* parent = nullptr);

    /// What stands in it at first.
    void setKind(RunKind kind);
    void setParent(RunId parent);
    /// Everything as in that run, to be changed.
    void setFrom(const Run& run);

    /// What is asked for now; with "repeat" set, the first of the runs.
    RunRequest request() const;

signals:
    /// The first of the runs is in the queue.
    void started(bitscape::RunId id);

public slots:
    void accept() override;
    /// While bitscape-cli checks: no further run is queued, and the one under way is cancelled.
    void reject() override;

private:
    void buildFoot(QVBoxLayout& rows);
    QLayout* makeCommand();
    void connectFields();
    RunKind kind() const;
    ParameterForm& form() const;
    std::optional<RunId> parentRun() const;
    QString complaint() const;
    void focusProblem();
    void kindChanged();
    void parentChanged();
    Offers parents() const;
    void followProject();
    void fitSubjects();
    void update();
    void showRequest();
    void askEstimate();
    void submitNext();
    void taken(RunId id);
    void refused(const QString& sentence);
    void busy(bool working);
    void complain(const QString& sentence);

    /// What stands below them.
    struct Foot {
        QLabel *estimate, *complaint;
        QLineEdit* command;
        QPushButton* start;
    };

    ProjectDocument& m_document;
    JobQueue& m_queue;
    RunHead m_head;
    Foot m_foot;
    QStackedWidget* m_forms;
    QTimer m_estimateTimer;             ///< typing asks once
    QTimer m_followTimer;               ///< so that a run that reports all the time costs little
    std::vector<RunRequest> m_toSubmit; ///< those under way; empty: nothing is
    int m_submitted = 0;                ///< of those, in the queue by now
};

} // namespace bitscape::ui
