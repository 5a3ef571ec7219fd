// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/presets.h"

#include <filesystem>
#include <string>
#include <vector>

namespace bitscape {

// Presets of a person's own: one JSON file that the studio and the command line share,
// {"version": 1, "presets": [{"kind": "train", "name": "mine", "values": {"epochs": 7}}]}.
// A file that is not there holds none. What cannot be read throws Error(BadInput) with one sentence that names the file; such a file is
// never written over. What is saved by two programs at once is kept of both.

/// $XDG_CONFIG_HOME/bitscape/presets.json, else ~/.config/bitscape/presets.json. Empty where the environment has neither: then there are
/// none, and none can be saved.
std::filesystem::path ownPresetsFile();

/// Those of a kind, by name; their titles are their names. Whether their values (still) fit the kind is whyUnfit()'s to say.
std::vector<Preset> ownPresets(const std::filesystem::path& file, RunKind kind);

/// Why the preset's values cannot be used for the kind, as a sentence; empty where they can.
std::string whyUnfit(RunKind kind, const Preset& preset);

/// A built-in preset, else one of the person's own; built-in ones are found whatever is wrong with the file. Throws Error(BadArgument) for
/// an unknown name, naming those that there are.
Preset namedPreset(const std::filesystem::path& file, RunKind kind, const std::string& name);

/// Throws Error(BadArgument) for a name that is empty, over 60 bytes, begins with '-', begins or ends with a blank, has control characters
/// or is a built-in preset's.
void checkPresetName(RunKind kind, const std::string& name);

enum class Existing { Refuse, Replace };

/// Keeps those of `values` that differ from their defaults. Throws Error(BadArgument) for values that the kind does not take or that are
/// all defaults, what checkPresetName() throws, and, with Existing::Refuse, for a name that is taken; Error(Store) where the file cannot be
/// written.
void saveOwnPreset(
    const std::filesystem::path& file, RunKind kind, const std::string& name, const nlohmann::json& values, Existing existing);

/// Throws Error(BadArgument) where there is none of that name.
void removeOwnPreset(const std::filesystem::path& file, RunKind kind, const std::string& name);

} // namespace bitscape
