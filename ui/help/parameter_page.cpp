// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/help/parameter_page.h"

#include "ui/help/guide.h"

#include "core/jobs/parameter_effects.h"
#include "core/jobs/parameters.h"
#include "core/jobs/run_kinds.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace bitscape::ui {
namespace {

QString groupTitle(ParameterGroup group)
{
    constexpr std::array titles { QT_TRANSLATE_NOOP("Guide", "Images"), QT_TRANSLATE_NOOP("Guide", "Training"),
        QT_TRANSLATE_NOOP("Guide", "Scoring"), QT_TRANSLATE_NOOP("Guide", "Search"), QT_TRANSLATE_NOOP("Guide", "Quantizers"),
        QT_TRANSLATE_NOOP("Guide", "Stepping"), QT_TRANSLATE_NOOP("Guide", "Evaluation") };
    return QCoreApplication::translate("Guide", titles.at(static_cast<std::size_t>(group)));
}

struct Use {
    RunKind kind;
    ParameterSpec spec;
};

/// "integer 1..10000, default 3": what stands between name and help.
QString valuesText(const ParameterSpec& spec)
{
    const std::string whole = describe(spec);
    const std::size_t from = spec.name.size() + 2;
    return QString::fromStdString(whole.substr(from, whole.find(": ") - from));
}

/// Text that Markdown takes for nothing but text.
QString plain(QString text)
{
    for (const char c : { '\\', '|', '*', '_', '[', ']', '<', '>' })
        text.replace(QLatin1Char(c), QLatin1Char('\\') + QString(QLatin1Char(c)));
    return text;
}

QString sourceText(const std::string& source)
{
    const QString page = pageOfSource(source);
    return page.isEmpty() ? QString() : QStringLiteral(" → [%1](%2.md)").arg(guideTitle(page), page);
}

QString sentence(const ParameterSpec& spec)
{
    QString text = plain(QString::fromStdString(spec.help));
    text[0] = text[0].toUpper();
    return text + QLatin1Char('.');
}

/// Kinds that declare it alike share a line.
QString entry(const std::string& name, const std::vector<Use>& uses)
{
    std::vector<std::pair<ParameterSpec, QStringList>> variants;
    for (const Use& use : uses) {
        auto same = std::ranges::find(variants, use.spec, &std::pair<ParameterSpec, QStringList>::first);
        if (same == variants.end())
            same = variants.insert(variants.end(), { use.spec, {} });
        same->second << QString::fromStdString(toString(use.kind));
    }
    const ParameterSpec& first = variants.front().first;
    QString text = QStringLiteral("### `%1`\n\n%2%3\n\n").arg(QString::fromStdString(name), sentence(first), sourceText(first.source));
    for (const auto& [spec, kinds] : variants) {
        text += QStringLiteral("- *%1*: %2").arg(kinds.join(QStringLiteral(", ")), plain(valuesText(spec)));
        text += spec.help == first.help ? QStringLiteral("\n") : QStringLiteral(". %1\n").arg(sentence(spec));
    }
    return text + QLatin1Char('\n');
}

} // namespace

QString pageOfSource(const std::string& source)
{
    static const std::map<std::string, QString> pages { { "1", "words" }, { "2", "cq-scores" }, { "3", "cq-search" }, { "3a", "fisher" },
        { "3, 3a, 6", "baselines" }, { "4", "quantizers" }, { "5", "refinement" }, { "6", "baselines" }, { "7", "steppingnet" } };
    constexpr std::string_view methods = "methods.md ";
    if (source.starts_with(methods)) {
        const auto found = pages.find(source.substr(methods.size()));
        return found == pages.end() ? QString() : found->second;
    }
    return source == "design.md 5" ? QStringLiteral("data") : source == "design.md 4" ? QStringLiteral("questions") : QString();
}

QString parameterPage()
{
    std::map<ParameterGroup, std::vector<std::pair<std::string, std::vector<Use>>>> groups;
    for (const RunKind kind : kMadeKinds) {
        for (const ParameterSpec& spec : parametersOf(kind)) {
            auto& group = groups[groupOf(spec.name)];
            auto found = std::ranges::find(group, spec.name, &std::pair<std::string, std::vector<Use>>::first);
            if (found == group.end())
                found = group.insert(group.end(), { spec.name, {} });
            found->second.push_back({ kind, spec });
        }
    }
    QString page = QCoreApplication::translate("Guide",
        "# Parameters\n\nEvery parameter of every kind of run. The form of a new run and `--set NAME=VALUE` on the command line take the "
        "same values.\n\n");
    for (const auto& [group, entries] : groups) {
        page += QStringLiteral("## %1\n\n").arg(groupTitle(group));
        for (const auto& [name, uses] : entries)
            page += entry(name, uses);
    }
    return page;
}

} // namespace bitscape::ui
