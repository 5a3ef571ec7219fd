// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget> // first: see selection.h

#include "core/jobs/parameters.h"
#include "ui/forms/parameter_editor.h"

#include <vector>

class QCheckBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QScrollArea;

namespace bitscape::ui {

/// The parameters of a run kind as a form, made from their declarations: groups, a filter line, and only what differs from the defaults if
/// wanted.
class ParameterForm final : public QWidget {
    Q_OBJECT
public:
    explicit ParameterForm(RunKind kind, QWidget* parent = nullptr);

    /// The values that differ from their defaults.
    nlohmann::json changed() const;
    /// The others go back to their defaults. Names that the kind does not know are left out.
    void setValues(const nlohmann::json& values);
    /// The sentence that says what is wrong, alone or together; empty where all is well.
    QString complaint() const;
    /// Puts the cursor into the field that complaint() speaks of, shown again where it is filtered out.
    void focusProblem();
    ParameterEditor* editor(const std::string& name) const;

signals:
    /// Once per change, however many values it sets.
    void edited();

private:
    struct Row {
        QLabel* label;
        ParameterEditor* editor;
        QLabel* group; ///< the head of its group, if it is the group's first
    };

    void fill(QFormLayout& form);
    void addRow(QFormLayout& form, const ParameterSpec& spec, QLabel* group);
    ParameterEditor* problem() const;
    void filter();
    void updateEffects();
    nlohmann::json current() const;

    RunKind m_kind;
    std::vector<Row> m_rows;
    QLineEdit* m_filter;
    QCheckBox* m_onlyChanged;
    QScrollArea* m_area;
    QLabel* m_nothing; ///< stands where the filter leaves nothing
    bool m_setting = false;
};

} // namespace bitscape::ui
