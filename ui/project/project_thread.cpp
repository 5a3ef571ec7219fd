// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/project/project_thread.h"

#include <QFile>

#include <exception>
#include <filesystem>

namespace bitscape::ui {

ProjectThread::ProjectThread(QString path, Mode mode, QObject* parent)
    : QObject(parent)
    , m_path(std::move(path))
    , m_mode(mode)
    , m_thread([this](const std::stop_token& stop) { work(stop); })
{
}

ProjectThread::~ProjectThread()
{
    m_thread.request_stop();
    m_thread.join();
}

void ProjectThread::post(std::function<void(Project&)> run, const QPointer<QObject>& who, Refused refused, bool isNote)
{
    {
        const std::lock_guard lock(m_mutex);
        m_tasks.push_back({ std::move(run), who, std::move(refused), isNote });
    }
    m_wake.notify_one();
}

void ProjectThread::deliver(const QPointer<QObject>& who, std::function<void()> answer)
{
    QMetaObject::invokeMethod(
        this,
        [who, answer = std::move(answer)] {
            if (who)
                answer();
        },
        Qt::QueuedConnection);
}

void ProjectThread::work(const std::stop_token& stop)
{
    std::optional<Project> project;
    while (true) {
        Task task;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, stop, [this] { return !m_tasks.empty(); }))
                return;
            task = std::move(m_tasks.front());
            m_tasks.pop_front();
        }
        if (task.isNote || !stop.stop_requested())
            carryOut(project, task);
    }
}

void ProjectThread::carryOut(std::optional<Project>& project, const Task& task)
{
    try {
        if (!project)
            project.emplace(connection());
        m_mode = Mode::Open;
        task.run(*project);
    } catch (const std::exception& error) {
        const QString sentence = QString::fromUtf8(error.what());
        if (task.refused)
            deliver(task.who, [refused = task.refused, sentence] { refused(sentence); });
        else
            deliver(this, [this, sentence] { emit failed(sentence); });
    }
}

Project ProjectThread::connection() const
{
    const std::filesystem::path path = QFile::encodeName(m_path).toStdString();
    return m_mode == Mode::Create ? Project::create(path) : Project::open(path);
}

} // namespace bitscape::ui
