// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/jobs/mcnemar.h"
#include "core/jobs/run_results.h"
#include "core/project/project.h"
#include "core/project/runs.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

constexpr std::size_t kFewestCompared = 2, kMostCompared = 6;

/// A number that each run may have.
struct ComparedFigure {
    std::string name;                          ///< of the metric, or of a class
    std::vector<std::optional<double>> values; ///< one per run
    std::optional<std::size_t> best;           ///< where one run alone is best; nothing for figures that are neither good nor bad
    /// Of a run to the baseline, both by their places; nothing where one of them is unknown, or for the baseline itself.
    std::optional<double> difference(std::size_t run, std::size_t baseline) const;
    bool operator==(const ComparedFigure&) const = default;
};

/// A parameter as text, that of the run that it comes from where the run leaves it open; "-" where a run has none of that name.
struct ComparedParameter {
    std::string name;
    std::vector<std::string> values; ///< one per run
    /// Among the runs that have it: other kinds of runs have other parameters.
    bool differs() const;
    bool operator==(const ComparedParameter&) const = default;
};

/// Two runs on the same images, or why their answers cannot be held against each other.
struct ComparedPair {
    std::size_t first = 0, second = 0; ///< places in Comparison::runs
    std::optional<McNemar> test;
    std::string reason; ///< a sentence where there is no test
    bool operator==(const ComparedPair&) const = default;
};

/// Runs side by side; what is told against a baseline is told by the functions below, for any of them.
struct Comparison {
    std::vector<std::shared_ptr<const RunResults>> runs;
    std::vector<ComparedFigure> figures;       ///< accuracy first, then cost and time, then the rest by name
    std::vector<ComparedParameter> parameters; ///< kind, model, data, from, seed, threads and device first, then by name
    std::vector<ComparedFigure> classes;       ///< accuracy on the test split per class, 0..1; nothing where a class has no image
    std::vector<ComparedPair> pairs;           ///< each two runs once

    /// The pair of both, whichever comes first; null for a run and itself.
    const ComparedPair* pair(std::size_t one, std::size_t other) const;
};

/// Throws Error(BadArgument) for fewer than two runs or more than six, one named twice, one that has not finished, and runs of different
/// data sets.
Comparison compare(std::vector<std::shared_ptr<const RunResults>> runs);
/// The same by number, refused before anything is loaded; also for an unknown run.
Comparison compare(Project& project, const std::vector<RunId>& ids);

/// Bits of each filter of a run less the baseline's.
struct BitDifference {
    std::vector<std::vector<int>> layers; ///< per layer and filter; empty where they cannot be held against each other
    std::string reason;                   ///< then a sentence that says why
    std::int64_t more = 0, fewer = 0;     ///< filters
    bool operator==(const BitDifference&) const = default;
};
BitDifference bitDifference(const RunResults& run, const RunResults& baseline);

/// Why filters of both networks do not stand for each other, layer by layer: a sentence; empty where they do.
std::string unlikeLayers(const RunResults& run, const RunResults& baseline);

/// Shares of a class's images, 0..1, answered as each class by a run, less the baseline's; [true class][answered].
struct ConfusionDifference {
    std::vector<std::vector<double>> shares; ///< empty where unknown; NaN in the row of a class without images
    std::string reason;                      ///< then a sentence that says why
};
ConfusionDifference confusionDifference(const RunResults& run, const RunResults& baseline);

} // namespace bitscape
