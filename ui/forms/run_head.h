// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/project/project_document.h"

#include <QString>

#include <utility>
#include <vector>

class QComboBox;
class QLineEdit;
class QSpinBox;
class QToolButton;
class QWidget;

namespace bitscape::ui {

class PresetPicker;

/// The fields of a new run above its parameters: what it is and what it starts from. All are children of `all`.
struct RunHead {
    QWidget* all = nullptr;
    QComboBox *kind = nullptr, *parent = nullptr, *model = nullptr, *data = nullptr;
    PresetPicker* preset = nullptr;
    QLineEdit *name = nullptr, *seed = nullptr;
    QToolButton* dice = nullptr;
    QSpinBox* repeat = nullptr; ///< runs with seeds in a row
};

/// What a combo box lists: text and id; 0 for none.
using Offers = std::vector<std::pair<QString, qlonglong>>;

/// Lists `offers`, without a signal. What is chosen stays so where it is still there, else the first is. False where that is what stood
/// there.
bool offer(QComboBox& combo, const Offers& offers);

/// The project's models and data sets as they are now; false where they stood there.
bool offerSubjects(const RunHead& head, const ProjectDocument& document);

/// With the kinds, the project's models and its data sets to choose from; parents and presets depend on the kind.
RunHead makeRunHead(const ProjectDocument& document);

} // namespace bitscape::ui
