// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/project/project_document.h"

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

/// With the kinds, the project's models and its data sets to choose from; parents and presets depend on the kind.
RunHead makeRunHead(const ProjectDocument& document);

} // namespace bitscape::ui
