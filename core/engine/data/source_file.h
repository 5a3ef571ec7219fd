// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/sha256.h"
#include "core/jobs/job_context.h"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace bitscape {

/// Whether a text is well-formed UTF-8 without control characters.
bool isPrintableUtf8(std::string_view text);

/// A path as messages show it: in quotation marks, with \xNN for every byte of a name that is not printable UTF-8.
std::string quotedPath(const std::filesystem::path& path);

/// Throws Error(BadInput): the quoted path, a space and `what`.
[[noreturn]] void refuseFile(const std::filesystem::path& path, const std::string& what);

/// Throws Error(BadInput) unless `path` is a folder.
void requireFolder(const std::filesystem::path& path);

/// What a fingerprint knows of one file.
struct FileDigest {
    std::string name; ///< relative to the data set's folder, with '/'
    std::uint64_t size = 0;
    std::string sha256; ///< of the bytes as stored
    bool operator==(const FileDigest&) const = default;
};

/// One SHA-256 over the kind and all files' names, sizes and contents.
std::string fingerprintOf(std::string_view kind, const std::vector<FileDigest>& files);

/// A regular file that is read once from front to back; what is read is hashed on the way.
class SourceFile final {
public:
    /// Throws Error(BadInput) if there is no such regular file or it cannot be opened.
    explicit SourceFile(std::filesystem::path path);

    const std::filesystem::path& path() const { return m_path; }

    /// Bytes in the file when it was opened.
    std::uint64_t size() const { return m_size; }

    /// Bytes read so far.
    std::uint64_t consumed() const { return m_consumed; }

    /// Fills `out` and returns its size, or less at the end of the file. Throws Error(BadInput) for a failing disk or a file that shrank.
    std::size_t read(std::span<std::uint8_t> out);

    /// Ends the reading. Throws Error(BadInput) if the file grew meanwhile, Error(Internal) if it was not read to its end.
    FileDigest digest();

private:
    struct Closer {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    std::filesystem::path m_path;
    std::unique_ptr<std::FILE, Closer> m_file;
    std::uint64_t m_size = 0;
    std::uint64_t m_consumed = 0;
    Sha256 m_sum;
};

/// A whole file of at most `mostBytes`, and its digest (named by its file name).
struct WholeFile {
    std::vector<std::uint8_t> bytes;
    FileDigest digest;
};

/// Throws Error(BadInput) as SourceFile does, and for a larger file.
WholeFile readWholeFile(const std::filesystem::path& path, std::uint64_t mostBytes);

/// Tells a job's context how far the reading is, in units of the reader's choice.
class ReadProgress final {
public:
    ReadProgress(JobContext& context, double total)
        : m_context(context)
        , m_progress { 0, total, {}, {} }
    {
    }

    void setStage(const std::string& stage) { m_progress.stage = stage; }

    /// Reports and is the checkpoint: call it at least every 20 ms of work. Throws Cancelled.
    void at(double done)
    {
        m_progress.done = done;
        m_context.progress(m_progress);
        m_context.checkpoint();
    }

private:
    JobContext& m_context;
    Progress m_progress;
};

} // namespace bitscape
