// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/curves_points.h"

#include "core/jobs/parameters.h"
#include "core/network/cost.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace bitscape::ui {
namespace {

/// Equal for equal parameters. Of the values alone: parameters of one kind have the same names, and reading those costs the most.
std::size_t hashOf(const nlohmann::json& parameters)
{
    std::size_t seed = parameters.size();
    for (const nlohmann::json& value : parameters) {
        std::size_t hash = 0;
        if (value.is_number())
            hash = std::hash<double> {}(value.get<double>());
        else if (value.is_string())
            hash = std::hash<std::string> {}(value.get_ref<const std::string&>());
        else
            hash = value.is_structured() ? hashOf(value) : static_cast<std::size_t>(value.type());
        seed ^= hash + 0x9e3779b9U + (seed << 6U) + (seed >> 2U);
    }
    return seed;
}

/// What a run is, its seed aside: kind, parameters, data and the same of all that it comes from.
struct Likeness {
    RunKind kind;
    int parameters;
    std::int64_t dataset;
    std::int64_t parent; ///< number of the parent's likeness; -1 without one
    bool operator==(const Likeness&) const = default;
};

struct LikenessHash {
    std::size_t operator()(const Likeness& likeness) const
    {
        std::size_t hash = static_cast<std::size_t>(likeness.kind);
        for (const std::int64_t part : { std::int64_t { likeness.parameters }, likeness.dataset, likeness.parent })
            hash = (hash ^ static_cast<std::size_t>(part)) * 0x9e3779b97f4a7c15U;
        return hash;
    }
};

constexpr std::array kFamilies { "stepping", "any-width", "slimmable" }; ///< SubnetFamily::kind

/// The metric of a step run's subnet: "stepping_macs_2".
std::string subnetMetric(const std::string& family, const char* figure, int subnet)
{
    return family + '_' + figure + '_' + std::to_string(subnet);
}

int subnetsOf(const RunRecord& record, const std::string& family)
{
    int count = 0;
    while (record.metrics.contains(subnetMetric(family, "accuracy", count + 1))
        && record.metrics.contains(subnetMetric(family, "macs", count + 1)))
        ++count;
    return count;
}

struct Placed {
    const RunRecord* record = nullptr;
    int likeness = 0;
    const std::string* strategy = nullptr;
};

std::string strategyOf(const Run& run)
{
    const auto strategy = run.parameters.value("strategy", std::string());
    const bool ordered = strategy == "cq" || strategy == "magnitude" || strategy == "random";
    return ordered ? strategy + ' ' + run.parameters.value("order", std::string()) : strategy;
}

/// Where every run of a model belongs. Parents are older than their children: one pass by number finds them.
class Placing final {
public:
    Placing(const RunMap& runs, ModelId model, ParameterNumbers& numbers)
        : m_numbers(numbers)
    {
        m_placed.reserve(runs.size());
        for (const auto& [id, record] : runs) {
            if (record->run.model == model)
                m_placed.emplace(id.value, place(record));
        }
    }

    const Placed& operator[](RunId id) const { return m_placed.at(id.value); }
    const Placed* parentOf(const Placed& placed) const
    {
        const auto found = placed.record->run.parent ? m_placed.find(placed.record->run.parent->value) : m_placed.end();
        return found == m_placed.end() ? nullptr : &found->second;
    }

private:
    Placed place(const std::shared_ptr<const RunRecord>& record)
    {
        const Run& run = record->run;
        Placed placed { record.get(), 0, &m_none };
        const Placed* parent = parentOf(placed);
        const int parameters = m_numbers.numberOf(record);
        if (run.kind == RunKind::Search)
            placed.strategy = strategyNamed(run, parameters);
        else if (parent && run.kind != RunKind::Train)
            placed.strategy = parent->strategy;
        // A parent that is not there makes a run like no other.
        const std::int64_t unknown = run.parent ? -2 - run.parent->value : -1;
        const Likeness likeness { run.kind, parameters, run.dataset ? run.dataset->value : -1, parent ? parent->likeness : unknown };
        placed.likeness = m_likeness.emplace(likeness, static_cast<int>(m_likeness.size())).first->second;
        return placed;
    }

    const std::string* strategyNamed(const Run& run, int parameters)
    {
        const auto [known, isNew] = m_strategies.try_emplace(parameters);
        if (isNew)
            known->second = strategyOf(run);
        return &known->second;
    }

    std::string m_none;
    std::unordered_map<int, std::string> m_strategies; ///< by the number of the parameters
    ParameterNumbers& m_numbers;
    std::unordered_map<Likeness, int, LikenessHash> m_likeness;
    std::unordered_map<std::int64_t, Placed> m_placed; ///< by number of the run
};

/// A run's figure: its own, of a training the network's.
std::optional<double> figureOf(const RunRecord& record, const std::string& name, const CurveRequest& request)
{
    const auto own = record.metrics.find(name);
    if (own != record.metrics.end())
        return std::isfinite(own->second) ? std::optional(own->second) : std::nullopt;
    const auto full = request.fullFigures.find(name);
    return record.run.kind == RunKind::Train && full != request.fullFigures.end() ? std::optional(full->second) : std::nullopt;
}

bool isWanted(const RunRecord& record, const CurveRequest& request)
{
    const Run& run = record.run;
    return run.state == RunState::Finished && run.model == request.model && (!request.dataset || run.dataset == request.dataset)
        && figureOf(record, "accuracy", request) && figureOf(record, metricOf(request.cost), request);
}

/// The seeds that tell the runs of a point apart.
std::vector<std::uint64_t> seedsOf(const CurvePoint& point, const Placing& placing)
{
    std::vector<const Placed*> generation;
    for (const auto& record : point.runs)
        generation.push_back(&placing[record->run.id]);
    std::vector<std::uint64_t> own;
    while (std::ranges::find(generation, nullptr) == generation.end()) {
        std::vector<std::uint64_t> seeds;
        for (const Placed* placed : generation)
            seeds.push_back(placed->record->run.seed);
        if (own.empty())
            own = seeds;
        if (std::ranges::adjacent_find(seeds, std::not_equal_to {}) != seeds.end())
            return seeds;
        for (const Placed*& placed : generation)
            placed = placing.parentOf(*placed);
    }
    return own;
}

void finish(CurvePoint& point, const CurveWay& way, const CurveRequest& request, const Placing& placing)
{
    const std::string accuracy = point.subnet > 0 ? subnetMetric(way.strategy, "accuracy", point.subnet) : "accuracy";
    const std::string cost = point.subnet > 0 ? subnetMetric(way.strategy, "macs", point.subnet) : metricOf(request.cost);
    if (point.runs.size() == 1) { // most are
        const RunRecord& only = *point.runs.front();
        point.accuracy = { *figureOf(only, accuracy, request), 0 };
        point.cost = { *figureOf(only, cost, request), 0 };
        point.seeds = { only.run.seed };
        return;
    }
    std::vector<double> accuracies, costs;
    for (const auto& record : point.runs) {
        accuracies.push_back(*figureOf(*record, accuracy, request));
        costs.push_back(*figureOf(*record, cost, request));
    }
    point.accuracy = meanSpread(accuracies);
    point.cost = meanSpread(costs);
    const auto distance
        = [&](std::size_t i) { return std::pair(std::abs(accuracies[i] - point.accuracy.mean), std::abs(costs[i] - point.cost.mean)); };
    for (std::size_t i = 1; i < point.runs.size(); ++i) {
        if (distance(i) < distance(point.nearest))
            point.nearest = i;
    }
    point.seeds = seedsOf(point, placing);
}

/// Trainings first, then by strategy as the parameters list them, what is refined behind what it was refined from.
auto legendOrder(const CurveWay& way)
{
    static const std::vector<std::string> strategies = parameterOf(RunKind::Search, "strategy").choices;
    const std::string word = way.strategy.substr(0, way.strategy.find(' '));
    const auto rank = way.strategy.empty() ? -1 : std::ranges::find(strategies, word) - strategies.begin();
    const auto family = std::ranges::find(kFamilies, way.strategy) - kFamilies.begin();
    const bool step = way.kind == RunKind::Step;
    return std::tuple(step, way.stepRun, step ? family : 0, rank, way.strategy, way.kind);
}

/// Points of one likeness, which become one of a way.
using WayPoints = std::map<CurveWay, std::vector<CurvePoint>>;

/// A point per subnet and family of step runs that are alike; those that do not have them as the first has are left out. False where the
/// first has none.
bool addSubnets(WayPoints& ways, const CurvePoint& alike, bool baselines)
{
    const RunRecord& first = *alike.runs.front();
    for (const std::string family : kFamilies) {
        const int subnets = baselines || family == kFamilies.front() ? subnetsOf(first, family) : 0;
        if (subnets == 0 && family == kFamilies.front())
            return false;
        CurvePoint point = alike;
        std::erase_if(point.runs, [&](const auto& record) { return subnetsOf(*record, family) != subnets; });
        for (point.subnet = 1; point.subnet <= subnets; ++point.subnet)
            ways[{ RunKind::Step, family, first.run.id.value }].push_back(point);
    }
    return true;
}

/// The step run whose baselines are drawn: the selected one, else the newest.
std::optional<RunId> baselinesOf(const std::vector<const RunRecord*>& wanted, const std::optional<RunId>& selected)
{
    std::optional<RunId> found;
    for (const RunRecord* record : wanted) {
        if (record->run.kind == RunKind::Step)
            found = record->run.id;
        if (record->run.kind == RunKind::Step && record->run.id == selected)
            break;
    }
    return found;
}

std::optional<double> fullAccuracyOf(const std::vector<const RunRecord*>& wanted, std::optional<RunId> selected)
{
    std::optional<double> newest;
    for (const RunRecord* record : wanted) {
        const auto found = record->metrics.find("full_accuracy");
        if (found == record->metrics.end() || !std::isfinite(found->second))
            continue;
        newest = found->second;
        if (record->run.id == selected)
            break;
    }
    return newest;
}

} // namespace

const std::string& metricOf(CurveCost cost)
{
    static const std::array<std::string, 4> names { "macs", "bitops", "size_bits", "average_bits" };
    return names.at(static_cast<std::size_t>(cost));
}

MeanSpread meanSpread(const std::vector<double>& values)
{
    if (values.empty())
        return {};
    const auto [least, most] = std::ranges::minmax(values);
    if (least == most)
        return { least, 0 }; // exact, so that ties stay ties
    const double n = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
    double squares = 0;
    for (const double value : values)
        squares += (value - mean) * (value - mean);
    return { mean, std::sqrt(squares / (n - 1)) };
}

const CurvePoint* Curves::pointOf(RunId id) const
{
    for (const CurvePoint& point : points) {
        const auto has = [id](const auto& record) { return record->run.id == id; };
        if (std::ranges::any_of(point.runs, has))
            return &point;
    }
    return nullptr;
}

std::map<std::string, double> fullFiguresOf(const ModelEntry& model)
{
    const Cost cost = costOf(model.graph, model.layers, uniformBits(model.layers, kFullPrecisionBits, kFullPrecisionBits));
    return { { "macs", static_cast<double>(cost.macs) }, { "bitops", static_cast<double>(cost.bitops) },
        { "size_bits", static_cast<double>(cost.sizeBits) }, { "average_bits", kFullPrecisionBits } };
}

int ParameterNumbers::numberOf(const std::shared_ptr<const RunRecord>& record)
{
    auto& [seen, number] = m_known[record->run.id.value];
    if (seen == record)
        return number;
    seen = record;
    auto& different = m_different[hashOf(record->run.parameters)];
    const auto same = [&](const auto& entry) { return entry.first->run.parameters == record->run.parameters; };
    const auto found = std::ranges::find_if(different, same);
    number = found == different.end() ? m_count++ : found->second;
    if (found == different.end())
        different.emplace_back(record, number);
    return number;
}

Curves curvesOf(const RunMap& runs, const CurveRequest& request, ParameterNumbers& numbers)
{
    const Placing placing(runs, request.model, numbers);
    std::unordered_map<int, CurvePoint> alike; // by likeness, from which the way follows
    std::vector<const RunRecord*> wanted;
    for (const auto& [id, record] : runs) {
        if (!isWanted(*record, request))
            continue;
        wanted.push_back(record.get());
        alike[placing[id].likeness].runs.push_back(record);
    }
    const auto compared = baselinesOf(wanted, request.selected);
    WayPoints ways;
    for (auto& [likeness, point] : alike) {
        const Run& first = point.runs.front()->run;
        const auto isCompared = [&](const auto& record) { return record->run.id == compared; };
        const bool step = first.kind == RunKind::Step && request.cost == CurveCost::Macs;
        if (!step || !addSubnets(ways, point, std::ranges::any_of(point.runs, isCompared)))
            ways[{ first.kind, *placing[first.id].strategy, first.kind == RunKind::Step ? first.id.value : 0 }].push_back(std::move(point));
    }
    Curves curves;
    curves.fullAccuracy = fullAccuracyOf(wanted, request.selected);
    for (const auto& [way, members] : ways)
        curves.ways.push_back(way);
    std::ranges::sort(curves.ways, {}, legendOrder);
    std::vector<TradeOff> offers;
    for (std::size_t way = 0; way < curves.ways.size(); ++way) {
        auto& members = ways[curves.ways[way]];
        for (CurvePoint& point : members) {
            point.way = way;
            finish(point, curves.ways[way], request, placing);
        }
        std::ranges::sort(members, {}, [](const CurvePoint& p) { return std::tuple(p.cost.mean, p.key(), p.subnet); });
        for (CurvePoint& point : members) {
            offers.push_back({ point.cost.mean, point.accuracy.mean });
            curves.points.push_back(std::move(point));
        }
    }
    curves.front = paretoFront(offers);
    return curves;
}

std::vector<std::size_t> paretoFront(const std::vector<TradeOff>& points)
{
    std::vector<std::size_t> order(points.size());
    std::iota(order.begin(), order.end(), std::size_t { 0 });
    std::ranges::sort(order, {}, [&](std::size_t i) { return std::tuple(points[i].cost, -points[i].gain, i); });
    std::vector<std::size_t> front;
    for (const std::size_t i : order) {
        const bool better = front.empty() || points[i].gain > points[front.back()].gain;
        const bool equal = !better && points[i].gain == points[front.back()].gain && points[i].cost == points[front.back()].cost;
        if (better || equal)
            front.push_back(i);
    }
    return front;
}

} // namespace bitscape::ui
