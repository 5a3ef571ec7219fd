// SPDX-License-Identifier: GPL-3.0-or-later
// Groups of parameters and what makes them count, against the declarations.
#include "core/base/error.h"
#include "core/jobs/parameter_effects.h"
#include "core/jobs/parameters.h"
#include "core/jobs/run_name.h"

#include <QTest>

#include <set>
#include <string>

using namespace bitscape;
using nlohmann::json;

namespace {

constexpr RunKind kKinds[] { RunKind::Train, RunKind::Score, RunKind::Search, RunKind::Refine, RunKind::Step, RunKind::Evaluate };

/// The names that do nothing beside these values, all others at their defaults.
std::set<std::string> idle(RunKind kind, const json& given)
{
    const json values = completeParameters(kind, given);
    std::set<std::string> names;
    for (const ParameterSpec& spec : parametersOf(kind)) {
        if (!whyIneffective(spec.name, values).empty())
            names.insert(spec.name);
    }
    return names;
}

} // namespace

class TestParameterEffects : public QObject {
    Q_OBJECT
private slots:
    void everyParameterHasAGroup()
    {
        for (const RunKind kind : kKinds) {
            for (const ParameterSpec& spec : parametersOf(kind))
                groupOf(spec.name); // throws where it has none
        }
        QVERIFY_EXCEPTION_THROWN(groupOf("epoch"), Error);
    }

    /// What a kind is about comes first, images last.
    void places()
    {
        QVERIFY(shownPlace(RunKind::Search, ParameterGroup::Search) < shownPlace(RunKind::Search, ParameterGroup::Quantizer));
        QVERIFY(shownPlace(RunKind::Search, ParameterGroup::Quantizer) < shownPlace(RunKind::Search, ParameterGroup::Images));
        QVERIFY(shownPlace(RunKind::Score, ParameterGroup::Scoring) < shownPlace(RunKind::Score, ParameterGroup::Training));
    }

    /// Written down from methods.md 3, 3a, 5 and 6, not from the table.
    void whatDoesNothing()
    {
        using Names = std::set<std::string>;
        const Names steps { "milestones", "decay" };
        QCOMPARE(idle(RunKind::Train, nullptr), steps);
        QCOMPARE(idle(RunKind::Train, { { "schedule", "steps" } }), Names {});
        QCOMPARE(idle(RunKind::Refine, { { "schedule", "constant" } }), steps);
        QCOMPARE(idle(RunKind::Score, nullptr), Names {});
        QCOMPARE(idle(RunKind::Score, { { "effect", "filter" } }), Names { "epsilon" });
        for (const char* strategy : { "cq", "random", "magnitude" }) {
            QCOMPARE(idle(RunKind::Search, { { "strategy", strategy } }), (Names { "delta", "class_weights" }));
            QCOMPARE(idle(RunKind::Search, { { "strategy", strategy }, { "decision", "confident" } }),
                (Names { "class_weights", "stop_early" }));
        }
        const Names thresholds { "order", "step", "accuracy_floor", "floor_decay", "decision", "delta", "max_seconds", "skip_unchanged",
            "keep_activations", "follow_filters", "stop_early" };
        QCOMPARE(idle(RunKind::Search, { { "strategy", "fisher" } }), thresholds);
        Names baseline = thresholds;
        baseline.insert("class_weights");
        QCOMPARE(idle(RunKind::Search, { { "strategy", "model-wise" }, { "decision", "confident" } }), baseline);
        baseline.insert("edge_bits");
        QCOMPARE(idle(RunKind::Search, { { "strategy", "layer-wise" }, { "keep_first_last", false } }), baseline);
    }

    void reasonsNameWhatDecides()
    {
        QCOMPARE(whyIneffective("milestones", { { "schedule", "cosine" } }), std::string("only with schedule = steps"));
        QCOMPARE(whyIneffective("milestones", json::object()), std::string()); // what decides it is not known
        QCOMPARE(whyIneffective("epochs", { { "schedule", "cosine" } }), std::string());
    }

    void names()
    {
        QCOMPARE(
            defaultRunName(RunKind::Search, completeParameters(RunKind::Search, { { "target_bits", 1.5 } })), std::string("search cq 1.5"));
        QCOMPARE(defaultRunName(RunKind::Train, completeParameters(RunKind::Train, nullptr)), std::string("train 3"));
        QCOMPARE(defaultRunName(RunKind::Score, completeParameters(RunKind::Score, nullptr)), std::string("score neuron"));
        QCOMPARE(defaultRunName(RunKind::Evaluate, completeParameters(RunKind::Evaluate, nullptr)), std::string("evaluate"));
    }
};

QTEST_GUILESS_MAIN(TestParameterEffects)
#include "tst_jobs_parameter_effects.moc"
