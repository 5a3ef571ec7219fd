// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/own_presets.h"

#include "core/base/error.h"
#include "core/jobs/parameter_values.h"
#include "core/jobs/parameters.h"
#include "core/jobs/preset_file.h"

#include <algorithm>
#include <cstdlib>

namespace bitscape {

using nlohmann::json;

namespace {

constexpr std::size_t kLongestName = 60;

bool isBuiltIn(RunKind kind, const std::string& name)
{
    return std::ranges::count(presetsOf(kind), name, &Preset::name) > 0;
}

/// Valid UTF-8, for JSON has no other.
bool isText(const std::string& name)
{
    try {
        (void)json(name).dump();
    } catch (const json::type_error&) {
        return false;
    }
    return std::ranges::none_of(name, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

json differing(RunKind kind, const json& complete)
{
    json values = json::object();
    for (const ParameterSpec& spec : parametersOf(kind))
        if (complete.at(spec.name) != spec.fallback)
            values[spec.name] = complete.at(spec.name);
    return values;
}

auto isOf(RunKind kind, const std::string& name)
{
    return [kind, &name](const StoredPreset& preset) { return preset.kind == kind && preset.preset.name == name; };
}

} // namespace

void checkPresetName(RunKind kind, const std::string& name)
{
    if (isBuiltIn(kind, name))
        throw Error(ErrorCode::BadArgument, "'" + name + "' is a built-in preset of " + toString(kind) + ": give another name");
    const bool bare = name.empty() || name.front() == ' ' || name.back() == ' ';
    if (bare || name.size() > kLongestName || name.front() == '-' || !isText(name))
        throw Error(ErrorCode::BadArgument,
            "a preset cannot be called '" + shown(name) + "': give a name of 1 to 60 letters, without '-' or blanks at its start");
}

std::filesystem::path ownPresetsFile()
{
    const char* config = std::getenv("XDG_CONFIG_HOME");
    if (config && *config == '/') // a relative one is to be ignored, says the XDG specification
        return std::filesystem::path(config) / "bitscape" / "presets.json";
    const char* home = std::getenv("HOME");
    if (!home || !*home)
        return {};
    return std::filesystem::path(home) / ".config" / "bitscape" / "presets.json";
}

std::vector<Preset> ownPresets(const std::filesystem::path& file, RunKind kind)
{
    std::vector<Preset> own;
    for (StoredPreset& stored : readPresetFile(file))
        if (stored.kind == kind)
            own.push_back(std::move(stored.preset));
    std::ranges::sort(own, {}, &Preset::name);
    return own;
}

std::string whyUnfit(RunKind kind, const Preset& preset)
{
    try {
        completeParameters(kind, preset.values);
    } catch (const Error& error) {
        return "The preset '" + preset.name + "' does not fit: " + error.what();
    }
    return {};
}

Preset namedPreset(const std::filesystem::path& file, RunKind kind, const std::string& name)
{
    if (isBuiltIn(kind, name))
        return presetOf(kind, name);
    const std::vector<Preset> own = ownPresets(file, kind);
    const auto found = std::ranges::find(own, name, &Preset::name);
    if (found != own.end())
        return *found;
    std::vector<std::string> names;
    for (const auto& presets : { presetsOf(kind), own })
        for (const Preset& preset : presets)
            names.push_back(preset.name);
    throw Error(ErrorCode::BadArgument,
        "unknown preset '" + shown(name) + "' for " + toString(kind) + ": "
            + (names.empty() ? "leave it out, there are none" : "give one of " + joined(names, ", ")));
}

void saveOwnPreset(const std::filesystem::path& file, RunKind kind, const std::string& name, const json& values, Existing existing)
{
    checkPresetName(kind, name);
    const json kept = differing(kind, completeParameters(kind, values));
    if (kept.empty())
        throw Error(ErrorCode::BadArgument, "the preset '" + name + "' would only hold defaults: change a parameter first");
    changePresetFile(file, [&](std::vector<StoredPreset>& presets) {
        const auto found = std::ranges::find_if(presets, isOf(kind, name));
        if (found == presets.end())
            presets.push_back({ kind, { name, name, {}, kept } });
        else if (existing == Existing::Refuse)
            throw Error(ErrorCode::BadArgument,
                "there is a preset '" + name + "' for " + toString(kind) + " already: replace it, or give another name");
        else
            found->preset.values = kept;
    });
}

void removeOwnPreset(const std::filesystem::path& file, RunKind kind, const std::string& name)
{
    if (isBuiltIn(kind, name))
        throw Error(ErrorCode::BadArgument, "'" + name + "' is a built-in preset of " + toString(kind) + ": it cannot be removed");
    changePresetFile(file, [&](std::vector<StoredPreset>& presets) {
        if (std::erase_if(presets, isOf(kind, name)) == 0)
            throw Error(ErrorCode::BadArgument, "there is no preset '" + shown(name) + "' of your own for " + toString(kind));
    });
}

} // namespace bitscape
