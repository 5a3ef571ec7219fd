// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget> // first: see ui/project/selection.h

#include "core/network/bit_edits.h"
#include "ui/whatif/edit_session.h"

#include <vector>

class QCheckBox;
class QDoubleSpinBox;
class QFormLayout;
class QLabel;
class QSlider;

namespace bitscape::ui {

/// Controls of an edit session beside its pictures: the target, the thresholds as numbers, the allowed bits. What the session's sources do
/// not allow is switched off and says how to get it.
class EditControls final : public QWidget {
    Q_OBJECT
public:
    explicit EditControls(QWidget* parent = nullptr);

    /// Null: nothing to edit.
    void setSession(EditSession* session);

private:
    void makeTarget(QFormLayout& form);
    void makeAllowed(QFormLayout& form);
    void show();
    void showThresholds();
    void setTarget(double bits, int gesture);
    void setThreshold(std::size_t k, double value);
    void allow();

    EditSession* m_session = nullptr;
    QSlider* m_slider;
    QDoubleSpinBox* m_target;
    QLabel* m_targetHint;
    QLabel* m_thresholdHint;
    std::vector<QCheckBox*> m_allowed; ///< 0..8 bits
    QWidget* m_thresholdRow;
    std::vector<QDoubleSpinBox*> m_thresholds;
    int m_gesture = 0; ///< of the slider while it is held
    bool m_showing = false;
};

} // namespace bitscape::ui
