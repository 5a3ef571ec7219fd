// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/jobs/job_queue.h"
#include "ui/style/theme.h"

#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace bitscape::ui {

/// One job in the jobs panel.
class JobRow final : public QWidget {
    Q_OBJECT
public:
    JobRow(RunId id, const Theme& theme, QWidget* parent = nullptr);

    /// `ours`: it can be paused; another process's can only be cancelled.
    void show(const Job& job, bool ours);

    /// "acc 87.1 %  avg 2.40 b", from what a worker tells.
    static QString figuresText(const Progress& progress);

signals:
    void pauseClicked();
    void resumeClicked();
    void cancelClicked();
    void titleClicked();

private:
    QToolButton* button(const QString& name, const QString& icon, const QString& help);
    void retheme();

    const Theme& m_theme;
    QToolButton* m_title;
    QLabel* m_stage;
    QProgressBar* m_bar;
    QLabel* m_left;
    QLabel* m_figures;
    QLabel* m_words; ///< what it waits for, or why it failed
    QToolButton* m_pause;
    QToolButton* m_resume;
    QToolButton* m_cancel;
};

} // namespace bitscape::ui
