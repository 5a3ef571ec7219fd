// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "slow_allocation.h"

#include "core/network/bit_edits.h"
#include "core/network/cost.h"

#include "core/base/error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace bitscape::test {

/// The same once more, the slow way: a filter is an entry of a map, and everything is looked at for every filter.
class SlowEdits final {
public:
    explicit SlowEdits(const EditSources& sources)
        : m_sources(sources)
        , m_allowed(sources.choice.allowed.begin(), sources.choice.allowed.end())
    {
        for (std::size_t i = 0; i < sources.layers.size(); ++i)
            for (std::size_t f = 0; f < sources.start[i].size(); ++f)
                m_bits[{ i, f }] = sources.start[i][f];
    }

    LayerBits bits() const
    {
        LayerBits all(m_sources.layers.size());
        for (const auto& [place, bits] : m_bits)
            all[place.first].push_back(static_cast<std::uint8_t>(bits));
        return all;
    }

    void take(const nlohmann::json& edit)
    {
        const auto op = edit.at("op").get<std::string>();
        LayerBits allocated;
        if (op == "target")
            allocated = reallocated(edit);
        if (op == "allow")
            m_allowed = edit.at("bits").get<std::set<int>>();
        for (auto& [place, bits] : m_bits) {
            if (!m_sources.layers[place.first].quantizable || !isSelected(edit, place))
                continue;
            if (op == "lock")
                m_locked.insert(place);
            else if (op == "unlock")
                m_locked.erase(place);
            else if (!m_locked.contains(place))
                bits = op == "target" ? allocated[place.first][place.second] : changed(op, edit, place, bits);
        }
    }

private:
    using Place = std::pair<std::size_t, std::size_t>;

    static bool isSelected(const nlohmann::json& edit, const Place& place)
    {
        if (!edit.contains("selection") || edit.at("selection").empty())
            return true;
        bool found = false;
        for (const auto& part : edit.at("selection")) {
            if (part.at("layer") != place.first)
                continue;
            found = found || !part.contains("filters");
            for (const auto& filter : part.value("filters", nlohmann::json::array()))
                found = found || filter == place.second;
        }
        return found;
    }

    int near(int bits) const
    {
        int best = *m_allowed.begin();
        for (const int allowed : m_allowed)
            if (allowed <= bits)
                best = std::max(best, allowed);
        return best;
    }

    int changed(const std::string& op, const nlohmann::json& edit, const Place& place, int bits) const
    {
        if (op == "set")
            return near(edit.at("bits"));
        if (op == "at_most")
            return bits > edit.at("bits").get<int>() ? near(edit.at("bits")) : bits;
        if (op == "like")
            return near(m_sources.otherBits.at(edit.at("run").get<std::int64_t>())[place.first][place.second]);
        if (op == "allow")
            return near(bits);
        if (op == "thresholds") {
            std::size_t above = 0;
            for (const double threshold : edit.at("values"))
                above += threshold <= m_sources.scores[place.first][place.second] + 1e-9 ? 1 : 0;
            return *std::next(m_allowed.begin(), static_cast<std::ptrdiff_t>(above));
        }
        int next = bits; // change
        for (int b = bits; b >= 0 && b <= 8 && next == bits; b += edit.at("by").get<int>())
            next = m_allowed.contains(b) ? b : bits;
        return next;
    }

    LayerBits reallocated(const nlohmann::json& edit)
    {
        if (edit.contains("class_weights"))
            m_weights = edit.at("class_weights").get<std::vector<double>>();
        AllocationRequest request;
        request.targetBits = edit.at("bits");
        request.choice = { { m_allowed.begin(), m_allowed.end() }, 8 };
        request.classWeights = m_weights;
        request.locked = bits();
        for (const auto& [place, bits] : m_bits)
            request.locked[place.first][place.second] = static_cast<std::uint8_t>(m_locked.contains(place) ? bits : 255);
        return slowAllocation(m_sources.layers, *m_sources.sensitivity, request);
    }

    const EditSources& m_sources;
    std::set<int> m_allowed;
    std::map<Place, int> m_bits;
    std::set<Place> m_locked;
    std::vector<double> m_weights;
};

} // namespace bitscape::test
