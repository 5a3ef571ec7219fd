// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/jobs/job_queue.h"
#include "ui/jobs/run_request.h"

#include <QObject>
#include <QString>
#include <QStringList>

#include <deque>
#include <functional>

namespace bitscape::ui {

/// Fills a new project with the example: lenet5 on glyphs, trained, scored, searched at 2.0 bits with CQ, sensitivity and uniform bits,
/// each refined. All runs are queued at once, so that a studio that is closed can go on later.
class ExampleExploration final : public QObject {
    Q_OBJECT
public:
    ExampleExploration(ProjectDocument& document, JobQueue& queue, QObject* parent = nullptr);
    void start();

signals:
    void stage(const QString& what);
    /// All runs are queued; `first` is the training.
    void queued(bitscape::RunId first);
    void failed(const QString& sentence);

private:
    using Step = std::function<void()>;
    void next();
    void command(const QString& what, const QStringList& arguments);
    /// `then` is told the queued run's number.
    void submit(RunRequest request, std::function<void(RunId)> then);
    void queueSearches(RunId score);

    ProjectDocument& m_document;
    JobQueue& m_queue;
    std::deque<Step> m_steps;
    std::optional<RunId> m_first;
};

} // namespace bitscape::ui
