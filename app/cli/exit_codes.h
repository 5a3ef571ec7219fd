// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

namespace bitscape {

/// design.md section 6.
enum ExitCode : int { kDone = 0, kFailed = 1, kWrongUse = 2, kBadInput = 3, kCancelled = 130 };

/// What the program ends with after an error.
ExitCode exitCodeOf(ErrorCode code);

} // namespace bitscape
