// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/zip_view.h"

#include <algorithm>
#include <cstring>

namespace bitscape {
namespace {

template <typename Number> void put(std::string& bytes, Number number)
{
    bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void putEntry(std::string& bytes, const std::string& name, const ZipArchive::Entry& entry)
{
    put<std::uint32_t>(bytes, 0x02014b50);
    put<std::uint32_t>(bytes, 0); // versions
    put<std::uint16_t>(bytes, 0); // flags
    put<std::uint16_t>(bytes, entry.deflated ? 8 : 0);
    put<std::uint32_t>(bytes, 0); // time
    put<std::uint32_t>(bytes, entry.crc);
    put<std::uint32_t>(bytes, static_cast<std::uint32_t>(entry.stored));
    put<std::uint32_t>(bytes, static_cast<std::uint32_t>(entry.size));
    put<std::uint16_t>(bytes, static_cast<std::uint16_t>(name.size()));
    bytes.append(12, '\0'); // extra field, comment, disk, attributes
    put<std::uint32_t>(bytes, static_cast<std::uint32_t>(entry.header));
    bytes += name;
}

} // namespace

ZipView::ZipView(ZipArchive& archive, const std::function<bool(const std::string&)>& isShown)
    : m_archive(archive)
{
    std::uint16_t count = 0;
    for (const ZipArchive::Entry& entry : archive.entries()) {
        if (!isShown(entry.name))
            continue;
        putEntry(m_directory, archive.folder() + "/" + entry.name, entry);
        ++count;
    }
    const auto size = static_cast<std::uint32_t>(m_directory.size());
    put<std::uint32_t>(m_directory, 0x06054b50);
    put<std::uint32_t>(m_directory, 0); // disks
    put(m_directory, count);
    put(m_directory, count);
    put(m_directory, size);
    put(m_directory, static_cast<std::uint32_t>(archive.size()));
    put<std::uint16_t>(m_directory, 0); // comment
}

std::size_t ZipView::size() const
{
    return m_archive.size() + m_directory.size();
}

std::size_t ZipView::read(std::uint64_t position, void* bytes, std::size_t count, const char*) const
{
    auto* out = static_cast<char*>(bytes);
    std::size_t done = 0;
    if (position < m_archive.size()) {
        done = std::min<std::uint64_t>(count, m_archive.size() - position);
        m_archive.readRaw(position, out, done);
    }
    const std::uint64_t at = position + done - m_archive.size();
    if (done < count && at < m_directory.size()) {
        const std::size_t rest = std::min<std::size_t>(count - done, m_directory.size() - at);
        std::memcpy(out + done, m_directory.data() + at, rest);
        done += rest;
    }
    return done;
}

} // namespace bitscape
