// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/bit_edits.h"

#include "core/network/cost.h"

#include "core/base/error.h"
#include "core/base/numbered.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>
#include <string>

namespace bitscape {
namespace {

constexpr int kMostBits = 8;

[[noreturn]] void refuse(const std::string& sentence)
{
    throw Error(ErrorCode::BadArgument, sentence);
}

bool fits(const std::vector<Layer>& layers, const LayerBits& perFilter)
{
    return std::ranges::equal(
        layers, perFilter, [](const Layer& layer, const auto& own) { return static_cast<std::size_t>(layer.filters) == own.size(); });
}

void checkAllowed(const std::vector<int>& allowed)
{
    const bool rises = std::ranges::adjacent_find(allowed, std::greater_equal<>()) == allowed.end();
    if (allowed.empty() || !rises || allowed.front() < 0 || allowed.back() > kMostBits)
        refuse("The allowed bits of an edit are a rising list of whole numbers from 0 to 8 with at least one entry.");
}

void checkBits(double bits)
{
    if (!(bits >= 0 && bits <= kMostBits))
        refuse("The bits of an edit are 0 to 8.");
}

/// What one edit does to a copy of the state.
class Editor final {
public:
    Editor(const EditSources& sources, EditState& state)
        : m_sources(sources)
        , m_state(state)
    {
    }

    void operator()(const ThresholdsEdit& edit) const
    {
        const std::size_t wanted = m_state.choice.allowed.size() - 1;
        if (m_sources.scores.empty())
            refuse("Thresholds need scores, and no run before this one has any: score the network first.");
        if (edit.values.size() != wanted)
            refuse(numbered("There are ", static_cast<std::int64_t>(edit.values.size()))
                + numbered(" thresholds for ", static_cast<std::int64_t>(wanted + 1)) + " allowed bit-widths: give one less than those.");
        if (!std::ranges::is_sorted(edit.values) || !std::ranges::all_of(edit.values, [](double value) { return std::isfinite(value); }))
            refuse("Thresholds are numbers that do not fall from one to the next.");
        takeUnlocked(bitsFromThresholds(m_sources.layers, m_sources.scores, edit.values, m_state.choice));
        m_state.thresholds = edit.values;
    }

    void operator()(const TargetEdit& edit) const
    {
        checkBits(edit.bits);
        if (!m_sources.sensitivity)
            refuse(
                "A target needs a sensitivity table, and no run beside this one keeps any: run a search with strategy fisher on the same "
                "scores or training first.");
        AllocationRequest request { edit.bits, m_state.choice, edit.classWeights.value_or(m_state.classWeights), lockedBits() };
        checkClassWeights(request.classWeights);
        takeUnlocked(allocate(m_sources.layers, *m_sources.sensitivity, request));
        m_state.targetBits = edit.bits;
        m_state.classWeights = std::move(request.classWeights);
    }

    void operator()(const SetEdit& edit) const
    {
        checkBits(edit.bits);
        const auto bits = static_cast<std::uint8_t>(nearest(edit.bits));
        paint(edit.selection, [bits](std::uint8_t) { return bits; });
    }

    void operator()(const AtMostEdit& edit) const
    {
        checkBits(edit.bits);
        const auto bits = static_cast<std::uint8_t>(nearest(edit.bits));
        paint(edit.selection, [&](std::uint8_t own) { return own > edit.bits ? bits : own; });
    }

    void operator()(const ChangeEdit& edit) const
    {
        if (edit.by != 1 && edit.by != -1)
            refuse("An edit changes bits by 1 or by -1.");
        const auto& allowed = m_state.choice.allowed;
        paint(edit.selection, [&](std::uint8_t own) {
            if (edit.by > 0) {
                const auto above = std::ranges::upper_bound(allowed, int { own });
                return above == allowed.end() ? own : static_cast<std::uint8_t>(*above);
            }
            const auto below = std::ranges::lower_bound(allowed, int { own });
            return below == allowed.begin() ? own : static_cast<std::uint8_t>(*std::prev(below));
        });
    }

    void operator()(const LikeEdit& edit) const
    {
        const auto found = m_sources.otherBits.find(edit.run);
        if (found == m_sources.otherBits.end() || !fits(m_sources.layers, found->second))
            refuse(numbered("Run ", edit.run) + " has no bits for the filters of this network: name a search, edit or refinement of it.");
        eachSelected(edit.selection, [&](std::size_t layer, std::size_t filter) {
            m_state.bits[layer][filter] = static_cast<std::uint8_t>(nearest(found->second[layer][filter]));
        });
    }

    void operator()(const LockEdit& edit) const { lock(edit.selection, 1); }
    void operator()(const UnlockEdit& edit) const { lock(edit.selection, 0); }

    void operator()(const AllowEdit& edit) const
    {
        checkAllowed(edit.bits);
        m_state.choice.allowed = edit.bits;
        if (m_state.thresholds.size() + 1 != edit.bits.size())
            m_state.thresholds.clear();
        paint({}, [&](std::uint8_t own) { return static_cast<std::uint8_t>(nearest(own)); });
    }

private:
    int nearest(int bits) const { return nearestAllowed(m_state.choice.allowed, bits); }

    void checkClassWeights(const std::vector<double>& weights) const
    {
        const auto fine = [](double weight) { return std::isfinite(weight) && weight >= 0; };
        if (!std::ranges::all_of(weights, fine))
            refuse("Class weights are numbers of at least 0.");
        if (!weights.empty() && std::ranges::none_of(weights, [](double weight) { return weight > 0; }))
            refuse("All class weights are 0: give at least one class some weight.");
    }

    /// As AllocationRequest has them.
    LayerBits lockedBits() const
    {
        LayerBits locked = m_state.locked;
        for (std::size_t i = 0; i < locked.size(); ++i)
            for (std::size_t f = 0; f < locked[i].size(); ++f)
                locked[i][f] = locked[i][f] ? m_state.bits[i][f] : AllocationRequest::kFree;
        return locked;
    }

    std::size_t layerOf(const LayerFilters& part) const
    {
        const auto layers = static_cast<std::int64_t>(m_sources.layers.size());
        if (part.layer < 0 || part.layer >= layers)
            refuse(numbered("There is no layer ", part.layer) + numbered(": the network has ", layers) + " of them, counted from 0.");
        return static_cast<std::size_t>(part.layer);
    }

    /// Per filter 1 where it is selected; a filter may be named twice.
    LayerBits marked(const FilterSelection& selection) const
    {
        LayerBits marks;
        for (const auto& layer : m_state.bits)
            marks.emplace_back(layer.size(), std::uint8_t { selection.layers.empty() });
        for (const LayerFilters& part : selection.layers) {
            auto& layer = marks[layerOf(part)];
            if (part.filters.empty())
                layer.assign(layer.size(), 1);
            for (const std::int64_t filter : part.filters) {
                if (filter < 0 || filter >= static_cast<std::int64_t>(layer.size()))
                    refuse(numbered("There is no filter ", filter) + numbered(" in layer ", part.layer)
                        + numbered(": it has ", static_cast<std::int64_t>(layer.size())) + " of them, counted from 0.");
                layer[static_cast<std::size_t>(filter)] = 1;
            }
        }
        return marks;
    }

    /// Calls `work(layer, filter)` for every selected filter of a quantizable layer, locked or not.
    template <typename Work> void eachOf(const FilterSelection& selection, Work work) const
    {
        const LayerBits marks = marked(selection);
        for (std::size_t i = 0; i < marks.size(); ++i)
            for (std::size_t f = 0; m_sources.layers[i].quantizable && f < marks[i].size(); ++f)
                if (marks[i][f])
                    work(i, f);
    }

    template <typename Work> void eachSelected(const FilterSelection& selection, Work work) const
    {
        eachOf(selection, [&](std::size_t layer, std::size_t filter) {
            if (!m_state.locked[layer][filter])
                work(layer, filter);
        });
    }

    template <typename Colour> void paint(const FilterSelection& selection, Colour colour) const
    {
        eachSelected(selection, [&](std::size_t layer, std::size_t filter) {
            std::uint8_t& own = m_state.bits[layer][filter];
            own = colour(own);
        });
    }

    void lock(const FilterSelection& selection, std::uint8_t locked) const
    {
        eachOf(selection, [&](std::size_t layer, std::size_t filter) { m_state.locked[layer][filter] = locked; });
    }

    void takeUnlocked(const LayerBits& bits) const
    {
        eachSelected({}, [&](std::size_t layer, std::size_t filter) { m_state.bits[layer][filter] = bits[layer][filter]; });
    }

    const EditSources& m_sources;
    EditState& m_state;
};

} // namespace

int nearestAllowed(const std::vector<int>& allowed, int bits)
{
    const auto above = std::ranges::upper_bound(allowed, bits);
    return above == allowed.begin() ? allowed.front() : *std::prev(above);
}

EditState startOf(const EditSources& sources)
{
    checkAllowed(sources.choice.allowed);
    if (!fits(sources.layers, sources.start))
        refuse("The bits that the edits start from are not those of this network.");
    bool scored = sources.scores.empty() || sources.scores.size() == sources.layers.size();
    for (std::size_t i = 0; scored && i < sources.scores.size(); ++i)
        scored = !sources.layers[i].quantizable || sources.scores[i].size() == sources.start[i].size();
    if (!scored)
        refuse("The scores that the edits draw on are not those of this network.");
    EditState state;
    state.bits = sources.start;
    state.choice = sources.choice;
    for (const auto& layer : sources.start)
        state.locked.emplace_back(layer.size(), std::uint8_t { 0 });
    if (sources.thresholds.size() + 1 == sources.choice.allowed.size())
        state.thresholds = sources.thresholds;
    state.classWeights = sources.classWeights;
    state.targetBits = averageBits(sources.layers, sources.start);
    return state;
}

EditState apply(const EditSources& sources, const EditState& state, const BitEdit& edit)
{
    EditState next = state;
    std::visit(Editor(sources, next), edit);
    return next;
}

EditState replay(const EditSources& sources, const std::vector<BitEdit>& edits)
{
    EditState state = startOf(sources);
    const Editor editor(sources, state);
    for (const BitEdit& edit : edits)
        std::visit(editor, edit);
    return state;
}

std::vector<std::int64_t> runsIn(const std::vector<BitEdit>& edits)
{
    std::set<std::int64_t> runs;
    for (const BitEdit& edit : edits)
        if (const auto* like = std::get_if<LikeEdit>(&edit))
            runs.insert(like->run);
    return { runs.begin(), runs.end() };
}

} // namespace bitscape
