// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/zip_archive.h"

#include "core/base/error.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <set>

namespace bitscape {
namespace {

constexpr std::size_t kEndSize = 22, kLocatorSize = 20, kEnd64Size = 56, kHeaderSize = 46, kLocalSize = 30;
constexpr std::uint64_t kMostEntries = 65000;
constexpr std::uint64_t kLargestDirectory = std::uint64_t { 16 } << 20;
constexpr std::size_t kLongestName = 1024;

/// A little-endian number.
template <typename Number> Number numberAt(const void* bytes)
{
    Number number;
    std::memcpy(&number, bytes, sizeof number);
    return number;
}

/// Fields of 0xFFFFFFFF stand in an extra field of their own, in this order.
void widen(const std::string& extra, std::initializer_list<std::uint64_t*> fields)
{
    std::size_t at = 0;
    while (at + 4 <= extra.size()) {
        const auto id = numberAt<std::uint16_t>(extra.data() + at);
        const std::size_t size = numberAt<std::uint16_t>(extra.data() + at + 2), begin = at + 4;
        at = begin + size;
        if (id != 1 || at > extra.size())
            continue;
        std::size_t next = begin;
        for (std::uint64_t* field : fields) {
            if (*field != 0xFFFFFFFF || next + 8 > at)
                continue;
            *field = numberAt<std::uint64_t>(extra.data() + next);
            next += 8;
        }
        return;
    }
}

std::uint32_t checksum(std::uint32_t before, const void* bytes, std::size_t count)
{
    return static_cast<std::uint32_t>(crc32(before, static_cast<const Bytef*>(bytes), static_cast<uInt>(count)));
}

/// A raw deflate stream of a known size, or nothing.
bool inflated(const std::string& stored, std::string& content)
{
    z_stream stream {};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return false;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(stored.data()));
    stream.avail_in = static_cast<uInt>(stored.size());
    stream.next_out = reinterpret_cast<Bytef*>(content.data());
    stream.avail_out = static_cast<uInt>(content.size());
    const int result = inflate(&stream, Z_FINISH);
    const bool whole = result == Z_STREAM_END && stream.avail_out == 0;
    inflateEnd(&stream);
    return whole;
}

} // namespace

ZipArchive::ZipArchive(const std::filesystem::path& file)
    : m_fileName(file.filename().string())
{
    std::error_code error;
    if (!std::filesystem::is_regular_file(file, error))
        throw Error(ErrorCode::BadInput, "'" + file.string() + "' is not a file that can be read.");
    m_size = std::filesystem::file_size(file, error);
    m_file.open(file, std::ios::binary);
    if (!m_file || error)
        throw Error(ErrorCode::BadInput, "'" + file.string() + "' cannot be read.");
    if (m_size > kLargestFile)
        refuse("is larger than 4 GiB, which no network here needs");
    std::array<char, 4> magic {};
    if (m_size >= kEndSize)
        readRaw(0, magic.data(), magic.size());
    if (numberAt<std::uint32_t>(magic.data()) != 0x04034b50)
        refuse("is not a zip file, which a TorchScript file is");
    readDirectory();
    checkOverlaps();
    takeFolder();
}

void ZipArchive::refuse(const std::string& what) const
{
    throw Error(ErrorCode::BadInput, "'" + m_fileName + "' " + what + ".");
}

void ZipArchive::readRaw(std::uint64_t position, void* bytes, std::size_t count)
{
    if (position > m_size || count > m_size - position)
        refuse("ends before its directory says");
    m_file.seekg(static_cast<std::streamoff>(position));
    if (!m_file.read(static_cast<char*>(bytes), static_cast<std::streamsize>(count)))
        refuse("cannot be read");
}

ZipArchive::Directory ZipArchive::locateDirectory()
{
    std::string tail(std::min<std::uint64_t>(m_size, 65535 + kEndSize), '\0');
    readRaw(m_size - tail.size(), tail.data(), tail.size());
    const std::size_t at = tail.rfind("PK\x05\x06");
    if (at == std::string::npos || tail.size() - at < kEndSize)
        refuse("has no directory: it is truncated, or not a zip file");
    const char* end = tail.data() + at;
    if (numberAt<std::uint16_t>(end + 20) != tail.size() - at - kEndSize)
        refuse("goes on behind its directory");
    Directory directory { numberAt<std::uint16_t>(end + 10), numberAt<std::uint32_t>(end + 12), numberAt<std::uint32_t>(end + 16) };
    std::uint64_t limit = m_size - tail.size() + at;
    if (at >= kLocatorSize && std::memcmp(end - kLocatorSize, "PK\x06\x07", 4) == 0) {
        std::array<char, kEnd64Size> wide {};
        limit = numberAt<std::uint64_t>(end - kLocatorSize + 8);
        readRaw(limit, wide.data(), wide.size());
        if (std::memcmp(wide.data(), "PK\x06\x06", 4) != 0)
            refuse("has a damaged directory");
        directory = { numberAt<std::uint64_t>(wide.data() + 32), numberAt<std::uint64_t>(wide.data() + 40),
            numberAt<std::uint64_t>(wide.data() + 48) };
    }
    if (directory.entries > kMostEntries || directory.size > kLargestDirectory || directory.position > limit
        || directory.size > limit - directory.position || directory.entries > directory.size / kHeaderSize)
        refuse("has a directory that does not fit it: it is damaged or truncated");
    return directory;
}

void ZipArchive::readDirectory()
{
    const Directory directory = locateDirectory();
    std::string bytes(directory.size, '\0');
    readRaw(directory.position, bytes.data(), bytes.size());
    std::size_t at = 0;
    for (std::uint64_t i = 0; i < directory.entries; ++i) {
        if (bytes.size() - at < kHeaderSize || std::memcmp(bytes.data() + at, "PK\x01\x02", 4) != 0)
            refuse("has a damaged directory");
        const char* header = bytes.data() + at;
        const std::size_t name = numberAt<std::uint16_t>(header + 28), extra = numberAt<std::uint16_t>(header + 30),
                          comment = numberAt<std::uint16_t>(header + 32);
        if (name == 0 || name > kLongestName || name + extra + comment > bytes.size() - at - kHeaderSize)
            refuse("has a damaged directory");
        Entry entry = readEntry(reinterpret_cast<const unsigned char*>(header), bytes.substr(at + kHeaderSize, name),
            bytes.substr(at + kHeaderSize + name, extra));
        placeEntry(entry, directory);
        m_entries.push_back(std::move(entry));
        at += kHeaderSize + name + extra + comment;
    }
    std::uint64_t compressed = 0;
    for (const Entry& entry : m_entries)
        compressed += entry.deflated ? entry.size : 0;
    if (m_entries.empty() || compressed > kMostInflated)
        refuse("is empty, or packs more than " + std::to_string(kMostInflated >> 20) + " MiB of script");
}

ZipArchive::Entry ZipArchive::readEntry(const unsigned char* header, const std::string& name, const std::string& extra)
{
    Entry entry;
    entry.name = name;
    const auto flags = numberAt<std::uint16_t>(header + 8), method = numberAt<std::uint16_t>(header + 10);
    entry.crc = numberAt<std::uint32_t>(header + 16);
    entry.stored = numberAt<std::uint32_t>(header + 20);
    entry.size = numberAt<std::uint32_t>(header + 24);
    entry.header = numberAt<std::uint32_t>(header + 42);
    widen(extra, { &entry.size, &entry.stored, &entry.header });
    entry.deflated = method == 8;
    if ((flags & 1) != 0 || (method != 0 && method != 8))
        refuse("has an entry '" + name + "' that is encrypted, or compressed in an unknown way");
    if ((!entry.deflated && entry.size != entry.stored) || entry.size > kLargestFile)
        refuse("has an entry '" + name + "' whose sizes do not fit");
    return entry;
}

void ZipArchive::placeEntry(Entry& entry, const Directory& directory)
{
    std::array<char, kLocalSize> local {};
    readRaw(entry.header, local.data(), local.size());
    if (numberAt<std::uint32_t>(local.data()) != 0x04034b50)
        refuse("has no entry '" + entry.name + "' where its directory says");
    entry.data = entry.header + kLocalSize + numberAt<std::uint16_t>(local.data() + 26) + numberAt<std::uint16_t>(local.data() + 28);
    if (entry.data > directory.position || entry.stored > directory.position - entry.data)
        refuse("has an entry '" + entry.name + "' of " + std::to_string(entry.stored) + " bytes, which the file does not hold");
}

void ZipArchive::checkOverlaps() const
{
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
    for (const Entry& entry : m_entries)
        ranges.emplace_back(entry.header, entry.data + entry.stored);
    std::ranges::sort(ranges);
    for (std::size_t i = 1; i < ranges.size(); ++i) {
        if (ranges[i].first < ranges[i - 1].second)
            refuse("has entries that lie over each other");
    }
}

void ZipArchive::takeFolder()
{
    m_folder = m_entries.front().name.substr(0, m_entries.front().name.find('/'));
    std::set<std::string> names;
    for (Entry& entry : m_entries) {
        if (!entry.name.starts_with(m_folder + "/"))
            refuse("has an entry '" + entry.name + "' outside its folder '" + m_folder + "'");
        entry.name = entry.name.substr(m_folder.size() + 1);
        std::string lower = entry.name;
        std::ranges::transform(lower, lower.begin(), [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
        if (!names.insert(lower).second)
            refuse("has two entries called '" + entry.name + "'");
    }
}

const ZipArchive::Entry* ZipArchive::find(const std::string& name) const
{
    const auto found = std::ranges::find(m_entries, name, &Entry::name);
    return found == m_entries.end() ? nullptr : &*found;
}

std::string ZipArchive::read(const Entry& entry)
{
    std::string stored(entry.stored, '\0');
    readRaw(entry.data, stored.data(), stored.size());
    std::string content = entry.deflated ? std::string(entry.size, '\0') : std::move(stored);
    if (entry.deflated && !inflated(stored, content))
        refuse("has an entry '" + entry.name + "' that cannot be unpacked");
    if (checksum(0, content.data(), content.size()) != entry.crc)
        refuse("has an entry '" + entry.name + "' with a wrong checksum: the file is damaged");
    return content;
}

void ZipArchive::verify(const Entry& entry, JobContext& context)
{
    constexpr std::size_t kPiece = std::size_t { 1 } << 20;
    std::vector<char> piece(std::min<std::uint64_t>(kPiece, entry.stored));
    std::uint32_t crc = 0;
    for (std::uint64_t done = 0; done < entry.stored;) {
        context.checkpoint();
        const std::size_t count = std::min<std::uint64_t>(kPiece, entry.stored - done);
        readRaw(entry.data + done, piece.data(), count);
        crc = checksum(crc, piece.data(), count);
        done += count;
    }
    if (crc != entry.crc)
        refuse("has an entry '" + entry.name + "' with a wrong checksum: the file is damaged");
}

} // namespace bitscape
