// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/byte_stream.h"

#include "core/base/error.h"

#include <zlib.h>

#include <algorithm>
#include <array>

namespace bitscape {

namespace {

constexpr std::size_t kBufferBytes = std::size_t { 1 } << 16;
constexpr std::size_t kMostAtOnce = std::size_t { 1 } << 30; // zlib counts in 32 bits
constexpr std::uint64_t kMostDeflateRatio = 1032;            // 258 bytes by two bits

} // namespace

struct ByteStream::Inflater {
    z_stream stream {};
    bool finished = false;

    Inflater()
    {
        if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) // 16: a gzip header and its checksum
            throw Error(ErrorCode::Internal, "zlib cannot start to decompress.");
    }
    ~Inflater() { inflateEnd(&stream); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
};

ByteStream::ByteStream(SourceFile& file)
    : m_file(file)
    , m_buffer(kBufferBytes)
{
    if (refill() && m_unread.size() >= 2 && m_unread[0] == 0x1F && m_unread[1] == 0x8B)
        m_inflater = std::make_unique<Inflater>();
}

ByteStream::~ByteStream() = default;

std::uint64_t ByteStream::mostBytes() const
{
    const std::uint64_t size = std::min(m_file.size(), std::uint64_t { 1 } << 50); // the product fits 64 bits
    return compressed() ? size * kMostDeflateRatio : m_file.size();
}

bool ByteStream::refill()
{
    m_unread = std::span(m_buffer).first(m_file.read(m_buffer));
    return !m_unread.empty();
}

std::size_t ByteStream::read(std::span<std::uint8_t> out)
{
    std::size_t done = 0;
    while (done < out.size()) {
        const auto rest = out.subspan(done, std::min(out.size() - done, kMostAtOnce));
        const std::size_t count = compressed() ? inflateInto(rest) : copyInto(rest);
        done += count;
        if (count < rest.size())
            break;
    }
    return done;
}

bool ByteStream::atEnd()
{
    std::array<std::uint8_t, 1> byte {};
    return read(byte) == 0;
}

std::size_t ByteStream::copyInto(std::span<std::uint8_t> out)
{
    std::size_t done = 0;
    while (done < out.size() && (!m_unread.empty() || refill())) {
        const std::size_t count = std::min(out.size() - done, m_unread.size());
        std::copy_n(m_unread.begin(), count, out.begin() + static_cast<std::ptrdiff_t>(done));
        m_unread = m_unread.subspan(count);
        done += count;
    }
    return done;
}

std::size_t ByteStream::inflateInto(std::span<std::uint8_t> out)
{
    z_stream& stream = m_inflater->stream;
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
    while (stream.avail_out > 0 && !m_inflater->finished) {
        if (m_unread.empty() && !refill())
            refuseFile(m_file.path(), "is cut short: its gzip data end too early; get the file again.");
        stream.next_in = m_unread.data();
        stream.avail_in = static_cast<uInt>(m_unread.size());
        const int result = inflate(&stream, Z_NO_FLUSH);
        m_unread = m_unread.last(stream.avail_in);
        if (result == Z_STREAM_END)
            startNextMember();
        else if (result != Z_OK && result != Z_BUF_ERROR)
            refuseFile(m_file.path(),
                std::string("holds damaged gzip data (") + (stream.msg ? stream.msg : "zlib's error " + std::to_string(result))
                    + "); get the file again.");
    }
    return out.size() - stream.avail_out;
}

void ByteStream::startNextMember()
{
    if (m_unread.empty() && !refill()) {
        m_inflater->finished = true;
        return;
    }
    if (m_unread[0] != 0x1F)
        refuseFile(m_file.path(), "has other bytes behind its gzip data; get the file again.");
    inflateReset(&m_inflater->stream);
}

} // namespace bitscape
