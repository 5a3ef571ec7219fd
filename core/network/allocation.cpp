// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/allocation.h"

#include "core/network/cost.h"

#include "core/base/error.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <tuple>

namespace bitscape {
namespace {

constexpr double kScoreSlack = 1e-9;
constexpr double kTargetSlack = 1e-9;

/// One step up of one filter along its hull.
struct Raise {
    double gain = 0; ///< decrease of D per weight bit
    std::uint32_t layer = 0;
    std::uint32_t filter = 0;
    std::uint8_t from = 0, to = 0;
};

/// Columns of the table for the allowed bits.
std::vector<std::size_t> columnsFor(const SensitivityTable& table, const std::vector<int>& allowed)
{
    std::vector<std::size_t> columns;
    for (const int b : allowed) {
        const auto found = std::ranges::find(table.bits, b);
        if (found == table.bits.end())
            throw Error(ErrorCode::BadArgument, "The stored sensitivity table has no column for " + std::to_string(b) + " bits.");
        columns.push_back(static_cast<std::size_t>(found - table.bits.begin()));
    }
    return columns;
}

std::vector<double> weightsFor(const SensitivityTable& table, const std::vector<double>& wanted)
{
    if (wanted.empty())
        return std::vector<double>(static_cast<std::size_t>(table.classes), 1.0 / table.classes);
    if (wanted.size() != static_cast<std::size_t>(table.classes))
        throw Error(ErrorCode::BadArgument,
            "class_weights has " + std::to_string(wanted.size()) + " entries for " + std::to_string(table.classes) + " classes.");
    return wanted;
}

/// D[f, b] over the allowed bits.
std::vector<double> damageOf(const SensitivityTable& table, std::size_t layer, std::size_t filter, const std::vector<std::size_t>& columns,
    const std::vector<double>& classWeights)
{
    const std::size_t classes = classWeights.size();
    std::vector<double> damage;
    for (const std::size_t column : columns) {
        const float* row = table.damage[layer].data() + (filter * table.bits.size() + column) * classes;
        double sum = 0;
        for (std::size_t m = 0; m < classes; ++m)
            sum += classWeights[m] * static_cast<double>(row[m]);
        damage.push_back(sum);
    }
    return damage;
}

/// The falling part of the lower convex hull of (bits, damage), from its first point on, as steps.
void appendHull(std::vector<Raise>& raises, Raise step, const std::vector<int>& bits, const std::vector<double>& damage, double weights)
{
    std::size_t at = 0;
    step.gain = std::numeric_limits<double>::infinity();
    while (true) {
        std::size_t best = at;
        double slope = 0;
        for (std::size_t next = at + 1; next < bits.size(); ++next) {
            const double fall = (damage[at] - damage[next]) / (bits[next] - bits[at]);
            if (fall > 0 && fall >= slope) { // the farthest of equally steep ones: points on one line make one step
                slope = fall;
                best = next;
            }
        }
        if (best == at)
            return;
        step.gain = std::min(step.gain, slope / weights); // almost on one line: rounding must not put the second step first
        step.from = static_cast<std::uint8_t>(bits[at]);
        step.to = static_cast<std::uint8_t>(bits[best]);
        raises.push_back(step);
        at = best;
    }
}

bool isLocked(const AllocationRequest& request, std::size_t layer, std::size_t filter)
{
    return !request.locked.empty() && !request.locked[layer].empty() && request.locked[layer][filter] != AllocationRequest::kFree;
}

void checkTable(const std::vector<Layer>& layers, const SensitivityTable& table)
{
    bool fits = table.classes > 0 && table.damage.size() == layers.size();
    for (std::size_t i = 0; fits && i < layers.size(); ++i) {
        const std::size_t wanted
            = static_cast<std::size_t>(layers[i].filters) * table.bits.size() * static_cast<std::size_t>(table.classes);
        fits = !layers[i].quantizable || table.damage[i].size() == wanted;
    }
    if (!fits)
        throw Error(ErrorCode::BadArgument, "The stored sensitivity table does not fit this network.");
}

void checkRequest(const std::vector<Layer>& layers, const AllocationRequest& request)
{
    const auto& allowed = request.choice.allowed;
    if (allowed.empty() || std::ranges::adjacent_find(allowed, std::greater_equal<>()) != allowed.end())
        throw Error(ErrorCode::BadArgument, "allowed_bits is empty or does not rise.");
    bool fits = request.locked.empty() || request.locked.size() == layers.size();
    for (std::size_t i = 0; fits && i < request.locked.size(); ++i)
        fits = request.locked[i].empty() || request.locked[i].size() == static_cast<std::size_t>(layers[i].filters);
    if (!fits)
        throw Error(ErrorCode::BadArgument, "The locked filters are not those of this network.");
}

} // namespace

LayerBits bitsFromThresholds(
    const std::vector<Layer>& layers, const FilterScores& scores, const std::vector<double>& thresholds, const BitChoice& choice)
{
    LayerBits bits = uniformBits(layers, 0, choice.edgeBits);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (!layers[i].quantizable)
            continue;
        for (std::size_t f = 0; f < bits[i].size(); ++f) {
            const auto reached = std::ranges::upper_bound(thresholds, scores[i][f] + kScoreSlack) - thresholds.begin();
            bits[i][f] = static_cast<std::uint8_t>(choice.allowed[static_cast<std::size_t>(reached)]);
        }
    }
    return bits;
}

LayerBits allocate(const std::vector<Layer>& layers, const SensitivityTable& table, const AllocationRequest& request)
{
    checkTable(layers, table);
    checkRequest(layers, request);
    const auto columns = columnsFor(table, request.choice.allowed);
    const auto classWeights = weightsFor(table, request.classWeights);
    LayerBits bits = uniformBits(layers, request.choice.allowed.front(), request.choice.edgeBits);
    std::vector<Raise> raises;
    double used = 0;
    double total = 0;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        if (!layers[i].quantizable)
            continue;
        const double weights = static_cast<double>(layers[i].weightsPerFilter());
        for (std::size_t f = 0; f < bits[i].size(); ++f) {
            const Raise step { 0, static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(f), 0, 0 };
            if (isLocked(request, i, f))
                bits[i][f] = request.locked[i][f];
            else
                appendHull(raises, step, request.choice.allowed, damageOf(table, i, f, columns, classWeights), weights);
            used += bits[i][f] * weights;
            total += weights;
        }
    }
    std::ranges::sort(raises, [](const Raise& a, const Raise& b) {
        return std::tuple(-a.gain, a.layer, a.filter, a.from) < std::tuple(-b.gain, b.layer, b.filter, b.from);
    });
    const double budget = (request.targetBits + kTargetSlack) * total;
    for (const Raise& raise : raises) {
        std::uint8_t& own = bits[raise.layer][raise.filter];
        const double more = (raise.to - raise.from) * static_cast<double>(layers[raise.layer].weightsPerFilter());
        if (own != raise.from || used + more > budget)
            continue;
        own = raise.to;
        used += more;
    }
    return bits;
}

} // namespace bitscape
