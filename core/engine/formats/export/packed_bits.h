// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/network/graph.h"
#include "core/network/quantizer.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bitscape {

/// Codes one behind the other, the lowest bit of a byte first.
class BitStream final {
public:
    /// The lowest `bits` (1..32) of `code`.
    void append(std::uint32_t code, int bits);
    std::uint64_t count() const { return m_bytes.size() * 8 + static_cast<std::uint64_t>(m_waiting); }
    /// All of it, the last byte filled up with zeros.
    std::string bytes() const;

private:
    std::string m_bytes;
    std::uint64_t m_rest = 0;
    int m_waiting = 0; ///< bits in m_rest, 0..7
};

/// The code of a level (resources/packed/bitscape_packed.h), 1 to 8 bits. Midrise level 0, which only a filter of scale 0 has, gets any.
std::uint32_t codeOf(int level, int bits, Grid grid);

std::uint32_t patternOf(float value);

/// Little-endian.
void appendNumber(std::string& to, std::uint64_t value, int bytes);
void appendFloat(std::string& to, float value);

/// Tensors of the nodes that are no layers, in the graph's order.
std::vector<std::string> tensorsOutsideLayers(const Graph& graph);

} // namespace bitscape
