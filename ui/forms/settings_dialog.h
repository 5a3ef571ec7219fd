// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/settings.h"

#include <QDialog>

class QFormLayout;
class QLabel;
class QLineEdit;

namespace bitscape::ui {

/// All settings; every change counts at once.
class SettingsDialog final : public QDialog {
    Q_OBJECT
public:
    explicit SettingsDialog(Settings& settings, QWidget* parent = nullptr);

private:
    QLineEdit* makeFolder(Settings& settings, QFormLayout& form, QLabel* label);
};

} // namespace bitscape::ui
