// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/presets.h"

#include <filesystem>
#include <functional>
#include <vector>

// For core/jobs alone: the file that own_presets.h speaks of.
namespace bitscape {

struct StoredPreset {
    RunKind kind = RunKind::Train;
    Preset preset;
};

/// All presets in the order of the file; none where there is no file. Throws Error(BadInput).
std::vector<StoredPreset> readPresetFile(const std::filesystem::path& file);

/// Reads, lets `change` do its work and writes, in one go: another program that wants the same waits. The old file stays as it was until
/// the new one is whole on the disk. Throws Error(BadInput), Error(Store), and what `change` throws, which leaves the file as it was.
void changePresetFile(const std::filesystem::path& file, const std::function<void(std::vector<StoredPreset>&)>& change);

} // namespace bitscape
