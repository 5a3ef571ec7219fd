// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/evaluate/prepared_images.h"
#include "core/engine/runs/run_job.h"
#include "core/engine/training/trainer.h"

#include <functional>
#include <string>

namespace bitscape {

/// What train and refine runs do alike: goes on from the kept checkpoint, else from `initial()`, trains as the run's parameters say, keeps
/// a checkpoint per epoch and stores the network that `keep` asks for; answers its blob. `accuracy`: of trained weights on validation
/// images. Of `world`, `accuracy`, `epochEnded` and `device` are set here. `share`: of the whole job's progress.
std::string runTraining(const RunJob& job, const std::function<TensorMap()>& initial,
    const std::function<double(const TensorMap&, const PreparedImages&)>& accuracy, TrainingWorld world, double share);

} // namespace bitscape
