// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/batches.h"
#include "core/engine/network/executor.h"
#include "core/jobs/job_context.h"
#include "core/project/results.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace bitscape {

enum class Schedule { Constant, Steps, Cosine };

/// How a network is trained: SGD with momentum and weight decay (methods.md section 5).
struct TrainingPlan {
    int epochs = 3;
    int batch = 64;
    double learningRate = 0.05;
    double momentum = 0.9;
    double weightDecay = 5e-4;
    Schedule schedule = Schedule::Cosine;
    std::vector<double> milestones { 0.5, 0.75 }; ///< shares of all batches, for Schedule::Steps
    double decay = 0.1;                           ///< factor at a milestone
    double warmupEpochs = 0;                      ///< the rate rises linearly from 0
    Augmentation augmentation;
    double alpha = 1; ///< share of the labels in the loss; the rest is the teacher's
    double temperature = 1;
    std::uint64_t seed = 0;
};

/// Where training stands between two epochs; with the plan it decides all that follows, to the last bit.
struct TrainingState {
    TensorMap tensors;         ///< the network's
    TensorMap velocity;        ///< of SGD, one per trained tensor
    TensorMap best;            ///< the tensors of the best epoch so far
    std::vector<Epoch> epochs; ///< finished
    double bestAccuracy() const;
};

/// A state before the first epoch.
TrainingState freshState(const Graph& graph, const TensorMap& tensors);

/// What is particular about the network under training.
struct TrainingWorld {
    std::function<TensorMap(const TensorMap&)>
        effective; ///< from trained to used weights (straight-through quantization); empty: as they are
    NodeHook hook; ///< activation quantizers; may be empty
    std::function<at::Tensor(const at::Tensor& images)> teacher; ///< logits [N, classes]; needed where alpha < 1
    std::function<double(const TensorMap&)> accuracy;            ///< of the trained weights on the validation split, 0..1
    std::function<void(const TrainingState&)> epochEnded;        ///< to keep a checkpoint
    at::Device device { at::kCPU };
};

/// The tensors that gradients train: all but running statistics.
std::vector<std::string> trainedNames(const Graph& graph);

/// A split's images in the order of one epoch.
std::vector<std::int64_t> epochOrder(const Split& split, std::uint64_t seed);

/// Learning rate at a position of the whole training, 0..1 (share of all batches); warm-up included.
double learningRateAt(const TrainingPlan& plan, double share);

/// alpha * CE + (1 - alpha) * T^2 * KL(teacher / T || student / T), mean over the batch (methods.md section 5).
at::Tensor distillationLoss(
    const at::Tensor& student, const at::Tensor& teacher, const at::Tensor& labels, double alpha, double temperature);

/// Trains from `state` to the plan's end. Order and augmentation of epoch e depend on the seed and e alone, so that an interrupted
/// training goes on from its last epoch to the same result. Throws Error(BadArgument) where the loss stops being a number.
void train(const Graph& graph, const ImageSet& set, const Split& split, const Normalisation& normalisation, const TrainingPlan& plan,
    const TrainingWorld& world, TrainingState& state, JobContext& context);

} // namespace bitscape
