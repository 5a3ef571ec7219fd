// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/presets.h"

#include "core/base/error.h"
#include "core/jobs/parameter_values.h"
#include "core/jobs/parameters.h"

#include <algorithm>

namespace bitscape {

using nlohmann::json;

namespace {

const std::vector<Preset>& trainPresets()
{
    static const std::vector<Preset> presets {
        { "quick", "Quick look", "two passes over the images: whether it trains at all", { { "epochs", 2 } } },
        { "thorough", "Thorough", "thirty passes with random crops, the best one kept: ten times the time of the default",
            { { "epochs", 30 }, { "schedule", "cosine" }, { "augment", "crop" }, { "keep", "best" } } },
        { "photos", "Thorough, for photographs", "as thorough, mirrored left to right too: not for letters and digits",
            { { "epochs", 30 }, { "schedule", "cosine" }, { "augment", "crop+flip" }, { "keep", "best" } } },
    };
    return presets;
}

const std::vector<Preset>& scorePresets()
{
    static const std::vector<Preset> presets {
        { "quick", "Quick look", "20 images of every class: a fifth of the default's time, coarser scores",
            { { "samples_per_class", 20 } } },
        { "by-filter", "Filter against filter",
            "how often a filter matters more than its neighbours, where too many filters score the same", { { "effect", "filter" } } },
    };
    return presets;
}

const std::vector<Preset>& searchPresets()
{
    static const std::vector<Preset> presets {
        { "cq", "Class-based (CQ)", "the paper's search: thresholds on the scores of a score run, 2 bits on average",
            { { "strategy", "cq" }, { "order", "ascending" }, { "target_bits", 2.0 } } },
        { "fisher", "By sensitivity", "bits where the loss feels them most, 2 on average; measures for itself and needs no score run",
            { { "strategy", "fisher" }, { "target_bits", 2.0 } } },
        { "uniform", "The same everywhere", "2 bits for every filter: what the other strategies have to beat",
            { { "strategy", "model-wise" }, { "target_bits", 2.0 } } },
        { "two-bit", "2-bit weights, 4-bit activations", "by sensitivity without pruning a filter, activations quantized too",
            { { "strategy", "fisher" }, { "target_bits", 2.0 }, { "allowed_bits", { 1, 2, 3, 4 } }, { "activation_bits", 4 } } },
    };
    return presets;
}

const std::vector<Preset>& refinePresets()
{
    static const std::vector<Preset> presets {
        { "quick", "Quick look", "one pass over the images: whether retraining is worth more of them", { { "epochs", 1 } } },
        { "thorough", "Thorough", "twenty passes with random crops, the best one kept: seven times the time of the default",
            { { "epochs", 20 }, { "augment", "crop" }, { "keep", "best" } } },
    };
    return presets;
}

const std::vector<Preset>& stepPresets()
{
    static const std::vector<Preset> presets {
        { "quick", "Quick look", "a fifth of the rounds, one pass of final training, no baselines",
            { { "iterations", 60 }, { "epochs", 1 }, { "baselines", "none" } } },
        { "thorough", "Thorough", "ten passes of final training with random crops: for figures to publish",
            { { "epochs", 10 }, { "augment", "crop" } } },
    };
    return presets;
}

} // namespace

const std::vector<Preset>& presetsOf(RunKind kind)
{
    static const std::vector<Preset> none;
    switch (kind) {
    case RunKind::Train:
        return trainPresets();
    case RunKind::Score:
        return scorePresets();
    case RunKind::Search:
        return searchPresets();
    case RunKind::Refine:
        return refinePresets();
    case RunKind::Step:
        return stepPresets();
    case RunKind::Edit:
    case RunKind::Evaluate:
    case RunKind::Import:
    case RunKind::Export:
    case RunKind::Sweep:
        break;
    }
    return none;
}

const Preset& presetOf(RunKind kind, const std::string& name)
{
    const auto& presets = presetsOf(kind);
    const auto found = std::ranges::find(presets, name, &Preset::name);
    if (found != presets.end())
        return *found;
    std::vector<std::string> names;
    for (const Preset& preset : presets)
        names.push_back(preset.name);
    throw Error(ErrorCode::BadArgument,
        "unknown preset '" + shown(name) + "' for " + toString(kind) + ": "
            + (names.empty() ? "leave it out, there are none" : "give one of " + joined(names, ", ")));
}

std::string settingsText(const Preset& preset)
{
    std::vector<std::string> settings;
    for (const auto& item : preset.values.items())
        settings.push_back(item.key() + "=" + parameterText(item.value()));
    return joined(settings, " ");
}

} // namespace bitscape
