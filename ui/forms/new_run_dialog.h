// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/parameter_form.h"
#include "ui/jobs/job_queue.h"

#include <QDialog>

#include <optional>
#include <vector>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QVBoxLayout;

namespace bitscape::ui {

/// Asks for a run of any kind: what it starts from, its parameters, its seed. bitscape-cli checks it before it is queued; what that refuses
/// stands in the dialog, and nothing typed is lost.
class NewRunDialog final : public QDialog {
    Q_OBJECT
public:
    NewRunDialog(ProjectDocument& document, JobQueue& queue, QWidget* parent = nullptr);

    /// What stands in it at first.
    void setKind(RunKind kind);
    void setParent(RunId parent);
    /// Everything as in that run, to be changed.
    void setFrom(const Run& run);

    /// What is asked for now.
    RunRequest request() const;

signals:
    /// The first of the runs is in the queue.
    void started(bitscape::RunId id);

public slots:
    void accept() override;

private:
    void buildHead(QFormLayout& head);
    void buildFoot(QVBoxLayout& rows);
    RunKind kind() const;
    ParameterForm& form() const;
    std::optional<RunId> parentRun() const;
    void kindChanged();
    void parentChanged();
    void fillParents();
    void fillPresets();
    void applyPreset();
    void update();
    void askEstimate();
    void submitNext();
    void busy(bool working);
    void complain(const QString& sentence);

    ProjectDocument& m_document;
    JobQueue& m_queue;
    QComboBox* m_kind;
    QComboBox* m_parent;
    QComboBox* m_model;
    QComboBox* m_data;
    QComboBox* m_preset;
    QLineEdit* m_name;
    QLineEdit* m_seed;
    QSpinBox* m_repeat;
    QStackedWidget* m_forms;
    QLabel* m_estimate;
    QLineEdit* m_command;
    QLabel* m_complaint;
    QPushButton* m_start = nullptr;
    std::vector<RunRequest> m_toSubmit;
    bool m_told = false; ///< started() was emitted
};

/// The runs that a run of `kind` may start from, the newest first.
std::vector<RunId> possibleParents(RunKind kind, const RunMap& runs);
/// Whether a run of `kind` can do without.
bool mayBeginAnew(RunKind kind);

} // namespace bitscape::ui
