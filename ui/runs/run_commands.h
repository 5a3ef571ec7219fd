// SPDX-License-Identifier: GPL-3.0-or-later
// What a person may do to runs and take back, as commands for an undo stack.
#pragma once

#include "ui/project/project_document.h"
#include "ui/runs/pending_deletions.h"

#include <QUndoCommand>

#include <memory>
#include <string>
#include <vector>

namespace bitscape::ui {

std::unique_ptr<QUndoCommand> renameCommand(ProjectDocument& document, RunId id, const QString& name);
std::unique_ptr<QUndoCommand> noteCommand(ProjectDocument& document, RunId id, const QString& note);
/// `tags`: separated by commas.
std::unique_ptr<QUndoCommand> tagsCommand(ProjectDocument& document, RunId id, const QString& tags);
/// The runs and all that start from them. None of them is being computed.
std::unique_ptr<QUndoCommand> deleteCommand(ProjectDocument& document, PendingDeletions& deletions, const std::vector<RunId>& ids);

} // namespace bitscape::ui
