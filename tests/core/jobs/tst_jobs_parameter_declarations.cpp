// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h" // first: moc 6.4 stumbles over <compare> as the first standard header
#include "core/jobs/parameters.h"

#include <QtTest>

#include <algorithm>
#include <array>
#include <map>
#include <set>

using namespace bitscape;
using nlohmann::json;

namespace {

constexpr std::array kKinds { RunKind::Train, RunKind::Score, RunKind::Search, RunKind::Refine, RunKind::Step, RunKind::Evaluate,
    RunKind::Import, RunKind::Export, RunKind::Sweep };

std::set<std::string> namesOf(RunKind kind)
{
    std::set<std::string> names;
    for (const ParameterSpec& spec : parametersOf(kind))
        names.insert(spec.name);
    return names;
}

} // namespace

/// The declaration table against itself and against what design.md and methods.md promise.
class TestParameterDeclarations final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void namesAreUniqueAndSnakeCase()
    {
        const QRegularExpression snakeCase(QStringLiteral("^[a-z]+(_[a-z]+)*$"));
        for (const RunKind kind : kKinds) {
            QCOMPARE(namesOf(kind).size(), parametersOf(kind).size());
            for (const ParameterSpec& spec : parametersOf(kind))
                QVERIFY2(snakeCase.match(QString::fromStdString(spec.name)).hasMatch(), spec.name.c_str());
        }
    }

    void everyDeclarationIsComplete()
    {
        for (const RunKind kind : kKinds) {
            for (const ParameterSpec& spec : parametersOf(kind)) {
                QVERIFY2(!spec.help.empty() && spec.help.find('\n') == std::string::npos && spec.help.back() != '.', spec.name.c_str());
                QVERIFY2(!spec.source.empty(), spec.name.c_str());
                QVERIFY2(spec.optional != spec.noneMeaning.empty(), spec.name.c_str());
                QVERIFY2((spec.type == ParameterType::Choice) == !spec.choices.empty(), spec.name.c_str());
                QVERIFY2(!spec.minimumExclusive || spec.minimum, spec.name.c_str());
                QVERIFY2(!spec.maximumExclusive || spec.maximum, spec.name.c_str());
                // "none" would mean two things
                QVERIFY2(!spec.optional || std::ranges::count(spec.choices, "none") == 0, spec.name.c_str());
            }
        }
    }

    /// Where kinds share a name they share the declaration: only the default, whether it may be absent, and what is narrower in refinement
    /// differ.
    void kindsShareDeclarations()
    {
        std::map<std::string, ParameterSpec> first;
        for (const RunKind kind : kKinds) {
            for (ParameterSpec spec : parametersOf(kind)) {
                const auto [known, isNew] = first.emplace(spec.name, spec);
                if (isNew || spec.name == "bn_recalibration" || kind == RunKind::Sweep) // whose budget is for the whole
                    continue;
                spec.fallback = known->second.fallback;
                spec.optional = known->second.optional;
                spec.noneMeaning = known->second.noneMeaning;
                QVERIFY2(spec == known->second, spec.name.c_str());
            }
        }
    }

    /// design.md section 6, "Parameters that several places rely on".
    void parametersOfTheDesignAreDeclared_data()
    {
        QTest::addColumn<QString>("name");
        const QString names
            = QStringLiteral("score_split search_split test_split samples_per_class effect epsilon strategy order target_bits allowed_bits "
                             "class_weights step accuracy_floor floor_decay max_seconds decision grid range bn_recalibration "
                             "activation_bits epochs batch learning_rate alpha temperature");
        for (const QString& name : names.split(u' '))
            QTest::newRow(qPrintable(name)) << name;
    }

    void parametersOfTheDesignAreDeclared()
    {
        QFETCH(const QString, name);
        QVERIFY(std::ranges::any_of(kKinds, [&](RunKind kind) { return namesOf(kind).contains(name.toStdString()); }));
    }

    void kindsHaveTheirParameters()
    {
        const std::set<std::string> train { "train_split", "validation_split", "test_split", "epochs", "batch", "learning_rate", "momentum",
            "weight_decay", "schedule", "milestones", "decay", "warmup_epochs", "augment", "keep", "initialise" };
        QVERIFY(namesOf(RunKind::Train) == train);
        QVERIFY(namesOf(RunKind::Score)
            == (std::set<std::string> { "score_split", "samples_per_class", "effect", "epsilon", "batch", "test_split" }));
        QVERIFY(namesOf(RunKind::Evaluate) == (std::set<std::string> { "test_split" }));
        QCOMPARE(parametersOf(RunKind::Search).size(), 28U);
        QCOMPARE(parametersOf(RunKind::Refine).size(), 24U);
        QCOMPARE(parametersOf(RunKind::Step).size(), 22U);
        QVERIFY(parametersOf(RunKind::Import).empty());
        QVERIFY(parametersOf(RunKind::Export).empty());
    }

    /// The constants of methods.md.
    void defaults_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("defaults");
        const auto row
            = [](RunKind kind, const char* defaults) { QTest::newRow(toString(kind).c_str()) << static_cast<int>(kind) << defaults; };
        row(RunKind::Train,
            R"({"train_split":"train[:90%]","validation_split":"train[90%:]","test_split":"test","epochs":3,"batch":64,"learning_rate":0.05,
            "momentum":0.9,"weight_decay":0.0005,"schedule":"cosine","milestones":[0.5,0.75],"decay":0.1,"warmup_epochs":0.5,"augment":"none",
            "keep":"last","initialise":"auto"})");
        row(RunKind::Score,
            R"({"score_split":"train[:90%]","samples_per_class":100,"effect":"neuron","epsilon":1e-50,"batch":25,"test_split":"test"})");
        row(RunKind::Search,
            R"({"strategy":"cq","order":"ascending","target_bits":2.0,"allowed_bits":[0,1,2,3,4],"step":null,"accuracy_floor":null,
            "floor_decay":0.8,"class_weights":[],"decision":"exact","delta":0.001,"max_seconds":null,"search_split":"train[90%:]",
            "score_split":"train[:90%]","samples_per_class":100,"test_split":"test","grid":"midrise","range":"mse","keep_first_last":true,
            "edge_bits":8,"bn_recalibration":"result","calibration_split":null,"activation_bits":null,"skip_unchanged":true,"look_up":true,
            "keep_activations":true,"follow_filters":true,"stop_early":true,"cache_mib":1024})");
        row(RunKind::Refine,
            R"({"train_split":"train[:90%]","validation_split":"train[90%:]","test_split":"test","epochs":3,"batch":64,"learning_rate":0.01,
            "momentum":0.9,"weight_decay":0.0005,"schedule":"cosine","milestones":[0.5,0.75],"decay":0.1,"warmup_epochs":0.0,"augment":"none",
            "alpha":0.3,"temperature":1.0,"keep":"best","grid":null,"range":null,"activation_bits":null,"bn_recalibration":"off",
            "score_split":null,"samples_per_class":null,"calibration_split":null,"cache_mib":1024})");
        row(RunKind::Step,
            R"({"budgets":[0.1,0.3,0.5,0.85],"expansion":1.8,"iterations":300,"batches_per_iteration":5,"alpha_base":1.5,"beta":0.9,
            "gamma":0.4,"prune_below":1e-5,"ranking":"in-layer","baselines":"both","train_split":"train[:90%]","test_split":"test","epochs":3,"batch":64,
            "learning_rate":0.05,"momentum":0.9,"weight_decay":0.0005,"schedule":"cosine","milestones":[0.5,0.75],"decay":0.1,
            "warmup_epochs":0.5,"augment":"none"})");
        row(RunKind::Evaluate, R"({"test_split":"test"})");
        row(RunKind::Sweep, R"({"workers":1,"max_seconds":null})");
        row(RunKind::Import, "{}");
        row(RunKind::Export, "{}");
    }

    void defaults()
    {
        QFETCH(const int, kind);
        QFETCH(const QString, defaults);
        const json complete = completeParameters(static_cast<RunKind>(kind), json::object());
        QCOMPARE(complete.dump(), json::parse(defaults.toStdString()).dump()); // as text: 2.0 and 2 differ
    }

    void everyDefaultSurvivesTextAndJson()
    {
        for (const RunKind kind : kKinds) {
            for (const ParameterSpec& spec : parametersOf(kind)) {
                const json back = parseParameter(spec, parameterText(spec.fallback));
                QCOMPARE(back.dump(), spec.fallback.dump());
                QCOMPARE(completeParameters(kind, { { spec.name, spec.fallback } }).at(spec.name).dump(), spec.fallback.dump());
            }
        }
    }

    void describeIsOneLine()
    {
        for (const RunKind kind : kKinds) {
            for (const ParameterSpec& spec : parametersOf(kind)) {
                const std::string line = describe(spec);
                QVERIFY2(line.find('\n') == std::string::npos && line.starts_with(spec.name + "  "), line.c_str());
            }
        }
    }

    void describeSaysWhatIsAllowed_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("line");
        const auto row
            = [](RunKind kind, const char* name, const char* line) { QTest::newRow(name) << static_cast<int>(kind) << name << line; };
        row(RunKind::Train, "epochs", "epochs  integer 1..10000, default 3: passes over the training split (methods.md 5)");
        row(RunKind::Train, "batch", "batch  integer 1..4096 (images), default 64: images computed at once (methods.md 5)");
        row(RunKind::Train, "momentum",
            "momentum  real at least 0, below 1, default 0.9: share of the last step that the next one keeps (methods.md 5)");
        row(RunKind::Train, "schedule",
            "schedule  cosine|steps|constant, default cosine: how the learning rate falls over the epochs (methods.md 5)");
        row(RunKind::Search, "step",
            "step  real at least 0.0001 (score units), or none (classes/100), default none: distance that a threshold moves at once "
            "(methods.md "
            "3)");
        row(RunKind::Search, "allowed_bits",
            "allowed_bits  bits 0..8, 2 or more, rising, default 0,1,2,3,4: bit-widths that a filter may have, 0 being pruned (methods.md "
            "3)");
        row(RunKind::Search, "class_weights",
            "class_weights  reals at least 0, default empty: weight of every class, empty for equal weights (methods.md 3a)");
        row(RunKind::Search, "keep_first_last",
            "keep_first_last  flag, default true: leave the first and the last layer at edge_bits (methods.md 1)");
    }

    void describeSaysWhatIsAllowed()
    {
        QFETCH(const int, kind);
        QFETCH(const QString, name);
        QFETCH(const QString, line);
        QCOMPARE(QString::fromStdString(describe(parameterOf(static_cast<RunKind>(kind), name.toStdString()))), line);
    }

    void asJson()
    {
        QCOMPARE(toJson(parameterOf(RunKind::Search, "step")),
            json::parse(
                R"({"name":"step","type":"real","default":null,"optional":true,"none_meaning":"classes/100","minimum":0.0001,
                "unit":"score units","help":"distance that a threshold moves at once","source":"methods.md 3"})"));
        const json bits = toJson(parameterOf(RunKind::Search, "allowed_bits"));
        QCOMPARE(bits.at("minimum_count"), json(2));
        QCOMPARE(bits.at("rising"), json(true));
        QCOMPARE(bits.at("maximum"), json(8));
        QVERIFY(!bits.contains("maximum_exclusive") && !bits.contains("unit"));
        QCOMPARE(toJson(parameterOf(RunKind::Train, "momentum")).at("maximum_exclusive"), json(true));
        QCOMPARE(toJson(parameterOf(RunKind::Refine, "bn_recalibration")).at("choices"), json({ "off", "result" }));
    }
};

QTEST_APPLESS_MAIN(TestParameterDeclarations)
#include "tst_jobs_parameter_declarations.moc"
