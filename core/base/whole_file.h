// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

namespace bitscape {

/// What becomes of a file that is there already.
enum class Existing { Replace, Refuse };

/// A file that is there as a whole or not at all: written under another name in the same folder, flushed to the disk, renamed when it is
/// kept, and removed with this object where it is not. All throw Error(BadArgument) for a file that is there and is to stay, Error(Store)
/// with the system's reason (a full disk, say) where it cannot be written.
class WholeFile final {
public:
    WholeFile(std::filesystem::path file, const std::string& bytes, Existing existing);
    ~WholeFile();
    WholeFile(const WholeFile&) = delete;
    WholeFile& operator=(const WholeFile&) = delete;

    /// Where the bytes are until keep().
    const std::filesystem::path& temporary() const { return m_temporary; }
    void keep();

private:
    std::filesystem::path m_file, m_temporary;
    Existing m_existing;
    bool m_kept = false;
};

/// The same at once.
void writeWholeFile(const std::filesystem::path& file, const std::string& bytes, Existing existing);

/// The name of a file that belongs to another: "table.trajectory.csv" beside "table.csv".
std::filesystem::path besides(const std::filesystem::path& file, const std::string& part);

} // namespace bitscape
