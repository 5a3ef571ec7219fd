// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/jobs/cli_process.h"
#include "ui/project/project_document.h"

#include <QDialog>

#include <functional>

class QDialogButtonBox;
class QFileDialog;
class QFormLayout;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;
class QVBoxLayout;

namespace bitscape::ui {

/// A dialog that carries out one command of bitscape-cli with progress, time left and cancel, and shows what that refuses. What it asks is
/// its derived class's.
class CliDialog : public QDialog {
    Q_OBJECT
public:
    CliDialog(ProjectDocument& document, const QString& acceptText, QWidget* parent);

public slots:
    void accept() override;
    /// Cancels the command first, where it is under way.
    void reject() override;

signals:
    /// The command has done what was asked.
    void done();

protected:
    ProjectDocument& document() const { return m_document; }
    QVBoxLayout& rows() const { return *m_rows; }
    /// What both commands that add something take: name, mean and deviation; `prefix`-name, -mean and -std are their objectNames.
    struct Optional {
        QLineEdit *name = nullptr, *mean = nullptr, *deviation = nullptr;
    };
    /// With lines for them below what rows() holds; the texts stand in lines that are left empty.
    Optional addOptional(const QString& prefix, const QString& mean, const QString& deviation);
    /// The flags of those that are filled in.
    static QStringList flagsOf(const Optional& lines);
    /// A row with a path and a button beside it that opens what `ask` makes; `chosen` gets the person's choice.
    void addPath(QFormLayout& form, const QString& label, QLineEdit& path, const std::function<QFileDialog*()>& ask,
        const std::function<void(const QString&)>& chosen);
    /// A layout for questions; the labels of all of them in this dialog are one column.
    static QFormLayout* makeForm(QWidget* parent = nullptr);
    void showEvent(QShowEvent* event) override;
    /// What to do; without "--events".
    virtual QStringList arguments() const = 0;
    /// Why it cannot be done yet, as a sentence; empty where it can.
    virtual QString complaint() const = 0;
    /// Calls complaint() again.
    void check();
    /// The command has done it, with this line last: closes the dialog.
    virtual void succeed(const QString& answer);

private:
    void take(const Event& event);
    void ended(int exitCode, const QString& failure);
    void complain(const QString& sentence);

    ProjectDocument& m_document;
    QVBoxLayout* m_rows;
    QWidget* m_questions;
    QProgressBar* m_bar;
    QLabel* m_words;
    QLabel* m_complaint;
    QPushButton* m_accept;
    QString m_acceptText;
    CliProcess* m_process = nullptr;
    QString m_answer; ///< the command's last line
};

} // namespace bitscape::ui
