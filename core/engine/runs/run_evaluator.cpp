// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/run_evaluator.h"

#include "core/engine/evaluate/evaluate.h"
#include "core/engine/quantize/statistics.h"
#include "core/engine/runs/device.h"
#include "core/network/cost.h"

#include "core/base/sha256.h"
#include "core/project/results.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>

namespace bitscape {
namespace {

constexpr int kCalibrationBatch = 100;

std::string textOf(const Split& split)
{
    return split.part + "[" + std::to_string(split.first) + ":" + std::to_string(split.last) + "]";
}

/// Says which images calibrationBatches() takes.
std::string calibrationText(const RunInputs& inputs)
{
    const nlohmann::json own = inputs.parameter("calibration_split");
    if (!own.is_null())
        return textOf(resolveSplit(own.get<std::string>(), inputs.images));
    const std::string split = inputs.parameter("score_split").get<std::string>();
    return textOf(resolveSplit(split, inputs.images)) + " x" + std::to_string(inputs.parameter("samples_per_class").get<int>());
}

/// The part of a cache key that all evaluations of one network share.
nlohmann::json identityOf(const RunInputs& inputs, const std::string& weightsBlob)
{
    const nlohmann::json computedBy = versions();
    return { { "version", 2 }, { "graph", sha256Hex(inputs.model.graph) }, { "weights", weightsBlob },
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

const std::vector<Batch>& RunEvaluator::batches(const Split& split)
{
    auto [entry, isNew] = m_batches.try_emplace(textOf(split));
    if (isNew)
        entry->second = batchesOf(m_inputs.images, split, m_inputs.normalisation, kEvaluationBatch, m_inputs.device);
    return entry->second;
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

Evaluation RunEvaluator::computed(
    const LayerBits& bits, const Split& split, Statistics statistics, bool quantizedActivations, JobContext& context)
{
    const TensorMap tensors = deployed(bits, statistics, context);
    const NodeHook hook = quantizedActivations ? deploymentHook(layers(), m_deployment, false) : NodeHook();
    ++m_evaluations;
    m_images += static_cast<double>(split.count());
    return bitscape::evaluate(m_inputs.graph, tensors, batches(split), hook, context);
}

Evaluation RunEvaluator::cached(
    const LayerBits& bits, const std::string& split, Statistics statistics, bool quantizedActivations, bool detailed, JobContext& context)
{
    const Split resolved = resolveSplit(split, m_inputs.images);
    const std::string key = keyOf(bits, resolved, statistics, quantizedActivations);
    if (const auto known = evaluation(m_project, key); known && !(detailed && known->predictions.empty())) {
        ++m_lookedUp;
        return *known;
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

Evaluation RunEvaluator::evaluateFull(const std::string& split, JobContext& context)
{
    return cached(uniformBits(layers(), kFullPrecisionBits, kFullPrecisionBits), split, Statistics::AsStored, false, true, context);
}

std::map<std::string, double> RunEvaluator::workDone() const
{
    return { { "evaluations", m_evaluations }, { "images_evaluated", m_images }, { "looked_up", m_lookedUp } };
}

void RunEvaluator::addWork(const std::map<std::string, double>& earlier)
{
    const auto known = [&](const char* name) { return earlier.contains(name) ? earlier.at(name) : 0.0; };
    m_evaluations += known("evaluations");
    m_images += known("images_evaluated");
}

std::vector<Batch> calibrationBatches(const RunInputs& inputs)
{
    const nlohmann::json own = inputs.parameter("calibration_split");
    const Split split = resolveSplit((own.is_null() ? inputs.parameter("score_split") : own).get<std::string>(), inputs.images);
    std::vector<std::int64_t> indices;
    if (own.is_null()) {
        indices = firstPerClass(inputs.images, split, inputs.parameter("samples_per_class").get<int>());
        // In file order, so that every batch has its share of all classes.
        std::ranges::sort(indices);
    } else {
        for (std::int64_t i = split.first; i < split.last; ++i)
            indices.push_back(i);
    }
    return batchesOf(inputs.images, partOf(inputs.images, split), indices, inputs.normalisation, kCalibrationBatch, true, inputs.device);
}

std::vector<std::vector<Batch>> classBatches(const RunInputs& inputs, int batchSize)
{
    const Split split = resolveSplit(inputs.parameter("score_split").get<std::string>(), inputs.images);
    const int perClass = inputs.parameter("samples_per_class").get<int>();
    const auto indices = firstPerClass(inputs.images, split, perClass);
    std::vector<std::vector<Batch>> result;
    for (std::size_t m = 0; m < inputs.images.classNames.size(); ++m) {
        const std::span<const std::int64_t> own(
            indices.data() + m * static_cast<std::size_t>(perClass), static_cast<std::size_t>(perClass));
        result.push_back(
            batchesOf(inputs.images, partOf(inputs.images, split), own, inputs.normalisation, batchSize, false, inputs.device));
    }
    return result;
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
