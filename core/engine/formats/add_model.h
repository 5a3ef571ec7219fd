// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/imported_network.h"
#include "core/jobs/job_context.h"
#include "core/project/models.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace bitscape {

/// A model's file as a person names it.
struct ModelFile {
    std::filesystem::path path;
    std::string name; ///< in the project; empty: the file's, without its ending
    ImportOptions options;
    std::vector<double> mean, stddev; ///< empty: what the file says, if it does
};

/// A model as the project is to keep it.
struct DescribedModel {
    Model model; ///< without `weights`
    std::vector<std::byte> weights;
    std::vector<std::string> notes; ///< of the import
};

/// The fields of a model that follow from its graph.
Model modelWith(const Graph& graph);

/// A built-in network without weights, from its source, "zoo:lenet5?width=2"; `name` empty: the network's. Throws Error(BadArgument) for an
/// unknown network, option or value, and for a normalisation that does not fit.
Model builtInModel(const std::string& source, const std::string& name, const std::vector<double>& mean, const std::vector<double>& stddev);

/// Reads and checks a model's file (importModel()) and describes it. Writes nothing. Throws as importModel() does, and Error(BadArgument)
/// for a normalisation that does not fit.
DescribedModel describeModel(const ModelFile& file, JobContext& context);

/// Stores it with its weights. Throws as addModel() of an entry alone.
ModelId addModel(Project& project, const DescribedModel& described);

} // namespace bitscape
