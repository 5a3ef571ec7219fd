// SPDX-License-Identifier: GPL-3.0-or-later
// What a run keeps by role; not for other folders. The functions belong inside a write transaction of their caller.
#pragma once

#include "core/project/ids.h"

#include <SQLiteCpp/Database.h>

#include <string>

namespace bitscape::attachments {

/// Puts a stored blob into a role. The blob that had it goes at once: a checkpoint per epoch would otherwise fill the disk until somebody
/// sweeps.
void put(SQLite::Database& database, RunId id, const std::string& role, const std::string& blob);

} // namespace bitscape::attachments
