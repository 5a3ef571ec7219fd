// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/run_job.h"

#include "core/engine/importance/critical_counts.h"
#include "core/engine/runs/reported.h"
#include "core/engine/runs/run_evaluator.h"
#include "core/engine/runs/run_images.h"
#include "core/engine/runs/stage_context.h"
#include "core/project/results.h"

namespace bitscape {

void scoreRun(const RunJob& job)
{
    const RunInputs& inputs = job.inputs;
    const nlohmann::json& parameters = inputs.run.parameters;
    CriticalOptions options;
    options.effect = parameters.at("effect") == "filter" ? Effect::Filter : Effect::Neuron;
    options.epsilon = parameters.at("epsilon").get<double>();
    const auto layers = inputs.layers();
    const auto images = classBatchesOnDemand(inputs, parameters.at("batch").get<int>());
    StageContext scoring(job.context, 0, 0.8);
    const CriticalCounts counts = countCritical(inputs.graph, layers, placed(inputs.tensors, inputs.device), images,
        static_cast<std::size_t>(inputs.images.classes()), options, scoring);

    std::vector<LayerScores> scores;
    for (std::size_t i = 0; i < layers.size(); ++i)
        scores.push_back({ layers[i].name, parameters.at("samples_per_class").get<std::int64_t>(), counts[i] });
    putScores(job.project, inputs.run.id, scores);
    job.context.resultsChanged();

    RunEvaluator evaluator(job.project, inputs, inputs.tensors, inputs.weightsBlob, {});
    const Evaluation tested = evaluator.evaluateFull(parameters.at("test_split").get<std::string>(), job.context);
    keepAnswers(job.project, inputs, tested);
    putMetrics(job.project, inputs.run.id, { { "accuracy", accuracyOf(tested) }, { "full_accuracy", accuracyOf(tested) } });
}

} // namespace bitscape
