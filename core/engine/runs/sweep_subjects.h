// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/add_dataset.h"
#include "core/engine/formats/add_model.h"
#include "core/jobs/job_context.h"
#include "core/jobs/sweep_recipe.h"
#include "core/project/project.h"

#include <string>
#include <vector>

namespace bitscape {

/// The models and data sets that a recipe can name: those of the project and those that it adds itself, which have ids below 0 until they
/// are stored.
class SweepSubjects final {
public:
    /// Reads what the recipe adds, unless the project has it. Throws Error(BadArgument, BadInput) that says which entry is wrong, also for
    /// a name that the project gives to something else; writes nothing.
    SweepSubjects(Project& project, const SweepRecipe& recipe, JobContext& context);

    /// By name or number; an empty text means the only one that there is. Throws Error(BadArgument) with what there is to choose from.
    const Model& model(const std::string& text) const;
    const Dataset& dataset(const std::string& text) const;
    /// Throws Error(BadArgument) for an unknown id.
    const Model& model(ModelId id) const;
    const Dataset& dataset(DatasetId id) const;

    /// Adds to the project what it has not.
    void store(Project& project) const;

private:
    void addModel(Project& project, const SweepModel& wanted, JobContext& context);
    void addDataset(const SweepData& wanted, JobContext& context);

    std::vector<Model> m_models;
    std::vector<Dataset> m_datasets;
    std::vector<DescribedModel> m_newModels;
    std::vector<DescribedDataset> m_newDatasets;
};

} // namespace bitscape
