// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/whatif/accuracy_server.h"

#include <string_view>
#include <utility>

namespace bitscape::ui {

AccuracyServer::AccuracyServer(QString project, QObject* parent)
    : QObject(parent)
    , m_project(std::move(project))
{
}

void AccuracyServer::prepare(RunId run)
{
    send(toLine(PrepareRequest { ++m_last, run }));
}

std::int64_t AccuracyServer::ask(RunId run, const LayerBits& bits)
{
    m_awaited = ++m_last;
    send(toLine(EvaluateRequest { m_last, run, bits }));
    return m_last;
}

void AccuracyServer::forget()
{
    if (m_awaited > 0 && m_process)
        m_process->write(toLine(CancelRequest { m_awaited }));
    m_awaited = 0;
}

void AccuracyServer::send(const std::string& line)
{
    if (!m_process) {
        m_process = std::make_unique<CliProcess>();
        connect(m_process.get(), &CliProcess::text, this, &AccuracyServer::take);
        connect(m_process.get(), &CliProcess::finished, this, [this](int, const QString& failure) {
            m_process.release()->deleteLater(); // it is the sender
            if (std::exchange(m_awaited, 0) > 0)
                emit failed(failure.isEmpty() ? tr("The worker that evaluates has ended.") : failure);
        });
        m_process->start({ QStringLiteral("serve"), m_project });
    }
    m_process->write(line);
}

void AccuracyServer::take(const QByteArray& line)
{
    const auto answer = answerFrom(std::string_view(line.constData(), static_cast<std::size_t>(line.size())));
    if (!answer)
        return;
    if (const auto* end = std::get_if<ServedEnd>(&answer->what); end && *end == ServedEnd::Ready)
        return emit ready();
    if (answer->id != m_awaited || m_awaited == 0)
        return;
    if (const auto* estimate = std::get_if<ServedEstimate>(&answer->what)) {
        if (estimate->done)
            m_awaited = 0;
        emit answered(*estimate);
    } else if (const auto* sentence = std::get_if<std::string>(&answer->what)) {
        m_awaited = 0;
        emit failed(QString::fromStdString(*sentence));
    }
}

} // namespace bitscape::ui
