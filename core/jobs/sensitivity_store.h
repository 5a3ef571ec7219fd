// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/network/allocation.h"
#include "core/project/ids.h"
#include "core/project/project.h"

#include <optional>

namespace bitscape {

/// Keeps a sensitivity table with its run, as attachment "sensitivity": a JSON header line {"bits", "classes", "sizes"}, then float32.
void keepSensitivity(Project& project, RunId run, const SensitivityTable& table);

/// The table kept with a run, if any. Throws Error(Store) for a damaged one.
std::optional<SensitivityTable> storedSensitivity(Project& project, RunId run);

} // namespace bitscape
