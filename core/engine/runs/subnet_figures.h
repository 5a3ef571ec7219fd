// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/runs/run_evaluator.h"

#include <map>
#include <string>

namespace bitscape {

/// What each subnet of a network of subnets (Graph::subnets) costs and gets right on a split, quantized as the whole is: bits, scales,
/// ranges and statistics of a filter are the same in all of them, so that what one subnet has computed the next one reuses exactly.
/// "subnet_accuracy_1", "subnet_full_accuracy_1" (full precision), "subnet_macs_1", "subnet_bitops_1", "subnet_size_bits_1",
/// "subnet_average_bits_1", and so on for every subnet. The largest is the whole: its accuracies are `figures`' own, "accuracy" and
/// "full_accuracy". Adds nothing for other networks.
void addSubnetFigures(std::map<std::string, double>& figures, const RunInputs& inputs, RunEvaluator& evaluator,
    const Deployment& deployment, const LayerBits& bits, const std::string& split, Statistics statistics, JobContext& context);

} // namespace bitscape
