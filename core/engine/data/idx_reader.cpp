// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/idx_reader.h"

#include "core/engine/data/byte_stream.h"
#include "core/engine/data/data_limits.h"
#include "core/engine/data/idx_files.h"
#include "core/engine/data/source_file.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace bitscape {

namespace {

constexpr std::size_t kPieceBytes = std::size_t { 1 } << 20; // some milliseconds of work
constexpr unsigned kUnsignedByte = 0x08;

std::string hex(unsigned value, int digits)
{
    char text[16];
    std::snprintf(text, sizeof text, "0x%0*X", digits, value);
    return text;
}

std::string typeName(unsigned type)
{
    switch (type) {
    case 0x09:
        return "signed bytes";
    case 0x0B:
        return "16-bit integers";
    case 0x0C:
        return "32-bit integers";
    case 0x0D:
        return "floats";
    case 0x0E:
        return "doubles";
    default:
        return "values of an unknown type";
    }
}

/// One IDX file while it is read: its header first, then its values.
class IdxFile final {
public:
    explicit IdxFile(const std::filesystem::path& path)
        : m_file(path)
        , m_stream(m_file)
    {
    }

    const std::filesystem::path& path() const { return m_file.path(); }
    std::uint64_t size() const { return m_file.size(); }
    FileDigest digest() { return m_file.digest(); }

    /// The sizes of all dimensions; checks everything but how many there are.
    std::vector<std::uint32_t> readHeader();

    /// Throws unless the file can have that many values behind its header, and no more where that can be told from its size.
    void checkLength(std::uint64_t count);

    /// Exactly `count` values up to the end of the file. `start` is what the progress says at the file's beginning.
    std::vector<std::uint8_t> readValues(std::uint64_t count, ReadProgress& progress, std::uint64_t start);

private:
    std::uint32_t readNumber();
    [[noreturn]] void refuseLength(std::uint64_t claimed, const std::string& actual);

    SourceFile m_file;
    ByteStream m_stream;
    std::uint64_t m_headerBytes = 0;
};

std::uint32_t IdxFile::readNumber()
{
    std::array<std::uint8_t, 4> bytes {};
    if (m_stream.read(bytes) < bytes.size())
        refuseFile(path(), "is cut short within its header; get the file again.");
    m_headerBytes += bytes.size();
    return std::uint32_t { bytes[0] } << 24 | std::uint32_t { bytes[1] } << 16 | std::uint32_t { bytes[2] } << 8 | bytes[3];
}

std::vector<std::uint32_t> IdxFile::readHeader()
{
    if (size() == 0)
        refuseFile(path(), "is empty; get the file again.");
    const std::uint32_t magic = readNumber();
    const unsigned type = magic >> 8 & 0xFF;
    const unsigned dimensions = magic & 0xFF;
    if (magic >> 16 != 0 || dimensions == 0)
        refuseFile(
            path(), "is not an IDX file: it begins with " + hex(magic, 8) + ", not with 0x00000803 (images) or 0x00000801 (labels).");
    if (type != kUnsignedByte)
        refuseFile(path(), "holds " + typeName(type) + " (IDX type " + hex(type, 2) + "); only unsigned bytes (0x08) are read.");
    if (dimensions > 4)
        refuseFile(path(), "has " + std::to_string(dimensions) + " dimensions; labels have 1, images 3 or 4.");
    std::vector<std::uint32_t> sizes(dimensions);
    for (std::uint32_t& dimension : sizes)
        dimension = readNumber();
    if (sizes[0] == 0)
        refuseFile(path(), std::string("holds no ") + (dimensions == 1 ? "label" : "image") + ": its header says 0.");
    return sizes;
}

void IdxFile::refuseLength(std::uint64_t claimed, const std::string& actual)
{
    refuseFile(path(),
        "does not have the length that its header says: " + std::to_string(claimed) + " bytes of values are announced, " + actual
            + " follow; get the file again.");
}

void IdxFile::checkLength(std::uint64_t count)
{
    const std::uint64_t most = m_stream.mostBytes();
    const std::uint64_t available = most > m_headerBytes ? most - m_headerBytes : 0;
    if (m_stream.compressed() && count > available)
        refuseLength(count, "at most " + std::to_string(available));
    if (!m_stream.compressed() && count != available)
        refuseLength(count, std::to_string(available));
}

std::vector<std::uint8_t> IdxFile::readValues(std::uint64_t count, ReadProgress& progress, std::uint64_t start)
{
    progress.setStage("reading " + path().filename().string());
    std::vector<std::uint8_t> values;
    while (values.size() < count) {
        // Memory follows what is really there: a compressed file's header is not believed.
        const auto done = values.size();
        const auto piece = static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, count - done));
        if (values.capacity() < done + piece)
            values.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(count, std::max(2 * done, kPieceBytes))));
        values.resize(done + piece);
        const std::size_t got = m_stream.read(std::span(values).subspan(done));
        if (got < piece)
            refuseLength(count, std::to_string(done + got));
        progress.at(static_cast<double>(start + m_file.consumed()));
    }
    if (!m_stream.atEnd())
        refuseLength(count, "more");
    return values;
}

/// Reads the four files and counts what was read of them.
class IdxReader final {
public:
    IdxReader(const IdxFiles& files, JobContext& context);

    ImageSet read();

private:
    struct OpenPart {
        IdxFile images;
        IdxFile labels;
    };

    void readPart(OpenPart& part, ImagePart& out, ImageShape& shape);
    std::vector<std::uint8_t> readAll(IdxFile& file, std::uint64_t count);

    OpenPart m_train;
    OpenPart m_test;
    ReadProgress m_progress;
    std::uint64_t m_done = 0;
    std::vector<FileDigest> m_digests;
};

IdxReader::IdxReader(const IdxFiles& files, JobContext& context)
    : m_train { IdxFile(files.train.images), IdxFile(files.train.labels) }
    , m_test { IdxFile(files.test.images), IdxFile(files.test.labels) }
    , m_progress(context, static_cast<double>(m_train.images.size() + m_train.labels.size() + m_test.images.size() + m_test.labels.size()))
{
}

std::vector<std::uint8_t> IdxReader::readAll(IdxFile& file, std::uint64_t count)
{
    auto values = file.readValues(count, m_progress, m_done);
    m_digests.push_back(file.digest());
    m_done += file.size();
    return values;
}

/// How many labels a label file's header says.
std::uint64_t labelCountOf(IdxFile& file)
{
    const auto sizes = file.readHeader();
    if (sizes.size() != 1)
        refuseFile(file.path(),
            "is an image file (its header has " + std::to_string(sizes.size()) + " dimensions), but labels are expected there.");
    return sizes[0];
}

/// The shape that an images file's header says, within the limits.
ImageShape shapeOf(const IdxFile& file, const std::vector<std::uint32_t>& sizes)
{
    if (sizes.size() < 3) {
        const std::string what = sizes.size() == 1 ? "is a label file" : "has 2 dimensions";
        refuseFile(file.path(), what + ", but images are expected there ([N,H,W] or [N,C,H,W]).");
    }
    const std::uint32_t channels = sizes.size() == 4 ? sizes[1] : 1;
    const std::uint32_t height = sizes[sizes.size() - 2];
    const std::uint32_t width = sizes[sizes.size() - 1];
    const auto within = [](std::uint32_t value, std::uint64_t most) { return value >= 1 && value <= most; };
    if (!within(channels, kMaxImageChannels) || !within(height, kMaxImageSide) || !within(width, kMaxImageSide)) {
        refuseFile(file.path(),
            "announces images of " + std::to_string(channels) + " channels and " + std::to_string(height) + "x" + std::to_string(width)
                + " pixels; 1 to 16 channels and 1x1 to 1024x1024 pixels are read.");
    }
    return { static_cast<int>(channels), static_cast<int>(height), static_cast<int>(width) };
}

/// Holds what both headers say against each other, the limits and the files' sizes, before anything is allocated for it.
void checkClaims(IdxFile& imageFile, std::uint64_t images, const ImageShape& shape, IdxFile& labelFile, std::uint64_t labels)
{
    if (images != labels) {
        refuseFile(imageFile.path(),
            "announces " + std::to_string(images) + " images, but " + quotedPath(labelFile.path()) + " announces " + std::to_string(labels)
                + " labels; the two files do not belong together.");
    }
    const std::uint64_t bytes = images * static_cast<std::uint64_t>(shape.size());
    if (bytes > kMaxPartBytes)
        refuseFile(imageFile.path(), "announces more than the 16 GiB of pixels that are read at most.");
    labelFile.checkLength(labels);
    imageFile.checkLength(bytes);
}

void IdxReader::readPart(OpenPart& part, ImagePart& out, ImageShape& shape)
{
    const std::uint64_t count = labelCountOf(part.labels);
    const auto sizes = part.images.readHeader();
    const ImageShape found = shapeOf(part.images, sizes);
    if (shape.size() > 0 && found != shape) {
        refuseFile(part.images.path(),
            "has images of another shape than the training images in " + quotedPath(m_train.images.path())
                + "; all images of a data set must have the same.");
    }
    shape = found;
    checkClaims(part.images, sizes[0], shape, part.labels, count);
    const auto labels = readAll(part.labels, count);
    out.labels.assign(labels.begin(), labels.end());
    out.pixels = readAll(part.images, count * static_cast<std::uint64_t>(shape.size()));
}

ImageSet IdxReader::read()
{
    ImageSet set;
    readPart(m_train, set.train, set.shape);
    const unsigned last = *std::max_element(set.train.labels.begin(), set.train.labels.end());
    for (unsigned label = 0; label <= last; ++label)
        set.classNames.push_back(std::to_string(label));
    readPart(m_test, set.test, set.shape);
    const auto beyond = std::find_if(set.test.labels.begin(), set.test.labels.end(), [&](unsigned label) { return label > last; });
    if (beyond != set.test.labels.end()) {
        refuseFile(m_test.labels.path(),
            "gives image " + std::to_string(beyond - set.test.labels.begin()) + " (counted from 0) the label " + std::to_string(*beyond)
                + ", but the training labels end at " + std::to_string(last) + ".");
    }
    set.fingerprint = fingerprintOf("idx", m_digests);
    return set;
}

} // namespace

ImageSet readIdx(const std::filesystem::path& folder, JobContext& context)
{
    return IdxReader(findIdxFiles(folder), context).read();
}

} // namespace bitscape
