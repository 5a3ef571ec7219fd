// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/cli_dialog.h"

namespace bitscape::ui {

/// Adds the subnets of a step run to the project as a network of their own, to be scored, searched and refined.
class AddSubnetsDialog final : public CliDialog {
    Q_OBJECT
public:
    AddSubnetsDialog(ProjectDocument& document, RunId run, QWidget* parent = nullptr);

protected:
    QStringList arguments() const override;
    QString complaint() const override;

private:
    RunId m_run;
    QLineEdit* m_name;
};

} // namespace bitscape::ui
