// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/network/bit_edits.h"

#include <QString>

namespace bitscape::ui {

/// What an edit does, for the history: "3 bits onto 12 filters", "target 2.00 bits".
QString editText(const BitEdit& edit);

} // namespace bitscape::ui
