// SPDX-License-Identifier: GPL-3.0-or-later
// Zip files of uncompressed entries, taken apart and put together again with right checksums: a fuzzer that only changes bytes never
// comes past them.
#pragma once

#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bitscape::fuzz {

using Records = std::vector<std::pair<std::string, std::string>>; ///< name and content, in order

template <typename Number> void put(std::string& bytes, Number number)
{
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

template <typename Number> Number get(std::string_view bytes, std::size_t at)
{
    Number number;
    std::memcpy(&number, bytes.data() + at, sizeof number);
    return number;
}

/// The entries from the start on, as far as they can be read.
inline Records recordsOf(std::string_view zip)
{
    Records records;
    std::size_t at = 0;
    while (zip.size() - at >= 30 && zip.substr(at, 4) == "PK\x03\x04") {
        const std::size_t size = get<std::uint32_t>(zip, at + 18), name = get<std::uint16_t>(zip, at + 26),
                          extra = get<std::uint16_t>(zip, at + 28);
        if (name + extra > zip.size() - at - 30 || size > zip.size() - at - 30 - name - extra)
            break;
        records.emplace_back(zip.substr(at + 30, name), zip.substr(at + 30 + name + extra, size));
        at += 30 + name + extra + size;
    }
    return records;
}

inline std::string zipOf(const Records& records)
{
    std::string zip, directory;
    for (const auto& [name, content] : records) {
        std::string common;
        put<std::uint16_t>(common, 0); // version
        put<std::uint32_t>(common, 0); // flags, method: stored
        put<std::uint32_t>(common, 0); // time
        put<std::uint32_t>(common,
            static_cast<std::uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(content.data()), static_cast<uInt>(content.size()))));
        put<std::uint32_t>(common, static_cast<std::uint32_t>(content.size()));
        put<std::uint32_t>(common, static_cast<std::uint32_t>(content.size()));
        put<std::uint16_t>(common, static_cast<std::uint16_t>(name.size()));
        put<std::uint16_t>(common, 0); // extra field
        directory += std::string("PK\x01\x02\0\0", 6) + common + std::string(10, '\0');
        put<std::uint32_t>(directory, static_cast<std::uint32_t>(zip.size()));
        directory += name;
        zip += "PK\x03\x04" + common + name + content;
    }
    const auto start = static_cast<std::uint32_t>(zip.size());
    zip += directory + std::string("PK\x05\x06\0\0\0\0", 8);
    put<std::uint16_t>(zip, static_cast<std::uint16_t>(records.size()));
    put<std::uint16_t>(zip, static_cast<std::uint16_t>(records.size()));
    put<std::uint32_t>(zip, static_cast<std::uint32_t>(directory.size()));
    put<std::uint32_t>(zip, start);
    put<std::uint16_t>(zip, 0);
    return zip;
}

} // namespace bitscape::fuzz
