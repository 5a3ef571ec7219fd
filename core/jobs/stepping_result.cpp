// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/stepping_result.h"

#include "core/project/results.h"

#include <cmath>
#include <iomanip>
#include <span>
#include <sstream>

namespace bitscape {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(SubnetIteration, macs, accuracy, loss)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(AnytimePoint, threshold, macs, accuracy)

// NOLINTNEXTLINE(readability-identifier-naming): names that the library looks for
void to_json(nlohmann::json& json, const SubnetFigures& subnet)
{
    json = { { "budget", subnet.budget }, { "macs", subnet.macs }, { "macs_share", subnet.macsShare }, { "accuracy", subnet.accuracy } };
}

void from_json(const nlohmann::json& json, SubnetFigures& subnet)
{
    subnet = { json.at("budget").get<double>(), json.at("macs").get<std::int64_t>(), json.at("macs_share").get<double>(),
        json.at("accuracy").get<double>() };
}

void to_json(nlohmann::json& json, const SubnetFamily& family)
{
    json = { { "kind", family.kind }, { "subnets", family.subnets } };
}

void from_json(const nlohmann::json& json, SubnetFamily& family)
{
    family = { json.at("kind").get<std::string>(), json.at("subnets").get<std::vector<SubnetFigures>>() };
}

nlohmann::json toJson(const SteppingResult& result)
{
    return { { "original_macs", result.originalMacs }, { "original_accuracy", result.originalAccuracy }, { "families", result.families },
        { "groups", result.groups }, { "iterations", result.iterations }, { "anytime", result.anytime } };
}

SteppingResult steppingFromJson(const nlohmann::json& json)
{
    SteppingResult result;
    json.at("original_macs").get_to(result.originalMacs);
    json.at("original_accuracy").get_to(result.originalAccuracy);
    json.at("families").get_to(result.families);
    json.at("groups").get_to(result.groups);
    json.at("iterations").get_to(result.iterations);
    json.at("anytime").get_to(result.anytime);
    return result;
}

std::string steppingVerdict(const SteppingResult& result)
{
    if (result.families.size() < 2)
        return {};
    const auto percent = [](double share) {
        std::ostringstream text;
        text << std::fixed << std::setprecision(2) << 100 * share << " %";
        return text.str();
    };
    const auto& own = result.families.front().subnets;
    std::size_t wins = 0;
    std::string losses, winner;
    for (std::size_t k = 0; k < own.size(); ++k) {
        const SubnetFamily* best = nullptr;
        for (std::size_t i = 1; i < result.families.size(); ++i) {
            const double accuracy = result.families[i].subnets[k].accuracy;
            if (accuracy > own[k].accuracy && (!best || accuracy > best->subnets[k].accuracy))
                best = &result.families[i];
        }
        wins += best ? 0 : 1;
        if (!best)
            continue;
        losses += losses.empty() ? best->kind + " wins at " : best->kind == winner ? ", " : ", " + best->kind + " at ";
        losses += std::to_string(std::lround(100 * own[k].budget)) + (winner.empty() ? " % of the MACs (" : " % (")
            + percent(best->subnets[k].accuracy) + " against " + percent(own[k].accuracy) + ")";
        winner = best->kind;
    }
    return "Stepping is not beaten at " + std::to_string(wins) + " of " + std::to_string(own.size()) + " budgets"
        + (losses.empty() ? "." : "; " + losses + ".");
}

void keepStepping(Project& project, RunId id, const SteppingResult& result)
{
    const std::string text = toJson(result).dump();
    putAttachment(project, id, "stepping", project.putBlob(std::as_bytes(std::span(text))));
}

std::optional<SteppingResult> keptStepping(Project& project, RunId id)
{
    const auto blob = attachment(project, id, "stepping");
    if (!blob)
        return std::nullopt;
    const std::vector<std::byte> bytes = project.blob(*blob);
    const auto* text = reinterpret_cast<const char*>(bytes.data());
    return steppingFromJson(nlohmann::json::parse(text, text + bytes.size()));
}

} // namespace bitscape
