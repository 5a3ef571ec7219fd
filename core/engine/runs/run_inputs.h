// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/batches.h"
#include "core/engine/data/image_set.h"
#include "core/engine/network/tensors.h"
#include "core/jobs/job_context.h"
#include "core/network/graph.h"
#include "core/network/layers.h"
#include "core/project/datasets.h"
#include "core/project/models.h"
#include "core/project/project.h"
#include "core/project/runs.h"

#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// Everything that a run reads before it computes.
struct RunInputs {
    Run run;
    std::vector<Run> ancestors; ///< the parent first, up to and including the nearest training
    Model model;
    Dataset dataset;
    Graph graph;
    std::string weightsBlob; ///< SHA-256 of the full-precision weights; empty for an untrained network
    TensorMap tensors;       ///< full precision, on the CPU; empty for an untrained network
    ImageSet images;
    Normalisation normalisation; ///< the model's own, else the data set's
    at::Device device { at::kCPU };

    /// A parameter of this run; where a refinement or an evaluation leaves it open, as the refinement or search before it has it.
    nlohmann::json parameter(const std::string& name) const;

    /// The layers as the run's `keep_first_last` has them.
    std::vector<Layer> layers() const;

    /// Whether the network has statistics that quantization shifts.
    bool hasBatchNorm() const;

    /// The nearest of this run's ancestors of a kind; null if there is none.
    const Run* ancestor(RunKind kind) const;
};

/// Whether a training begins with fresh random weights rather than with stored ones. `ancestors` as in RunInputs.
bool startsFresh(const Run& run, const std::vector<Run>& ancestors, const Model& model);

/// How far the runs must be that a run starts from.
enum class Parents { Finished, UnderWay };

/// What of a run can be checked without opening a file: that its kind runs here, that model, data set and parent are there and go together
/// (image shape, number of classes), that its splits lie within the data set. With Parents::UnderWay for a run that is only
/// queued: what it starts from may be queued, running or paused. Throws Error(BadArgument or BadInput).
void checkRun(Project& project, const Run& run, Parents parents = Parents::Finished);

/// The same for a run that is not in the project: `ancestors` (the parent first, up to the nearest training, queued where they are not
/// there either), the model and the data set as given. Whether parent and run are of one model is the caller's to see to.
void checkRun(const Run& run, const std::vector<Run>& ancestors, const Model& model, const Dataset& dataset, Parents parents,
    const std::string& weightsBlob);

/// Loads and checks all of it. Throws Error(BadInput) where the data set on disk is not the one that was added any more.
/// `images`: of the run's data set, where somebody has read it already.
RunInputs loadInputs(Project& project, const Run& run, JobContext& context, std::optional<ImageSet> images = std::nullopt);

} // namespace bitscape
