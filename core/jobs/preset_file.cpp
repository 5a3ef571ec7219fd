// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/preset_file.h"

#include "core/base/error.h"
#include "core/base/whole_file.h"
#include "core/jobs/parameter_values.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace bitscape {

using nlohmann::json;

namespace {

constexpr int kVersion = 1;
constexpr std::uintmax_t kLargestFile = 4 << 20; ///< bytes; a person's presets are a few thousand
constexpr std::array kKinds { RunKind::Train, RunKind::Score, RunKind::Search, RunKind::Edit, RunKind::Refine, RunKind::Step,
    RunKind::Evaluate, RunKind::Import, RunKind::Export };

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what)
{
    throw Error(ErrorCode::BadInput, "the file of your presets, '" + file.string() + "', " + what + ": repair it or delete it");
}

[[noreturn]] void cannotWrite(const std::filesystem::path& file, const std::string& why)
{
    throw Error(ErrorCode::Store, "presets cannot be written to '" + file.string() + "': " + why);
}

std::optional<RunKind> kindNamed(const std::string& word)
{
    for (const RunKind kind : kKinds)
        if (toString(kind) == word)
            return kind;
    return std::nullopt;
}

StoredPreset presetFrom(const std::filesystem::path& file, const json& entry)
{
    const auto text = [&](const char* key) {
        const auto found = entry.is_object() ? entry.find(key) : entry.end();
        if (!entry.is_object() || found == entry.end() || !found->is_string())
            refuse(file, std::string("has a preset without '") + key + "'");
        return found->get<std::string>();
    };
    const auto kind = kindNamed(text("kind"));
    if (!kind)
        refuse(file, "has a preset for '" + shown(text("kind")) + "', which is no kind of run");
    const auto values = entry.find("values");
    if (values == entry.end() || !values->is_object())
        refuse(file, "has a preset without 'values'");
    return { *kind, { text("name"), text("name"), {}, *values } };
}

/// A closed file descriptor at the end of the block.
struct Descriptor {
    int number;
    explicit Descriptor(int opened)
        : number(opened)
    {
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor()
    {
        if (number >= 0)
            ::close(number);
    }
};

std::string textOf(const std::vector<StoredPreset>& presets)
{
    json list = json::array();
    for (const StoredPreset& each : presets)
        list.push_back({ { "kind", toString(each.kind) }, { "name", each.preset.name }, { "values", each.preset.values } });
    return json({ { "version", kVersion }, { "presets", list } }).dump(2) + "\n";
}

} // namespace

std::vector<StoredPreset> readPresetFile(const std::filesystem::path& file)
{
    std::error_code failed;
    const auto size = std::filesystem::file_size(file, failed);
    if (failed == std::errc::no_such_file_or_directory)
        return {};
    std::ifstream in(file, std::ios::binary);
    if (failed || !in)
        refuse(file, "cannot be read");
    if (size > kLargestFile)
        refuse(file, "is too large to be one");
    const json all = json::parse(in, nullptr, false);
    if (!all.is_object() || !all.contains("version") || !all["version"].is_number_integer() || !all.contains("presets")
        || !all["presets"].is_array())
        refuse(file, "is damaged");
    if (all["version"] > kVersion)
        refuse(file, "was written by a newer version of Bitscape");
    std::vector<StoredPreset> presets;
    for (const json& entry : all["presets"])
        presets.push_back(presetFrom(file, entry));
    return presets;
}

void changePresetFile(const std::filesystem::path& file, const std::function<void(std::vector<StoredPreset>&)>& change)
{
    if (file.empty())
        throw Error(ErrorCode::Store, "there is no place for presets of your own: set HOME or XDG_CONFIG_HOME");
    std::error_code failed;
    std::filesystem::create_directories(file.parent_path(), failed);
    const std::filesystem::path target = std::filesystem::weakly_canonical(file, failed); // a link stays one
    const auto& place = failed ? file : target;
    const Descriptor lock(::open((place.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    if (lock.number < 0 || ::flock(lock.number, LOCK_EX) != 0)
        cannotWrite(file, std::strerror(errno));
    auto presets = readPresetFile(place);
    change(presets);
    writeWholeFile(place, textOf(presets), Existing::Replace);
}

} // namespace bitscape
