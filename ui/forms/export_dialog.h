// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/cli_dialog.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;

namespace bitscape::ui {

/// Writes a run's network or figures to a file, and stays to show what the check of it found.
class ExportDialog final : public CliDialog {
    Q_OBJECT
public:
    ExportDialog(ProjectDocument& document, RunId run, QWidget* parent = nullptr);

protected:
    QStringList arguments() const override;
    QString complaint() const override;
    void succeed(const QString& answer) override;

private:
    QString format() const;
    void offerFormats();
    void offerSubnets();
    void suggestFile();
    void describe();

    RunId m_run;
    QComboBox* m_format;
    QLabel* m_words;
    QLineEdit* m_file;
    QCheckBox* m_subnets; ///< hidden where there are none
    QCheckBox* m_replace;
    QLabel* m_result;
    bool m_fileTyped = false;
};

} // namespace bitscape::ui
