// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/image_check.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace bitscape {

namespace {

constexpr std::array<std::uint8_t, 8> kPngSignature { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n' };
constexpr std::size_t kPngChunkOverhead = 12; // length, type, checksum
constexpr std::uint8_t kMarker = 0xFF;
constexpr std::uint8_t kStartOfImage = 0xD8;
constexpr std::uint8_t kStartOfScan = 0xDA;
constexpr std::uint8_t kEndOfImage = 0xD9;
constexpr std::uint8_t kHuffmanTables = 0xC4;
constexpr std::uint8_t kFirstRestart = 0xD0;
constexpr std::uint8_t kLastRestart = 0xD7;
constexpr const char* kCutShort = "is cut short";

std::uint32_t bigEndian(std::span<const std::uint8_t> bytes, std::size_t count)
{
    std::uint32_t value = 0;
    for (const std::uint8_t byte : bytes.first(count))
        value = value << 8 | byte;
    return value;
}

std::string pngDamage(std::span<const std::uint8_t> rest)
{
    rest = rest.subspan(kPngSignature.size());
    while (rest.size() >= kPngChunkOverhead) {
        const std::size_t length = bigEndian(rest, 4);
        if (length > rest.size() - kPngChunkOverhead)
            return kCutShort;
        const auto typeAndData = rest.subspan(4, length + 4);
        const auto sum = static_cast<std::uint32_t>(crc32(0, typeAndData.data(), static_cast<uInt>(typeAndData.size())));
        const std::string type(typeAndData.begin(), typeAndData.begin() + 4);
        if (sum != bigEndian(rest.subspan(length + 8), 4))
            return "is damaged: a checksum is wrong";
        if (type == "IEND")
            return {};
        rest = rest.subspan(length + kPngChunkOverhead);
    }
    return kCutShort;
}

/// Whether a segment's Huffman tables are within it and have at most 256 codes each: stb_image 2.27 writes past its own tables otherwise.
bool huffmanTablesAreSound(std::span<const std::uint8_t> tables)
{
    constexpr std::size_t kHead = 17; // the table's number and how many codes there are of each of 16 lengths
    while (!tables.empty()) {
        if (tables.size() < kHead)
            return false;
        const std::size_t codes = std::accumulate(tables.begin() + 1, tables.begin() + kHead, std::size_t { 0 });
        if (codes > 256 || kHead + codes > tables.size())
            return false;
        tables = tables.subspan(kHead + codes);
    }
    return true;
}

/// What follows a scan's header: the first marker that is neither a stuffed zero nor a restart.
std::span<const std::uint8_t> behindScan(std::span<const std::uint8_t> rest)
{
    const auto isData = [](std::uint8_t type) { return type == 0 || (type >= kFirstRestart && type <= kLastRestart); };
    while (rest.size() >= 2 && (rest[0] != kMarker || rest[1] == kMarker || isData(rest[1])))
        rest = rest.subspan(1);
    return rest;
}

std::string jpegDamage(std::span<const std::uint8_t> rest)
{
    rest = rest.subspan(2);
    while (rest.size() >= 2) {
        const std::uint8_t type = rest[1];
        if (rest[0] != kMarker)
            return "is damaged: a marker is missing";
        if (type == kEndOfImage)
            return {};
        if (type == kMarker) { // padding
            rest = rest.subspan(1);
            continue;
        }
        const std::size_t length = rest.size() >= 4 ? bigEndian(rest.subspan(2), 2) : 0;
        if (length > rest.size() - 2 || rest.size() < 4)
            return kCutShort;
        if (length < 2)
            return "is damaged: a segment has no length";
        if (type == kHuffmanTables && !huffmanTablesAreSound(rest.subspan(4, length - 2)))
            return "is damaged: a Huffman table is wrong";
        rest = rest.subspan(length + 2);
        if (type == kStartOfScan)
            rest = behindScan(rest);
    }
    return kCutShort;
}

} // namespace

std::string imageFileDamage(std::span<const std::uint8_t> bytes)
{
    if (bytes.empty())
        return "is empty";
    if (bytes.size() >= kPngSignature.size() && std::equal(kPngSignature.begin(), kPngSignature.end(), bytes.begin()))
        return pngDamage(bytes);
    if (bytes.size() >= 3 && bytes[0] == kMarker && bytes[1] == kStartOfImage && bytes[2] == kMarker)
        return jpegDamage(bytes);
    return "is neither a PNG nor a JPEG image";
}

} // namespace bitscape
