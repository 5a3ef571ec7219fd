// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/sweep_head.h"
#include "ui/jobs/job_queue.h"
#include "ui/project/project_document.h"

#include <QDialog>
#include <QTimer>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QTabWidget;

namespace bitscape::ui {

class SweepForm;

/// Asks for a sweep: runs of one kind that start from one run, parameters varied over lists of values and seeds; or any recipe, typed or
/// read from a file. What the fields say stands in the recipe at once; once that is edited by hand, the fields are put aside.
class SweepDialog final : public QDialog {
    Q_OBJECT
public:
    SweepDialog(ProjectDocument& document, JobQueue& queue, QWidget* parent = nullptr);

    /// What stands in it at first: what usually follows on this run, or the recipe of another sweep.
    void setParent(const Run& parent);
    void setLike(RunId sweep);

    /// The recipe as it would be started.
    QString recipe() const;

signals:
    /// The sweep is in the queue.
    void started(bitscape::RunId id);

public slots:
    void accept() override;
    void reject() override;

private:
    void connectHead();
    QWidget* makeRecipe();
    QWidget* makeFoot();
    RunKind kind() const;
    SweepForm& form() const;
    void kindChanged();
    void fieldsChanged();
    void recipeEdited();
    void useFields();
    void takeRecipe(const QString& text);
    void check();
    void tellCount(std::size_t children);
    void complain(const QString& sentence);
    void busy(bool working);
    void load();
    void save();
    QString fromFields() const;
    QString fieldComplaint() const;

    ProjectDocument& m_document;
    JobQueue& m_queue;
    SweepHead m_head;
    QTabWidget* m_pages;
    QStackedWidget* m_forms;
    QPlainTextEdit* m_recipe;
    QPushButton *m_back, *m_start;
    QLabel *m_count, *m_complaint;
    QTimer m_soon;      ///< typing is checked once
    bool m_own = false; ///< the recipe was edited by hand
    bool m_writing = false;
    bool m_submitting = false;
};

} // namespace bitscape::ui
