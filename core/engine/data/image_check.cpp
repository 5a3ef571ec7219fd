// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/image_check.h"

#include <zlib.h>

#include <algorithm>
#include <array>

namespace bitscape {

namespace {

constexpr std::array<std::uint8_t, 8> kPngSignature { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n' };
constexpr std::size_t kPngChunkOverhead = 12; // length, type, checksum
constexpr std::uint8_t kMarker = 0xFF;
constexpr std::uint8_t kStartOfImage = 0xD8;
constexpr std::uint8_t kStartOfScan = 0xDA;
constexpr std::array<std::uint8_t, 2> kEndOfImage { 0xFF, 0xD9 };
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

std::string jpegDamage(std::span<const std::uint8_t> rest)
{
    rest = rest.subspan(2);
    while (rest.size() >= 4) {
        if (rest[0] != kMarker)
            return "is damaged: a marker is missing";
        if (rest[1] == kMarker) { // padding
            rest = rest.subspan(1);
            continue;
        }
        const std::uint8_t type = rest[1];
        const std::size_t length = bigEndian(rest.subspan(2), 2);
        if (length < 2)
            return "is damaged: a segment has no length";
        if (length > rest.size() - 2)
            return kCutShort;
        rest = rest.subspan(length + 2);
        // Within a scan a marker byte is followed by 0 or a restart: the two bytes can only be the end.
        if (type == kStartOfScan)
            return std::search(rest.begin(), rest.end(), kEndOfImage.begin(), kEndOfImage.end()) == rest.end() ? kCutShort : std::string();
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
