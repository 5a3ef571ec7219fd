// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/cli_dialog.h"

class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QSpinBox;
class QTabWidget;

namespace bitscape::ui {

class ModelPreviewPanel;

/// Adds a network, a built-in one or one from a file, which is shown before it is added.
class AddModelDialog final : public CliDialog {
    Q_OBJECT
public:
    /// `file`: from that file, if not empty; `folder`: where to look first.
    AddModelDialog(ProjectDocument& document, const QString& file, const QString& folder, QWidget* parent = nullptr);

public slots:
    void accept() override;

protected:
    QStringList arguments() const override;
    QString complaint() const override;

private:
    QWidget* builtIn();
    QWidget* fromFile(const QString& folder);
    bool isBuiltIn() const;
    /// "zoo:resnet20?width=2&classes=100"
    QString zooSource() const;
    void describe();
    void readFile();
    void describeFile();
    void fitInput();

    QTabWidget* m_pages;
    QComboBox* m_network;
    QDoubleSpinBox* m_width;
    QSpinBox* m_classes;
    QLineEdit* m_input;
    QLineEdit* m_hidden;
    QLabel* m_summary;
    QLineEdit* m_file;
    QLineEdit* m_fileInput;
    ModelPreviewPanel* m_preview;
    Optional m_optional;
    bool m_inputTyped = false;
};

} // namespace bitscape::ui
