// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/run_choices.h"

#include "core/jobs/own_presets.h"
#include "core/jobs/parameters.h"
#include "ui/jobs/job_queue.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace bitscape::ui {
namespace {

constexpr int kMostRuns = 8;

QString words(const char* text)
{
    return QCoreApplication::translate("RunChoices", text);
}

bool mayFollow(RunKind kind, RunKind parent)
{
    switch (kind) {
    case RunKind::Score:
    case RunKind::Train:
    case RunKind::Step:
        return parent == RunKind::Train;
    case RunKind::Search:
        return parent == RunKind::Score || parent == RunKind::Train;
    case RunKind::Refine:
        return parent == RunKind::Search || parent == RunKind::Edit || parent == RunKind::Refine;
    default:
        return parent != RunKind::Evaluate && parent != RunKind::Step && parent != RunKind::Sweep;
    }
}

/// What a shell would take for something else gets quotes.
QString shellWord(QString word)
{
    static const QRegularExpression kPlain(QStringLiteral("\\A[A-Za-z0-9_./:=,%+-]+\\z"));
    if (kPlain.match(word).hasMatch())
        return word;
    return QLatin1Char('\'') + word.replace(QLatin1Char('\''), QStringLiteral("'\\''")) + QLatin1Char('\'');
}

} // namespace

const std::vector<RunKind>& offeredKinds()
{
    static const std::vector<RunKind> kKinds { RunKind::Train, RunKind::Score, RunKind::Search, RunKind::Refine, RunKind::Step,
        RunKind::Evaluate };
    return kKinds;
}

QString helpOf(RunKind kind)
{
    switch (kind) {
    case RunKind::Train:
        return words(QT_TRANSLATE_NOOP("RunChoices", "train: a network in full precision"));
    case RunKind::Step:
        return words(QT_TRANSLATE_NOOP("RunChoices", "step: subnets with growing MAC budgets that reuse one another's results"));
    case RunKind::Score:
        return words(QT_TRANSLATE_NOOP("RunChoices", "score: every filter by the classes that it matters to"));
    case RunKind::Search:
        return words(QT_TRANSLATE_NOOP("RunChoices", "search: a bit-width per filter"));
    case RunKind::Refine:
        return words(QT_TRANSLATE_NOOP("RunChoices", "refine: retrain a quantized network"));
    default:
        return words(QT_TRANSLATE_NOOP("RunChoices", "evaluate: accuracy, for each class too"));
    }
}

std::vector<RunId> possibleParents(RunKind kind, const RunMap& runs)
{
    std::vector<RunId> ids;
    for (const auto& [id, record] : runs) {
        const RunState state = record->run.state;
        const bool ends
            = state == RunState::Finished || state == RunState::Queued || state == RunState::Running || state == RunState::Paused;
        if (ends && mayFollow(kind, record->run.kind))
            ids.push_back(id);
    }
    std::ranges::reverse(ids);
    return ids;
}

bool mayBeginAnew(RunKind kind)
{
    return kind != RunKind::Refine;
}

nlohmann::json changedOnly(RunKind kind, const nlohmann::json& values)
{
    nlohmann::json changed = nlohmann::json::object();
    for (const ParameterSpec& spec : parametersOf(kind)) {
        const auto found = values.find(spec.name);
        if (found != values.end() && *found != spec.fallback)
            changed[spec.name] = *found;
    }
    return changed;
}

std::vector<ParameterChoice> parameterChoices(RunKind kind, const RunMap& runs)
{
    std::vector<ParameterChoice> choices { { words(QT_TRANSLATE_NOOP("RunChoices", "Defaults")),
        words(QT_TRANSLATE_NOOP("RunChoices", "Every parameter at its default")), nlohmann::json::object(), {}, {} } };
    for (const Preset& preset : presetsOf(kind))
        choices.push_back(
            { QString::fromStdString(preset.title), QString::fromStdString(preset.help), changedOnly(kind, preset.values), {}, {} });
    int known = 0;
    for (auto entry = runs.rbegin(); entry != runs.rend() && known < kMostRuns; ++entry) {
        const Run& run = entry->second->run;
        if (run.kind != kind)
            continue;
        const QString title = known++ == 0 ? words(QT_TRANSLATE_NOOP("RunChoices", "As the last one, #%1 %2"))
                                           : words(QT_TRANSLATE_NOOP("RunChoices", "As #%1 %2"));
        choices.push_back({ title.arg(run.id.value).arg(QString::fromStdString(run.name)),
            words(QT_TRANSLATE_NOOP("RunChoices", "The parameters of that run")), changedOnly(kind, run.parameters), {}, {} });
    }
    return choices;
}

std::vector<ParameterChoice> withOwn(std::vector<ParameterChoice> choices, RunKind kind, const std::vector<Preset>& own)
{
    const auto behind = static_cast<std::ptrdiff_t>(1 + presetsOf(kind).size()); // the defaults stand first
    std::vector<ParameterChoice> mine;
    for (const Preset& preset : own) {
        const QString name = QString::fromStdString(preset.name), unfit = QString::fromStdString(whyUnfit(kind, preset));
        const QString help = unfit.isEmpty() ? QString::fromStdString(settingsText(preset)) : unfit;
        mine.push_back({ words(QT_TRANSLATE_NOOP("RunChoices", "%1 (your own)")).arg(name), help,
            unfit.isEmpty() ? changedOnly(kind, preset.values) : nlohmann::json(), name, unfit });
    }
    choices.insert(choices.begin() + std::min(behind, static_cast<std::ptrdiff_t>(choices.size())), mine.begin(), mine.end());
    return choices;
}

QString commandLine(const QString& project, const std::vector<RunRequest>& requests)
{
    QStringList commands;
    for (const RunRequest& request : requests) {
        QStringList command { QStringLiteral("bitscape-cli") };
        for (const QString& word : queueArguments(project, request)) {
            if (word != QLatin1String("--queue"))
                command << shellWord(word);
        }
        commands << command.join(QLatin1Char(' '));
    }
    return commands.join(QStringLiteral(" && "));
}

std::vector<RunRequest> repeated(const RunRequest& first, int count)
{
    std::vector<RunRequest> requests(static_cast<std::size_t>(std::max(0, count)), first);
    for (std::size_t i = 0; i < requests.size(); ++i)
        requests[i].seed += i;
    return requests;
}

} // namespace bitscape::ui
