// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/folder_listing.h"

#include "core/base/random.h"
#include "core/engine/data/source_file.h"

#include <algorithm>
#include <limits>
#include <string_view>

namespace bitscape {

namespace {

constexpr std::size_t kEntriesPerCheckpoint = 1024;

bool isHidden(const std::filesystem::path& path)
{
    return path.filename().string().starts_with('.');
}

bool isImageName(const std::filesystem::path& path)
{
    std::string ending = path.extension().string();
    std::transform(
        ending.begin(), ending.end(), ending.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return ending == ".png" || ending == ".jpg" || ending == ".jpeg";
}

/// The names of the class folders in train/ or test/, in byte order.
std::vector<std::string> classFolders(const std::filesystem::path& part)
{
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(part)) {
        if (!entry.is_directory() || isHidden(entry.path()))
            continue;
        names.push_back(entry.path().filename().string());
        if (!isPrintableUtf8(names.back()))
            refuseFile(entry.path(), "has a name that is not UTF-8 text: rename it, it is a class's name.");
    }
    std::sort(names.begin(), names.end());
    if (names.empty())
        refuseFile(part, "holds no class folder: put each class's images into a folder of its own there.");
    if (names.size() > std::numeric_limits<std::uint16_t>::max())
        refuseFile(part, "holds " + std::to_string(names.size()) + " class folders; at most 65535 are read.");
    return names;
}

class Lister final {
public:
    Lister(std::filesystem::path root, JobContext& context)
        : m_root(std::move(root))
        , m_context(context)
    {
    }

    FolderListing list();

private:
    std::vector<ListedImage> listPart(const std::string& part, const std::vector<std::string>& classNames);
    std::vector<std::string> imageNames(const std::filesystem::path& folder);
    void noteSkipped(const std::filesystem::path& file);

    std::filesystem::path m_root;
    JobContext& m_context;
    std::size_t m_entries = 0;
    std::size_t m_skipped = 0;
    std::filesystem::path m_firstSkipped;
};

void Lister::noteSkipped(const std::filesystem::path& file)
{
    // The order of a directory is the file system's: name the same file every time.
    if (m_skipped++ == 0 || file < m_firstSkipped)
        m_firstSkipped = file;
}

std::vector<std::string> Lister::imageNames(const std::filesystem::path& folder)
{
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (m_entries++ % kEntriesPerCheckpoint == 0)
            m_context.checkpoint();
        if (isHidden(entry.path()))
            continue;
        if (entry.is_directory())
            refuseFile(entry.path(), "is a folder within a class folder: put the images right into the class folder.");
        if (entry.is_regular_file() && isImageName(entry.path()))
            names.push_back(entry.path().filename().string());
        else
            noteSkipped(entry.path());
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<ListedImage> Lister::listPart(const std::string& part, const std::vector<std::string>& classNames)
{
    std::vector<ListedImage> images;
    for (const std::string& name : classFolders(m_root / part)) {
        const auto known = std::lower_bound(classNames.begin(), classNames.end(), name);
        if (known == classNames.end() || *known != name)
            refuseFile(m_root / part / name, "is a class that " + quotedPath(m_root / "train") + " does not have.");
        const auto label = static_cast<std::uint16_t>(known - classNames.begin());
        const auto files = imageNames(m_root / part / name);
        if (files.empty() && part == "train")
            refuseFile(m_root / part / name, "holds no PNG or JPEG image, but a class needs some for training.");
        for (const std::string& file : files)
            images.push_back({ part + "/" + name + "/" + file, label });
    }
    if (images.empty())
        refuseFile(m_root / part, "holds no PNG or JPEG image in its class folders.");
    return images;
}

FolderListing Lister::list()
{
    requireFolder(m_root);
    requireFolder(m_root / "train");
    requireFolder(m_root / "test");
    FolderListing listing;
    listing.classNames = classFolders(m_root / "train");
    listing.train = listPart("train", listing.classNames);
    listing.test = listPart("test", listing.classNames);
    Random trainOrder(kFolderTrainOrderSeed);
    shuffle(listing.train, trainOrder);
    Random testOrder(kFolderTestOrderSeed);
    shuffle(listing.test, testOrder);
    if (m_skipped > 0)
        m_context.log("Skipped " + std::to_string(m_skipped) + " files that are neither PNG nor JPEG, the first of them "
            + quotedPath(m_firstSkipped) + ".");
    return listing;
}

} // namespace

FolderListing listFolder(const std::filesystem::path& folder, JobContext& context)
{
    return Lister(folder, context).list();
}

} // namespace bitscape
