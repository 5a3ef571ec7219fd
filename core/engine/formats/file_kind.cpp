// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/file_kind.h"

#include "core/base/error.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace bitscape {
namespace {

constexpr std::string_view kZip("PK\x03\x04", 4), kZipEnd("PK\x05\x06", 4), kZipEntry("PK\x01\x02", 4);
constexpr std::size_t kLongestEnd = 22 + 65535; ///< of a zip archive: its end record and a comment
constexpr std::uint64_t kMostDirectory = std::uint64_t { 16 } << 20;

std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t size)
{
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;)
        value = value << 8U | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

std::string bytesAt(std::ifstream& file, std::uint64_t offset, std::uint64_t size)
{
    std::string bytes(size, '\0');
    file.clear();
    file.seekg(static_cast<std::streamoff>(offset));
    file.read(bytes.data(), static_cast<std::streamsize>(size));
    bytes.resize(static_cast<std::size_t>(file.gcount()));
    return bytes;
}

/// The names in a zip archive's directory, as far as it can be read. (PyTorch writes 64-bit archives with plain offsets beside the large
/// ones where these fit.)
std::vector<std::string> namesIn(std::ifstream& file, std::uint64_t size)
{
    const std::uint64_t tailSize = std::min<std::uint64_t>(size, kLongestEnd);
    const std::string tail = bytesAt(file, size - tailSize, tailSize);
    const std::size_t end = tail.rfind(kZipEnd);
    std::vector<std::string> names;
    if (end == std::string::npos || tail.size() - end < 22)
        return names;
    const std::uint64_t directorySize = number(tail, end + 12, 4), start = number(tail, end + 16, 4);
    if (start > size || directorySize > std::min(size - start, kMostDirectory))
        return names;
    const std::string directory = bytesAt(file, start, directorySize);
    for (std::size_t at = 0; at + 46 <= directory.size() && directory.compare(at, 4, kZipEntry) == 0;) {
        const std::size_t length = number(directory, at + 28, 2);
        names.push_back(directory.substr(at + 46, length));
        at += 46 + length + number(directory, at + 30, 2) + number(directory, at + 32, 2);
    }
    return names;
}

FileKind kindOfZip(std::ifstream& file, std::uint64_t size)
{
    const auto names = namesIn(file, size);
    const auto some = [&](std::string_view part) {
        return std::ranges::any_of(names, [&](const std::string& name) { return name.find(part) != std::string::npos; });
    };
    if (some("/code/") || names.empty()) // a directory that cannot be read is for the importer to refuse
        return FileKind::TorchScript;
    return some("/data.pkl") ? FileKind::PickledState : FileKind::Other;
}

/// The first bytes of a pickle of protocol 2 to 5.
bool isPickle(std::string_view head)
{
    return head.size() >= 2 && head[0] == '\x80' && head[1] >= 2 && head[1] <= 5;
}

bool isForeign(std::string_view head)
{
    constexpr std::string_view kStarts[] = { { "\x89HDF", 4 }, { "\x89PNG", 4 }, { "\xff\xd8\xff", 3 }, { "GIF8", 4 }, { "%PDF", 4 },
        { "SQLite", 6 }, { "GGUF", 4 }, { "\x1f\x8b", 2 },
        { "\x7f"
          "ELF",
            4 },
        { "#!", 2 }, { "{", 1 }, { "<", 1 } };
    const bool safetensors = head.size() > 9 && number(head, 0, 8) < (std::uint64_t { 1 } << 32U) && head[8] == '{';
    return safetensors || (head.size() >= 8 && head.substr(4, 4) == "TFL3")
        || std::ranges::any_of(kStarts, [&](std::string_view start) { return head.starts_with(start); });
}

} // namespace

FileKind fileKindOf(const std::filesystem::path& path)
{
    std::error_code failure;
    const bool isFile = std::filesystem::is_regular_file(path, failure);
    const auto size = isFile ? std::filesystem::file_size(path, failure) : 0;
    std::ifstream file(path, std::ios::binary);
    if (!isFile || failure || !file || size == 0)
        throw Error(
            ErrorCode::BadInput, "'" + path.string() + "' cannot be read, or is empty: check that the file is there and may be read.");
    const std::string head = bytesAt(file, 0, 512);
    if (head.starts_with(kZip))
        return kindOfZip(file, size);
    const bool isTar = head.size() == 512 && head.compare(257, 5, "ustar") == 0;
    if (isTar || isPickle(head))
        return FileKind::PickledState;
    return isForeign(head) ? FileKind::Other : FileKind::Onnx;
}

} // namespace bitscape
