// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/run_job.h"

#include "core/engine/runs/report_network.h"
#include "core/jobs/edit_sources.h"
#include "core/network/bit_edits_json.h"
#include "core/project/results.h"

#include "core/base/numbered.h"

namespace bitscape {
namespace {

/// Thresholds are kept where nothing has moved away from them.
void keepThresholds(Project& project, RunId run, const EditSources& sources, const EditState& state)
{
    if (state.thresholds.empty() || sources.scores.empty()
        || bitsFromThresholds(sources.layers, sources.scores, state.thresholds, state.choice) != state.bits)
        return;
    std::map<std::string, double> metrics;
    for (std::size_t k = 0; k < state.thresholds.size(); ++k)
        metrics[numbered("threshold_", static_cast<std::int64_t>(k + 1))] = state.thresholds[k];
    putMetrics(project, run, metrics);
}

} // namespace

void editRun(const RunJob& job)
{
    const RunInputs& inputs = job.inputs;
    const auto edits = editsFromJson(inputs.run.parameters.at("edits"));
    EditSources sources = editSources(job.project, *inputs.run.parent);
    addOtherBits(job.project, sources, edits);
    const EditState state = replay(sources, edits);
    DeployedNetwork network = deployedNetwork(job.project, inputs);
    network.bits = state.bits;
    const auto recalibration = inputs.parameter("bn_recalibration").get<std::string>();
    network.statistics = recalibration == "off" ? Statistics::AsStored : Statistics::Recalibrated;
    reportNetwork(job, network);
    keepThresholds(job.project, inputs.run.id, sources, state);
}

} // namespace bitscape
