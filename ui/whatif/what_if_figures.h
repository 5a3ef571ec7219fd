// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget> // first: see ui/project/selection.h

#include "core/jobs/serve_protocol.h"
#include "core/network/cost.h"

#include <QString>

#include <array>
#include <optional>

class QLabel;

namespace bitscape::ui {

/// The figures of an edit in a line, each with its difference to the run that it started from.
class WhatIfFigures final : public QWidget {
    Q_OBJECT
public:
    explicit WhatIfFigures(QWidget* parent = nullptr);

    void setCost(const Cost& cost, const Cost& base);
    /// `before`: of the run, 0..1; nothing where it is not known.
    void setAccuracy(const ServedEstimate& estimate, std::optional<double> before);
    /// In place of the accuracy: "evaluating...", or why there is none.
    void setAccuracyText(const QString& text);

private:
    enum Place { Accuracy, Bits, Macs, BitOps, Size, Count };
    struct Cell {
        QLabel* value = nullptr;
        QLabel* note = nullptr;
    };

    void set(Place place, const QString& value, const QString& note);

    std::array<Cell, Count> m_cells;
};

} // namespace bitscape::ui
