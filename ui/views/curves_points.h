// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/project/project_document.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace bitscape::ui {

/// What accuracy is drawn against.
enum class CurveCost { Macs, BitOps, Size, AverageBits };

/// The figure's name in RunRecord::metrics: "macs", "bitops", "size_bits", "average_bits".
const std::string& metricOf(CurveCost cost);

/// A way of getting bits, or of making subnets: one series of the chart.
struct CurveWay {
    RunKind kind = RunKind::Train;
    std::string strategy; ///< "cq ascending", "fisher": the run's, or that of the search it comes from; empty without one. Of a step run
                          ///< "stepping", "any-width", "slimmable"
    std::int64_t stepRun = 0; ///< of a step run: the first that differs from it in nothing but the seed; its subnets are one line
    auto operator<=>(const CurveWay&) const = default;
};

/// Mean and sample standard deviation (n - 1); 0 for one value.
struct MeanSpread {
    double mean = 0, deviation = 0;
    bool operator==(const MeanSpread&) const = default;
};
MeanSpread meanSpread(const std::vector<double>& values);

/// Runs that differ in nothing but their seed, or one run; of step runs one subnet.
struct CurvePoint {
    std::size_t way = 0;                                ///< position in Curves::ways
    int subnet = 0;                                     ///< 1..n of a step run; 0: the whole network
    std::vector<std::shared_ptr<const RunRecord>> runs; ///< by number, at least one
    std::size_t nearest = 0;          ///< of `runs`: the one closest to the mean accuracy, then to the mean cost, then the oldest
    MeanSpread accuracy;              ///< 0..1
    MeanSpread cost;                  ///< MACs, BitOps, bits of size or bits per weight
    std::vector<std::uint64_t> seeds; ///< one per run: its own, or where these are all the same those of the first ancestors that differ
    RunId key() const { return runs[nearest]->run.id; }
};

struct Curves {
    std::vector<CurveWay> ways;         ///< in the order of a legend
    std::vector<CurvePoint> points;     ///< by way, then by cost, then by run
    std::vector<std::size_t> front;     ///< of `points`: those that no other beats, by rising cost
    std::optional<double> fullAccuracy; ///< 0..1, of the selected run, else of the newest run that has it
    /// The first point that holds a run; null for none.
    const CurvePoint* pointOf(RunId id) const;
};

struct CurveRequest {
    ModelId model;
    std::optional<DatasetId> dataset; ///< nothing: whichever
    CurveCost cost = CurveCost::Macs;
    std::optional<RunId> selected;
    std::map<std::string, double> fullFigures; ///< of the network at 32 bits, for trainings, which have no cost of their own
};

/// The figures of a network in which nothing is quantized, named as in RunRecord::metrics.
std::map<std::string, double> fullFiguresOf(const ModelEntry& model);

/// Numbers the parameters of runs, equal ones alike, and remembers: comparing them is most of the work.
class ParameterNumbers final {
public:
    int numberOf(const std::shared_ptr<const RunRecord>& record);

private:
    using Record = std::shared_ptr<const RunRecord>;
    std::unordered_map<std::int64_t, std::pair<Record, int>> m_known;                 ///< by number of the run
    std::unordered_map<std::size_t, std::vector<std::pair<Record, int>>> m_different; ///< the first with its parameters, by their hash
    int m_count = 0;
};

/// All finished runs of a model that have an accuracy and the wanted figure. Subnets have MACs and nothing else; all stepping's are there,
/// the baselines only of the selected step run or else of the newest. n log n in the number of runs. `numbers` may be of another
/// call, which makes this one faster.
Curves curvesOf(const RunMap& runs, const CurveRequest& request, ParameterNumbers& numbers);

/// A point of a trade-off: more of `gain`, less of `cost` is better.
struct TradeOff {
    double cost = 0, gain = 0;
};
/// The positions of all points that no other point beats (at least as good in both, better in one), by cost, equal ones by position. n log
/// n.
std::vector<std::size_t> paretoFront(const std::vector<TradeOff>& points);

} // namespace bitscape::ui
