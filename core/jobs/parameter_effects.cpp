// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/parameter_effects.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

namespace bitscape {
namespace {

/// `name` has an effect only where `decider` has one of `values`.
struct Condition {
    const char* name;
    const char* decider;
    std::vector<nlohmann::json> values;
    const char* reason;
};

const std::vector<Condition>& conditions()
{
    static const std::vector<nlohmann::json> kThresholds { "cq", "random", "magnitude" };
    static const std::vector<Condition> kConditions {
        { "milestones", "schedule", { "steps" }, "only with schedule = steps" },
        { "decay", "schedule", { "steps" }, "only with schedule = steps" },
        { "order", "strategy", kThresholds, "only strategies cq, random and magnitude move thresholds" },
        { "step", "strategy", kThresholds, "only strategies cq, random and magnitude move thresholds" },
        { "accuracy_floor", "strategy", kThresholds, "only strategies cq, random and magnitude test accuracy floors" },
        { "floor_decay", "strategy", kThresholds, "only strategies cq, random and magnitude test accuracy floors" },
        { "decision", "strategy", kThresholds, "only strategies cq, random and magnitude test accuracy floors" },
        { "max_seconds", "strategy", kThresholds, "only strategies cq, random and magnitude can be stopped by time" },
        { "delta", "decision", { "confident" }, "only with decision = confident" },
        { "delta", "strategy", kThresholds, "only strategies cq, random and magnitude test accuracy floors" },
        { "skip_unchanged", "strategy", kThresholds, "only strategies cq, random and magnitude move thresholds" },
        { "keep_activations", "strategy", kThresholds, "only strategies cq, random and magnitude move thresholds" },
        { "follow_filters", "strategy", kThresholds, "only strategies cq, random and magnitude move thresholds" },
        { "follow_filters", "keep_activations", { true }, "only with keep_activations" },
        { "stop_early", "strategy", kThresholds, "only strategies cq, random and magnitude test accuracy floors" },
        { "stop_early", "decision", { "exact" }, "a confident decision ends as soon as it is sure" },
        { "class_weights", "strategy", { "fisher" }, "only with strategy = fisher" },
        { "epsilon", "effect", { "neuron" }, "only with effect = neuron: a filter is compared with its layer's mean" },
        { "edge_bits", "keep_first_last", { true }, "only where keep_first_last keeps those layers apart" },
    };
    return kConditions;
}

const std::map<std::string, ParameterGroup>& groups()
{
    using enum ParameterGroup;
    static const std::map<std::string, ParameterGroup> kGroups {
        { "train_split", Images },
        { "validation_split", Images },
        { "test_split", Images },
        { "score_split", Images },
        { "search_split", Images },
        { "calibration_split", Images },
        { "samples_per_class", Images },
        { "epochs", Training },
        { "batch", Training },
        { "learning_rate", Training },
        { "momentum", Training },
        { "weight_decay", Training },
        { "schedule", Training },
        { "milestones", Training },
        { "decay", Training },
        { "warmup_epochs", Training },
        { "augment", Training },
        { "keep", Training },
        { "initialise", Training },
        { "alpha", Training },
        { "temperature", Training },
        { "effect", Scoring },
        { "epsilon", Scoring },
        { "strategy", Search },
        { "order", Search },
        { "target_bits", Search },
        { "allowed_bits", Search },
        { "step", Search },
        { "accuracy_floor", Search },
        { "floor_decay", Search },
        { "class_weights", Search },
        { "decision", Search },
        { "delta", Search },
        { "max_seconds", Search },
        { "workers", Search },
        { "skip_unchanged", Evaluation },
        { "look_up", Evaluation },
        { "keep_activations", Evaluation },
        { "follow_filters", Evaluation },
        { "stop_early", Evaluation },
        { "cache_mib", Evaluation },
        { "grid", Quantizer },
        { "range", Quantizer },
        { "keep_first_last", Quantizer },
        { "edge_bits", Quantizer },
        { "bn_recalibration", Quantizer },
        { "activation_bits", Quantizer },
        { "edits", Search },
        { "budgets", Stepping },
        { "expansion", Stepping },
        { "iterations", Stepping },
        { "batches_per_iteration", Stepping },
        { "alpha_base", Stepping },
        { "beta", Stepping },
        { "gamma", Stepping },
        { "prune_below", Stepping },
        { "ranking", Stepping },
        { "baselines", Stepping },
    };
    return kGroups;
}

ParameterGroup subjectOf(RunKind kind)
{
    switch (kind) {
    case RunKind::Score:
        return ParameterGroup::Scoring;
    case RunKind::Search:
    case RunKind::Edit:
        return ParameterGroup::Search;
    case RunKind::Step:
        return ParameterGroup::Stepping;
    default:
        return ParameterGroup::Training;
    }
}

} // namespace

ParameterGroup groupOf(const std::string& name)
{
    const auto found = groups().find(name);
    if (found == groups().end())
        throw Error(ErrorCode::Internal, "Parameter '" + name + "' has no group: give it one in parameter_effects.cpp.");
    return found->second;
}

int shownPlace(RunKind kind, ParameterGroup group)
{
    if (group == subjectOf(kind))
        return -1;
    if (group == ParameterGroup::Evaluation)
        return 101;
    return group == ParameterGroup::Images ? 100 : static_cast<int>(group);
}

std::string whyIneffective(const std::string& name, const nlohmann::json& values)
{
    for (const Condition& condition : conditions()) {
        if (name != condition.name || !values.contains(condition.decider))
            continue;
        if (std::ranges::find(condition.values, values.at(condition.decider)) == condition.values.end())
            return condition.reason;
    }
    return {};
}

} // namespace bitscape
