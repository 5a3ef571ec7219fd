// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/events.h"

#include <QObject>
#include <QProcess>
#include <QString>
#include <QStringList>

#include <optional>
#include <string>

namespace bitscape::ui {

/// Where bitscape-cli is: beside the studio, else on the path; BITSCAPE_CLI in the environment goes first. Empty where there is none.
QString cliPath();

/// One bitscape-cli at work, without waiting for it. Whatever it prints, dies of or floods with, finished() comes exactly once.
class CliProcess final : public QObject {
    Q_OBJECT
public:
    explicit CliProcess(QObject* parent = nullptr);
    /// Ends a process that is still at work, unless it was detached.
    ~CliProcess() override;

    /// Starts `bitscape-cli ARGUMENTS`. With "--events" among them its lines are read as events. `input`, where there is any, is all that
    /// it can read.
    void start(const QStringList& arguments, const QByteArray& input = {});
    void send(Command command);
    /// A line on its standard input, for commands that read requests; without the newline.
    void write(const std::string& line);
    /// Asks it to end, and ends it where it does not within `patienceMs`.
    void cancel(int patienceMs = 3000);
    bool isRunning() const { return m_process->state() != QProcess::NotRunning; }
    qint64 processId() const { return m_process->processId(); }

    /// Lets a process that is still at work outlive this object: it goes on by itself and its end is seen in the project.
    void detach();

signals:
    void event(const bitscape::Event& event);
    /// A line on standard output that is no event, whole and without its newline.
    void text(const QByteArray& bytes);
    /// The same, or a line on standard error, as much of it as can be shown.
    void line(const QString& text);
    /// The end. `failure` is empty where the exit code is 0 or 130 (cancelled); else one sentence for the person.
    void finished(int exitCode, const QString& failure);

private:
    void readOutput();
    void readErrors();
    void takeLine(const QByteArray& line);
    void takeErrorLine(const QByteArray& line);
    void readRest();
    void end(int exitCode, const QString& failure);
    QString failureOf(int exitCode, QProcess::ExitStatus status) const;

    QProcess* m_process;
    bool m_ended = false;
    bool m_cancelled = false;
    bool m_detached = false;
    bool m_skipping = false;  ///< the rest of a line that is too long to be kept
    QByteArray m_errorBuffer; ///< on standard error since its last newline
    QString m_lastError;      ///< what the worker says of its end, else the last line on standard error
};

} // namespace bitscape::ui
