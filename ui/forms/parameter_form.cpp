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
        return ParameterForm::tr("Stepping");
    case ParameterGroup::Evaluation:
        break;
    }
    return ParameterForm::tr("Evaluation");
}

} // namespace

ParameterForm::ParameterForm(RunKind kind, QWidget* parent)
    : QWidget(parent)
    , m_kind(kind)
    , m_filter(new QLineEdit)
    , m_onlyChanged(new QCheckBox(tr("Only &changed")))
    , m_area(new QScrollArea)
    , m_nothing(new QLabel(tr("No parameter to show.")))
{
    m_filter->setPlaceholderText(tr("Find a parameter"));
    m_filter->setAccessibleName(tr("Find a parameter"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setObjectName(QStringLiteral("parameter-filter"));
    m_onlyChanged->setObjectName(QStringLiteral("only-changed"));
    m_onlyChanged->setToolTip(tr("Shows only what differs from its default"));
    auto* head = new QHBoxLayout;
    head->addWidget(m_filter, 1);
    head->addWidget(m_onlyChanged);
    m_nothing->setObjectName(QStringLiteral("muted"));
    m_nothing->setAlignment(Qt::AlignCenter);
    auto* list = new QWidget;
    auto* form = new QFormLayout(list);
    form->setContentsMargins(0, 0, 6, 0);
    form->setLabelAlignment(Qt::AlignRight);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    fill(*form);
    form->addRow(m_nothing);
    m_area->setWidgetResizable(true);
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area->setFocusPolicy(Qt::NoFocus);
    m_area->setWidget(list);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->addLayout(head);
    rows->addWidget(m_area, 1);
    connect(m_filter, &QLineEdit::textChanged, this, &ParameterForm::filter);
    connect(m_onlyChanged, &QCheckBox::toggled, this, &ParameterForm::filter);
    updateEffects();
    filter();
}

void ParameterForm::fill(QFormLayout& form)
{
    std::vector<ParameterSpec> specs = parametersOf(m_kind);
    std::ranges::stable_sort(specs, {}, [&](const ParameterSpec& spec) { return shownPlace(m_kind, groupOf(spec.name)); });
    std::optional<ParameterGroup> group;
    for (const ParameterSpec& spec : specs) {
        QLabel* title = nullptr;
        if (group != groupOf(spec.name)) {
            group = groupOf(spec.name);
            title = new QLabel(groupTitle(*group));
            title->setObjectName(QStringLiteral("heading"));
            form.addRow(title);
        }
        addRow(form, spec, title);
    }
}

void ParameterForm::addRow(QFormLayout& form, const ParameterSpec& spec, QLabel* group)
{
    auto* editor = new ParameterEditor(spec);
    auto* label = new QLabel(QString::fromStdString(spec.name));
    label->setBuddy(editor);
    label->setToolTip(editor->toolTip());
    form.addRow(label, editor);
    m_rows.push_back({ label, editor, group });
    connect(editor, &ParameterEditor::changed, this, [this] {
        if (m_setting)
            return;
        updateEffects();
        emit edited();
    });
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
    m_setting = true;
    for (const Row& row : m_rows) {
        const auto found = values.find(row.editor->spec().name);
        row.editor->setValue(found == values.end() ? row.editor->spec().fallback : *found);
    }
    m_setting = false;
    updateEffects();
    filter();
    emit edited();
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

/// The field that cannot be read, else the one that a sentence about several of them names first.
ParameterEditor* ParameterForm::problem() const
{
    for (const Row& row : m_rows) {
        if (!row.editor->value())
            return row.editor;
    }
    const QString sentence = complaint();
    const auto named = std::ranges::find_if(m_rows, [&](const Row& row) {
        return sentence.contains(QLatin1Char('\'') + QString::fromStdString(row.editor->spec().name) + QLatin1Char('\''));
    });
    return named == m_rows.end() ? nullptr : named->editor;
}

void ParameterForm::focusProblem()
{
    ParameterEditor* wrong = problem();
    if (!wrong)
        return;
    if (wrong->isHidden()) {
        m_filter->clear();
        m_onlyChanged->setChecked(false);
    }
    wrong->setFocus();
    m_area->ensureWidgetVisible(wrong);
}

ParameterEditor* ParameterForm::editor(const std::string& name) const
{
    const auto found = std::ranges::find_if(m_rows, [&](const Row& row) { return row.editor->spec().name == name; });
    return found == m_rows.end() ? nullptr : found->editor;
}

void ParameterForm::filter()
{
    const QString wanted = m_filter->text().trimmed();
    QLabel* group = nullptr;
    bool any = false;
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
        any = any || shown;
    }
    m_nothing->setVisible(!any);
}

void ParameterForm::updateEffects()
{
    const nlohmann::json values = current();
    for (const Row& row : m_rows) {
        const QString reason = QString::fromStdString(whyIneffective(row.editor->spec().name, values));
        row.editor->setIneffective(reason);
        row.label->setEnabled(reason.isEmpty());
        row.label->setToolTip(row.editor->toolTip());
    }
}

} // namespace bitscape::ui
