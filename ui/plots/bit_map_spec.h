// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/project/selection.h"

#include <QString>

#include <cstdint>
#include <vector>

namespace bitscape::ui {

/// A layer of a bit map.
struct BitMapRow {
    QString layer;
    bool quantizable = true;        ///< false: an edge layer, which keeps its bits
    std::vector<std::uint8_t> bits; ///< per filter: 0 pruned, 32 full precision
    std::vector<double> scores;     ///< per filter, NaN where unknown; empty where none is known
    std::int64_t weightsPerFilter = 0;
    std::int64_t macsPerFilter = 0; ///< before any pruning

    std::size_t filters() const { return bits.size(); }
    /// NaN where unknown.
    double score(std::size_t filter) const;
    /// Unknown scores are equal to each other.
    bool operator==(const BitMapRow& other) const;
};

/// How the filters of a layer follow each other: as the network has them, or the highest score first (ties: the earlier filter first;
/// without a score: last).
enum class BitMapOrder { Index, Score };

/// Bits per filter of a network, as data.
struct BitMapSpec {
    QString name; ///< what a file of it is called
    std::vector<BitMapRow> rows;
    BitMapOrder order = BitMapOrder::Index;

    bool has(const FilterRef& filter) const;
    bool operator==(const BitMapSpec&) const = default;
};

/// What a bit-width has of the network, edge layers included.
struct BitMapCount {
    int bits = 0;
    std::int64_t filters = 0;
    double weightShare = 0; ///< of all weights, 0..1; 0 where there are none
    bool operator==(const BitMapCount&) const = default;
};

/// One per bit-width that occurs, rising.
std::vector<BitMapCount> bitCounts(const BitMapSpec& spec);
/// Over the quantizable filters, as core/network/cost.h weights them; 0 where there are none.
double averageBits(const BitMapSpec& spec);
/// Over all filters of a layer, quantizable or not.
double averageBits(const BitMapRow& row);
std::int64_t prunedFilters(const BitMapRow& row);

/// The filters of a row in that order.
std::vector<int> filterOrder(const BitMapRow& row, BitMapOrder order);

/// "layer,filter,bits,score,weights,macs", a line per filter in the network's order; weights and MACs are the filter's own.
QString csvOf(const BitMapSpec& spec);

/// What a tooltip tells about a filter, or about a layer where `filter.filter` is -1; a line per figure. Empty where there is none.
QString filterText(const BitMapSpec& spec, const FilterRef& filter);

} // namespace bitscape::ui
