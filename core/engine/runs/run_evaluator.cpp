// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/run_evaluator.h"

#include "core/engine/evaluate/evaluate.h"
#include "core/engine/network/fold.h"
#include "core/engine/quantize/statistics.h"
#include "core/engine/runs/device.h"
#include "core/engine/runs/run_images.h"
#include "core/network/cost.h"

#include "core/base/sha256.h"
#include "core/project/results.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>

namespace bitscape {
namespace {

/// The part of a cache key that all evaluations of one network share.
nlohmann::json identityOf(const RunInputs& inputs, const std::string& weightsBlob)
{
    const nlohmann::json computedBy = versions();
    return { { "version", 3 }, { "graph", sha256Hex(inputs.model.graph) }, { "weights", weightsBlob },
        { "data", inputs.images.fingerprint }, { "mean", inputs.normalisation.mean }, { "stddev", inputs.normalisation.stddev },
        { "device", inputs.device.str() }, { "threads", at::get_num_threads() }, { "processor", computedBy.at("processor") },
        { "libtorch", computedBy.at("libtorch") } };
}

std::string digestOf(const LayerBits& bits)
{
    Sha256 sum;
    for (const auto& layer : bits)
        sum.update(std::as_bytes(std::span(layer)));
    return sum.hex();
}

std::string digestOf(const ActivationRanges& ranges)
{
    return sha256Hex(std::as_bytes(std::span(ranges)));
}

} // namespace

RunEvaluator::RunEvaluator(
    Project& project, const RunInputs& inputs, const TensorMap& tensors, const std::string& weightsBlob, Deployment deployment)
    : m_project(project)
    , m_inputs(inputs)
    , m_deployment(std::move(deployment))
    , m_network(inputs.graph, inputs.layers(), tensors, m_deployment.quantizer, inputs.device)
    , m_identity(identityOf(inputs, weightsBlob))
{
}

std::string RunEvaluator::keyOf(const LayerBits& bits, const Split& split, Statistics statistics, bool quantizedActivations) const
{
    nlohmann::json key = m_identity;
    key["split"] = textOf(split);
    key["bits"] = digestOf(bits);
    const bool quantized = std::ranges::any_of(
        bits, [](const auto& layer) { return std::ranges::any_of(layer, [](int b) { return b != kFullPrecisionBits; }); });
    if (quantized) {
        key["grid"] = m_deployment.quantizer.grid == Grid::Midrise ? "midrise" : "narrow";
        key["range"] = m_deployment.quantizer.range == RangeRule::Mse ? "mse" : "minmax";
    }
    if (statistics == Statistics::Recalibrated)
        key["recalibrated"] = calibrationText(m_inputs);
    if (quantizedActivations) {
        key["activation_bits"] = m_deployment.activationBits;
        key["ranges"] = digestOf(m_deployment.ranges);
    }
    return sha256Hex(key.dump());
}

const PreparedImages& RunEvaluator::images(const Split& split, const InferenceNetwork& network, JobContext& context)
{
    const std::string text = textOf(split);
    if (const auto found = m_images.find(text); found != m_images.end())
        return found->second;
    // Behind quantized activations a difference in rounding can become a whole level: there the batch size stays as it is.
    if (m_batchSize == 0 && m_deployment.ranges.empty())
        m_batchSize = measuredBatchSize(network, preparedImages(m_inputs, split, positionsOf(split), kReferenceBatch), context);
    return m_images.emplace(text, preparedImages(m_inputs, split, positionsOf(split), batchSize())).first->second;
}

std::vector<float> RunEvaluator::leads(const std::string& split) const
{
    const auto found = m_leads.find(textOf(resolveSplit(split, m_inputs.images)));
    return found == m_leads.end() ? std::vector<float>() : found->second;
}

PreparedImages RunEvaluator::reordered(const std::string& split, const std::vector<std::size_t>& places, std::optional<int> size)
{
    const Split resolved = resolveSplit(split, m_inputs.images);
    std::vector<std::int64_t> positions;
    std::ranges::transform(
        places, std::back_inserter(positions), [&](std::size_t place) { return resolved.first + static_cast<std::int64_t>(place); });
    m_images.erase(textOf(resolved));
    return preparedImages(m_inputs, resolved, std::move(positions), size.value_or(batchSize()));
}

TensorMap RunEvaluator::deployed(const LayerBits& bits, Statistics statistics, JobContext& context)
{
    TensorMap tensors = m_network.tensors(bits);
    if (statistics == Statistics::AsStored || !m_inputs.hasBatchNorm())
        return tensors;
    if (m_calibration.empty())
        m_calibration = calibrationBatches(m_inputs);
    return recalibrated(m_inputs.graph, tensors, m_calibration, deploymentHook(layers(), m_deployment, false), context);
}

InferenceNetwork RunEvaluator::network(const LayerBits& bits, Statistics statistics, JobContext& context)
{
    const NodeHook hook = m_deployment.ranges.empty() ? NodeHook() : deploymentHook(layers(), m_deployment, false);
    return { foldBatchNorm(m_inputs.graph, deployed(bits, statistics, context)), hook };
}

Evaluation RunEvaluator::computed(
    const LayerBits& bits, const Split& split, Statistics statistics, bool quantizedActivations, JobContext& context)
{
    const c10::InferenceMode inference;
    InferenceNetwork evaluated = network(bits, statistics, context);
    if (!quantizedActivations)
        evaluated.hook = {};
    const PreparedImages& prepared = images(split, evaluated, context);
    const auto answers = classify(evaluated, prepared, context);
    countWork(1, static_cast<double>(split.count()));
    std::vector<float>& leads = m_leads[textOf(split)];
    leads.clear();
    Evaluation result { countRight(answers, prepared), prepared.count(), {} };
    for (const Answer& answer : answers) {
        leads.push_back(answer.lead);
        result.predictions.push_back(answer.label);
    }
    return result;
}

std::optional<Evaluation> RunEvaluator::known(const LayerBits& bits, const std::string& split, Statistics statistics)
{
    if (!m_lookUp)
        return std::nullopt;
    const auto found = evaluation(m_project, keyOf(bits, resolveSplit(split, m_inputs.images), statistics, !m_deployment.ranges.empty()));
    return found;
}

void RunEvaluator::keep(const LayerBits& bits, const std::string& split, Statistics statistics, const Evaluation& evaluation)
{
    putEvaluation(m_project, keyOf(bits, resolveSplit(split, m_inputs.images), statistics, !m_deployment.ranges.empty()), evaluation);
}

Evaluation RunEvaluator::cached(
    const LayerBits& bits, const std::string& split, Statistics statistics, bool quantizedActivations, bool detailed, JobContext& context)
{
    const Split resolved = resolveSplit(split, m_inputs.images);
    const std::string key = keyOf(bits, resolved, statistics, quantizedActivations);
    const auto stored = m_lookUp ? evaluation(m_project, key) : std::nullopt;
    if (stored && stored->images == resolved.count() && !(detailed && stored->predictions.empty())) {
        ++m_lookedUp;
        return *stored;
    }
    Evaluation result = computed(bits, resolved, statistics, quantizedActivations, context);
    if (!detailed)
        result.predictions.clear();
    putEvaluation(m_project, key, result);
    return result;
}

Evaluation RunEvaluator::evaluate(
    const LayerBits& bits, const std::string& split, Statistics statistics, bool detailed, JobContext& context)
{
    return cached(bits, split, statistics, !m_deployment.ranges.empty(), detailed, context);
}

Evaluation RunEvaluator::evaluateAnew(const LayerBits& bits, const std::string& split, Statistics statistics, JobContext& context)
{
    const Evaluation result = computed(bits, resolveSplit(split, m_inputs.images), statistics, !m_deployment.ranges.empty(), context);
    keep(bits, split, statistics, result);
    return result;
}

Evaluation RunEvaluator::evaluateFull(const std::string& split, JobContext& context)
{
    return cached(uniformBits(layers(), kFullPrecisionBits, kFullPrecisionBits), split, Statistics::AsStored, false, true, context);
}

std::map<std::string, double> RunEvaluator::workDone() const
{
    return { { "evaluations", m_evaluations }, { "images_evaluated", m_imageCount }, { "looked_up", m_lookedUp } };
}

void RunEvaluator::countWork(double evaluations, double images)
{
    m_lookedUp += evaluations > 0 ? 0 : 1;
    m_evaluations += evaluations;
    m_imageCount += images;
}

void RunEvaluator::addWork(const std::map<std::string, double>& earlier)
{
    const auto known = [&](const char* name) { return earlier.contains(name) ? earlier.at(name) : 0.0; };
    m_evaluations += known("evaluations");
    m_imageCount += known("images_evaluated");
}

Deployment deploymentOf(const RunInputs& inputs, JobContext& context)
{
    Deployment deployment;
    deployment.quantizer
        = { gridFrom(inputs.parameter("grid").get<std::string>()), rangeRuleFrom(inputs.parameter("range").get<std::string>()) };
    const nlohmann::json bits = inputs.parameter("activation_bits");
    if (bits.is_null())
        return deployment;
    deployment.activationBits = bits.get<int>();
    context.log("calibrating activation ranges");
    deployment.ranges
        = calibrateActivations(inputs.graph, inputs.layers(), placed(inputs.tensors, inputs.device), calibrationBatches(inputs), context);
    return deployment;
}

NodeHook deploymentHook(const std::vector<Layer>& layers, const Deployment& deployment, bool straightThrough)
{
    return deployment.ranges.empty() ? NodeHook()
                                     : activationQuantizer(layers, deployment.ranges, deployment.activationBits, straightThrough);
}

void keepRanges(Project& project, RunId run, const Deployment& deployment)
{
    if (!deployment.ranges.empty())
        putAttachment(project, run, "ranges", project.putBlob(std::as_bytes(std::span(deployment.ranges))));
}

} // namespace bitscape
