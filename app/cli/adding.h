// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/exit_codes.h"

#include "core/jobs/job_context.h"

#include <functional>
#include <string>

namespace bitscape {

/// Writes what was read to the project; answers the line that tells of it, "data 3 glyphs", or nothing.
using Storing = std::function<std::string()>;

/// Adds something to a project that takes time to read, and tells how far it is: as a bar, or as `events` (core/jobs/events.h) that end
/// with a state. Obeys signals and, with events, words on standard input: cancelled while it reads, it leaves the project as it was, within
/// a second. What `read` or the storing throws is told and thrown on. `title` stands before the bar.
ExitCode addToProject(bool events, const std::string& title, const std::function<Storing(JobContext&)>& read);

} // namespace bitscape
