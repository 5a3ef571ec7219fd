// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/evaluate/answers.h"
#include "core/engine/evaluate/prepared_images.h"
#include "core/engine/quantize/activations.h"
#include "core/engine/quantize/bit_network.h"
#include "core/engine/runs/run_inputs.h"
#include "core/project/evaluations.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// How a network is quantized when it is evaluated.
struct Deployment {
    QuantizerOptions quantizer;
    int activationBits = kFullActivations; ///< 32: activations in full precision
    ActivationRanges ranges;               ///< empty where activations are in full precision
    static constexpr int kFullActivations = 32;
};

enum class Statistics { AsStored, Recalibrated };

/// Evaluates bit assignments of one network on splits of its data set, each combination once per project: what was computed before,
/// by whichever run, is looked up (methods.md section 4; design.md section 4).
class RunEvaluator final {
public:
    /// `tensors` and `weightsBlob`: the (shadow) weights that are quantized, and their name.
    RunEvaluator(
        Project& project, const RunInputs& inputs, const TensorMap& tensors, const std::string& weightsBlob, Deployment deployment);

    /// On a split given by its text. The image-by-image answers are kept where `detailed`.
    Evaluation evaluate(const LayerBits& bits, const std::string& split, Statistics statistics, bool detailed, JobContext& context);

    /// Computed even where the project knows it, so that leads() has something to tell.
    Evaluation evaluateAnew(const LayerBits& bits, const std::string& split, Statistics statistics, JobContext& context);

    /// Everything in full precision, activations and edge layers too.
    Evaluation evaluateFull(const std::string& split, JobContext& context);

    /// The quantized tensors as they are evaluated.
    TensorMap deployed(const LayerBits& bits, Statistics statistics, JobContext& context);

    /// The same, ready to be run on images.
    InferenceNetwork network(const LayerBits& bits, Statistics statistics, JobContext& context);

    /// What the project knows of an evaluation, if anything, and what it is to know from now on: it may be of some of the split's images
    /// only, which still bounds the accuracy.
    std::optional<Evaluation> known(const LayerBits& bits, const std::string& split, Statistics statistics);
    void keep(const LayerBits& bits, const std::string& split, Statistics statistics, const Evaluation& evaluation);

    /// Whether anything is looked up (default: yes).
    void setLookUp(bool lookUp) { m_lookUp = lookUp; }

    /// How sure each image of a split was of its class when the split was evaluated last (Answer::lead); empty if it has not been here.
    std::vector<float> leads(const std::string& split) const;
    /// Hands a split's images over, prepared in another order and in batches of a size that suits this machine, or of `batchSize`; the
    /// evaluator prepares its own anew when it needs them again.
    PreparedImages reordered(const std::string& split, const std::vector<std::size_t>& places, std::optional<int> batchSize = std::nullopt);

    const std::vector<Layer>& layers() const { return m_network.layers(); }

    /// "evaluations" and "images_evaluated": what was computed; "looked_up": what was known. With what earlier sessions of the run have
    /// done.
    std::map<std::string, double> workDone() const;
    /// Without evaluations: something was looked up.
    void countWork(double evaluations, double images);
    /// Counts on from what an earlier session of the run has stored.
    void addWork(const std::map<std::string, double>& earlier);

private:
    std::string keyOf(const LayerBits& bits, const Split& split, Statistics statistics, bool quantizedActivations) const;
    int batchSize() const { return m_batchSize == 0 ? kReferenceBatch : m_batchSize; }
    const PreparedImages& images(const Split& split, const InferenceNetwork& network, JobContext& context);
    Evaluation computed(const LayerBits& bits, const Split& split, Statistics statistics, bool quantizedActivations, JobContext& context);
    Evaluation cached(const LayerBits& bits, const std::string& split, Statistics statistics, bool quantizedActivations, bool detailed,
        JobContext& context);

    Project& m_project;
    const RunInputs& m_inputs;
    Deployment m_deployment;
    BitNetwork m_network;
    nlohmann::json m_identity; ///< what all cache keys of this network share
    std::map<std::string, PreparedImages> m_images;
    std::map<std::string, std::vector<float>> m_leads;
    int m_batchSize = 0; ///< 0: not chosen yet
    bool m_lookUp = true;
    std::vector<Batch> m_calibration;
    double m_evaluations = 0;
    double m_lookedUp = 0;
    double m_imageCount = 0;
};

/// Grid, range rule, activation bits and, where activations are quantized, their ranges, calibrated on the full-precision network.
Deployment deploymentOf(const RunInputs& inputs, JobContext& context);

/// The activation quantizers of a deployment; empty where activations are in full precision.
NodeHook deploymentHook(const std::vector<Layer>& layers, const Deployment& deployment, bool straightThrough);

/// Keeps the ranges with a run, as attachment "ranges": float32, one per layer.
void keepRanges(Project& project, RunId run, const Deployment& deployment);

} // namespace bitscape
