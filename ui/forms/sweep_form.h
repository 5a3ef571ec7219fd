// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget> // first: see selection.h

#include "core/jobs/parameters.h"

#include <vector>

class QFormLayout;
class QLabel;
class QLineEdit;

namespace bitscape::ui {

/// A line for each parameter of a run kind: left empty for its default, one value to set it, several to vary it (core/jobs/sweep_values.h).
class SweepForm final : public QWidget {
    Q_OBJECT
public:
    explicit SweepForm(RunKind kind, QWidget* parent = nullptr);

    /// Parameters with one value, and those with lists of values; a line that is wrong is left out.
    nlohmann::ordered_json set() const;
    nlohmann::ordered_json grid() const;
    /// What is wrong with the first line that is; empty where all is well.
    QString complaint() const;
    void focusProblem();

signals:
    void edited();

private:
    struct Row {
        const ParameterSpec& spec;
        QLabel* label;
        QLineEdit* line;
    };
    std::vector<nlohmann::json> values(const Row& row) const;
    const Row* problem() const;
    void addRow(QFormLayout& form, const ParameterSpec& spec);
    void filter(const QString& text);

    std::vector<Row> m_rows;
    QLineEdit* m_filter;
};

} // namespace bitscape::ui
