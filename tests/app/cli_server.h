// SPDX-License-Identifier: GPL-3.0-or-later
// serve as a process that is asked and answers.
#pragma once

#include "tests/app/cli_fixture.h"

#include <QElapsedTimer>

#include <utility>
#include <vector>

namespace cli {

/// `serve` as the studio keeps it.
class Server final {
public:
    explicit Server(const Workplace& place, const QStringList& options = {})
    {
        m_process.setProcessEnvironment(environment());
        m_process.start(QStringLiteral(BITSCAPE_CLI), place.withProject(words("serve --threads 1") + options));
    }
    ~Server()
    {
        if (m_process.state() != QProcess::NotRunning)
            m_process.kill();
        m_process.waitForFinished(kPatienceMs);
    }

    QProcess& process() { return m_process; }
    void write(const QByteArray& bytes) { m_process.write(bytes); }
    void ask(const json& request) { write(QByteArray::fromStdString(request.dump()) + '\n'); }

    /// The next line; null where none comes.
    json next()
    {
        QElapsedTimer timer;
        timer.start();
        while (!m_process.canReadLine()) {
            if (timer.hasExpired(kPatienceMs) || !m_process.waitForReadyRead(kPatienceMs))
                return {};
        }
        return json::parse(m_process.readLine().toStdString(), nullptr, false);
    }

    /// All that is said of `id` until it is over; what is said of others is put aside.
    std::vector<json> all(std::int64_t id)
    {
        std::vector<json> answers;
        for (json answer = next(); !answer.is_null(); answer = next()) {
            if (answer.value("id", json()) != id) {
                m_others.push_back(answer);
                continue;
            }
            answers.push_back(answer);
            if (!answer.contains("done") || answer.at("done") == true)
                return answers;
        }
        return answers;
    }

    json last(std::int64_t id)
    {
        const auto answers = all(id);
        return answers.empty() ? json() : answers.back();
    }

    std::vector<json> others() { return std::exchange(m_others, {}); }

    int code()
    {
        const bool ended = m_process.state() == QProcess::NotRunning || m_process.waitForFinished(kPatienceMs);
        return ended && m_process.exitStatus() == QProcess::NormalExit ? m_process.exitCode() : -1;
    }

private:
    QProcess m_process;
    std::vector<json> m_others;
};

inline json evaluation(std::int64_t id, std::int64_t run, const json& bits)
{
    return { { "id", id }, { "evaluate", { { "run", run }, { "bits", bits } } } };
}

inline json bitsIn(const json& run)
{
    json bits = json::array();
    for (const json& layer : run.at("layers"))
        bits.push_back(layer.at("bits"));
    return bits;
}

/// The edits that lead to these bits, filter by filter.
inline json editsTo(const json& bits, bool withEdges = false)
{
    json edits = json::array();
    for (std::size_t layer = withEdges ? 0 : 1; layer + (withEdges ? 0 : 1) < bits.size(); ++layer)
        for (std::size_t f = 0; f < bits[layer].size(); ++f)
            edits.push_back(
                { { "op", "set" }, { "selection", { { { "layer", layer }, { "filters", { f } } } } }, { "bits", bits[layer][f] } });
    return edits;
}

} // namespace cli
