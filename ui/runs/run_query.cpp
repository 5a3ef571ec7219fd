// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_query.h"

#include "core/jobs/parameters.h"
#include "ui/runs/run_columns.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <limits>
#include <map>

namespace bitscape::ui {
namespace {

bool holds(const QString& text, const QString& part)
{
    return text.contains(part, Qt::CaseInsensitive);
}

/// A figure by the name that a person types; NaN where the run has none.
double figureOf(const RunRecord& record, const QString& name)
{
    if (name == QLatin1String("id"))
        return static_cast<double>(record.run.id.value);
    if (name == QLatin1String("seed"))
        return static_cast<double>(record.run.seed);
    if (name == QLatin1String("seconds"))
        return record.run.seconds;
    static const std::map<QString, const char*> kShort { { "bits", "average_bits" }, { "size", "size_bits" } };
    const auto full = kShort.find(name);
    const auto found = record.metrics.find(full == kShort.end() ? name.toStdString() : std::string(full->second));
    return found == record.metrics.end() ? std::numeric_limits<double>::quiet_NaN() : found->second;
}

bool compares(double value, const QString& sign, double limit)
{
    if (sign == QLatin1String("<"))
        return value < limit;
    if (sign == QLatin1String("<="))
        return value <= limit;
    if (sign == QLatin1String(">"))
        return value > limit;
    if (sign == QLatin1String(">="))
        return value >= limit;
    return value <= limit && value >= limit;
}

bool hasTag(const Run& run, const QString& part)
{
    return std::ranges::any_of(run.tags, [&](const std::string& tag) { return holds(QString::fromStdString(tag), part); });
}

/// What a field of a run reads, by the field's name.
const std::map<QString, std::function<QString(const RunRecord&, const ProjectDocument&)>>& fields()
{
    static const std::map<QString, std::function<QString(const RunRecord&, const ProjectDocument&)>> kFields {
        { "kind", [](const auto& record, const auto&) { return QString::fromStdString(toString(record.run.kind)); } },
        { "state", [](const auto& record, const auto&) { return QString::fromStdString(toString(record.run.state)); } },
        { "model", [](const auto& record, const auto& document) { return document.modelName(record.run.model); } },
        { "data", [](const auto& record, const auto& document) { return document.datasetName(record.run.dataset); } },
        { "name", [](const auto& record, const auto&) { return QString::fromStdString(record.run.name); } },
        { "note", [](const auto& record, const auto&) { return QString::fromStdString(record.run.note); } },
        { "tag", [](const auto& record, const auto& document) { return textOf(RunColumn::Tags, record, document); } },
    };
    return kFields;
}

} // namespace

RunQuery::RunQuery(const QString& text)
{
    for (const QString& term : text.split(QRegularExpression(QStringLiteral("\\s+")), Qt::SkipEmptyParts))
        add(term);
}

bool RunQuery::matches(const RunRecord& record, const ProjectDocument& document) const
{
    return std::ranges::all_of(m_tests, [&](const Test& test) { return test(record, document); });
}

void RunQuery::add(const QString& term)
{
    if (addComparison(term) || addField(term))
        return;
    m_tests.emplace_back([term](const RunRecord& record, const ProjectDocument& document) {
        if (holds(QStringLiteral("#%1").arg(record.run.id.value), term) || hasTag(record.run, term))
            return true;
        return std::ranges::any_of(fields(), [&](const auto& field) { return holds(field.second(record, document), term); });
    });
}

bool RunQuery::addComparison(const QString& term)
{
    static const QRegularExpression kComparison(QStringLiteral("^([a-z_0-9]+)(<=|>=|<|>|=)(.*)$"));
    const auto match = kComparison.match(term);
    if (!match.hasMatch())
        return false;
    bool ok = false;
    QString number = match.captured(3);
    const bool percent = number.endsWith(QLatin1Char('%'));
    const double limit = (percent ? number.chopped(1) : number).toDouble(&ok) / (percent ? 100 : 1);
    if (!ok) {
        m_complaint = QCoreApplication::translate("RunQuery", "\"%1\" compares with no number").arg(term);
        return true;
    }
    m_tests.emplace_back([name = match.captured(1), sign = match.captured(2), limit](
                             const RunRecord& record, const ProjectDocument&) { return compares(figureOf(record, name), sign, limit); });
    return true;
}

bool RunQuery::addField(const QString& term)
{
    const qsizetype colon = term.indexOf(QLatin1Char(':'));
    if (colon <= 0)
        return false;
    const QString name = term.left(colon), part = term.mid(colon + 1);
    if (const auto field = fields().find(name); field != fields().end()) {
        m_tests.emplace_back([read = field->second, part](
                                 const RunRecord& record, const ProjectDocument& document) { return holds(read(record, document), part); });
        return true;
    }
    bool known = false;
    for (const RunKind kind : { RunKind::Train, RunKind::Score, RunKind::Search, RunKind::Refine, RunKind::Step, RunKind::Evaluate })
        known = known || std::ranges::count(parametersOf(kind), name.toStdString(), &ParameterSpec::name) > 0;
    if (!known)
        m_complaint = QCoreApplication::translate("RunQuery", "\"%1\" is no field of a run").arg(name);
    m_tests.emplace_back([name = name.toStdString(), part](const RunRecord& record, const ProjectDocument&) {
        const auto value = record.run.parameters.find(name);
        return value != record.run.parameters.end() && holds(QString::fromStdString(parameterText(*value)), part);
    });
    return true;
}

} // namespace bitscape::ui
