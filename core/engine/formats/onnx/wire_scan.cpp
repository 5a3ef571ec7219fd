// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/onnx/wire_scan.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/wire_format_lite.h>

#include <fstream>
#include <limits>

namespace bitscape {
namespace {

using google::protobuf::internal::WireFormatLite;

/// The messages on the way to a tensor.
enum class Message { Model, Graph, Node, Attribute, Tensor, Other };

/// What a field of a message holds (onnx.proto).
Message messageIn(Message message, int field)
{
    switch (message) {
    case Message::Model:
        return field == 7 ? Message::Graph : Message::Other;
    case Message::Graph:
        return field == 1 ? Message::Node : field == 5 ? Message::Tensor : Message::Other;
    case Message::Node:
        return field == 5 ? Message::Attribute : Message::Other;
    case Message::Attribute:
        return field == 5 ? Message::Tensor : Message::Other;
    default:
        return Message::Other;
    }
}

constexpr int kFloatData = 4, kSmallData = 5, kRawData = 9, kDoubleData = 10; ///< of TensorProto

class Scanner final {
public:
    explicit Scanner(google::protobuf::io::CodedInputStream& stream)
        : m_stream(stream)
    {
    }

    WireScan scan()
    {
        m_result.isWellFormed = walk(Message::Model);
        m_result.otherBytes = m_stream.CurrentPosition() - m_result.dataBytes - m_result.smallBytes;
        return m_result;
    }

private:
    /// To the end of the message, or of the file.
    bool walk(Message message)
    {
        while (const auto tag = m_stream.ReadTag()) {
            const int field = WireFormatLite::GetTagFieldNumber(tag);
            m_result.hasGraph = m_result.hasGraph || (message == Message::Model && field == 7);
            const bool isBlock = WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
            if (!(isBlock ? block(message, field) : WireFormatLite::SkipField(&m_stream, tag)))
                return false;
        }
        return m_stream.ConsumedEntireMessage();
    }

    bool block(Message message, int field)
    {
        int length = 0;
        if (!m_stream.ReadVarintSizeAsInt(&length))
            return false;
        const Message inner = messageIn(message, field);
        if (inner != Message::Other) {
            const auto limit = m_stream.PushLimit(length);
            const bool ok = walk(inner) && m_stream.BytesUntilLimit() == 0;
            m_stream.PopLimit(limit);
            return ok;
        }
        const int start = m_stream.CurrentPosition();
        if (!m_stream.Skip(length) || m_stream.CurrentPosition() - start != length)
            return false;
        if (message == Message::Tensor && (field == kFloatData || field == kRawData || field == kDoubleData))
            m_result.dataBytes += length;
        if (message == Message::Tensor && field == kSmallData)
            m_result.smallBytes += length;
        return true;
    }

    google::protobuf::io::CodedInputStream& m_stream;
    WireScan m_result;
};

} // namespace

WireScan scanOnnxFile(const std::filesystem::path& file)
{
    std::ifstream input(file, std::ios::binary);
    google::protobuf::io::IstreamInputStream buffered(&input);
    google::protobuf::io::CodedInputStream stream(&buffered);
    stream.SetTotalBytesLimit(std::numeric_limits<int>::max());
    return Scanner(stream).scan();
}

} // namespace bitscape
