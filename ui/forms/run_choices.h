// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/presets.h"
#include "ui/jobs/run_request.h"
#include "ui/project/project_document.h"

#include <QString>

#include <vector>

namespace bitscape::ui {

// What a form for a new run offers, as data.

/// The kinds of run that a person may ask for, in the order of a study.
const std::vector<RunKind>& offeredKinds();

/// "search: a bit-width per filter"
QString helpOf(RunKind kind);

/// The runs that a run of `kind` may start from, the newest first: finished ones, and those that will be.
std::vector<RunId> possibleParents(RunKind kind, const RunMap& runs);

/// Whether a run of `kind` can do without.
bool mayBeginAnew(RunKind kind);

/// Parameters to begin with, under a title.
struct ParameterChoice {
    QString title;
    QString help;
    nlohmann::json values; ///< only those that differ from their defaults
    QString own;           ///< its name where it is a person's own preset
    QString unfit;         ///< why its values cannot be used, where they cannot
    bool operator==(const ParameterChoice&) const = default;
};

/// The defaults, the presets of `kind`, and its last runs, the newest first.
std::vector<ParameterChoice> parameterChoices(RunKind kind, const RunMap& runs);

/// The same with a person's own presets behind the built-in ones.
std::vector<ParameterChoice> withOwn(std::vector<ParameterChoice> choices, RunKind kind, const std::vector<Preset>& own);

/// Those of `values` that `kind` knows and that differ from their defaults.
nlohmann::json changedOnly(RunKind kind, const nlohmann::json& values);

/// What a shell makes the same runs of: one command each, joined by "&&".
QString commandLine(const QString& project, const std::vector<RunRequest>& requests);

/// `count` runs that differ in their seeds only: that of `first` and those after it.
std::vector<RunRequest> repeated(const RunRequest& first, int count);

} // namespace bitscape::ui
