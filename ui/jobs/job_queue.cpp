// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job_queue.h"

#include "core/jobs/parameters.h"

#include <QThread>

#include <algorithm>

namespace bitscape::ui {
namespace {

QString titleOf(const ProjectDocument& document, RunId id)
{
    const auto record = document.run(id);
    const QString kind = record ? QString::fromStdString(toString(record->run.kind)) : QStringLiteral("run");
    return QStringLiteral("%1 #%2").arg(kind).arg(id.value);
}

/// The number in "run 7"; nothing where the line is another.
std::optional<RunId> runNumberIn(const QString& line)
{
    bool ok = false;
    const qint64 number = line.startsWith(QLatin1String("run ")) ? line.mid(4).toLongLong(&ok) : 0;
    return ok ? std::optional(RunId { number }) : std::nullopt;
}

} // namespace

QStringList queueArguments(const QString& project, const RunRequest& request)
{
    QStringList arguments { QString::fromStdString(toString(request.kind)), project, QStringLiteral("--queue"), QStringLiteral("--seed"),
        QString::number(request.seed) };
    const auto add = [&](const char* flag, const auto& id) {
        if (id)
            arguments << QString::fromLatin1(flag) << QString::number(id->value);
    };
    add("--from", request.parent);
    add("--model", request.model);
    add("--data", request.dataset);
    if (!request.name.empty())
        arguments << QStringLiteral("--name") << QString::fromStdString(request.name);
    for (const auto& [name, value] : request.parameters.items())
        arguments << QStringLiteral("--set") << QString::fromStdString(name + "=" + parameterText(value));
    return arguments;
}

JobQueue::JobQueue(ProjectDocument& document, QObject* parent)
    : QObject(parent)
    , m_document(document)
{
    connect(&document, &ProjectDocument::runsChanged, this, [this] { startNext(); });
    connect(&document, &ProjectDocument::runsRemoved, this, &JobQueue::forget);
}

JobQueue::~JobQueue()
{
    for (const auto& [id, worker] : m_workers)
        worker->detach();
}

void JobQueue::setLimit(int limit)
{
    m_limit = std::clamp(limit, 1, 64);
    startNext();
}

int JobQueue::threadsPerJob() const
{
    return std::max(1, QThread::idealThreadCount() / m_limit);
}

void JobQueue::submit(const RunRequest& request, Queued queued, Refused refused)
{
    const auto edits = request.parameters.find("edits");
    if (edits == request.parameters.end())
        return queue(queueArguments(m_document.path(), request), {}, std::move(queued), std::move(refused));
    RunRequest rest = request; // a history may be longer than a command line
    rest.parameters.erase("edits");
    queue(queueArguments(m_document.path(), rest) << QStringLiteral("--edits") << QStringLiteral("-"),
        QByteArray::fromStdString(edits->dump()), std::move(queued), std::move(refused));
}

void JobQueue::submitSweep(const QByteArray& recipe, Queued queued, Refused refused)
{
    const QStringList arguments { QStringLiteral("sweep"), m_document.path(), QStringLiteral("-"), QStringLiteral("--queue") };
    queue(arguments, recipe, std::move(queued), std::move(refused));
}

void JobQueue::queue(const QStringList& arguments, const QByteArray& input, Queued queued, Refused refused)
{
    auto* process = new CliProcess(this);
    auto number = std::make_shared<std::optional<RunId>>();
    connect(process, &CliProcess::line, this, [number](const QString& line) {
        if (const auto id = runNumberIn(line))
            *number = id;
    });
    connect(process, &CliProcess::finished, this, [=, this](int exitCode, const QString& failure) {
        process->deleteLater();
        if (exitCode == 0 && *number) {
            enqueue(**number);
            m_document.refresh();
            if (queued)
                queued(**number);
        } else if (refused) {
            refused(failure.isEmpty() ? tr("The run was not queued.") : failure);
        }
    });
    process->start(arguments, input);
}

void JobQueue::enqueue(RunId id)
{
    if (const Job* known = job(id); known && known->state != JobState::Ended)
        return;
    std::erase_if(m_jobs, [&](const Job& job) { return job.run == id; });
    Job job;
    job.run = id;
    job.title = titleOf(m_document, id);
    m_jobs.push_back(job);
    emit jobAdded(id);
    startNext();
}

void JobQueue::pause(RunId id)
{
    if (const auto worker = m_workers.find(id); worker != m_workers.end())
        worker->second->send(Command::Pause);
}

void JobQueue::resume(RunId id)
{
    if (const auto worker = m_workers.find(id); worker != m_workers.end())
        worker->second->send(Command::Resume);
}

void JobQueue::cancel(RunId id)
{
    Job* job = find(id);
    if (const auto worker = m_workers.find(id); worker != m_workers.end() && job) {
        job->cancelling = true;
        worker->second->cancel();
        emit jobChanged(id);
        return;
    }
    m_document.store().ask(
        this, [id](Project& project) { requestCancel(project, id); }, [this] { m_document.refresh(); });
    if (job && job->state == JobState::Waiting)
        end(id, 130, {});
}

void JobQueue::clearEnded()
{
    std::vector<RunId> gone;
    std::erase_if(m_jobs, [&](const Job& job) {
        if (job.state == JobState::Ended)
            gone.push_back(job.run);
        return job.state == JobState::Ended;
    });
    for (const RunId id : gone)
        emit jobRemoved(id);
}

const Job* JobQueue::job(RunId id) const
{
    const auto found = std::ranges::find(m_jobs, id, &Job::run);
    return found == m_jobs.end() ? nullptr : &*found;
}

Job* JobQueue::find(RunId id)
{
    const auto found = std::ranges::find(m_jobs, id, &Job::run);
    return found == m_jobs.end() ? nullptr : &*found;
}

int JobQueue::runningCount() const
{
    return static_cast<int>(m_workers.size());
}

bool JobQueue::isBusy() const
{
    return std::ranges::any_of(m_jobs, [](const Job& job) { return job.state != JobState::Ended; });
}

void JobQueue::startNext()
{
    std::vector<RunId> waiting; // starting one may end another: the list is not walked meanwhile
    for (const Job& job : m_jobs) {
        if (job.state == JobState::Waiting)
            waiting.push_back(job.run);
    }
    for (const RunId id : waiting) {
        Job* job = find(id);
        if (!job || job->state != JobState::Waiting)
            continue;
        const QString reason = reasonToWait(*job);
        if (reason.isEmpty())
            start(*job);
        else
            tellWaiting(*job, reason);
    }
}

/// The run's row is awaited, the end of the run that it starts from, and a free worker.
QString JobQueue::reasonToWait(const Job& job) const
{
    const auto record = m_document.run(job.run);
    if (!record)
        return tr("waits to be noted in the project");
    const auto& parent = record->run.parent;
    const auto known = parent ? m_document.run(*parent) : nullptr;
    if (parent && (!known || known->run.state != RunState::Finished))
        return tr("waits for run %1, which is %2")
            .arg(parent->value)
            .arg(known ? QString::fromStdString(toString(known->run.state)) : tr("not there"));
    return runningCount() < m_limit ? QString() : tr("waits for a free worker");
}

void JobQueue::tellWaiting(Job& job, const QString& reason)
{
    const QString title = titleOf(m_document, job.run);
    if (job.waitsFor == reason && job.title == title)
        return;
    job.waitsFor = reason;
    job.title = title;
    emit jobChanged(job.run);
}

/// Runs that are not there any more need no carrying out.
void JobQueue::forget(const std::vector<RunId>& removed)
{
    for (const RunId id : removed) {
        if (m_workers.contains(id) || std::erase_if(m_jobs, [&](const Job& job) { return job.run == id; }) == 0)
            continue;
        emit jobRemoved(id);
    }
    startNext();
}

/// A sweep's workers share what it has.
int JobQueue::threadsFor(const Run& run) const
{
    if (run.kind != RunKind::Sweep)
        return threadsPerJob();
    const int workers = completeParameters(RunKind::Sweep, run.parameters).at("workers").get<int>();
    return std::min(threadsPerJob() * workers, std::max(1, QThread::idealThreadCount()));
}

void JobQueue::start(Job& job)
{
    auto* worker = new CliProcess(this);
    const RunId id = job.run;
    m_workers[id] = worker;
    job.state = JobState::Running;
    job.title = titleOf(m_document, id);
    job.waitsFor.clear();
    watch(*worker, id);
    QStringList arguments { QStringLiteral("run"), m_document.path(), QString::number(id.value), QStringLiteral("--events") };
    const auto record = m_document.run(id);
    if (record && record->run.started.empty()) // one that goes on keeps its threads
        arguments << QStringLiteral("--threads") << QString::number(threadsFor(record->run));
    worker->start(arguments);
    emit jobChanged(id);
}

void JobQueue::watch(CliProcess& process, RunId id)
{
    connect(&process, &CliProcess::event, this, [this, id](const Event& event) { take(id, event); });
    connect(&process, &CliProcess::line, this, [this, id](const QString& line) { emit logged(id, line); });
    connect(&process, &CliProcess::finished, this, [this, id](int exitCode, const QString& failure) {
        if (const auto worker = m_workers.find(id); worker != m_workers.end()) {
            worker->second->deleteLater();
            m_workers.erase(worker);
        }
        end(id, exitCode, failure);
    });
}

void JobQueue::take(RunId id, const Event& event)
{
    Job* job = find(id);
    if (!job)
        return;
    switch (event.kind) {
    case EventKind::Progress:
        job->progress = event.progress;
        job->secondsLeft = event.secondsLeft;
        break;
    case EventKind::Log:
        emit logged(id, QString::fromStdString(event.text));
        return;
    case EventKind::Results:
        m_document.refresh();
        return;
    case EventKind::State:
        job->failure = QString::fromStdString(event.failure);
        if (event.text == "paused" || event.text == "running")
            job->state = event.text == "paused" ? JobState::Paused : JobState::Running;
        m_document.refresh();
        break;
    }
    emit jobChanged(id);
}

void JobQueue::end(RunId id, int exitCode, QString failure)
{
    constexpr int kCancelled = 130;
    if (Job* job = find(id)) {
        const bool forced = job->cancelling && exitCode < 0; // it did not end by itself: the row still says that it runs
        if (forced)
            m_document.store().tell([id](Project& project) { requestCancel(project, id); });
        if (!failure.isEmpty() && !job->failure.isEmpty())
            failure = job->failure; // its own sentence, rather than the last line on standard error
        job->state = JobState::Ended;
        job->cancelling = false;
        job->exitCode = forced ? kCancelled : exitCode;
        job->failure = failure;
        job->waitsFor.clear();
    }
    if (!failure.isEmpty())
        emit logged(id, failure);
    emit jobChanged(id);
    emit jobEnded(id, failure);
    m_document.refresh();
    startNext();
}

} // namespace bitscape::ui
