// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/subnet_model.h"

#include "core/base/error.h"
#include "core/jobs/stepping_result.h"
#include "core/network/graph_json.h"
#include "core/project/results.h"

#include <ATen/ATen.h>

namespace bitscape {

TensorMap splitTensors(const SubnetGraph& split, const Graph& graph, const TensorMap& tensors, double pruneBelow)
{
    TensorMap taken;
    for (std::size_t i = 0; i < split.pieces.size(); ++i) {
        const SubnetGraph::Piece& piece = split.pieces[i];
        const Node& node = split.graph.nodes[i];
        if (piece.node < 0 || node.weight.empty())
            continue;
        const Node& original = graph.nodes[static_cast<std::size_t>(piece.node)];
        const at::Tensor channels = at::tensor(piece.channels, at::kLong);
        const auto take = [&](const std::string& from) { return tensors.at(from).index_select(0, channels).contiguous(); };
        at::Tensor weight = take(original.weight);
        if (node.op != Op::BatchNorm) {
            weight = weight.index_select(1, at::tensor(piece.inputs, at::kLong));
            weight = (weight * weight.abs().ge(pruneBelow)).contiguous();
        } else {
            taken[node.mean] = take(original.mean);
            taken[node.variance] = take(original.variance);
        }
        taken[node.weight] = weight;
        if (!node.bias.empty())
            taken[node.bias] = take(original.bias);
    }
    return taken;
}

DescribedModel describeSubnets(Project& project, const Run& run, const std::string& name)
{
    const std::string number = std::to_string(run.id.value);
    if (run.kind != RunKind::Step || run.state != RunState::Finished)
        throw Error(ErrorCode::BadArgument, "Run " + number + " is no finished step run: only those have subnets.");
    const auto kept = keptStepping(project, run.id);
    const auto blob = attachment(project, run.id, "step_weights");
    if (!kept || !blob)
        throw Error(ErrorCode::Store, "Run " + number + " has lost its subnets: run it again.");
    const Model original = model(project, *run.model);
    const Graph graph = widened(graphFromJson(original.graph), run.parameters.at("expansion").get<double>());
    const SubnetGraph split = subnetGraph(graph, layersOf(graph), kept->groups, static_cast<int>(kept->families.front().subnets.size()));
    const TensorMap tensors = tensorsFromBytes(graph, project.blob(*blob));
    DescribedModel described { modelWith(split.graph), {}, {} };
    described.model.name = name.empty() ? original.name + " subnets of run " + number : name;
    described.model.source = "run:" + number;
    described.model.mean = original.mean;
    described.model.stddev = original.stddev;
    described.weights = tensorsToBytes(split.graph, splitTensors(split, graph, tensors, run.parameters.at("prune_below").get<double>()));
    return described;
}

} // namespace bitscape
