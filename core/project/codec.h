// SPDX-License-Identifier: GPL-3.0-or-later
// How values that are no single number or text are stored; see schema.md. Decoders trust nothing and throw DamagedValue.
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace bitscape::codec {

/// JSON text. Throws Error(BadArgument) if a string in it is not UTF-8.
std::string encodeObject(const nlohmann::json& object);
nlohmann::json decodeObject(const std::string& text);

/// A JSON list of strings. Throws Error(BadArgument) if one is not UTF-8.
std::string encodeWords(const std::vector<std::string>& words);
std::vector<std::string> decodeWords(const std::string& text);

/// A JSON list of whole numbers.
std::string encodeCounts(const std::vector<std::int64_t>& counts);
std::vector<std::int64_t> decodeCounts(const std::string& text);

/// A JSON object of lists of bits. Throws Error(BadArgument) if a name in it is not UTF-8.
std::string encodeBitMap(const std::map<std::string, std::vector<int>>& bits);
std::map<std::string, std::vector<int>> decodeBitMap(const std::string& text);

/// A JSON list of numbers that come back bit for bit; NaN is null, the infinities are "inf" and "-inf".
std::string encodeReals(const std::vector<double>& reals);
std::vector<double> decodeReals(const std::string& text);

/// Four bytes per number, the lowest first.
std::vector<std::uint8_t> encodeU32(std::span<const std::uint32_t> numbers);
std::vector<std::uint32_t> decodeU32(std::span<const std::uint8_t> bytes);

/// Class numbers as one byte each where all are below 256, else as two, the lower first; `width` says which.
struct PackedClasses {
    int width = 1;
    std::vector<std::uint8_t> bytes; ///< compressed with zlib
};
PackedClasses encodeClasses(std::span<const std::uint16_t> classes);
std::vector<std::uint16_t> decodeClasses(std::span<const std::uint8_t> bytes, std::int64_t count, int width);

} // namespace bitscape::codec
