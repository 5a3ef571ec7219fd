// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/project/project_document.h"

#include <QString>
#include <QVariant>

#include <vector>

namespace bitscape::ui {

/// The columns of the run list, in their order.
enum class RunColumn {
    Run,
    Kind,
    State,
    Model,
    Data,
    Accuracy,
    FullAccuracy,
    AverageBits,
    Macs,
    BitOps,
    Size,
    Seed,
    Duration,
    Created,
    Tags,
    Note
};
constexpr int kRunColumns = static_cast<int>(RunColumn::Note) + 1;

/// What stands above a column, and what it means.
QString titleOf(RunColumn column);
QString helpOf(RunColumn column);
/// Shown without being asked for.
bool isShownAtFirst(RunColumn column);

/// A run's cell as text, and as the value that it is sorted by.
QString textOf(RunColumn column, const RunRecord& record, const ProjectDocument& document);
QVariant valueOf(RunColumn column, const RunRecord& record, const ProjectDocument& document);

/// "state-finished", for Theme::icon().
QString iconOf(RunState state);
/// "finished", translated.
QString wordOf(RunState state);
QString wordOf(RunKind kind);

} // namespace bitscape::ui
