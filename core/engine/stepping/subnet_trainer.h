// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/batches.h"
#include "core/engine/stepping/construction.h"
#include "core/engine/stepping/subnet_plan.h"
#include "core/engine/training/trainer.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// Stepping: subnets by construction. AnyWidth: nested widths with the structure rule. Slimmable: nested widths, every filter of a subnet
/// reads all of it, one batch normalisation per width (methods.md section 7).
enum class SubnetKind { Stepping, AnyWidth, Slimmable };

std::string toString(SubnetKind kind);

/// How subnets are made and trained.
struct SubnetTraining {
    SubnetKind kind = SubnetKind::Stepping;
    int iterations = 300;
    int batchesPerIteration = 5;
    double beta = 0.9;        ///< suppression, for Stepping
    double gamma = 0.4;       ///< weight of the labels in final training
    double pruneBelow = 1e-5; ///< absolute weight
    TrainingPlan plan;        ///< batch, descent and, for final training, epochs and schedule; construction runs at its learning rate
};

/// What one iteration of construction left, per subnet.
struct IterationRecord {
    std::vector<std::int64_t> macs;
    std::vector<double> accuracy; ///< on the batches that the iteration trained on, 0..1
    double loss = 0;              ///< mean over its batches and subnets
};

/// Where the making of subnets stands between two iterations or epochs; with the plan it decides all that follows.
struct SubnetState {
    TensorMap tensors;  ///< the whole network's; Slimmable has batch normalisations of its own per width, named NAME@k
    TensorMap velocity; ///< one per trained tensor
    FilterGroups groups;
    SubnetImportance importance; ///< as last measured; a filter that has left a subnet keeps its last one there
    std::vector<IterationRecord> iterations;
    bool constructed = false;
    std::vector<Epoch> epochs; ///< of final training; accuracy is the largest subnet's on its batches
};

/// What it is about the data and the world.
struct SubnetWorld {
    std::function<at::Tensor(const at::Tensor& images)> teacher; ///< logits of the original network
    std::function<void(const SubnetState&)> keep;                ///< a moment at which going on later leads to the same end
    at::Device device { at::kCPU };
};

/// A state before the first iteration.
SubnetState freshSubnets(const Graph& graph, const TensorMap& tensors, const Construction& construction, SubnetKind kind);

/// The tensors that subnet k uses, under the graph's own names.
TensorMap tensorsOfSubnet(const Graph& graph, const TensorMap& tensors, int subnet, SubnetKind kind);

/// Constructs and trains from `state` to the end: construction on the labels alone with filters moved on after every iteration (Stepping
/// only; the baselines train as many batches on their fixed widths), the fill-up, then final training with the teacher. Order and
/// augmentation depend on the seed and the position alone. Throws Error(BadArgument) where the loss stops being a number.
void trainSubnets(const Graph& graph, const std::vector<Layer>& layers, const ImageSet& set, const Split& split,
    const Normalisation& normalisation, const SubnetTraining& training, Construction& construction, const SubnetWorld& world,
    SubnetState& state, JobContext& context);

/// Weights that are not pruned.
WeightCounts countWeights(const Graph& graph, const std::vector<Layer>& layers, const TensorMap& tensors, double pruneBelow);

} // namespace bitscape
