// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/bit_edits_json.h"

#include "core/base/error.h"
#include "core/base/numbered.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>

namespace bitscape {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostEdits = 100000;
constexpr std::string_view kOps = "thresholds, target, set, at_most, change, like, lock, unlock or allow";

/// Ends the sentence "Edit 3 ...".
struct Unfit final {
    std::string what;
};

[[noreturn]] void unfit(std::string_view argument, std::string_view wanted)
{
    std::string what = "needs ";
    what += argument;
    what += ": ";
    what += wanted;
    throw Unfit { what };
}

const Json& argument(const Json& edit, const char* name, std::string_view wanted)
{
    const auto found = edit.find(name);
    if (found == edit.end())
        unfit(name, wanted);
    return *found;
}

std::int64_t whole(const Json& value, std::string_view name)
{
    const bool tooLarge
        = value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (!value.is_number_integer() || tooLarge)
        unfit(name, "a whole number");
    return value.get<std::int64_t>();
}

int bitsIn(const Json& value)
{
    const std::int64_t bits = whole(value, "bits");
    if (bits < 0 || bits > 8)
        unfit("bits", "whole numbers from 0 to 8");
    return static_cast<int>(bits);
}

std::vector<double> numbersIn(const Json& value, std::string_view name)
{
    if (!value.is_array()
        || !std::ranges::all_of(value, [](const Json& entry) { return entry.is_number() && std::isfinite(entry.get<double>()); }))
        unfit(name, "a list of numbers");
    return value.get<std::vector<double>>();
}

void onlyThese(const Json& object, std::initializer_list<std::string_view> names)
{
    for (const auto& [name, value] : object.items())
        if (std::ranges::find(names, name) == names.end())
            throw Unfit { "has an argument '" + name.substr(0, 40) + "' that nothing is done with" };
}

LayerFilters partFrom(const Json& json)
{
    static constexpr auto kFilters = "a list of filters, each a whole number from 0, or none at all for every filter";
    if (!json.is_object())
        unfit("selection", R"(a list like [{"layer": 2}, {"layer": 3, "filters": [0, 5]}])");
    onlyThese(json, { "layer", "filters" });
    LayerFilters part { whole(argument(json, "layer", "a whole number from 0"), "layer"), {} };
    const auto filters = json.find("filters");
    if (filters == json.end())
        return part;
    if (!filters->is_array() || filters->empty())
        unfit("filters", kFilters);
    for (const Json& filter : *filters)
        part.filters.push_back(whole(filter, "filters"));
    return part;
}

FilterSelection selectionIn(const Json& edit)
{
    FilterSelection selection;
    const auto found = edit.find("selection");
    if (found == edit.end())
        return selection;
    if (!found->is_array())
        unfit("selection", R"(a list like [{"layer": 2}, {"layer": 3, "filters": [0, 5]}])");
    for (const Json& part : *found)
        selection.layers.push_back(partFrom(part));
    return selection;
}

TargetEdit targetFrom(const Json& json)
{
    onlyThese(json, { "op", "bits", "class_weights" });
    const Json& bits = argument(json, "bits", "a number from 0 to 8");
    if (!bits.is_number() || !(bits.get<double>() >= 0 && bits.get<double>() <= 8))
        unfit("bits", "a number from 0 to 8");
    TargetEdit edit { bits.get<double>(), std::nullopt };
    if (const auto weights = json.find("class_weights"); weights != json.end())
        edit.classWeights = numbersIn(*weights, "class_weights");
    return edit;
}

ChangeEdit changeFrom(const Json& json)
{
    onlyThese(json, { "op", "selection", "by" });
    const std::int64_t by = whole(argument(json, "by", "1 or -1"), "by");
    if (by != 1 && by != -1)
        unfit("by", "1 or -1");
    return { selectionIn(json), static_cast<int>(by) };
}

AllowEdit allowFrom(const Json& json)
{
    static constexpr auto kBits = "a rising list of whole numbers from 0 to 8";
    onlyThese(json, { "op", "bits" });
    const Json& bits = argument(json, "bits", kBits);
    if (!bits.is_array())
        unfit("bits", kBits);
    AllowEdit edit;
    for (const Json& entry : bits)
        edit.bits.push_back(bitsIn(entry));
    return edit;
}

template <typename Painting> Painting paintingFrom(const Json& json)
{
    onlyThese(json, { "op", "selection", "bits" });
    return { selectionIn(json), bitsIn(argument(json, "bits", "a whole number from 0 to 8")) };
}

template <typename Locking> Locking lockingFrom(const Json& json)
{
    onlyThese(json, { "op", "selection" });
    return { selectionIn(json) };
}

BitEdit editFrom(const Json& json)
{
    if (!json.is_object() || !json.contains("op") || !json.at("op").is_string())
        unfit("op", kOps);
    const auto op = json.at("op").get<std::string>();
    if (op == "thresholds") {
        onlyThese(json, { "op", "values" });
        return ThresholdsEdit { numbersIn(argument(json, "values", "a list of numbers"), "values") };
    }
    if (op == "target")
        return targetFrom(json);
    if (op == "set")
        return paintingFrom<SetEdit>(json);
    if (op == "at_most")
        return paintingFrom<AtMostEdit>(json);
    if (op == "change")
        return changeFrom(json);
    if (op == "like") {
        onlyThese(json, { "op", "selection", "run" });
        return LikeEdit { selectionIn(json), whole(argument(json, "run", "a run's number"), "run") };
    }
    if (op == "lock")
        return lockingFrom<LockEdit>(json);
    if (op == "unlock")
        return lockingFrom<UnlockEdit>(json);
    if (op == "allow")
        return allowFrom(json);
    unfit("op", kOps);
}

Json selectionToJson(const FilterSelection& selection)
{
    Json list = Json::array();
    for (const LayerFilters& part : selection.layers) {
        Json& entry = list.emplace_back(Json { { "layer", part.layer } });
        if (!part.filters.empty())
            entry["filters"] = part.filters;
    }
    return list;
}

/// Writes one edit.
struct Writer final {
    Json operator()(const ThresholdsEdit& edit) const { return { { "op", "thresholds" }, { "values", edit.values } }; }
    Json operator()(const TargetEdit& edit) const
    {
        Json json { { "op", "target" }, { "bits", edit.bits } };
        if (edit.classWeights)
            json["class_weights"] = *edit.classWeights;
        return json;
    }
    Json operator()(const SetEdit& edit) const { return on(edit.selection, { { "op", "set" }, { "bits", edit.bits } }); }
    Json operator()(const AtMostEdit& edit) const { return on(edit.selection, { { "op", "at_most" }, { "bits", edit.bits } }); }
    Json operator()(const ChangeEdit& edit) const { return on(edit.selection, { { "op", "change" }, { "by", edit.by } }); }
    Json operator()(const LikeEdit& edit) const { return on(edit.selection, { { "op", "like" }, { "run", edit.run } }); }
    Json operator()(const LockEdit& edit) const { return on(edit.selection, { { "op", "lock" } }); }
    Json operator()(const UnlockEdit& edit) const { return on(edit.selection, { { "op", "unlock" } }); }
    Json operator()(const AllowEdit& edit) const { return { { "op", "allow" }, { "bits", edit.bits } }; }

    static Json on(const FilterSelection& selection, Json json)
    {
        if (!selection.layers.empty())
            json["selection"] = selectionToJson(selection);
        return json;
    }
};

} // namespace

Json toJson(const std::vector<BitEdit>& edits)
{
    Json list = Json::array();
    for (const BitEdit& edit : edits)
        list.push_back(std::visit(Writer {}, edit));
    return list;
}

std::vector<BitEdit> editsFromJson(const Json& json)
{
    if (!json.is_array() || json.size() > kMostEdits)
        throw Error(ErrorCode::BadArgument, "A history of edits is a list of at most 100000 objects, each with an op.");
    std::vector<BitEdit> edits;
    for (const Json& edit : json) {
        try {
            edits.push_back(editFrom(edit));
        } catch (const Unfit& error) {
            throw Error(ErrorCode::BadArgument, numbered("Edit ", static_cast<std::int64_t>(edits.size() + 1)) + " " + error.what + ".");
        }
    }
    return edits;
}

} // namespace bitscape
