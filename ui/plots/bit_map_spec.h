// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/project/selection.h"
#include "ui/style/theme.h"

#include <QColor>
#include <QString>

#include <cstdint>
#include <vector>

namespace bitscape::ui {

/// A layer of a bit map.
struct BitMapRow {
    QString layer;
    bool quantizable = true;        ///< false: an edge layer, which keeps its bits
    std::vector<std::uint8_t> bits; ///< per filter: 0 pruned, 32 full precision; or its subnet, or a difference (BitMapSpec)
    std::vector<double> scores;     ///< per filter, NaN where unknown; empty where none is known
    std::int64_t weightsPerFilter = 0;
    std::int64_t macsPerFilter = 0;      ///< before any pruning
    std::vector<std::uint8_t> locked {}; ///< per filter, 1: it keeps its bits whatever is edited; empty: none is

    std::size_t filters() const { return bits.size(); }
    /// NaN where unknown.
    double score(std::size_t filter) const;
    bool isLocked(std::size_t filter) const { return filter < locked.size() && locked[filter] != 0; }
    /// Unknown scores are equal to each other.
    bool operator==(const BitMapRow& other) const;
};

/// How the filters of a layer follow each other: as the network has them, or the highest score first (without a score: last), or by
/// their bits or subnets, the smallest first. Ties: the earlier filter first.
enum class BitMapOrder { Index, Score, Value };

/// Bits per filter of a network, or the subnet of each, as data.
struct BitMapSpec {
    QString name; ///< what a file of it is called
    std::vector<BitMapRow> rows;
    BitMapOrder order = BitMapOrder::Index;
    std::vector<int> listed;  ///< bits that the legend has even where no filter has them: it stays as it is while bits are painted
    int subnets = 0;          ///< n > 0: the cells are no bits but the smallest subnet 1..n that has the filter, n + 1 where none has it
    bool differences = false; ///< the cells are no bits but kNoDifference and by how many bits more, or fewer, a filter has than another

    static constexpr int kNoDifference = 128;

    bool has(const FilterRef& filter) const;
    /// Whether a filter of these bits, or of this subnet, does nothing: it is struck out.
    bool isOut(int value) const { return subnets > 0 ? value > subnets : value == 0; }
    /// Of these bits, of this subnet (the smallest is the strongest), or of this difference.
    QColor colourOf(int value, const Colours& colours) const;
    /// What stands in a cell: "3", "–" for no subnet, "+2" for a difference, nothing for none.
    QString numberOf(int value) const;
    /// "3 bits", "subnet 2", "in no subnet", "+2 bits", "as many bits"
    QString textOf(int value) const;
    bool operator==(const BitMapSpec&) const = default;
};

/// The place in Colours::bits of subnet 1..n, the smallest the strongest; 0 beyond n.
int subnetShade(int subnet, int subnets);

/// What a bit-width, or a subnet, has of the network, edge layers included.
struct BitMapCount {
    int bits = 0; ///< or the subnet
    std::int64_t filters = 0;
    double weightShare = 0; ///< of all weights, 0..1; 0 where there are none
    bool operator==(const BitMapCount&) const = default;
};

/// One per bit-width, or subnet, that occurs, rising.
std::vector<BitMapCount> bitCounts(const BitMapSpec& spec);
/// Over the quantizable filters, as core/network/cost.h weights them; 0 where there are none. Of differences the mean difference.
double averageBits(const BitMapSpec& spec);
/// Over all filters of a layer, quantizable or not.
double averageBits(const BitMapSpec& spec, const BitMapRow& row);
/// Of a row, those that are struck out; of differences, those that differ.
std::int64_t filtersOut(const BitMapSpec& spec, const BitMapRow& row);

/// The filters of a row in that order.
std::vector<int> filterOrder(const BitMapRow& row, BitMapOrder order);

/// "layer,filter,bits,score,weights,macs", a line per filter in the network's order; weights and MACs are the filter's own. Of subnets
/// "layer,filter,subnet,weights,macs", the subnet empty where none has the filter; of differences "layer,filter,difference,weights,macs".
QString csvOf(const BitMapSpec& spec);

/// What a tooltip tells about a filter, or about a layer where `filter.filter` is -1; a line per figure. Empty where there is none.
QString filterText(const BitMapSpec& spec, const FilterRef& filter);

} // namespace bitscape::ui
