// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/evaluate/answers.h"

#include <filesystem>

namespace bitscape {

/// Reads a packed file with the C reader that is handed out with it (resources/packed/bitscape_packed.h), ready to be run. Throws
/// Error(BadInput) for a file that is damaged.
InferenceNetwork readPacked(const std::filesystem::path& file);

} // namespace bitscape
