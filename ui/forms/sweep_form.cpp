// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/sweep_form.h"

#include "core/base/error.h"
#include "core/jobs/sweep_values.h"

#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QVBoxLayout>

namespace bitscape::ui {
namespace {

QString sentenceOf(const ParameterSpec& spec, const std::string& text)
{
    try {
        valuesFromText(spec, text);
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

QString defaultText(const ParameterSpec& spec)
{
    const QString text = QString::fromStdString(parameterText(spec.fallback));
    return text.isEmpty() ? SweepForm::tr("empty") : text;
}

} // namespace

SweepForm::SweepForm(RunKind kind, QWidget* parent)
    : QWidget(parent)
    , m_filter(new QLineEdit)
{
    m_filter->setObjectName(QStringLiteral("sweep-parameter-filter"));
    m_filter->setPlaceholderText(tr("Filter parameters"));
    m_filter->setToolTip(tr("Show parameters whose name or meaning contains this"));
    m_filter->setAccessibleName(m_filter->toolTip());
    m_filter->setClearButtonEnabled(true);
    connect(m_filter, &QLineEdit::textChanged, this, &SweepForm::filter);
    auto* list = new QWidget;
    auto* form = new QFormLayout(list);
    form->setLabelAlignment(Qt::AlignRight | Qt::AlignVCenter);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    for (const ParameterSpec& spec : parametersOf(kind))
        addRow(*form, spec);
    auto* area = new QScrollArea;
    area->setWidget(list);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 6, 0, 0);
    rows->addWidget(m_filter);
    rows->addWidget(area, 1);
}

void SweepForm::addRow(QFormLayout& form, const ParameterSpec& spec)
{
    auto* line = new QLineEdit;
    line->setObjectName(QStringLiteral("sweep-") + QString::fromStdString(spec.name));
    line->setPlaceholderText(defaultText(spec));
    line->setToolTip(QString::fromStdString(describe(spec)));
    auto* label = new QLabel(QString::fromStdString(spec.name) + QLatin1Char(':'));
    label->setBuddy(line);
    label->setToolTip(line->toolTip());
    connect(line, &QLineEdit::textChanged, this, &SweepForm::edited);
    form.addRow(label, line);
    m_rows.push_back({ spec, label, line });
}

std::vector<nlohmann::json> SweepForm::values(const Row& row) const
{
    const std::string text = row.line->text().trimmed().toStdString();
    return text.empty() || !sentenceOf(row.spec, text).isEmpty() ? std::vector<nlohmann::json> {} : valuesFromText(row.spec, text);
}

nlohmann::ordered_json SweepForm::set() const
{
    auto set = nlohmann::ordered_json::object();
    for (const Row& row : m_rows) {
        if (const auto own = values(row); own.size() == 1)
            set[row.spec.name] = own.front();
    }
    return set;
}

nlohmann::ordered_json SweepForm::grid() const
{
    auto grid = nlohmann::ordered_json::object();
    for (const Row& row : m_rows) {
        if (const auto own = values(row); own.size() > 1)
            grid[row.spec.name] = own;
    }
    return grid;
}

const SweepForm::Row* SweepForm::problem() const
{
    for (const Row& row : m_rows) {
        const QString text = row.line->text().trimmed();
        if (!text.isEmpty() && !sentenceOf(row.spec, text.toStdString()).isEmpty())
            return &row;
    }
    return nullptr;
}

QString SweepForm::complaint() const
{
    const Row* row = problem();
    return row ? sentenceOf(row->spec, row->line->text().trimmed().toStdString()) : QString();
}

void SweepForm::focusProblem()
{
    if (const Row* row = problem()) {
        m_filter->clear();
        row->line->setFocus();
    }
}

void SweepForm::filter(const QString& text)
{
    for (const Row& row : m_rows) {
        const bool shown = row.label->text().contains(text, Qt::CaseInsensitive) || row.line->toolTip().contains(text, Qt::CaseInsensitive);
        row.label->setVisible(shown);
        row.line->setVisible(shown);
    }
}

} // namespace bitscape::ui
