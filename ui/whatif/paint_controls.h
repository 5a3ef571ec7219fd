// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget> // first: see ui/project/selection.h

#include "core/network/bit_edits.h"
#include "core/project/ids.h"

#include <QString>

#include <optional>
#include <utility>
#include <vector>

class QComboBox;
class QPushButton;
class QSpinBox;

namespace bitscape::ui {

/// The brush: what it does to filters, and onto which.
class PaintControls final : public QWidget {
    Q_OBJECT
public:
    /// Which filters "Apply" is about.
    enum class Onto { Filter, Layer, Width, All };

    explicit PaintControls(QWidget* parent = nullptr);

    /// Runs whose bits can be taken, with what they are called.
    void setRuns(const std::vector<std::pair<RunId, QString>>& runs);
    /// What the brush does to these filters.
    BitEdit editOf(const FilterSelection& filters) const;
    Onto onto() const;
    /// Whether the pointer paints on the map.
    bool isPainting() const;

signals:
    void paintingChanged(bool painting);
    /// To the filters that onto() means.
    void applyWanted();
    /// The bits of this run will be painted.
    void runWanted(bitscape::RunId run);

private:
    enum Brush { Set, AtMost, More, Fewer, Like, Lock, Unlock };
    Brush brush() const;
    void showBrush();

    QComboBox* m_brush;
    QSpinBox* m_bits;
    QComboBox* m_run;
    std::vector<std::pair<RunId, QString>> m_runs;
    QPushButton* m_paint;
    QComboBox* m_onto;
    QPushButton* m_apply;
};

} // namespace bitscape::ui
