// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/project/codec.h"

#include "core/base/error.h"
#include "core/project/store_error.h"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitscape::codec {

using nlohmann::json;

namespace {

std::string dump(const json& value)
{
    try {
        return value.dump();
    } catch (const json::exception&) {
        throw Error(ErrorCode::BadArgument, "A text to be stored in the project is not UTF-8: use characters that UTF-8 can hold.");
    }
}

json parse(const std::string& text)
{
    json value = json::parse(text, nullptr, false);
    if (value.is_discarded())
        throw DamagedValue("a stored value is not JSON");
    return value;
}

json parseList(const std::string& text)
{
    json list = parse(text);
    if (!list.is_array())
        throw DamagedValue("a stored value is not a JSON list");
    return list;
}

json encodeReal(double value)
{
    if (std::isnan(value))
        return nullptr;
    if (std::isinf(value))
        return value > 0 ? "inf" : "-inf";
    return value;
}

double decodeReal(const json& value)
{
    if (value.is_number())
        return value.get<double>();
    if (value.is_null())
        return std::numeric_limits<double>::quiet_NaN();
    if (value == "inf")
        return std::numeric_limits<double>::infinity();
    if (value == "-inf")
        return -std::numeric_limits<double>::infinity();
    throw DamagedValue("a stored list holds something that is no number");
}

std::vector<std::uint8_t> compressed(const std::vector<std::uint8_t>& plain)
{
    uLongf size = compressBound(plain.size());
    std::vector<std::uint8_t> packed(size);
    if (compress2(packed.data(), &size, plain.data(), plain.size(), Z_DEFAULT_COMPRESSION) != Z_OK)
        throw Error(ErrorCode::Internal, "zlib could not compress " + std::to_string(plain.size()) + " bytes of predictions.");
    packed.resize(size);
    return packed;
}

std::vector<std::uint8_t> uncompressed(std::span<const std::uint8_t> packed, std::uint64_t expected)
{
    // Deflate never packs better than 1032 to 1: a larger promise is a lie, and would cost memory.
    if (expected > 1032 * (packed.size() + 1))
        throw DamagedValue("stored predictions are too short for their number");
    std::vector<std::uint8_t> plain(expected);
    uLongf size = plain.size();
    uLong taken = packed.size();
    std::uint8_t none = 0;
    const int result = uncompress2(plain.empty() ? &none : plain.data(), &size, packed.data(), &taken);
    if (result != Z_OK || size != expected || taken != packed.size())
        throw DamagedValue("stored predictions cannot be unpacked");
    return plain;
}

} // namespace

std::string encodeObject(const json& object)
{
    return dump(object);
}

json decodeObject(const std::string& text)
{
    json value = parse(text);
    if (!value.is_object())
        throw DamagedValue("a stored value is not a JSON object");
    return value;
}

std::string encodeWords(const std::vector<std::string>& words)
{
    return dump(json(words));
}

std::vector<std::string> decodeWords(const std::string& text)
{
    std::vector<std::string> words;
    for (const json& item : parseList(text)) {
        if (!item.is_string())
            throw DamagedValue("a stored list holds something that is no text");
        words.push_back(item.get<std::string>());
    }
    return words;
}

std::string encodeCounts(const std::vector<std::int64_t>& counts)
{
    return dump(json(counts));
}

std::vector<std::int64_t> decodeCounts(const std::string& text)
{
    std::vector<std::int64_t> counts;
    for (const json& item : parseList(text)) {
        if (!item.is_number_integer())
            throw DamagedValue("a stored list holds something that is no whole number");
        counts.push_back(item.get<std::int64_t>());
    }
    return counts;
}

std::string encodeBitMap(const std::map<std::string, std::vector<int>>& bits)
{
    return dump(json(bits));
}

std::map<std::string, std::vector<int>> decodeBitMap(const std::string& text)
{
    std::map<std::string, std::vector<int>> bits;
    const json object = parse(text);
    if (!object.is_object())
        throw DamagedValue("a stored map of bits is not a JSON object");
    for (const auto& [layer, list] : object.items()) {
        for (const json& value : list) {
            if (!value.is_number_integer() || value < 0 || value > 32)
                throw DamagedValue("a stored map of bits holds something that is no bit-width");
            bits[layer].push_back(value.get<int>());
        }
        bits.try_emplace(layer);
    }
    return bits;
}

std::string encodeReals(const std::vector<double>& reals)
{
    json list = json::array();
    for (const double value : reals)
        list.push_back(encodeReal(value));
    return dump(list);
}

std::vector<double> decodeReals(const std::string& text)
{
    std::vector<double> reals;
    for (const json& item : parseList(text))
        reals.push_back(decodeReal(item));
    return reals;
}

std::vector<std::uint8_t> encodeU32(std::span<const std::uint32_t> numbers)
{
    std::vector<std::uint8_t> bytes;
    bytes.reserve(numbers.size() * 4);
    for (const std::uint32_t number : numbers)
        for (int shift = 0; shift < 32; shift += 8)
            bytes.push_back(static_cast<std::uint8_t>(number >> shift));
    return bytes;
}

std::vector<std::uint32_t> decodeU32(std::span<const std::uint8_t> bytes)
{
    if (bytes.size() % 4 != 0)
        throw DamagedValue("stored counts have " + std::to_string(bytes.size()) + " bytes, which is no multiple of 4");
    std::vector<std::uint32_t> numbers(bytes.size() / 4);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        numbers[i / 4] |= static_cast<std::uint32_t>(bytes[i]) << (8 * (i % 4));
    return numbers;
}

PackedClasses encodeClasses(std::span<const std::uint16_t> classes)
{
    const bool narrow = std::all_of(classes.begin(), classes.end(), [](std::uint16_t value) { return value < 256; });
    std::vector<std::uint8_t> plain;
    plain.reserve(classes.size() * 2);
    for (const std::uint16_t value : classes) {
        plain.push_back(static_cast<std::uint8_t>(value));
        if (!narrow)
            plain.push_back(static_cast<std::uint8_t>(value >> 8));
    }
    return { narrow ? 1 : 2, compressed(plain) };
}

std::vector<std::uint16_t> decodeClasses(std::span<const std::uint8_t> bytes, std::int64_t count, int width)
{
    if (count < 0 || count > std::numeric_limits<std::int64_t>::max() / 2 || (width != 1 && width != 2))
        throw DamagedValue("stored predictions have an impossible number or width");
    const auto size = static_cast<std::size_t>(count);
    const std::vector<std::uint8_t> plain = uncompressed(bytes, size * static_cast<std::size_t>(width));
    std::vector<std::uint16_t> classes(size);
    for (std::size_t i = 0; i < size; ++i)
        classes[i] = width == 1 ? plain[i] : static_cast<std::uint16_t>(plain[2 * i] | plain[2 * i + 1] << 8);
    return classes;
}

} // namespace bitscape::codec
