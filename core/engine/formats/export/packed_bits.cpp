// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/export/packed_bits.h"

#include <bit>

namespace bitscape {

void BitStream::append(std::uint32_t code, int bits)
{
    m_rest |= std::uint64_t { code } << m_waiting;
    for (m_waiting += bits; m_waiting >= 8; m_waiting -= 8) {
        m_bytes.push_back(static_cast<char>(m_rest & 0xFF));
        m_rest >>= 8;
    }
}

std::string BitStream::bytes() const
{
    std::string all = m_bytes;
    if (m_waiting > 0)
        all.push_back(static_cast<char>(m_rest));
    return all;
}

std::uint32_t codeOf(int level, int bits, Grid grid)
{
    const int mask = (1 << bits) - 1;
    if (bits == 1 || grid == Grid::Midrise)
        return static_cast<std::uint32_t>((level + mask) / 2);
    return static_cast<std::uint32_t>(level & mask);
}

std::uint32_t patternOf(float value)
{
    return std::bit_cast<std::uint32_t>(value);
}

void appendNumber(std::string& to, std::uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; ++i, value >>= 8)
        to.push_back(static_cast<char>(value & 0xFF));
}

void appendFloat(std::string& to, float value)
{
    appendNumber(to, patternOf(value), 4);
}

std::vector<std::string> tensorsOutsideLayers(const Graph& graph)
{
    std::vector<std::string> names;
    for (const Node& node : graph.nodes) {
        if (node.op == Op::Conv2d || node.op == Op::Linear || node.inputs.empty())
            continue;
        for (const TensorInfo& tensor : tensorsOf(node, graph.nodes[static_cast<std::size_t>(node.inputs.front())].shape))
            names.push_back(tensor.name);
    }
    return names;
}

} // namespace bitscape
