// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/whole_file.h"

#include "core/base/error.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace bitscape {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, int why)
{
    if (why == EEXIST)
        throw Error(
            ErrorCode::BadArgument, "'" + file.string() + "' is there already: choose another name, or say that it may be replaced.");
    std::string hint = why == ENOSPC || why == EDQUOT ? ": free some space, or choose another folder." : ".";
    if (why == ENOENT)
        hint = ": make the folder first.";
    throw Error(ErrorCode::Store, "'" + file.string() + "' cannot be written (" + std::strerror(why) + ")" + hint);
}

/// 0, or errno.
int writeAll(int descriptor, const std::string& bytes)
{
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t written = ::write(descriptor, bytes.data() + at, bytes.size() - at);
        if (written < 0 && errno != EINTR)
            return errno;
        at += written > 0 ? static_cast<std::size_t>(written) : 0;
    }
    return ::fsync(descriptor) == 0 ? 0 : errno;
}

int moved(const std::string& from, const std::filesystem::path& to, Existing existing)
{
    if (existing == Existing::Replace)
        return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
        return 0;
    if (errno != EINVAL) // a file system that does not know how
        return errno;
    std::error_code failed;
    if (std::filesystem::exists(to, failed))
        return EEXIST;
    return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

} // namespace

WholeFile::WholeFile(std::filesystem::path file, const std::string& bytes, Existing existing)
    : m_file(std::move(file))
    , m_existing(existing)
{
    std::error_code failed;
    if (std::filesystem::is_directory(m_file, failed))
        refuse(m_file, EISDIR);
    if (existing == Existing::Refuse && std::filesystem::exists(m_file, failed))
        refuse(m_file, EEXIST);
    int descriptor = -1;
    for (int number = 1; descriptor < 0 && (number == 1 || errno == EEXIST); ++number) {
        m_temporary = m_file.string() + "." + std::to_string(::getpid()) + "-" + std::to_string(number) + ".part";
        descriptor = ::open(m_temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    }
    if (descriptor < 0)
        refuse(m_file, errno);
    int why = writeAll(descriptor, bytes);
    if (::close(descriptor) != 0 && why == 0)
        why = errno;
    if (why == 0)
        return;
    ::unlink(m_temporary.c_str());
    refuse(m_file, why);
}

WholeFile::~WholeFile()
{
    if (!m_kept)
        ::unlink(m_temporary.c_str());
}

void WholeFile::keep()
{
    if (const int why = moved(m_temporary, m_file, m_existing); why != 0)
        refuse(m_file, why);
    m_kept = true;
}

void writeWholeFile(const std::filesystem::path& file, const std::string& bytes, Existing existing)
{
    WholeFile(file, bytes, existing).keep();
}

std::filesystem::path besides(const std::filesystem::path& file, const std::string& part)
{
    std::filesystem::path other = file;
    return other.replace_filename(file.stem().string() + "." + part + file.extension().string());
}

} // namespace bitscape
