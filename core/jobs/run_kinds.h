// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/runs.h"

#include <array>

namespace bitscape {

/// The kinds of runs that a person makes from parameters with a command of that name, in the order in which they are listed. A sweep is
/// made from a recipe and is not among them.
inline constexpr std::array kMadeKinds { RunKind::Train, RunKind::Score, RunKind::Search, RunKind::Edit, RunKind::Refine, RunKind::Step,
    RunKind::Evaluate };

} // namespace bitscape
