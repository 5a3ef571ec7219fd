// SPDX-License-Identifier: GPL-3.0-or-later
// Results of a step run put together by hand, for the tests of what shows them.
#pragma once

#include "tests/ui/view_fixture.h"

#include "core/network/subnets.h"
#include "core/network/zoo.h"

namespace bitscape::ui {

/// lenet5 widened by 1.5 with three subnets: 100 k, 250 k and 400 k MACs; every filter i of a layer in subnet i % 4 + 1, the fourth being
/// none. any-width wins at the second, slimmable nowhere.
inline RunResults steppedResults()
{
    RunResults results = resultsOf(9, RunKind::Step, "step 3");
    results.graph = widened(zooGraph(zooRequestFrom("zoo:lenet5")), 1.5);
    results.layers = layersOf(results.graph);
    results.run.parameters = { { "budgets", { 0.2, 0.5, 0.8 } }, { "expansion", 1.5 } };
    results.run.seconds = 83;
    SteppingResult stepping;
    stepping.originalMacs = 500000;
    stepping.originalAccuracy = 0.97;
    const auto family = [](const char* kind, std::vector<double> accuracies) {
        SubnetFamily made { kind, {} };
        const std::vector<double> budgets { 0.2, 0.5, 0.8 };
        const std::vector<std::int64_t> macs { 100000, 250000, 400000 };
        for (std::size_t k = 0; k < 3; ++k)
            made.subnets.push_back({ budgets[k], macs[k], static_cast<double>(macs[k]) / 500000, accuracies[k] });
        return made;
    };
    stepping.families = { family("stepping", { 0.90, 0.93, 0.95 }), family("any-width", { 0.89, 0.94, 0.95 }),
        family("slimmable", { 0.80, 0.85, 0.90 }) };
    for (const Layer& layer : results.layers) {
        auto& groups = stepping.groups.emplace_back();
        for (std::int64_t i = 0; i < layer.filters; ++i)
            groups.push_back(static_cast<std::uint8_t>(layer.last ? 1 : i % 4 + 1));
    }
    for (int i = 0; i < 5; ++i)
        stepping.iterations.push_back(
            { { 900000 - 160000 * i, 900000 - 120000 * i, 900000 - 100000 * i }, { 0.5, 0.6, 0.7 }, 2.0 - 0.1 * i });
    stepping.anytime = { { 0, 100000, 0.90 }, { 0.5, 180000, 0.94 }, { 1, 400000, 0.95 } };
    results.stepping = stepping;
    return results;
}

} // namespace bitscape::ui
