// SPDX-License-Identifier: GPL-3.0-or-later
// A run under way, watched through its events.
#pragma once

#include "tests/app/cli_fixture.h"

#include "core/jobs/events.h"

#include <QElapsedTimer>

#include <csignal>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace cli {

using bitscape::Event;
using bitscape::EventKind;

/// A run command with --events.
class Worker final {
public:
    Worker(const Workplace& place, QStringList command)
    {
        command << QStringLiteral("--events");
        m_process.setProcessEnvironment(environment());
        m_process.start(QStringLiteral(BITSCAPE_CLI), place.withProject(std::move(command)));
    }
    ~Worker() { end(); }
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    QProcess& process() { return m_process; }
    const std::vector<Event>& events() const { return m_events; }
    const QStringList& strangeLines() const { return m_strange; } ///< lines that are no events

    void say(const QByteArray& words) { m_process.write(words); }
    void signal(int number) { ::kill(static_cast<pid_t>(m_process.processId()), number); }

    /// Reads on until an event has come for which `wanted` holds; false where the process ends or takes too long before.
    bool until(const std::function<bool(const Event&)>& wanted)
    {
        QElapsedTimer timer;
        timer.start();
        for (;;) {
            while (m_looked < m_events.size()) {
                if (wanted(m_events[m_looked++]))
                    return true;
            }
            if (timer.hasExpired(kPatienceMs) || !more())
                return false;
        }
    }

    bool untilResults(int count)
    {
        return until([&](const Event& event) { return event.kind == EventKind::Results && --count == 0; });
    }

    /// Until there is progress in the run itself, behind the loading.
    bool untilProgress()
    {
        return until([](const Event& event) { return event.kind == EventKind::Progress && event.progress.done > 0; });
    }

    bool untilState(bitscape::RunState state)
    {
        return until([&](const Event& event) { return event.kind == EventKind::State && event.text == toString(state); });
    }

    /// Whether nothing comes for so long.
    bool isSilent(int forMs)
    {
        readAll();
        return m_events.size() == m_looked && !m_process.waitForReadyRead(forMs);
    }

    /// Waits for the process to end; its exit code, -1 where a signal ended it or it takes too long.
    int code()
    {
        const bool ended = m_process.state() == QProcess::NotRunning || m_process.waitForFinished(kPatienceMs);
        readAll();
        return ended && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }

    /// The number of the run, from the log line that tells it; 0 before.
    std::int64_t run() const
    {
        for (const Event& event : m_events) {
            if (event.kind == EventKind::Log && event.text.starts_with("run "))
                return std::stoll(event.text.substr(4));
        }
        return 0;
    }

    /// As a crash or the kernel would end it: nothing is written any more.
    void end()
    {
        if (m_process.state() == QProcess::NotRunning)
            return;
        m_process.kill();
        m_process.waitForFinished(kPatienceMs);
        readAll();
    }

private:
    bool more()
    {
        if (m_process.canReadLine() || m_process.waitForReadyRead(kPatienceMs)) {
            readAll();
            return true;
        }
        const std::size_t before = m_events.size();
        readAll();
        return m_events.size() > before;
    }

    void readAll()
    {
        while (m_process.canReadLine()) {
            const QByteArray line = m_process.readLine().chopped(1);
            if (const auto event = bitscape::eventFrom(line.toStdString()))
                m_events.push_back(*event);
            else
                m_strange << QString::fromUtf8(line);
        }
    }

    QProcess m_process;
    std::vector<Event> m_events;
    QStringList m_strange;
    std::size_t m_looked = 0;
};

} // namespace cli
