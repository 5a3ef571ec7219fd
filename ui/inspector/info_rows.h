// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/project/project_document.h"

#include "core/jobs/run_results.h"

#include <QString>

#include <vector>

namespace bitscape::ui {

/// One line of the inspector: a figure with its name.
struct InfoRow {
    QString name;
    QString value;        ///< with its unit
    QString exact;        ///< every digit, for the tooltip and the clipboard; empty: as `value`
    QString help;         ///< what it is; may be empty
    bool changed = false; ///< a parameter that is not at its default: marked
    bool bad = false;     ///< what went wrong
    bool operator==(const InfoRow&) const = default;
};
using InfoRows = std::vector<InfoRow>;

/// What a run is called by those around it.
struct RunNames {
    QString model, data;
    QString parent; ///< "2 score neuron"; empty without one
};

/// The state in words: "finished", "interrupted".
QString stateText(RunState state);

/// Name, state, kind, where it comes from, how it was computed, note and tags; empty ones are left out.
InfoRows runRows(const Run& run, const RunNames& names);
/// Accuracy and its distance from full precision, costs, work done: what of it the run has, then whatever else it has by name.
InfoRows figureRows(const RunRecord& record);
/// Every parameter, those that are not at their defaults first, both in the order of the form.
InfoRows parameterRows(const Run& run);
/// Bitscape and the libraries that computed.
InfoRows versionRows(const Run& run);

} // namespace bitscape::ui
