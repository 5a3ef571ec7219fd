// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/deployed_network.h"

#include "core/base/error.h"
#include "core/jobs/inherited_parameter.h"
#include "core/project/results.h"

namespace bitscape {

namespace {

/// How a run of some kind that gives bits reports its accuracy.
Statistics statisticsOf(const Run& run, const std::vector<Run>& before)
{
    return inheritedParameter(run, before, "bn_recalibration") == "off" ? Statistics::AsStored : Statistics::Recalibrated;
}

} // namespace

DeployedNetwork deployedNetwork(Project& project, const RunInputs& inputs)
{
    DeployedNetwork network { inputs.tensors, inputs.weightsBlob, {}, Statistics::AsStored };
    bool edited = inputs.run.kind == RunKind::Edit;
    for (auto run = inputs.ancestors.begin(); run != inputs.ancestors.end(); ++run) {
        if (run->kind == RunKind::Train || (edited && run->kind == RunKind::Score))
            return network;
        if (run->kind != RunKind::Search && run->kind != RunKind::Edit && run->kind != RunKind::Refine)
            continue;
        if (!network.isQuantized()) {
            network.bits = bits(project, run->id);
            network.statistics = statisticsOf(*run, { std::next(run), inputs.ancestors.end() });
        }
        edited = edited || run->kind == RunKind::Edit;
        if (run->kind == RunKind::Refine) {
            const auto weights = attachment(project, run->id, "weights");
            if (!weights)
                throw Error(
                    ErrorCode::Store, "Run " + std::to_string(run->id.value) + " has lost its weights: remove it and refine again.");
            network.weightsBlob = *weights;
            network.tensors = tensorsFromBytes(inputs.graph, project.blob(*weights));
        }
        if (run->kind != RunKind::Edit)
            return network;
    }
    return network;
}

} // namespace bitscape
