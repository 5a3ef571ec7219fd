// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/search/threshold_search.h"

#include "core/network/cost.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace bitscape {
namespace {

constexpr double kScoreSlack = 1e-9;
constexpr double kTargetSlack = 1e-9;

/// The largest t with t * step <= score + 1e-9, so that "threshold reached" is a comparison of whole numbers.
int reachOf(double score, double step)
{
    int reach = static_cast<int>(std::floor((score + kScoreSlack) / step));
    while ((reach + 1) * step <= score + kScoreSlack)
        ++reach;
    while (reach * step > score + kScoreSlack)
        --reach;
    return reach;
}

class ThresholdSearch final {
public:
    ThresholdSearch(const std::vector<Layer>& layers, const FilterScores& scores, const ThresholdSearchOptions& options,
        const SearchWorld& world, JobContext& context)
        : m_layers(layers)
        , m_options(options)
        , m_world(world)
        , m_context(context)
        , m_thresholds(options.choice.allowed.size() - 1, 0)
        , m_last(reachOf(options.classes + options.step, options.step))
    {
        for (const auto& layer : scores) {
            m_reach.emplace_back();
            std::ranges::transform(layer, std::back_inserter(m_reach.back()), [&](double score) { return reachOf(score, options.step); });
        }
        m_bits = bitsAt(m_thresholds);
    }

    SearchResult run()
    {
        const double start = m_world.accuracy(m_bits);
        keep({ 0, 0, values(m_thresholds), m_bits, { start, start, true }, 0 });
        double decay = 1;
        SearchEnd end = SearchEnd::Unreachable;
        while (!isDone()) {
            const auto before = m_thresholds;
            for (std::size_t i = 0; i < m_thresholds.size() && !isDone(); ++i) {
                const std::size_t k = m_options.order == SearchOrder::Ascending ? i : m_thresholds.size() - 1 - i;
                ++m_phase;
                runPhase(
                    k, m_options.accuracyFloor * std::pow(m_options.floorDecay, static_cast<double>(i)) * decay * m_options.fullAccuracy);
                settle();
            }
            const bool stuck = before == m_thresholds && std::ranges::all_of(m_thresholds, [&](int t) { return t == m_last; });
            if (stuck)
                break;
            decay *= m_options.floorDecay;
        }
        if (averageBits(m_layers, m_bits) <= m_options.targetBits + kTargetSlack)
            end = SearchEnd::Reached;
        else if (isTimeUp())
            end = SearchEnd::TimeUp;
        return { m_bits, values(m_thresholds), averageBits(m_layers, m_bits), end };
    }

private:
    /// Raises threshold k step by step until a move falls below the floor, nothing moves any more, or the search is done.
    void runPhase(std::size_t k, double floor)
    {
        const bool tested = floor >= 1.0 / m_options.classes;
        while (!isDone()) {
            m_context.checkpoint();
            const auto next = raised(k);
            if (!next)
                return;
            SearchMove move { m_steps, m_phase, values(*next), bitsAt(*next), {}, tested ? floor : 0.0 };
            if (move.bits != m_bits) {
                move.verdict = m_world.judge(move);
                ++m_steps;
                if (!move.verdict.kept) {
                    m_world.note(move);
                    return;
                }
                keep(move);
            } else if (!m_options.skipUnchanged) {
                m_world.judge(move); // taken whatever it says: what changes nothing has nothing to lose
            }
            m_thresholds = *next;
        }
    }

    void keep(const SearchMove& move)
    {
        m_kept = move;
        m_bits = move.bits;
        m_world.note(m_kept);
    }

    /// The point that a phase ends on is evaluated in full.
    void settle()
    {
        if (m_kept.verdict.isExact())
            return;
        m_kept.verdict.low = m_kept.verdict.high = m_world.accuracy(m_kept.bits);
        m_world.note(m_kept);
    }

    std::optional<std::vector<int>> raised(std::size_t k) const
    {
        std::vector<int> next = m_thresholds;
        const bool ascending = m_options.order == SearchOrder::Ascending;
        const int bound = ascending || k + 1 == next.size() ? m_last : next[k + 1];
        if (next[k] >= bound)
            return std::nullopt;
        ++next[k];
        for (std::size_t j = k + 1; j < next.size(); ++j)
            next[j] = std::max(next[j], next[k]);
        return next;
    }

    LayerBits bitsAt(const std::vector<int>& thresholds) const
    {
        LayerBits bits = uniformBits(m_layers, 0, m_options.choice.edgeBits);
        for (std::size_t i = 0; i < m_layers.size(); ++i) {
            for (std::size_t f = 0; m_layers[i].quantizable && f < bits[i].size(); ++f) {
                const auto reached = std::ranges::upper_bound(thresholds, m_reach[i][f]) - thresholds.begin();
                bits[i][f] = static_cast<std::uint8_t>(m_options.choice.allowed[static_cast<std::size_t>(reached)]);
            }
        }
        return bits;
    }

    std::vector<double> values(const std::vector<int>& thresholds) const
    {
        std::vector<double> result;
        std::ranges::transform(thresholds, std::back_inserter(result), [&](int t) { return t * m_options.step; });
        return result;
    }

    bool isTimeUp() const { return m_options.maxSeconds && m_world.seconds() >= *m_options.maxSeconds; }
    bool isDone() const { return averageBits(m_layers, m_bits) <= m_options.targetBits + kTargetSlack || isTimeUp(); }

    const std::vector<Layer>& m_layers;
    const ThresholdSearchOptions& m_options;
    const SearchWorld& m_world;
    JobContext& m_context;
    std::vector<std::vector<int>> m_reach; ///< per filter, the last threshold position that it reaches
    std::vector<int> m_thresholds;
    int m_last = 0; ///< where every threshold ends
    int m_phase = 0;
    int m_steps = 1; ///< of the next point
    SearchMove m_kept;
    LayerBits m_bits;
};

} // namespace

SearchResult searchThresholds(const std::vector<Layer>& layers, const FilterScores& scores, const ThresholdSearchOptions& options,
    const SearchWorld& world, JobContext& context)
{
    return ThresholdSearch(layers, scores, options, world, context).run();
}

} // namespace bitscape
