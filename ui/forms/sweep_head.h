// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/project/project_document.h"

class QComboBox;
class QLineEdit;
class QSpinBox;
class QWidget;

namespace bitscape::ui {

/// The fields of a new sweep above its parameters. All are children of `all`.
struct SweepHead {
    QWidget* all = nullptr;
    QComboBox *kind = nullptr, *parent = nullptr, *model = nullptr, *data = nullptr;
    QLineEdit *name = nullptr, *seeds = nullptr, *budget = nullptr;
    QSpinBox* workers = nullptr;
};

/// With the kinds, models and data sets to choose from; what it starts from depends on the kind.
SweepHead makeSweepHead(const ProjectDocument& document, int workers);

} // namespace bitscape::ui
