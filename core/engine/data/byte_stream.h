// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/source_file.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace bitscape {

/// The content of a file: decompressed if it is gzip (by its first bytes, whatever its name), else as it is.
class ByteStream final {
public:
    /// `file` is used as long as the stream lives.
    explicit ByteStream(SourceFile& file);
    ~ByteStream();

    bool compressed() const { return m_inflater != nullptr; }

    /// The most bytes that the content can have: exact for a plain file; deflate packs at most 1032 bytes into one.
    std::uint64_t mostBytes() const;

    /// Fills `out` and returns its size, or less at the end. Throws Error(BadInput) for damaged or truncated gzip data.
    std::size_t read(std::span<std::uint8_t> out);

    /// Whether nothing is left; then the checksum of gzip data has been checked, too.
    bool atEnd();

private:
    struct Inflater;

    bool refill();
    std::size_t copyInto(std::span<std::uint8_t> out);
    std::size_t inflateInto(std::span<std::uint8_t> out);
    void startNextMember();

    SourceFile& m_file;
    std::vector<std::uint8_t> m_buffer; ///< as stored
    std::span<std::uint8_t> m_unread;   ///< of the buffer
    std::unique_ptr<Inflater> m_inflater;
};

} // namespace bitscape
