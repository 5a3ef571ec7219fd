// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/job_context.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace bitscape {

/// A zip file's directory, checked against the file: every entry lies within it, none over another, so that what is stored is no
/// more than the file, and what is compressed no more than kMostInflated.
class ZipArchive final {
public:
    static constexpr std::uint64_t kLargestFile = 0xFFFFFFF0; ///< bytes; PyTorch's own limit for a directory without 64-bit fields
    static constexpr std::uint64_t kMostInflated = std::uint64_t { 64 } << 20;

    struct Entry {
        std::string name;         ///< behind the archive's own folder: "data/0"
        std::uint64_t header = 0; ///< where its local header starts
        std::uint64_t data = 0;   ///< where its bytes start
        std::uint64_t stored = 0; ///< bytes in the file
        std::uint64_t size = 0;   ///< bytes of the content
        std::uint32_t crc = 0;
        bool deflated = false;
    };

    /// Throws Error(BadInput) that names the file for whatever is no such archive; all names must lie in one folder and differ in
    /// more than their case.
    explicit ZipArchive(const std::filesystem::path& file);

    const std::string& fileName() const { return m_fileName; }
    const std::string& folder() const { return m_folder; } ///< without the slash
    std::uint64_t size() const { return m_size; }
    const std::vector<Entry>& entries() const { return m_entries; } ///< in the file's order
    /// By its name behind the folder, or nullptr.
    const Entry* find(const std::string& name) const;

    /// The content, its checksum compared. Throws Error(BadInput).
    std::string read(const Entry& entry);
    /// Bytes of the file itself; throws Error(BadInput) where it ends before.
    void readRaw(std::uint64_t position, void* bytes, std::size_t count);
    /// Compares the checksum of an entry that is not compressed, piece by piece.
    void verify(const Entry& entry, JobContext& context);

    [[noreturn]] void refuse(const std::string& what) const;

private:
    struct Directory {
        std::uint64_t entries = 0, size = 0, position = 0;
    };

    Directory locateDirectory();
    void readDirectory();
    Entry readEntry(const unsigned char* header, const std::string& name, const std::string& extra);
    void placeEntry(Entry& entry, const Directory& directory);
    void checkOverlaps() const;
    void takeFolder();

    std::string m_fileName;
    std::ifstream m_file;
    std::uint64_t m_size = 0;
    std::string m_folder;
    std::vector<Entry> m_entries;
};

} // namespace bitscape
