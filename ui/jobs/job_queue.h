// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/jobs/cli_process.h"
#include "ui/jobs/run_request.h"
#include "ui/project/project_document.h"

#include <QObject>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace bitscape::ui {

enum class JobState { Waiting, Running, Paused, Ended };

/// A run that this studio carries out, or waits to.
struct Job {
    RunId run;
    QString title; ///< "search #4"
    JobState state = JobState::Waiting;
    bool cancelling = false;
    Progress progress;
    std::optional<double> secondsLeft;
    QString waitsFor; ///< why it waits, for the person; empty where it does not
    QString failure;  ///< the sentence, where it failed
    int exitCode = 0;
    bool operator==(const Job&) const = default;
};

/// Carries out runs of one project, each in a worker process of its own, at most limit() at once; the machine's threads are shared out
/// evenly among as many. A queued run begins once the run that it starts from has finished.
class JobQueue final : public QObject {
    Q_OBJECT
public:
    explicit JobQueue(ProjectDocument& document, QObject* parent = nullptr);
    /// Workers still at work go on by themselves.
    ~JobQueue() override;

    /// How many workers at once, 1 ... 64.
    int limit() const { return m_limit; }
    void setLimit(int limit);
    /// What a new run computes with: the hardware's threads shared out among limit() workers, at least 1.
    int threadsPerJob() const;

    using Queued = std::function<void(RunId id)>;
    using Refused = std::function<void(const QString& sentence)>;
    /// Has bitscape-cli check the request and note it as a queued run, and then carries it out. One of both is called.
    void submit(const RunRequest& request, Queued queued = {}, Refused refused = {});
    /// The same for a sweep by its recipe (core/jobs/sweep_recipe.h).
    void submitSweep(const QByteArray& recipe, Queued queued = {}, Refused refused = {});
    /// Puts a run that is in the project into the queue: a queued one, or an interrupted, cancelled or failed one to go on.
    void enqueue(RunId id);

    void pause(RunId id);
    void resume(RunId id);
    /// Ends a running job within a second, takes a waiting one out of the queue; asks the worker of another process through the project.
    void cancel(RunId id);
    /// Forgets jobs that have ended.
    void clearEnded();

    /// In the order in which they came.
    const std::vector<Job>& jobs() const { return m_jobs; }
    const Job* job(RunId id) const;
    int runningCount() const;
    bool isBusy() const;

signals:
    void jobAdded(bitscape::RunId id);
    void jobChanged(bitscape::RunId id);
    void jobRemoved(bitscape::RunId id);
    /// `failure` as in Job; also for jobs that were cancelled (empty).
    void jobEnded(bitscape::RunId id, const QString& failure);
    /// A line that a worker has to say.
    void logged(bitscape::RunId id, const QString& line);

private:
    Job* find(RunId id);
    void queue(const QStringList& arguments, const QByteArray& input, Queued queued, Refused refused);
    int threadsFor(const Run& run) const;
    void startNext();
    /// Empty where it may start now; else why not, for the person.
    QString reasonToWait(const Job& job) const;
    void tellWaiting(Job& job, const QString& reason);
    void forget(const std::vector<RunId>& removed);
    void start(Job& job);
    void take(RunId id, const Event& event);
    void end(RunId id, int exitCode, QString failure);
    void watch(CliProcess& process, RunId id);

    ProjectDocument& m_document;
    int m_limit = 1;
    std::vector<Job> m_jobs;
    std::map<RunId, CliProcess*> m_workers;
};

/// The arguments of bitscape-cli for a request: "search PROJECT --queue --from 2 --set target_bits=2 ...".
QStringList queueArguments(const QString& project, const RunRequest& request);

} // namespace bitscape::ui
