// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog> // first: see selection.h

#include "core/jobs/presets.h"

#include <QStringList>

class QLabel;
class QLineEdit;
class QPushButton;

namespace bitscape::ui {

/// Asks for the name of a preset; says so where it takes another one's place.
class SavePresetDialog final : public QDialog {
    Q_OBJECT
public:
    /// `values`: what is to be kept, as text; `taken`: names of the person's own presets of that kind; `name`: what stands there at first.
    SavePresetDialog(RunKind kind, const QString& values, const QStringList& taken, const QString& name, QWidget* parent = nullptr);

    QString name() const;

signals:
    void chosen(const QString& name);

public slots:
    void accept() override;

private:
    void check();

    RunKind m_kind;
    QStringList m_taken;
    QLineEdit* m_name;
    QLabel* m_words;
    QPushButton* m_save;
};

} // namespace bitscape::ui
