// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/cli_process.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QStandardPaths>
#include <QTimer>

#include <csignal>
#include <utility>

namespace bitscape::ui {
namespace {

constexpr qsizetype kMaxShownLine = 2000;
constexpr qint64 kMostMsAtOnce = 8;
constexpr QLatin1String kSpeaker("bitscape-cli: "); ///< before what the worker says of its end, which may have several lines

QString shortened(const QByteArray& text)
{
    return QString::fromUtf8(text.left(kMaxShownLine)).trimmed();
}

} // namespace

QString cliPath()
{
    const QString wished = qEnvironmentVariable("BITSCAPE_CLI");
    if (!wished.isEmpty())
        return wished;
    const QString beside = QCoreApplication::applicationDirPath() + QStringLiteral("/bitscape-cli");
    return QFileInfo(beside).isExecutable() ? beside : QStandardPaths::findExecutable(QStringLiteral("bitscape-cli"));
}

CliProcess::CliProcess(QObject* parent)
    : QObject(parent)
    , m_process(new QProcess(this))
{
    connect(m_process, &QProcess::readyReadStandardOutput, this, &CliProcess::readOutput);
    connect(m_process, &QProcess::readyReadStandardError, this, &CliProcess::readErrors);
    connect(m_process, &QProcess::finished, this, [this](int exitCode, QProcess::ExitStatus status) {
        readRest();
        end(status == QProcess::NormalExit ? exitCode : -1, failureOf(exitCode, status));
    });
    connect(m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            end(-1, tr("The worker program %1 cannot be started: %2.").arg(m_process->program(), m_process->errorString()));
    });
}

CliProcess::~CliProcess()
{
    if (m_detached)
        return;
    m_process->disconnect(this);
    if (isRunning()) {
        m_process->kill();
        m_process->waitForFinished(1000);
    }
}

void CliProcess::start(const QStringList& arguments, const QByteArray& input)
{
    const QString program = cliPath();
    if (program.isEmpty()) {
        QTimer::singleShot(0, this, [this] { end(-1, tr("The worker program bitscape-cli is not there: install it beside the studio.")); });
        return;
    }
    m_process->start(program, arguments);
    if (input.isEmpty())
        return;
    m_process->write(input);
    m_process->closeWriteChannel(); // once that is written
}

void CliProcess::send(Command command)
{
    write(toLine(command));
}

void CliProcess::write(const std::string& text)
{
    if (isRunning())
        m_process->write(QByteArray::fromStdString(text) + '\n');
}

void CliProcess::cancel(int patienceMs)
{
    m_cancelled = true;
    if (!isRunning())
        return;
    send(Command::Cancel);
    QTimer::singleShot(patienceMs, m_process, [process = m_process] {
        if (process->state() != QProcess::NotRunning)
            process->kill();
    });
}

/// The process is left without anyone who reads what it writes: it finds its pipes closed and goes on.
void CliProcess::detach()
{
    m_detached = true;
    m_process->disconnect(this);
    m_process->closeReadChannel(QProcess::StandardOutput);
    m_process->closeReadChannel(QProcess::StandardError);
    m_process->closeWriteChannel();
    m_process->setParent(nullptr); // deliberately outlives the studio's objects: destroying it would kill the worker
}

/// A worker that prints without end must not keep the interface from everything else: a few milliseconds, then the event loop's turn. In
/// that time far more is taken than the pipe holds, so that nothing piles up here and the worker has to wait instead.
void CliProcess::readOutput()
{
    m_process->setReadChannel(QProcess::StandardOutput);
    QElapsedTimer clock;
    clock.start();
    while (m_process->canReadLine() && clock.elapsed() < kMostMsAtOnce)
        takeLine(m_process->readLine());
    if (m_process->canReadLine()) {
        QTimer::singleShot(0, this, &CliProcess::readOutput);
    } else if (m_process->bytesAvailable() > static_cast<qint64>(kMaxEventLineBytes)) {
        const QByteArray begun = m_process->read(m_process->bytesAvailable()); // a line without an end is no event
        if (!std::exchange(m_skipping, true))
            emit line(shortened(begun));
    }
}

/// What is left in the pipes after the end, the last lines without a newline too.
void CliProcess::readRest()
{
    m_process->setReadChannel(QProcess::StandardOutput);
    while (m_process->canReadLine())
        takeLine(m_process->readLine());
    if (const QByteArray last = m_process->readAll(); !last.isEmpty())
        takeLine(last);
    readErrors();
    takeErrorLine(std::exchange(m_errorBuffer, {}));
}

/// Lines arrive in pieces.
void CliProcess::readErrors()
{
    m_errorBuffer += m_process->readAllStandardError();
    qsizetype begin = 0;
    for (qsizetype end = m_errorBuffer.indexOf('\n'); end >= 0; end = m_errorBuffer.indexOf('\n', begin)) {
        takeErrorLine(m_errorBuffer.mid(begin, end - begin));
        begin = end + 1;
    }
    m_errorBuffer.remove(0, begin);
    m_errorBuffer.truncate(4 * kMaxShownLine); // of a line without an end no more is shown
}

void CliProcess::takeErrorLine(const QByteArray& text)
{
    const QString shown = shortened(text);
    if (shown.isEmpty())
        return;
    const bool goesOn = m_lastError.startsWith(kSpeaker) && !shown.startsWith(kSpeaker) && m_lastError.size() < 4 * kMaxShownLine;
    m_lastError = goesOn ? m_lastError + QLatin1Char('\n') + shown : shown;
    emit line(shown);
}

void CliProcess::takeLine(const QByteArray& bytes)
{
    if (std::exchange(m_skipping, false))
        return;
    const QByteArray text = bytes.endsWith('\n') ? bytes.chopped(1) : bytes;
    if (const auto known = eventFrom(text.toStdString())) {
        emit event(*known);
    } else if (!text.isEmpty()) {
        emit this->text(text);
        emit line(shortened(text));
    }
}

void CliProcess::end(int exitCode, const QString& failure)
{
    if (std::exchange(m_ended, true))
        return;
    emit finished(exitCode, failure);
}

QString CliProcess::failureOf(int exitCode, QProcess::ExitStatus status) const
{
    constexpr int kCancelled = 130;
    if (status == QProcess::CrashExit) {
        if (m_cancelled)
            return {};
        return exitCode == SIGKILL ? tr("The worker was ended from outside, perhaps because memory ran out: resume the run, with a smaller "
                                        "batch if it happens again.")
                                   : tr("The worker ended without warning (signal %1): resume the run.").arg(exitCode);
    }
    if (exitCode == 0 || exitCode == kCancelled)
        return {};
    QString sentence = m_lastError;
    if (sentence.startsWith(kSpeaker))
        sentence.remove(0, kSpeaker.size());
    return sentence.isEmpty() ? tr("The worker failed with code %1 and did not say why.").arg(exitCode) : sentence;
}

} // namespace bitscape::ui
