// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/idx_files.h"

#include "core/engine/data/source_file.h"

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace bitscape {

namespace {

constexpr std::string_view kCompressed = ".gz";
constexpr std::string_view kEmnist = "emnist-";

/// What a file's name says: "emnist-letters-train-images.idx3-ubyte.gz" is part "train", content "images" of "emnist-letters-".
struct IdxName {
    std::string set; ///< "" or "emnist-SPLIT-"
    bool train = false;
    bool images = false;
};

struct Ending {
    std::string_view text;
    bool train;
    bool images;
    bool emnist;
};

constexpr Ending kEndings[] = {
    { "train-images-idx3-ubyte", true, true, false },
    { "train-images-idx4-ubyte", true, true, false },
    { "train-labels-idx1-ubyte", true, false, false },
    { "t10k-images-idx3-ubyte", false, true, false },
    { "t10k-images-idx4-ubyte", false, true, false },
    { "t10k-labels-idx1-ubyte", false, false, false },
    { "test-images-idx3-ubyte", false, true, true },
    { "test-images-idx4-ubyte", false, true, true },
    { "test-labels-idx1-ubyte", false, false, true },
};

std::optional<IdxName> parseName(std::string name)
{
    if (name.ends_with(kCompressed))
        name.resize(name.size() - kCompressed.size());
    if (const auto dot = name.rfind(".idx"); dot != std::string::npos)
        name[dot] = '-';
    for (const Ending& ending : kEndings) {
        if (!name.ends_with(ending.text))
            continue;
        const std::string set = name.substr(0, name.size() - ending.text.size());
        const bool emnist = set.starts_with(kEmnist) && set.ends_with('-');
        if (emnist || (set.empty() && !ending.emnist))
            return IdxName { set, ending.train, ending.images };
    }
    return std::nullopt;
}

struct FoundFiles {
    IdxFiles files;
    std::set<std::string> sets;

    std::filesystem::path& slot(const IdxName& name)
    {
        IdxPair& pair = name.train ? files.train : files.test;
        return name.images ? pair.images : pair.labels;
    }
};

void take(FoundFiles& found, const std::filesystem::path& file)
{
    const auto name = parseName(file.filename().string());
    if (!name)
        return;
    found.sets.insert(name->set);
    std::filesystem::path& slot = found.slot(*name);
    // Of several files for the same thing the one that sorts first is read: "X" before "X.gz".
    if (slot.empty() || file < slot)
        slot = file;
}

void requireAll(const FoundFiles& found, const std::filesystem::path& folder)
{
    const std::string set = found.sets.empty() ? std::string() : *found.sets.begin();
    const std::string test = set.empty() ? "t10k" : set + "test";
    const std::pair<const std::filesystem::path*, std::string> slots[] = {
        { &found.files.train.images, set + "train-images-idx3-ubyte" },
        { &found.files.train.labels, set + "train-labels-idx1-ubyte" },
        { &found.files.test.images, test + "-images-idx3-ubyte" },
        { &found.files.test.labels, test + "-labels-idx1-ubyte" },
    };
    for (const auto& [file, name] : slots) {
        if (file->empty())
            refuseFile(folder / name, "is missing, with and without \".gz\": an idx data set is a folder with four such files.");
    }
}

} // namespace

IdxFiles findIdxFiles(const std::filesystem::path& folder)
{
    requireFolder(folder);
    FoundFiles found;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        take(found, entry.path());
    if (found.sets.size() > 1) {
        refuseFile(folder,
            "holds more than one data set (\"" + *found.sets.begin() + "...\" and \"" + *found.sets.rbegin()
                + "...\"): give each a folder of its own.");
    }
    requireAll(found, folder);
    return found.files;
}

} // namespace bitscape
