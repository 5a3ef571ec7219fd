// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/add_model.h"
#include "core/engine/network/tensors.h"
#include "core/network/subnet_graph.h"
#include "core/project/project.h"
#include "core/project/runs.h"

#include <string>

namespace bitscape {

/// The weights of subnetGraph()'s nodes, taken from the stepping network's. Weights of less than `pruneBelow` are zero (methods.md
/// section 7).
TensorMap splitTensors(const SubnetGraph& split, const Graph& graph, const TensorMap& tensors, double pruneBelow);

/// The stepping subnets of a finished step run as a network of their own (core/network/subnet_graph.h), to be scored, searched and
/// refined: a filter has one bit-width in all subnets. `name`: in the project; empty: the model's with the run's number. Writes nothing.
/// Throws Error(BadArgument) for another kind of run, or one that has not finished.
DescribedModel describeSubnets(Project& project, const Run& run, const std::string& name);

} // namespace bitscape
