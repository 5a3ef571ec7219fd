// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject> // first: see ui/project/selection.h

#include "core/base/layer_bits.h"
#include "core/jobs/serve_protocol.h"
#include "core/project/ids.h"
#include "ui/jobs/cli_process.h"

#include <QString>

#include <cstdint>
#include <memory>

namespace bitscape::ui {

/// One `bitscape-cli serve` that is kept alive and answers how accurate a run's network is with other bits: first from a few images, then
/// exactly. The newest question is the one that is answered. Started with the first question, and again after it has ended.
class AccuracyServer final : public QObject {
    Q_OBJECT
public:
    /// `project`: the file's path.
    explicit AccuracyServer(QString project, QObject* parent = nullptr);

    /// Loads the run's network and images before they are asked for.
    void prepare(RunId run);
    /// Answers the question's number.
    std::int64_t ask(RunId run, const LayerBits& bits);
    /// Gives the last question up.
    void forget();

signals:
    /// The network is loaded.
    void ready();
    /// What is known so far of the last question; again until it is exact.
    void answered(const bitscape::ServedEstimate& estimate);
    /// The last question will have no answer; `sentence` says why.
    void failed(const QString& sentence);

private:
    void send(const std::string& line);
    void take(const QByteArray& line);

    QString m_project;
    std::unique_ptr<CliProcess> m_process;
    std::int64_t m_last = 0;    ///< number of the last request
    std::int64_t m_awaited = 0; ///< of the question whose answers count; 0: none
};

} // namespace bitscape::ui
