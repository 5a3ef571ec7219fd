// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/torchscript/script_call.h"

namespace bitscape::script {

/// Arithmetic of numbers as Python does it. What depends on the number of images stays unknown; refuses where a whole number
/// leaves its 64 bits.
Value plusOf(const Call& call);
Value timesOf(const Call& call);
Value dividedOf(const Call& call);

/// list[start:end:step].
Value sliceOfList(const Call& call);

} // namespace bitscape::script
