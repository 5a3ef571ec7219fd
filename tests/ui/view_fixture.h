// SPDX-License-Identifier: GPL-3.0-or-later
// What tests of views share: results put together by hand, a project that nobody asks, and where things are in a figure.
#pragma once

#include "ui/views/run_view.h"

#include "core/jobs/run_results.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QWidget>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace bitscape::ui {

/// For every test function: a warning fails it, but for what the offscreen platform says of itself.
inline void failOnAnyWarning()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support propagateSizeHints)")));
}

/// Results of a run of this kind without anything in them.
inline RunResults resultsOf(std::int64_t number, RunKind kind, const std::string& name)
{
    RunResults results;
    results.run.id = { number };
    results.run.kind = kind;
    results.run.name = name;
    results.run.state = RunState::Finished;
    return results;
}

inline Run runOf(std::int64_t number, RunKind kind, const std::string& name)
{
    return resultsOf(number, kind, name).run;
}

/// A layer as far as views care.
inline Layer layerOf(const std::string& name, std::int64_t filters, bool quantizable = true)
{
    Layer layer;
    layer.name = name;
    layer.filters = filters;
    layer.quantizable = quantizable;
    return layer;
}

/// Adds a layer with its scores from counts per filter and class.
inline void addScores(RunResults& results, const std::string& name, std::int64_t samples,
    const std::vector<std::vector<std::uint32_t>>& counts, bool quantizable = true)
{
    results.layers.push_back(layerOf(name, static_cast<std::int64_t>(counts.size()), quantizable));
    LayerScores scores;
    scores.layer = name;
    scores.samples = samples;
    results.filterScores.emplace_back();
    for (const auto& filter : counts) {
        std::int64_t sum = 0;
        for (const std::uint32_t count : filter) {
            scores.counts.push_back(count);
            sum += count;
        }
        results.filterScores.back().push_back(static_cast<double>(sum) / static_cast<double>(samples));
    }
    results.scores.push_back(std::move(scores));
    results.scoreRun = results.run.id;
}

inline ResultsPtr shared(RunResults results)
{
    return std::make_shared<const RunResults>(std::move(results));
}

/// All that a view needs, on a project of its own.
struct ViewWorld {
    QTemporaryDir folder;
    ProjectDocument document { folder.filePath(QStringLiteral("views.bitscape")), ProjectThread::Mode::Create };
    Selection selection;
    ResultsLoader loader { document };
    Theme theme;
    ViewContext context { document, selection, loader, theme };
};

} // namespace bitscape::ui
