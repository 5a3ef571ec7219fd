// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_query.h"

#include "core/jobs/parameters.h"
#include "ui/runs/run_columns.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace bitscape::ui {
namespace {

bool holds(const QString& text, const QString& part)
{
    return text.contains(part, Qt::CaseInsensitive);
}

/// Whether some kind of run has a parameter of this name.
bool isParameter(const QString& name)
{
    static const std::set<std::string> kNames = [] {
        std::set<std::string> names;
        for (const RunKind kind : { RunKind::Train, RunKind::Score, RunKind::Search, RunKind::Edit, RunKind::Refine, RunKind::Step,
                 RunKind::Evaluate, RunKind::Sweep }) {
            for (const ParameterSpec& spec : parametersOf(kind))
                names.insert(spec.name);
        }
        return names;
    }();
    return kNames.contains(name.toStdString());
}

using Figure = std::function<double(const RunRecord&)>;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

Figure metric(const std::string& name, double divisor = 1)
{
    return [name, divisor](const RunRecord& record) {
        const auto found = record.metrics.find(name);
        return found == record.metrics.end() ? kNone : found->second / divisor;
    };
}

/// What a person may compare, by name; NaN where a run has none. Null for an unknown name.
Figure figureNamed(const QString& name)
{
    constexpr double kBitsPerByte = 8;
    static const std::map<QString, Figure> kFigures {
        { "id", [](const RunRecord& record) { return static_cast<double>(record.run.id.value); } },
        { "seed", [](const RunRecord& record) { return static_cast<double>(record.run.seed); } },
        { "seconds", [](const RunRecord& record) { return record.run.seconds; } },
        { "progress", [](const RunRecord& record) { return record.run.progress; } },
        { "accuracy", metric("accuracy") },
        { "full_accuracy", metric("full_accuracy") },
        { "search_accuracy", metric("search_accuracy") },
        { "bits", metric("average_bits") },
        { "average_bits", metric("average_bits") },
        { "macs", metric("macs") },
        { "bitops", metric("bitops") },
        { "size", metric("size_bits", kBitsPerByte) },
        { "size_bits", metric("size_bits") },
    };
    if (const auto found = kFigures.find(name); found != kFigures.end())
        return found->second;
    if (!isParameter(name))
        return {};
    return [name = name.toStdString()](const RunRecord& record) {
        const auto value = record.run.parameters.find(name);
        return value != record.run.parameters.end() && value->is_number() ? value->get<double>() : kNone;
    };
}

/// "0.9", "90%", "20k", "20kB", "1.5M": the number; nothing where it is none.
std::optional<double> numberIn(QString text)
{
    static const std::map<QChar, double> kFactors { { '%', 0.01 }, { 'k', 1e3 }, { 'M', 1e6 }, { 'G', 1e9 }, { 'T', 1e12 } };
    if (text.endsWith(QLatin1Char('B')))
        text.chop(1);
    double factor = 1;
    if (const auto found = text.isEmpty() ? kFactors.end() : kFactors.find(text.back()); found != kFactors.end()) {
        factor = found->second;
        text.chop(1);
    }
    bool ok = false;
    const double number = text.toDouble(&ok) * factor;
    return ok ? std::optional(number) : std::nullopt;
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

QString searchTextOf(const RunRecord& record, const ProjectDocument& document)
{
    const Run& run = record.run;
    QString text = QStringLiteral("#%1\n").arg(run.id.value) + wordOf(run.kind) + QLatin1Char('\n') + wordOf(run.state) + QLatin1Char('\n')
        + document.modelName(run.model) + QLatin1Char('\n') + document.datasetName(run.dataset);
    for (const std::string* part : { &run.name, &run.note })
        text += QLatin1Char('\n') + QString::fromStdString(*part);
    for (const std::string& tag : run.tags)
        text += QLatin1Char('\n') + QString::fromStdString(tag);
    return text.toCaseFolded();
}

RunQuery::RunQuery(const QString& text)
{
    static const QRegularExpression kTerm(QStringLiteral("(?:[^\\s\"]|\"[^\"]*\"?)+")); // blanks in quotes belong to a term
    for (auto found = kTerm.globalMatch(text); found.hasNext();)
        add(found.next().captured().remove(QLatin1Char('"')));
}

bool RunQuery::matches(const RunRecord& record, const ProjectDocument& document) const
{
    return matches(record, document, m_words.empty() ? QString() : searchTextOf(record, document));
}

bool RunQuery::matches(const RunRecord& record, const ProjectDocument& document, const QString& searchText) const
{
    return std::ranges::all_of(m_words, [&](const QString& word) { return searchText.contains(word); })
        && std::ranges::all_of(m_tests, [&](const Test& test) { return test(record, document); });
}

void RunQuery::add(const QString& term)
{
    if (addComparison(term) || addField(term))
        return;
    m_words.push_back(term.toCaseFolded());
}

bool RunQuery::addComparison(const QString& term)
{
    static const QRegularExpression kComparison(QStringLiteral("^([A-Za-z_0-9]+)(<=|>=|<|>|=)(.*)$"));
    const auto match = kComparison.match(term);
    if (!match.hasMatch())
        return false;
    const Figure figure = figureNamed(match.captured(1).toLower());
    const auto limit = numberIn(match.captured(3));
    if (!figure)
        complain(QCoreApplication::translate("RunQuery",
            "\"%1\" is no figure of a run: use accuracy, bits, macs, bitops, size, seed, "
            "seconds, id or a parameter.")
                     .arg(match.captured(1)));
    else if (!limit)
        complain(QCoreApplication::translate("RunQuery", "\"%1\" needs a number behind %2.").arg(match.captured(1), match.captured(2)));
    else
        m_tests.emplace_back([figure, sign = match.captured(2), limit = *limit](
                                 const RunRecord& record, const ProjectDocument&) { return compares(figure(record), sign, limit); });
    return true;
}

bool RunQuery::addField(const QString& term)
{
    const qsizetype colon = term.indexOf(QLatin1Char(':'));
    if (colon <= 0)
        return false;
    const QString name = term.left(colon).toLower(), part = term.mid(colon + 1);
    if (const auto field = fields().find(name); field != fields().end())
        m_tests.emplace_back([read = field->second, part](
                                 const RunRecord& record, const ProjectDocument& document) { return holds(read(record, document), part); });
    else if (isParameter(name))
        m_tests.emplace_back([name = name.toStdString(), part](const RunRecord& record, const ProjectDocument&) {
            const auto value = record.run.parameters.find(name);
            return value != record.run.parameters.end() && holds(QString::fromStdString(parameterText(*value)), part);
        });
    else
        complain(QCoreApplication::translate(
            "RunQuery", "\"%1\" is no field of a run: use kind, state, model, data, tag, name, note or a parameter.")
                     .arg(name));
    return true;
}

void RunQuery::complain(const QString& sentence)
{
    m_complaint += m_complaint.isEmpty() ? sentence : QLatin1Char('\n') + sentence;
}

} // namespace bitscape::ui
