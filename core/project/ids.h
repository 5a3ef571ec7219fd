// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>

namespace bitscape {

struct ModelId {
    std::int64_t value = 0;
    auto operator<=>(const ModelId&) const = default;
};

struct DatasetId {
    std::int64_t value = 0;
    auto operator<=>(const DatasetId&) const = default;
};

struct RunId {
    std::int64_t value = 0;
    auto operator<=>(const RunId&) const = default;
};

} // namespace bitscape
