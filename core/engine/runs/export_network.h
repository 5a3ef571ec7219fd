// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/whole_file.h"
#include "core/engine/formats/export/deployable.h"
#include "core/engine/formats/export/export_formats.h"
#include "core/engine/runs/run_inputs.h"
#include "core/jobs/job_context.h"
#include "core/project/project.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// A network to be exported, with what its file is checked against.
struct ExportSource {
    Deployable network;
    std::vector<std::uint16_t> answers; ///< of the network to each image below
    std::optional<RunInputs> inputs;    ///< of a run: `split` of its images
    Split split;
    at::Tensor noise;               ///< of a model, which has no images: [N,C,H,W]
    std::optional<double> accuracy; ///< of a run, 0..1
};

/// What an export of the inputs' network says of it beside its weights.
Deployable deployable(const RunInputs& inputs, const std::vector<Layer>& layers);

/// The network that a finished training, search, refinement or evaluation reports the accuracy of. Throws Error(BadArgument) for a run that
/// has not finished or has no network.
ExportSource exportSource(Project& project, const Run& run, JobContext& context);

/// A model as it is stored, in full precision. Throws Error(BadArgument) for one without weights.
ExportSource exportSource(Project& project, const Model& model);

/// What was written, and what the check of it found.
struct ExportReport {
    std::uintmax_t bytes = 0;
    FileCheck check;
    std::optional<double> accuracy; ///< of the run; nothing for a model
};

/// Writes the network, loads the file again, runs it on the same images, and only then gives it its name.
ExportReport exportNetwork(
    const ExportSource& source, const ExportFormat& format, const std::filesystem::path& file, Existing existing, JobContext& context);

} // namespace bitscape
