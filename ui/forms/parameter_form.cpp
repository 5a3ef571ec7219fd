// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/parameter_form.h"

#include "core/base/error.h"
#include "core/jobs/parameter_effects.h"

#include <QCheckBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace bitscape::ui {
namespace {

QString groupTitle(ParameterGroup group)
{
    switch (group) {
    case ParameterGroup::Images:
        return ParameterForm::tr("Images");
    case ParameterGroup::Training:
        return ParameterForm::tr("Training");
    case ParameterGroup::Scoring:
        return ParameterForm::tr("Scoring");
    case ParameterGroup::Search:
        return ParameterForm::tr("Search");
    case ParameterGroup::Quantizer:
        return ParameterForm::tr("Quantizers");
    case ParameterGroup::Stepping:
        break;
    }
    return ParameterForm::tr("Stepping");
}

} // namespace

ParameterForm::ParameterForm(RunKind kind, QWidget* parent)
    : QWidget(parent)
    , m_kind(kind)
    , m_filter(new QLineEdit)
    , m_onlyChanged(new QCheckBox(tr("Only &changed")))
{
    m_filter->setPlaceholderText(tr("Find a parameter"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setObjectName(QStringLiteral("parameter-filter"));
    auto* head = new QHBoxLayout;
    head->addWidget(m_filter, 1);
    head->addWidget(m_onlyChanged);
    auto* list = new QWidget;
    auto* form = new QFormLayout(list);
    form->setLabelAlignment(Qt::AlignRight | Qt::AlignVCenter);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    std::vector<ParameterSpec> specs = parametersOf(kind);
    std::ranges::stable_sort(specs, {}, [&](const ParameterSpec& spec) { return shownPlace(kind, groupOf(spec.name)); });
    std::optional<ParameterGroup> group;
    for (const ParameterSpec& spec : specs) {
        QLabel* title = nullptr;
        if (group != groupOf(spec.name)) {
            group = groupOf(spec.name);
            title = new QLabel(groupTitle(*group));
            title->setObjectName(QStringLiteral("heading"));
            form->addRow(title);
        }
        auto* editor = new ParameterEditor(spec);
        auto* label = new QLabel(QString::fromStdString(spec.name));
        label->setBuddy(editor);
        label->setToolTip(editor->toolTip());
        form->addRow(label, editor);
        m_rows.push_back({ label, editor, title });
        connect(editor, &ParameterEditor::changed, this, [this] {
            updateEffects();
            emit edited();
        });
    }
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidget(list);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->addLayout(head);
    rows->addWidget(area, 1);
    connect(m_filter, &QLineEdit::textChanged, this, &ParameterForm::filter);
    connect(m_onlyChanged, &QCheckBox::toggled, this, &ParameterForm::filter);
    updateEffects();
}

nlohmann::json ParameterForm::changed() const
{
    nlohmann::json values = nlohmann::json::object();
    for (const Row& row : m_rows) {
        if (row.editor->value() && !row.editor->isDefault())
            values[row.editor->spec().name] = *row.editor->value();
    }
    return values;
}

/// What cannot be read counts as the default: it is told where it stands.
nlohmann::json ParameterForm::current() const
{
    nlohmann::json values = nlohmann::json::object();
    for (const Row& row : m_rows)
        values[row.editor->spec().name] = row.editor->value().value_or(row.editor->spec().fallback);
    return values;
}

void ParameterForm::setValues(const nlohmann::json& values)
{
    for (const Row& row : m_rows) {
        const auto found = values.find(row.editor->spec().name);
        row.editor->setValue(found == values.end() ? row.editor->spec().fallback : *found);
    }
}

QString ParameterForm::complaint() const
{
    for (const Row& row : m_rows) {
        if (!row.editor->value())
            return row.editor->complaint();
    }
    try {
        completeParameters(m_kind, changed());
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

void ParameterForm::focusProblem()
{
    const auto wrong = std::ranges::find_if(m_rows, [](const Row& row) { return !row.editor->value(); });
    if (wrong != m_rows.end())
        wrong->editor->setFocus();
}

ParameterEditor* ParameterForm::editor(const std::string& name) const
{
    const auto found = std::ranges::find_if(m_rows, [&](const Row& row) { return row.editor->spec().name == name; });
    return found == m_rows.end() ? nullptr : found->editor;
}

void ParameterForm::filter()
{
    const QString wanted = m_filter->text();
    QLabel* group = nullptr;
    for (const Row& row : m_rows) {
        if (row.group) {
            group = row.group;
            group->setVisible(false);
        }
        const ParameterSpec& spec = row.editor->spec();
        const bool found = QString::fromStdString(spec.name + " " + spec.help).contains(wanted, Qt::CaseInsensitive);
        const bool shown = found && (!m_onlyChanged->isChecked() || !row.editor->isDefault());
        row.label->setVisible(shown);
        row.editor->setVisible(shown);
        if (shown && group)
            group->setVisible(true);
    }
}

void ParameterForm::updateEffects()
{
    const nlohmann::json values = current();
    for (const Row& row : m_rows) {
        const QString reason = QString::fromStdString(whyIneffective(row.editor->spec().name, values));
        row.editor->setIneffective(reason);
        row.label->setEnabled(reason.isEmpty());
    }
}

} // namespace bitscape::ui
