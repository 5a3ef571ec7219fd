// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/subnet_figures.h"

#include "core/engine/evaluate/evaluate.h"
#include "core/engine/network/fold.h"
#include "core/engine/runs/reported.h"
#include "core/engine/runs/run_images.h"
#include "core/network/cost.h"
#include "core/network/subnet_graph.h"

#include "core/base/numbered.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>

namespace bitscape {
namespace {

/// One subnet, with what of the whole network's layers it has.
struct Subnet {
    PartialGraph part;
    std::vector<Layer> layers;
    LayerBits bits;
    Deployment deployment;
};

Subnet subnetAt(int node, const Graph& graph, const std::vector<Layer>& layers, const LayerBits& bits, const Deployment& deployment)
{
    const bool keepsEdges = std::ranges::any_of(layers, [](const Layer& layer) { return !layer.quantizable; });
    Subnet subnet { leadingTo(graph, node), {}, {}, deployment };
    subnet.layers = layersOf(subnet.part.graph, keepsEdges);
    subnet.deployment.ranges.clear();
    for (const std::size_t layer : layersIn(subnet.part, subnet.layers, layers)) {
        subnet.bits.push_back(bits[layer]);
        if (!deployment.ranges.empty())
            subnet.deployment.ranges.push_back(deployment.ranges[layer]);
    }
    return subnet;
}

double accuracyOf(const Subnet& subnet, const TensorMap& tensors, bool isQuantized, const PreparedImages& images, JobContext& context)
{
    const NodeHook hook = isQuantized ? deploymentHook(subnet.layers, subnet.deployment, false) : NodeHook();
    const auto answers = classify({ foldBatchNorm(subnet.part.graph, tensors), hook, {} }, images, context);
    return static_cast<double>(countRight(answers, images)) / static_cast<double>(images.count());
}

} // namespace

void addSubnetFigures(std::map<std::string, double>& figures, const RunInputs& inputs, RunEvaluator& evaluator,
    const Deployment& deployment, const LayerBits& bits, const std::string& split, Statistics statistics, JobContext& context)
{
    if (inputs.graph.subnets.empty())
        return;
    const c10::InferenceMode inference;
    const Split resolved = resolveSplit(split, inputs.images);
    const PreparedImages images = preparedImages(inputs, resolved, positionsOf(resolved), kReferenceBatch);
    const TensorMap full = placed(inputs.tensors, inputs.device);
    const TensorMap quantized = evaluator.deployed(bits, statistics, context);
    for (std::size_t k = 0; k < inputs.graph.subnets.size(); ++k) {
        const Subnet subnet = subnetAt(inputs.graph.subnets[k], inputs.graph, evaluator.layers(), bits, deployment);
        const std::string number = numbered("_", static_cast<std::int64_t>(k) + 1);
        const bool isWhole = inputs.graph.subnets[k] == inputs.graph.output;
        figures["subnet_full_accuracy" + number] = isWhole ? figures.at("full_accuracy") : accuracyOf(subnet, full, false, images, context);
        figures["subnet_accuracy" + number] = isWhole ? figures.at("accuracy") : accuracyOf(subnet, quantized, true, images, context);
        for (const auto& [name, value] : costMetrics(costOf(subnet.part.graph, subnet.layers, subnet.bits, deployment.activationBits)))
            figures["subnet_" + name + number] = value;
    }
}

} // namespace bitscape
