// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/runs.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// A network that a recipe adds to the project, unless it is there.
struct SweepModel {
    std::string name;   ///< in the project
    std::string source; ///< "zoo:lenet5?width=2", or an ONNX or TorchScript file
    std::vector<double> mean, stddev;
    bool operator==(const SweepModel&) const = default;
};

/// A data set that a recipe adds to the project, unless it is there.
struct SweepData {
    std::string name; ///< in the project
    std::string kind; ///< idx, cifar10, cifar100, folder or glyphs
    std::string path;
    std::vector<double> mean, stddev;
    bool operator==(const SweepData&) const = default;
};

/// Runs of one kind that differ in what is varied.
struct SweepStage {
    std::string id;
    RunKind kind = RunKind::Train;
    std::string from;                                               ///< an earlier stage's id, a run's number, "last", or nothing
    std::string model, data;                                        ///< by name or number; empty: as what it starts from, or the only one
    std::string name;                                               ///< of the runs; empty: made from kind and parameters
    nlohmann::ordered_json set = nlohmann::ordered_json::object();  ///< parameters of all its runs
    nlohmann::ordered_json grid = nlohmann::ordered_json::object(); ///< name -> list of values: every combination
    nlohmann::ordered_json list = nlohmann::ordered_json::array();  ///< objects of names with values: one after the other
    std::vector<std::uint64_t> seeds;                               ///< empty: that of the child that it starts from, else 0
    bool operator==(const SweepStage&) const = default;
};

/// What the children of a sweep are. Written as JSON:
///   {"name": "bits of lenet5", "workers": 2, "max_seconds": 3600,
///    "models": [{"name": "lenet5", "source": "zoo:lenet5"}],
///    "data": [{"name": "glyphs", "kind": "glyphs", "path": "train=8000,test=2000,seed=1"}],
///    "set": {"test_split": "test[:1000]"},
///    "stages": [{"id": "train", "kind": "train", "model": "lenet5", "data": "glyphs", "set": {"epochs": 3}},
///               {"id": "score", "kind": "score", "from": "train"},
///               {"id": "search", "kind": "search", "from": "score", "seeds": "1-3",
///                "grid": {"target_bits": "1.5:3:0.5", "strategy": ["cq", "fisher"]}},
///               {"id": "refine", "kind": "refine", "from": "search", "preset": "quick",
///                "list": [{"epochs": 1}, {"epochs": 2, "alpha": 0.5}]}]}
/// All but `stages` and their kinds can be left out. A stage has a child for each child of the stage that it is from, each entry of `list`,
/// each combination of `grid` and each seed. `grid` and `list` vary any parameter of the kind, and `model`, `data` and `kind`; a grid's
/// values are a list or a text as valuesFromText() reads it. `set` beside the stages holds for every stage whose kind has the parameter.
struct SweepRecipe {
    std::string name;
    std::optional<int> workers;
    std::optional<double> maxSeconds;
    std::vector<SweepModel> models;
    std::vector<SweepData> data;
    std::vector<SweepStage> stages;
    bool operator==(const SweepRecipe&) const = default;
};

/// The most children that a sweep may have.
inline constexpr std::size_t kMostChildren = 10000;

/// Reads a recipe; presets and the common `set` are put into the stages' own `set`. Throws Error(BadInput) for what is no JSON,
/// Error(BadArgument) that says where in the recipe what is wrong and what to do, for unknown members, ids and stages too. Parameters are
/// checked by sweepPlan().
SweepRecipe sweepRecipeFrom(const std::string& json);

/// The recipe as JSON that sweepRecipeFrom() reads back, for people: indented by two.
std::string toText(const SweepRecipe& recipe);

/// Makes the paths of models' and data sets' files absolute; relative ones are from `folder`, in which the recipe lies.
void resolvePaths(SweepRecipe& recipe, const std::filesystem::path& folder);

/// Sets a parameter, "name=value", in every stage whose kind has it. Throws Error(BadArgument) where no stage has it or one varies it.
void setInStages(SweepRecipe& recipe, const std::string& setting);

/// One run of a sweep before it is there.
struct PlannedChild {
    Run run; ///< kind, name, parameters, seed, place; no model, data set or parent
    std::size_t stage = 0;
    int startsFrom = 0;      ///< the place of another child, lower than its own; 0: the stage's `from`, if it has one
    std::string model, data; ///< as in SweepStage
    std::vector<std::pair<std::string, std::string>> varied; ///< names with values that `grid` and `list` give it
};

/// The children by their places, 1, 2, .... Throws Error(BadArgument) that says where in the recipe a parameter is wrong.
std::vector<PlannedChild> sweepPlan(const SweepRecipe& recipe);

} // namespace bitscape
