// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/source_file.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace bitscape {

namespace {

/// Length of the printable UTF-8 character that `text` begins with; 0 if it begins with none.
std::size_t characterLength(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    const unsigned lead = byte(0);
    if (lead < 0x80)
        return lead >= 0x20 && lead != 0x7F ? 1 : 0;
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80)
            return 0;
    }
    const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
    const bool surrogate = lead == 0xED && byte(1) > 0x9F;
    const bool beyond = lead == 0xF4 && byte(1) > 0x8F;
    return overlong || surrogate || beyond ? 0 : length;
}

std::filesystem::file_status statusOf(const std::filesystem::path& path)
{
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (status.type() == std::filesystem::file_type::not_found)
        refuseFile(path, "does not exist.");
    if (error)
        refuseFile(path, "cannot be looked up: " + error.message() + ".");
    return status;
}

} // namespace

bool isPrintableUtf8(std::string_view text)
{
    while (!text.empty()) {
        const std::size_t length = characterLength(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string quotedPath(const std::filesystem::path& path)
{
    static constexpr char kDigits[] = "0123456789ABCDEF";
    const std::string native = path.string();
    std::string result = "\"";
    for (std::string_view rest = native; !rest.empty();) {
        const std::size_t length = characterLength(rest);
        if (length > 0) {
            result += rest.substr(0, length);
        } else {
            const auto byte = static_cast<unsigned char>(rest[0]);
            result += { '\\', 'x', kDigits[byte >> 4], kDigits[byte & 15] };
        }
        rest.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return result + '"';
}

void refuseFile(const std::filesystem::path& path, const std::string& what)
{
    throw Error(ErrorCode::BadInput, quotedPath(path) + " " + what);
}

void requireFolder(const std::filesystem::path& path)
{
    if (path.empty())
        throw Error(ErrorCode::BadInput, "The data set has no path: give the folder that holds its files.");
    if (statusOf(path).type() != std::filesystem::file_type::directory)
        refuseFile(path, "is not a folder: give the folder that holds the data set's files.");
}

std::string fingerprintOf(std::string_view kind, const std::vector<FileDigest>& files)
{
    Sha256 sum;
    sum.update("bitscape data set 1\n");
    sum.update(kind);
    for (const FileDigest& file : files) {
        // The length in front keeps a line feed within a name from looking like a record of its own.
        sum.update("\n" + std::to_string(file.name.size()) + " " + file.name + " " + std::to_string(file.size) + " " + file.sha256);
    }
    return sum.hex();
}

SourceFile::SourceFile(std::filesystem::path path)
    : m_path(std::move(path))
{
    if (statusOf(m_path).type() != std::filesystem::file_type::regular)
        refuseFile(m_path, "is not a regular file, but a file with data is expected there.");
    m_file.reset(std::fopen(m_path.c_str(), "rb"));
    if (!m_file)
        refuseFile(m_path, "cannot be opened: " + std::generic_category().message(errno) + ".");
    std::setvbuf(m_file.get(), nullptr, _IONBF, 0);
    std::error_code error;
    m_size = std::filesystem::file_size(m_path, error);
    if (error)
        refuseFile(m_path, "has no size: " + error.message() + ".");
}

std::size_t SourceFile::read(std::span<std::uint8_t> out)
{
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), m_size - m_consumed));
    const std::size_t count = wanted == 0 ? 0 : std::fread(out.data(), 1, wanted, m_file.get());
    if (count < wanted && std::ferror(m_file.get()))
        refuseFile(m_path, "cannot be read: " + std::generic_category().message(errno) + ".");
    if (count < wanted)
        refuseFile(m_path, "became shorter while it was read; read it again when nothing writes to it.");
    m_consumed += count;
    m_sum.update(std::as_bytes(out.first(count)));
    return count;
}

FileDigest SourceFile::digest()
{
    if (m_consumed != m_size)
        throw Error(ErrorCode::Internal, quotedPath(m_path) + " was not read to its end before its digest was asked for.");
    if (std::fgetc(m_file.get()) != EOF)
        refuseFile(m_path, "became longer while it was read; read it again when nothing writes to it.");
    return { m_path.filename().string(), m_size, m_sum.hex() };
}

WholeFile readWholeFile(const std::filesystem::path& path, std::uint64_t mostBytes)
{
    SourceFile file(path);
    if (file.size() > mostBytes)
        refuseFile(
            path, "has " + std::to_string(file.size()) + " bytes; at most " + std::to_string(mostBytes) + " are read from such a file.");
    WholeFile whole;
    whole.bytes.resize(static_cast<std::size_t>(file.size()));
    file.read(whole.bytes);
    whole.digest = file.digest();
    return whole;
}

} // namespace bitscape
