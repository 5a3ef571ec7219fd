// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/folder_reader.h"

#include "core/engine/data/data_limits.h"
#include "core/engine/data/folder_listing.h"
#include "core/engine/data/image_decoder.h"
#include "core/engine/data/parallel.h"
#include "core/engine/data/source_file.h"

#include <algorithm>
#include <span>
#include <thread>
#include <vector>

namespace bitscape {

namespace {

constexpr std::int64_t kPixelsPerRound = 1 << 18; // about 10 ms of work
constexpr std::int64_t kMostFilesPerRound = 256;
constexpr unsigned kFewestThreads = 4; // more than cores, perhaps: a slow disk's waits overlap
constexpr unsigned kMostThreads = 8;

/// Thrown where a coloured image turns up in what looked like a grey set.
struct ColourFound final { };

struct LoadedFile {
    DecodedImage image;
    FileDigest digest;
};

LoadedFile loadFile(const std::filesystem::path& root, const std::string& name)
{
    const std::filesystem::path path = root / name;
    WholeFile file = readWholeFile(path, kMaxImageFileBytes);
    file.digest.name = name;
    return { decodeImage(file.bytes, path), std::move(file.digest) };
}

std::string sizeText(const ImageShape& shape)
{
    return std::to_string(shape.width) + "x" + std::to_string(shape.height) + " pixels";
}

/// One pass over all files, for a set of a given shape.
class FolderPass final {
public:
    FolderPass(const std::filesystem::path& root, const FolderListing& listing, const ImageShape& shape, JobContext& context)
        : m_root(root)
        , m_listing(listing)
        , m_shape(shape)
        , m_progress(context, static_cast<double>(listing.train.size() + listing.test.size()))
    {
    }

    /// Throws ColourFound if the shape is grey and an image is not.
    ImageSet read();

private:
    void readPart(const std::vector<ListedImage>& files, ImagePart& part);
    void loadInto(const ListedImage& file, std::span<std::uint8_t> pixels, FileDigest& digest) const;

    const std::filesystem::path& m_root;
    const FolderListing& m_listing;
    ImageShape m_shape;
    ReadProgress m_progress;
    std::size_t m_threads = std::clamp(std::thread::hardware_concurrency(), kFewestThreads, kMostThreads);
    std::size_t m_done = 0;
    std::vector<FileDigest> m_digests;
};

void FolderPass::loadInto(const ListedImage& file, std::span<std::uint8_t> pixels, FileDigest& digest) const
{
    LoadedFile loaded = loadFile(m_root, file.name);
    const ImageShape& shape = loaded.image.shape;
    if (shape.height != m_shape.height || shape.width != m_shape.width) {
        refuseFile(m_root / file.name,
            "has " + sizeText(shape) + ", but " + quotedPath(m_root / m_listing.train[0].name) + " has " + sizeText(m_shape)
                + "; all images of a data set must have the same size.");
    }
    if (shape.channels > m_shape.channels)
        throw ColourFound {};
    // A grey image repeats its one channel.
    for (auto rest = pixels; !rest.empty(); rest = rest.subspan(loaded.image.pixels.size()))
        std::copy(loaded.image.pixels.begin(), loaded.image.pixels.end(), rest.begin());
    digest = std::move(loaded.digest);
}

void FolderPass::readPart(const std::vector<ListedImage>& files, ImagePart& part)
{
    const auto imageBytes = static_cast<std::size_t>(m_shape.size());
    const auto round = static_cast<std::size_t>(std::clamp<std::int64_t>(kPixelsPerRound / m_shape.size(), 1, kMostFilesPerRound));
    if (files.size() * imageBytes > kMaxPartBytes)
        refuseFile(m_root, "holds images of more than 16 GiB of pixels, which is the most that is read.");
    part.pixels.reserve(files.size() * imageBytes);
    std::vector<FileDigest> digests(files.size());
    for (std::size_t first = 0; first < files.size(); first += round) {
        const std::size_t last = std::min(first + round, files.size());
        part.pixels.resize(last * imageBytes);
        parallelFor(first, last, m_threads,
            [&](std::size_t i) { loadInto(files[i], std::span(part.pixels).subspan(i * imageBytes, imageBytes), digests[i]); });
        m_done += last - first;
        m_progress.at(static_cast<double>(m_done));
    }
    for (const ListedImage& file : files)
        part.labels.push_back(file.label);
    std::move(digests.begin(), digests.end(), std::back_inserter(m_digests));
}

ImageSet FolderPass::read()
{
    ImageSet set;
    set.shape = m_shape;
    set.classNames = m_listing.classNames;
    m_progress.setStage("reading the training images");
    readPart(m_listing.train, set.train);
    m_progress.setStage("reading the test images");
    readPart(m_listing.test, set.test);
    set.fingerprint = fingerprintOf("folder", m_digests);
    return set;
}

} // namespace

ImageSet readFolder(const std::filesystem::path& folder, JobContext& context)
{
    const FolderListing listing = listFolder(folder, context);
    ImageShape shape = loadFile(folder, listing.train[0].name).image.shape;
    try {
        return FolderPass(folder, listing, shape, context).read();
    } catch (const ColourFound&) {
        shape.channels = 3;
        return FolderPass(folder, listing, shape, context).read();
    }
}

} // namespace bitscape
