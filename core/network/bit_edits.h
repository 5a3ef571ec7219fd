// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/layer_bits.h"
#include "core/network/allocation.h"
#include "core/network/layers.h"

#include <cstdint>
#include <map>
#include <optional>
#include <variant>
#include <vector>

namespace bitscape {

/// Filters of one layer (its place in the list of layers).
struct LayerFilters {
    std::int64_t layer = 0;
    std::vector<std::int64_t> filters; ///< empty: all of them
    bool operator==(const LayerFilters&) const = default;
};

/// Which filters an edit is about. Layers that are not quantizable may be named and stay as they are.
struct FilterSelection {
    std::vector<LayerFilters> layers; ///< empty: every quantizable filter
    bool operator==(const FilterSelection&) const = default;
};

/// Every unlocked filter gets the bits of its score (methods.md section 3). One value less than there are allowed bits, not falling.
struct ThresholdsEdit {
    std::vector<double> values;
    bool operator==(const ThresholdsEdit&) const = default;
};

/// The unlocked filters are allocated anew from the sensitivity table (methods.md section 3a), so that all of them together, the locked
/// ones too, keep within an average.
struct TargetEdit {
    double bits = 2;                                 ///< average bits, 0..8
    std::optional<std::vector<double>> classWeights; ///< one per class, at least 0; empty: equal ones; nothing: as before
    bool operator==(const TargetEdit&) const = default;
};

/// Bits, 0..8, painted onto filters.
struct SetEdit {
    FilterSelection selection;
    int bits = 0;
    bool operator==(const SetEdit&) const = default;
};

/// Filters above `bits`, 0..8, come down to it.
struct AtMostEdit {
    FilterSelection selection;
    int bits = 0;
    bool operator==(const AtMostEdit&) const = default;
};

/// To the next allowed bit-width above (+1) or below (-1); the highest and the lowest stay.
struct ChangeEdit {
    FilterSelection selection;
    int by = 1;
    bool operator==(const ChangeEdit&) const = default;
};

/// As another run has them.
struct LikeEdit {
    FilterSelection selection;
    std::int64_t run = 0; ///< a run's number: one of EditSources::otherBits
    bool operator==(const LikeEdit&) const = default;
};

/// Locked filters keep their bits whatever comes.
struct LockEdit {
    FilterSelection selection;
    bool operator==(const LockEdit&) const = default;
};

struct UnlockEdit {
    FilterSelection selection;
    bool operator==(const UnlockEdit&) const = default;
};

/// Other allowed bits, 0..8, rising. Unlocked filters that have others go to nearestAllowed() of them.
struct AllowEdit {
    std::vector<int> bits;
    bool operator==(const AllowEdit&) const = default;
};

/// One change to a bit assignment.
using BitEdit = std::variant<ThresholdsEdit, TargetEdit, SetEdit, AtMostEdit, ChangeEdit, LikeEdit, LockEdit, UnlockEdit, AllowEdit>;

/// What edits start from and draw on; the same sources and the same edits give the same bits.
struct EditSources {
    std::vector<Layer> layers;
    LayerBits start;                             ///< one per filter of every layer
    BitChoice choice;                            ///< allowed bits at the start
    FilterScores scores;                         ///< one per filter of every layer; empty: there are none, and thresholds are refused
    std::vector<double> thresholds;              ///< that the start follows; empty without
    std::optional<SensitivityTable> sensitivity; ///< without it a target is refused
    std::vector<double> classWeights;            ///< at the start; empty: equal ones
    std::map<std::int64_t, LayerBits> otherBits; ///< by run number, for LikeEdit
};

/// Where a history of edits has led.
struct EditState {
    LayerBits bits;
    BitChoice choice;                 ///< the allowed bits by now
    LayerBits locked;                 ///< per filter of every layer: 1 where it is locked, else 0
    std::vector<double> thresholds;   ///< the last ones set, as long as their number fits the allowed bits; else empty
    std::vector<double> classWeights; ///< the last ones set; empty: equal ones
    double targetBits = 0;            ///< the last one set; at the start the average there
    bool operator==(const EditState&) const = default;
};

/// The largest of `allowed` (rising) at or below `bits`, else the smallest.
int nearestAllowed(const std::vector<int>& allowed, int bits);

/// Before any edit. Throws Error(BadArgument) where the sources do not fit one another.
EditState startOf(const EditSources& sources);

/// One edit later. Locked filters and layers that are not quantizable never change; painted bits that are not allowed go to
/// nearestAllowed(). Pure arithmetic: milliseconds for 20000 filters. Throws Error(BadArgument) for an edit that does not fit, or that
/// draws on what the sources do not have; the sentence says what to do.
EditState apply(const EditSources& sources, const EditState& state, const BitEdit& edit);

/// All of a history, from the start.
EditState replay(const EditSources& sources, const std::vector<BitEdit>& edits);

/// The numbers of the runs that a history takes bits from, each once, rising.
std::vector<std::int64_t> runsIn(const std::vector<BitEdit>& edits);

} // namespace bitscape
