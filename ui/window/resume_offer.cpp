// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/resume_offer.h"

#include <QCoreApplication>
#include <QStringList>

namespace bitscape::ui {
namespace {

constexpr std::size_t kMostNamed = 3;

QString named(const ProjectDocument& document, const std::vector<RunId>& ids)
{
    QStringList names;
    for (std::size_t i = 0; i < ids.size() && i < kMostNamed; ++i) {
        const auto record = document.run(ids[i]);
        names << QStringLiteral("%1 #%2").arg(record ? QString::fromStdString(toString(record->run.kind)) : QString()).arg(ids[i].value);
    }
    if (ids.size() > kMostNamed)
        names << QStringLiteral("…");
    return names.join(QStringLiteral(", "));
}

QString translated(const char* text, int n = -1)
{
    return QCoreApplication::translate("ResumeOffer", text, nullptr, n);
}

} // namespace

QString ResumeOffer::sentence(const ProjectDocument& document) const
{
    QStringList parts;
    if (interrupted.size() == 1)
        parts << translated("One run was interrupted (%1).").arg(named(document, interrupted));
    else if (!interrupted.empty())
        parts << translated("%1 runs were interrupted (%2).").arg(interrupted.size()).arg(named(document, interrupted));
    if (queued.size() == 1)
        parts << translated("One run is waiting in the queue (%1).").arg(named(document, queued));
    else if (!queued.empty())
        parts << translated("%1 runs are waiting in the queue (%2).").arg(queued.size()).arg(named(document, queued));
    return parts.join(QLatin1Char(' '));
}

ResumeOffer resumeOffer(const RunMap& runs)
{
    ResumeOffer offer;
    const auto isItsSweeps = [&](const Run& run) {
        const auto sweep = run.sweep ? runs.find(*run.sweep) : runs.end();
        return sweep != runs.end() && sweep->second->run.state != RunState::Finished;
    };
    for (const auto& [id, record] : runs) { // a run's number is above its parent's
        if (isItsSweeps(record->run))
            continue;
        if (record->run.state == RunState::Interrupted)
            offer.interrupted.push_back(id);
        else if (record->run.state == RunState::Queued)
            offer.queued.push_back(id);
    }
    return offer;
}

} // namespace bitscape::ui
