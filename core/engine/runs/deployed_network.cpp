// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/deployed_network.h"

#include "core/base/error.h"
#include "core/project/results.h"

namespace bitscape {

DeployedNetwork deployedNetwork(Project& project, const RunInputs& inputs)
{
    DeployedNetwork network { inputs.tensors, inputs.weightsBlob, {}, Statistics::AsStored };
    for (const Run& run : inputs.ancestors) {
        if (run.kind == RunKind::Train)
            return network;
        if (run.kind != RunKind::Search && run.kind != RunKind::Refine)
            continue;
        network.bits = bits(project, run.id);
        network.statistics = run.parameters.at("bn_recalibration") == "off" ? Statistics::AsStored : Statistics::Recalibrated;
        if (run.kind == RunKind::Refine) {
            const auto weights = attachment(project, run.id, "weights");
            if (!weights)
                throw Error(ErrorCode::Store, "Run " + std::to_string(run.id.value) + " has lost its weights: remove it and refine again.");
            network.weightsBlob = *weights;
            network.tensors = tensorsFromBytes(inputs.graph, project.blob(*weights));
        }
        return network;
    }
    return network;
}

} // namespace bitscape
