// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <Qt>

#include <vector>

class QComboBox;
class QLabel;
class QSplitter;
class QWidget;

namespace bitscape::ui {

/// A line of secondary words above figures, wrapped where it does not fit; selectable.
QLabel* mutedLine();

/// Name for tests, tooltip and accessible name of a choice among a figure's tools.
void setUpChoice(QComboBox* box, const QString& objectName, const QString& help);

struct SplitterPart {
    QWidget* widget = nullptr;
    int share = 1; ///< of the room, to begin with
};
/// Parts one beside or above the other that take the room in their shares and cannot be squeezed to nothing.
QSplitter* splitterOf(Qt::Orientation orientation, const std::vector<SplitterPart>& parts);

} // namespace bitscape::ui
