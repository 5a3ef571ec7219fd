// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "data_test_support.h"

#include <zlib.h>

namespace bitscape::test {

/// A gzip file of some bytes.
inline QByteArray gzipped(const QByteArray& bytes)
{
    z_stream stream {};
    deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
    QByteArray out(static_cast<qsizetype>(deflateBound(&stream, static_cast<uLong>(bytes.size()))), '\0');
    QByteArray in = bytes;
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(static_cast<qsizetype>(stream.total_out));
    deflateEnd(&stream);
    return out;
}

/// A zlib stream of some bytes.
inline QByteArray deflated(const QByteArray& bytes)
{
    uLongf size = compressBound(static_cast<uLong>(bytes.size()));
    QByteArray out(static_cast<qsizetype>(size), '\0');
    compress(
        reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(bytes.constData()), static_cast<uLong>(bytes.size()));
    out.resize(static_cast<qsizetype>(size));
    return out;
}

inline QByteArray pngChunk(const QByteArray& type, const QByteArray& data)
{
    const QByteArray body = type + data;
    const auto sum = crc32(0, reinterpret_cast<const Bytef*>(body.constData()), static_cast<uInt>(body.size()));
    return bigEndian(static_cast<quint32>(data.size())) + body + bigEndian(static_cast<quint32>(sum));
}

/// PNG's names for what a pixel is.
enum class PngColour { Grey = 0, Rgb = 2, GreyAlpha = 4, Rgba = 6 };

inline int channelsOf(PngColour colour)
{
    return colour == PngColour::Grey ? 1 : colour == PngColour::GreyAlpha ? 2 : colour == PngColour::Rgb ? 3 : 4;
}

inline QByteArray pngHeader(int width, int height, PngColour colour, int bits = 8)
{
    QByteArray header = bigEndian(static_cast<quint32>(width)) + bigEndian(static_cast<quint32>(height));
    header += static_cast<char>(bits);
    header += static_cast<char>(colour);
    header += QByteArray(3, '\0');
    return QByteArray("\x89PNG\r\n\x1A\n", 8) + pngChunk("IHDR", header);
}

/// A PNG file of interleaved pixels, row by row, without any filter.
inline QByteArray png(int width, int height, PngColour colour, const QByteArray& pixels, int bits = 8)
{
    const qsizetype stride = qsizetype { width } * channelsOf(colour) * bits / 8;
    QByteArray rows;
    for (int y = 0; y < height; ++y)
        rows += QByteArray(1, '\0') + pixels.mid(y * stride, stride);
    return pngHeader(width, height, colour, bits) + pngChunk("IDAT", deflated(rows)) + pngChunk("IEND", {});
}

/// A PNG file of one grey level.
inline QByteArray flatPng(int width, int height, int level)
{
    return png(width, height, PngColour::Grey, QByteArray(qsizetype { width } * height, static_cast<char>(level)));
}

/// An IDX file of unsigned bytes.
inline QByteArray idx(const std::vector<quint32>& sizes, const QByteArray& values)
{
    QByteArray bytes = bigEndian(0x00000800u + static_cast<quint32>(sizes.size()));
    for (const quint32 size : sizes)
        bytes += bigEndian(size);
    return bytes + values;
}

} // namespace bitscape::test
