// SPDX-License-Identifier: GPL-3.0-or-later
// The one declaration table: every parameter once, then which run kinds have it, in the order of their forms.
#include "core/base/error.h"
#include "core/jobs/parameters.h"

#include <algorithm>
#include <utility>

namespace bitscape {

using nlohmann::json;

namespace {

// What helps to write a declaration in one line.

struct Range {
    std::optional<double> minimum, maximum;
    bool minimumExclusive = false, maximumExclusive = false;
};

Range within(double minimum, double maximum)
{
    return { minimum, maximum };
}
Range atLeast(double minimum)
{
    return { minimum, std::nullopt };
}
Range aboveTo(double minimum, double maximum)
{
    return { minimum, maximum, true };
}
Range below(double minimum, double maximum)
{
    return { minimum, maximum, false, true };
}
Range between(double minimum, double maximum)
{
    return { minimum, maximum, true, true };
}

ParameterSpec declared(ParameterType type, std::string name, json fallback, std::string help, std::string source)
{
    ParameterSpec spec;
    spec.type = type;
    spec.name = std::move(name);
    spec.fallback = std::move(fallback);
    spec.help = std::move(help);
    spec.source = std::move(source);
    return spec;
}

ParameterSpec number(ParameterType type, std::string name, json fallback, const Range& range, std::string help, std::string source)
{
    ParameterSpec spec = declared(type, std::move(name), std::move(fallback), std::move(help), std::move(source));
    spec.minimum = range.minimum;
    spec.maximum = range.maximum;
    spec.minimumExclusive = range.minimumExclusive;
    spec.maximumExclusive = range.maximumExclusive;
    return spec;
}

ParameterSpec integer(std::string name, json fallback, const Range& range, std::string help, std::string source)
{
    return number(ParameterType::Integer, std::move(name), std::move(fallback), range, std::move(help), std::move(source));
}

ParameterSpec real(std::string name, json fallback, const Range& range, std::string help, std::string source)
{
    return number(ParameterType::Real, std::move(name), std::move(fallback), range, std::move(help), std::move(source));
}

ParameterSpec rising(ParameterType type, std::string name, json fallback, const Range& range, std::size_t atLeastEntries, std::string help,
    std::string source)
{
    ParameterSpec spec = number(type, std::move(name), std::move(fallback), range, std::move(help), std::move(source));
    spec.minimumCount = atLeastEntries;
    spec.rising = true;
    return spec;
}

/// The first choice is the default.
ParameterSpec choice(std::string name, std::vector<std::string> choices, std::string help, std::string source)
{
    ParameterSpec spec = declared(ParameterType::Choice, std::move(name), choices.front(), std::move(help), std::move(source));
    spec.choices = std::move(choices);
    return spec;
}

ParameterSpec split(std::string name, json fallback, std::string help)
{
    return declared(ParameterType::Split, std::move(name), std::move(fallback), std::move(help), "design.md 5");
}

ParameterSpec inUnit(std::string unit, ParameterSpec spec)
{
    spec.unit = std::move(unit);
    return spec;
}

ParameterSpec withDefault(json fallback, ParameterSpec spec)
{
    spec.fallback = std::move(fallback);
    return spec;
}

ParameterSpec orNone(std::string meaning, ParameterSpec spec)
{
    spec.fallback = nullptr;
    spec.optional = true;
    spec.noneMeaning = std::move(meaning);
    return spec;
}

// Every parameter once.

std::vector<ParameterSpec> splitSpecs()
{
    return {
        split("train_split", "train[:90%]", "images that the network is trained on"),
        split("validation_split", "train[90%:]", "images that every epoch is judged by"),
        split("test_split", "test", "images that reported accuracy is measured on"),
        split("score_split", "train[:90%]", "images that scores, sensitivities and calibration are taken from"),
        split("search_split", "train[90%:]", "images that the accuracy of every point of the search is measured on"),
        orNone("the scoring split's images",
            split("calibration_split", nullptr, "images that activation ranges and batch-normalisation statistics are taken from")),
    };
}

std::vector<ParameterSpec> trainingSpecs()
{
    return {
        integer("epochs", 3, within(1, 10000), "passes over the training split", "methods.md 5"),
        inUnit("images", integer("batch", 64, within(1, 4096), "images computed at once", "methods.md 5")),
        real("learning_rate", 0.05, aboveTo(0, 10), "step size of the descent at its highest", "methods.md 5"),
        real("momentum", 0.9, below(0, 1), "share of the last step that the next one keeps", "methods.md 5"),
        real("weight_decay", 5e-4, within(0, 1), "share of every weight added to its gradient", "methods.md 5"),
        choice("schedule", { "cosine", "steps", "constant" }, "how the learning rate falls over the epochs", "methods.md 5"),
        rising(ParameterType::Reals, "milestones", json::array({ 0.5, 0.75 }), within(0, 1), 0,
            "shares of the epochs after which schedule steps lowers the learning rate", "methods.md 5"),
        real("decay", 0.1, aboveTo(0, 1), "factor on the learning rate at every milestone of schedule steps", "methods.md 5"),
        inUnit("epochs", real("warmup_epochs", 0.5, within(0, 100), "how long the learning rate rises from zero", "methods.md 5")),
        choice("augment", { "none", "crop", "flip", "crop+flip" },
            "random changes to training images: a crop after 4 pixels of zero padding, a flip left to right", "methods.md 5"),
        choice("keep", { "last", "best" }, "epoch whose weights are the result, best meaning on the validation split", "methods.md 5"),
        choice("initialise", { "auto", "fresh", "stored" },
            "weights to start from: stored, or fresh random ones of the seed; auto: fresh for a built-in network, else stored",
            "design.md 4"),
        real("alpha", 0.3, within(0, 1), "weight of the labels in the loss, the full-precision network having the rest", "methods.md 5"),
        real("temperature", 1.0, within(0.1, 100), "softening of both networks' outputs before they are compared", "methods.md 5"),
    };
}

std::vector<ParameterSpec> scoringSpecs()
{
    return {
        inUnit("images",
            integer("samples_per_class", 100, within(1, 100000), "images of every class taken from the scoring split", "methods.md 2")),
        choice("effect", { "neuron", "filter" },
            "what is critical for an image: a neuron at all, or a filter more than the mean of its layer", "methods.md 2"),
        real("epsilon", 1e-50, within(0, 1e30), "effect above which a neuron is critical", "methods.md 2"),
    };
}

std::vector<ParameterSpec> searchSpecs()
{
    return {
        choice("strategy", { "cq", "fisher", "model-wise", "layer-wise", "random", "magnitude" },
            "how bits are found: by CQ, by sensitivity, or a baseline", "methods.md 3, 3a, 6"),
        choice("order", { "ascending", "descending" }, "threshold that moves first: the lowest or the highest", "methods.md 3"),
        inUnit("bits", real("target_bits", 2.0, within(0, 8), "average bit-width to reach", "methods.md 3")),
        rising(ParameterType::Bits, "allowed_bits", json::array({ 0, 1, 2, 3, 4 }), within(0, 8), 2,
            "bit-widths that a filter may have, 0 being pruned", "methods.md 3"),
        orNone("classes/100",
            inUnit("score units", real("step", nullptr, atLeast(1e-4), "distance that a threshold moves at once", "methods.md 3"))),
        orNone("0.9 ascending, 0.98 descending",
            real("accuracy_floor", nullptr, within(0, 1), "share of the full accuracy that the first phase has to keep", "methods.md 3")),
        real("floor_decay", 0.8, aboveTo(0, 0.99), "factor on the accuracy floor from phase to phase", "methods.md 3"),
        number(ParameterType::Reals, "class_weights", json::array(), atLeast(0), "weight of every class, empty for equal weights",
            "methods.md 3a"),
        choice("decision", { "exact", "confident" }, "how a floor is tested: exactly, or by a sequential test", "methods.md 3"),
        real("delta", 1e-3, between(0, 0.5), "error probability of a move where decision is confident", "methods.md 3"),
        declared(ParameterType::Flag, "skip_unchanged", true, "take moves that change no bits without evaluation", "methods.md 3"),
        declared(ParameterType::Flag, "look_up", true, "take evaluations that the project knows from there", "design.md 4"),
        declared(
            ParameterType::Flag, "keep_activations", true, "compute again only what stands behind the first changed layer", "methods.md 3"),
        declared(ParameterType::Flag, "follow_filters", true,
            "where few filters of a layer change, compute only them and their contribution to the next layer", "methods.md 3"),
        declared(ParameterType::Flag, "stop_early", true,
            "end an evaluation as soon as the rest of the images cannot change its comparison", "methods.md 3"),
        orNone("no limit",
            inUnit(
                "s", real("max_seconds", nullptr, within(1, 1e9), "time after which the best point so far is the result", "methods.md 3"))),
    };
}

/// Of an edit, with what it otherwise has from the run that it starts from.
std::vector<ParameterSpec> editSpecs()
{
    return { declared(
        ParameterType::Edits, "edits", json::array(), "changes to the bits of the run before, in order; see README", "methods.md 3, 3a") };
}

ParameterSpec cacheSpec()
{
    return inUnit("MiB",
        integer("cache_mib", 1024, within(0, 1 << 20), "memory for decoded images, and as much for kept activations", "design.md 4"));
}

std::vector<ParameterSpec> quantizerSpecs()
{
    return {
        choice(
            "grid", { "midrise", "narrow" }, "levels of a weight: odd multiples of the scale, or whole ones with a zero", "methods.md 4"),
        choice("range", { "mse", "minmax" }, "scale of a filter: least squared error, or by the largest weight", "methods.md 4"),
        declared(ParameterType::Flag, "keep_first_last", true, "leave the first and the last layer at edge_bits", "methods.md 1"),
        inUnit("bits",
            integer("edge_bits", 8, within(1, 8), "bit-width of the first and the last layer where they are kept apart", "methods.md 1")),
        withDefault("result",
            choice("bn_recalibration", { "off", "result", "every" },
                "take batch-normalisation statistics again: never, for reported accuracy, or for every point of a search", "methods.md 4")),
        orNone(
            "not quantized", inUnit("bits", integer("activation_bits", nullptr, within(1, 8), "bit-width of activations", "methods.md 4"))),
    };
}

std::vector<ParameterSpec> steppingSpecs()
{
    return {
        rising(ParameterType::Reals, "budgets", json::array({ 0.1, 0.3, 0.5, 0.85 }), aboveTo(0, 1), 1,
            "a subnet each: share of the original network's MACs that it may use", "methods.md 7"),
        real("expansion", 1.8, within(1, 4), "width of the network that construction starts from, over the original's", "methods.md 7"),
        integer("iterations", 300, within(1, 100000), "rounds of training and moving filters", "methods.md 7"),
        integer("batches_per_iteration", 5, within(1, 1000), "mini-batches per subnet and iteration", "methods.md 7"),
        real("alpha_base", 1.5, within(1, 10), "factor by which a subnet's loss counts more in importance than the next larger one's",
            "methods.md 7"),
        real("beta", 0.9, within(0, 1), "factor on the gradient of a smaller subnet's weights, per subnet between", "methods.md 7"),
        real("gamma", 0.4, within(0, 1), "weight of the labels in the final loss, the original network having the rest", "methods.md 7"),
        real("prune_below", 1e-5, within(0, 1), "absolute weight below which a weight is zero", "methods.md 7"),
        choice("ranking", { "in-layer", "plain" },
            "what filters leave a subnet by: importance over their layer's mean, or as it is, which empties wide layers first",
            "methods.md 7"),
        choice("baselines", { "both", "any-width", "slimmable", "none" },
            "nested widths to compare with, trained on as many images: each takes about as long again", "methods.md 7"),
    };
}

std::vector<ParameterSpec> catalogue()
{
    std::vector<ParameterSpec> all;
    for (const auto& group :
        { splitSpecs(), trainingSpecs(), scoringSpecs(), searchSpecs(), quantizerSpecs(), steppingSpecs(), editSpecs() })
        all.insert(all.end(), group.begin(), group.end());
    all.push_back(cacheSpec());
    all.push_back(integer("workers", 1, within(1, 64), "children of a sweep computed at once, which share the threads", "design.md 6"));
    return all;
}

// Which run kinds have them.

ParameterSpec shared(const std::string& name)
{
    static const std::vector<ParameterSpec> all = catalogue();
    const auto found = std::ranges::find(all, name, &ParameterSpec::name);
    if (found == all.end())
        throw Error(ErrorCode::Internal, "parameter '" + name + "' is used but not declared: declare it in parameter_declarations.cpp");
    return *found;
}

std::vector<ParameterSpec> listed(const std::vector<std::string>& names)
{
    std::vector<ParameterSpec> specs;
    for (const std::string& name : names)
        specs.push_back(shared(name));
    return specs;
}

/// Puts a variant of a parameter in place of the one listed.
void replace(std::vector<ParameterSpec>& specs, ParameterSpec variant)
{
    *std::ranges::find(specs, variant.name, &ParameterSpec::name) = std::move(variant);
}

std::vector<ParameterSpec> scoreParameters()
{
    auto specs = listed({ "score_split", "samples_per_class", "effect", "epsilon", "batch", "test_split" });
    replace(specs, withDefault(25, shared("batch")));
    return specs;
}

std::vector<ParameterSpec> refineParameters()
{
    auto specs = listed({ "train_split", "validation_split", "test_split", "epochs", "batch", "learning_rate", "momentum", "weight_decay",
        "schedule", "milestones", "decay", "warmup_epochs", "augment", "alpha", "temperature", "keep", "grid", "range", "activation_bits",
        "bn_recalibration", "score_split", "samples_per_class", "calibration_split", "cache_mib" });
    replace(specs, withDefault(0.01, shared("learning_rate")));
    replace(specs, withDefault(0.0, shared("warmup_epochs")));
    replace(specs, withDefault("best", shared("keep")));
    for (const char* name : { "grid", "range", "activation_bits", "score_split", "samples_per_class", "calibration_split" })
        replace(specs, orNone("as in the search run", shared(name)));
    ParameterSpec recalibration = withDefault("off", shared("bn_recalibration"));
    recalibration.choices = { "off", "result" };
    recalibration.help = "take batch-normalisation statistics again for reported accuracy; off, as refinement trains the statistics itself";
    replace(specs, recalibration);
    return specs;
}

std::vector<ParameterSpec> editParameters()
{
    auto specs = listed({ "edits", "test_split", "grid", "range", "bn_recalibration", "activation_bits", "score_split", "samples_per_class",
        "calibration_split", "cache_mib" });
    for (const char* name : { "test_split", "grid", "range", "activation_bits", "score_split", "samples_per_class", "calibration_split" })
        replace(specs, orNone("as in the run that is edited", shared(name)));
    ParameterSpec recalibration = orNone("as in the run that is edited", shared("bn_recalibration"));
    recalibration.choices = { "off", "result" };
    recalibration.help = "take batch-normalisation statistics again for reported accuracy";
    replace(specs, recalibration);
    return specs;
}

const std::vector<ParameterSpec>& trainParameters()
{
    static const auto specs = listed({ "train_split", "validation_split", "test_split", "epochs", "batch", "learning_rate", "momentum",
        "weight_decay", "schedule", "milestones", "decay", "warmup_epochs", "augment", "keep", "initialise" });
    return specs;
}

const std::vector<ParameterSpec>& searchParameters()
{
    static const auto specs = listed({ "strategy", "order", "target_bits", "allowed_bits", "step", "accuracy_floor", "floor_decay",
        "class_weights", "decision", "delta", "max_seconds", "search_split", "score_split", "samples_per_class", "test_split", "grid",
        "range", "keep_first_last", "edge_bits", "bn_recalibration", "calibration_split", "activation_bits", "skip_unchanged", "look_up",
        "keep_activations", "follow_filters", "stop_early", "cache_mib" });
    return specs;
}

const std::vector<ParameterSpec>& stepParameters()
{
    static const auto specs = listed({ "budgets", "expansion", "iterations", "batches_per_iteration", "alpha_base", "beta", "gamma",
        "prune_below", "ranking", "baselines", "train_split", "test_split", "epochs", "batch", "learning_rate", "momentum", "weight_decay",
        "schedule", "milestones", "decay", "warmup_epochs", "augment" });
    return specs;
}

const std::vector<ParameterSpec>& sweepParameters()
{
    static const std::vector<ParameterSpec> specs = [] {
        auto all = listed({ "workers", "max_seconds" });
        ParameterSpec budget = shared("max_seconds");
        budget.help = "time after which no child begins and those at work are stopped, to be gone on with later; a resumption has it anew";
        budget.source = "design.md 6";
        replace(all, budget);
        return all;
    }();
    return specs;
}

} // namespace

const std::vector<ParameterSpec>& parametersOf(RunKind kind)
{
    static const std::vector<ParameterSpec> score = scoreParameters(), edit = editParameters(), refine = refineParameters(),
                                            evaluate = listed({ "test_split" }), none;
    switch (kind) {
    case RunKind::Train:
        return trainParameters();
    case RunKind::Score:
        return score;
    case RunKind::Search:
        return searchParameters();
    case RunKind::Edit:
        return edit;
    case RunKind::Refine:
        return refine;
    case RunKind::Step:
        return stepParameters();
    case RunKind::Evaluate:
        return evaluate;
    case RunKind::Sweep:
        return sweepParameters();
    case RunKind::Import:
    case RunKind::Export:
        break;
    }
    return none;
}

} // namespace bitscape
