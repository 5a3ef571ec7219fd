// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/forms/cli_dialog.h"

class QComboBox;
class QLineEdit;
class QSpinBox;
class QStackedWidget;

namespace bitscape::ui {

/// Adds a data set: a folder on disk, or glyphs drawn from a seed.
class AddDatasetDialog final : public CliDialog {
    Q_OBJECT
public:
    /// `path`: a folder that was dropped, if not empty; `folder`: where to look first.
    AddDatasetDialog(ProjectDocument& document, const QString& path, const QString& folder, QWidget* parent = nullptr);

    /// The kind that the names in a folder speak for: "idx", "cifar10", "cifar100", else "folder".
    static QString guessedKind(const QStringList& names);

protected:
    QStringList arguments() const override;
    QString complaint() const override;

private:
    QWidget* glyphs();
    QWidget* onDisk(const QString& folder);
    QString kind() const;
    void kindChanged();
    void guessKind(const QString& path);

    QComboBox* m_kind;
    QLabel* m_help;
    QStackedWidget* m_pages;
    QLineEdit* m_path;
    QSpinBox* m_train;
    QSpinBox* m_test;
    QSpinBox* m_seed;
    Optional m_optional;
};

} // namespace bitscape::ui
