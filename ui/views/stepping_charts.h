// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/bit_map_spec.h"
#include "ui/plots/chart_spec.h"

#include "core/jobs/run_results.h"

namespace bitscape::ui {

/// Whether there are subnets to show: the stepping itself is done, baselines may follow.
bool hasSubnets(const RunResults& results);

/// Where stepping's subnets are the best and where a baseline is; without baselines what its subnets reach.
QString steppingHeadline(const RunResults& results);
/// The original network, subnets, filters in none, iterations and time, in one line.
QString steppingSummary(const RunResults& results);

/// The subnet of every filter of the widened network.
BitMapSpec subnetMap(const RunResults& results, BitMapOrder order);

/// Accuracy against MACs: subnets and baselines as stairs, the anytime curve, the original network. Keys: the subnet, from 1; -1 for none.
ChartSpec subnetCurves(const RunResults& results);

/// Of each subnet's MACs those that its step adds and those reused from the subnets before, stacked. Keys: the subnet, from 1.
ChartSpec stepBars(const RunResults& results);

/// MACs of the subnets after every iteration of construction, a series per subnet, with the budgets. Keys: the iteration, from 1.
ChartSpec constructionMacs(const RunResults& results, bool logarithmic);
/// Accuracy on the batches that an iteration trained on, a series per subnet. Keys: the iteration, from 1.
ChartSpec constructionAccuracy(const RunResults& results);

} // namespace bitscape::ui
