// SPDX-License-Identifier: GPL-3.0-or-later
// Runs made by hand, side by side.
#include "core/base/error.h"
#include "core/jobs/comparison.h"
#include "core/jobs/comparison_text.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace bitscape;

namespace {

using Shared = std::shared_ptr<const RunResults>;

Layer layer(const std::string& name, std::int64_t filters)
{
    Layer made;
    made.name = name;
    made.filters = filters;
    return made;
}

/// A finished search on six images of three classes.
RunResults result(std::int64_t id, const std::vector<std::uint16_t>& answers)
{
    RunResults made;
    made.run.id = { id };
    made.run.kind = RunKind::Search;
    made.run.name = "search";
    made.run.state = RunState::Finished;
    made.run.parameters = { { "target_bits", 2.0 }, { "strategy", "cq" } };
    made.dataFingerprint = "f";
    made.dataName = "shapes";
    made.classNames = { "round", "square", "long" };
    made.layers = { layer("conv", 3), layer("fc", 2) };
    made.bits = { { 0, 2, 4 }, { 8, 8 } };
    made.testImages = Split { "test", 0, 6 };
    made.answers = KeptAnswers { { 0, 0, 0, 1, 1, 1 }, answers, {} };
    made.confusion = confusionOf(made.answers->labels, answers, 3);
    return made;
}

Shared shared(RunResults results)
{
    return std::make_shared<const RunResults>(std::move(results));
}

const ComparedFigure& figure(const Comparison& comparison, const std::string& name)
{
    for (const ComparedFigure& each : comparison.figures) {
        if (each.name == name)
            return each;
    }
    qFatal("no such figure");
}

template <typename Act> QString refusal(Act&& act)
{
    try {
        act();
    } catch (const Error& error) {
        return error.code() == ErrorCode::BadArgument ? QString::fromUtf8(error.what()) : QStringLiteral("another code");
    }
    return QStringLiteral("no error");
}

} // namespace

class ComparisonTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void figuresAreJudged()
    {
        RunResults a = result(1, { 0, 0, 0, 1, 1, 1 }), b = result(2, { 0, 0, 1, 1, 1, 1 }), c = result(3, { 0, 0, 1, 1, 1, 2 });
        a.metrics = { { "accuracy", 0.9 }, { "macs", 500 }, { "evaluations", 7 }, { "stepping_macs_1", 5 } };
        b.metrics = { { "accuracy", 0.95 }, { "macs", 400 }, { "evaluations", 9 }, { "stepping_macs_1", 4 } };
        c.metrics = { { "accuracy", 0.95 }, { "evaluations", 8 } };
        const Comparison comparison = compare({ shared(a), shared(b), shared(c) });
        QCOMPARE(comparison.figures.front().name, std::string("accuracy"));
        QVERIFY(!figure(comparison, "accuracy").best); // two are as good
        QVERIFY(figure(comparison, "macs").best == std::size_t(1));
        QVERIFY(figure(comparison, "stepping_macs_1").best == std::size_t(1));
        QVERIFY(!figure(comparison, "evaluations").best); // neither good nor bad
        QVERIFY(!figure(comparison, "macs").values[2] && !figure(comparison, "macs").difference(2, 0));
        QCOMPARE(*figure(comparison, "macs").difference(1, 0), -100.0);
        QCOMPARE(*figure(comparison, "macs").difference(0, 1), 100.0);
        QVERIFY(!figure(comparison, "macs").difference(1, 1));
    }

    void parametersComeFromTheRunBefore()
    {
        RunResults search = result(1, { 0, 0, 0, 1, 1, 1 }), refined = result(2, { 0, 0, 0, 1, 1, 1 });
        search.run.parameters["grid"] = "narrow";
        refined.run.kind = RunKind::Refine;
        refined.run.parameters = { { "grid", nullptr }, { "epochs", 3 } };
        refined.run.parent = search.run.id;
        refined.ancestors = { search.run };
        std::map<std::string, ComparedParameter> found;
        for (const ComparedParameter& each : compare({ shared(search), shared(refined) }).parameters)
            found[each.name] = each;
        QVERIFY(!found.at("grid").differs() && found.at("grid").values.back() == "narrow"); // left open, so the search's
        QVERIFY(found.at("kind").differs() && found.at("kind").values == std::vector<std::string>({ "search", "refine" }));
        QCOMPARE(found.at("epochs").values, std::vector<std::string>({ "-", "3" }));
        QCOMPARE(found.at("from").values, std::vector<std::string>({ "-", "1 search" }));
        QVERIFY(!found.at("seed").differs() && !found.at("epochs").differs()); // a search has none
    }

    void classesAndConfusions()
    {
        const RunResults a = result(1, { 0, 0, 0, 1, 1, 1 }), b = result(2, { 0, 1, 1, 1, 1, 2 });
        const Comparison comparison = compare({ shared(a), shared(b) });
        QCOMPARE(comparison.classes.size(), std::size_t(3));
        QVERIFY(std::abs(*comparison.classes[0].difference(1, 0) + 2.0 / 3) < 1e-12);
        QVERIFY(comparison.classes[0].best == std::size_t(0));
        QVERIFY(!comparison.classes[2].values[0]); // no image of it
        const auto moved = confusionDifference(b, a).shares;
        QVERIFY(std::abs(moved[0][1] - 2.0 / 3) < 1e-12 && std::abs(moved[0][0] + 2.0 / 3) < 1e-12);
        QVERIFY(std::abs(moved[1][2] - 1.0 / 3) < 1e-12 && std::isnan(moved[2][0]));
        RunResults old = b;
        old.confusion.clear();
        QVERIFY(QString::fromStdString(confusionDifference(old, a).reason).contains(QStringLiteral("Run 2")));
    }

    void pairsOnTheSameImages()
    {
        const RunResults a = result(1, { 0, 0, 0, 1, 1, 1 }), b = result(2, { 0, 1, 1, 1, 1, 2 });
        RunResults other = b, old = b;
        other.run.id = { 3 };
        other.testImages = Split { "test", 6, 12 };
        old.run.id = { 4 };
        old.answers.reset();
        const Comparison comparison = compare({ shared(a), shared(b), shared(other), shared(old) });
        QCOMPARE(comparison.pairs.size(), std::size_t(6));
        const ComparedPair& same = *comparison.pair(1, 0);
        QVERIFY(same.test && same.test->onlyFirst == 3 && same.test->onlySecond == 0 && same.test->images == 6);
        QCOMPARE(same.test->p, 0.25);
        QVERIFY(!comparison.pair(0, 2)->test && comparison.pair(0, 2)->reason.find("test[6:12]") != std::string::npos);
        QVERIFY(!comparison.pair(0, 3)->test && comparison.pair(0, 3)->reason.find("Run 4 has not kept") != std::string::npos);
        QVERIFY(!comparison.pair(2, 2));
        QCOMPARE(pairSentence(comparison, same),
            std::string("Run 1 alone answers 3 of 6 images right, run 2 alone 0: p = 0.2500 (exact McNemar test)."));
    }

    void bitsOfTheSameFilters()
    {
        const RunResults a = result(1, { 0, 0, 0, 1, 1, 1 });
        RunResults b = a, wider = a, none = a, shorter = a;
        b.run.id = wider.run.id = none.run.id = shorter.run.id = { 2 };
        b.bits = { { 1, 2, 0 }, { 8, 8 } };
        const BitDifference difference = bitDifference(b, a);
        QCOMPARE(difference.layers, (std::vector<std::vector<int>> { { 1, 0, -4 }, { 0, 0 } }));
        QVERIFY(difference.more == 1 && difference.fewer == 1 && difference.reason.empty());
        QCOMPARE(bitSentence(compare({ shared(a), shared(b) }), 1, 0),
            std::string("Run 2 has more bits than run 1 in 1 filters and fewer in 1 of 5."));
        wider.layers[0].filters = 4;
        QVERIFY(bitDifference(wider, a).layers.empty() && bitDifference(wider, a).reason.find("'conv' with 4") != std::string::npos);
        none.bits.clear();
        QVERIFY(bitDifference(a, none).reason.find("Run 2 gives its filters no bits") != std::string::npos);
        shorter.layers.pop_back();
        QVERIFY(bitDifference(shorter, a).reason.find("1 layers") != std::string::npos);
    }

    void refusals()
    {
        const RunResults a = result(1, { 0, 0, 0, 1, 1, 1 });
        RunResults other = a, running = a;
        other.run.id = running.run.id = { 2 };
        other.dataFingerprint = "g";
        other.dataName = "digits";
        running.run.state = RunState::Paused;
        QVERIFY(refusal([&] { compare({ shared(a) }); }).contains(QStringLiteral("not 1")));
        QVERIFY(refusal([&] { compare(std::vector<Shared>(7, shared(a))); }).contains(QStringLiteral("not 7")));
        QVERIFY(refusal([&] { compare({ shared(a), shared(a) }); }).contains(QStringLiteral("Run 1 is named twice")));
        QVERIFY(refusal([&] { compare({ shared(a), shared(other) }); }).contains(QStringLiteral("'digits'")));
        QVERIFY(refusal([&] { compare({ shared(a), shared(running) }); }).contains(QStringLiteral("is paused")));
        QTemporaryDir folder;
        Project project = Project::create(folder.filePath(QStringLiteral("p.bitscape")).toStdString());
        QVERIFY(refusal([&] { compare(project, { RunId { 1 }, RunId { 2 } }); }).contains(QStringLiteral("1")));
    }

    void jsonAndTableSayTheSame()
    {
        RunResults a = result(1, { 0, 0, 0, 1, 1, 1 }), b = result(2, { 0, 1, 1, 1, 1, 2 });
        a.metrics = { { "accuracy", 1 } };
        b.metrics = { { "accuracy", 0.5 } };
        const Comparison comparison = compare({ shared(a), shared(b) });
        const auto json = toJson(comparison, 1, false);
        QCOMPARE(json.at("baseline").get<int>(), 2);
        QCOMPARE(json.at("figures").at("accuracy").at("differences").at(0).get<double>(), 0.5);
        QVERIFY(json.at("figures").at("accuracy").at("differences").at(1).is_null());
        QCOMPARE(json.at("bits").at(0).at("run").get<int>(), 1);
        QVERIFY(json.at("confusion").at(0).at("difference").at(2).at(0).is_null());
        QVERIFY(!json.at("parameters").contains("strategy") && toJson(comparison, 1, true).at("parameters").contains("strategy"));
        const Table table = comparisonTable(comparison, 1, false);
        QCOMPARE(table.rows.front(), std::vector<std::string>({ "figure", "accuracy", "1", "2", "1.0", "0.5" }));
        QVERIFY(tableFrom(csvText(table)) == table);
    }

    void answersAreKept()
    {
        QTemporaryDir folder;
        Project project = Project::create(folder.filePath(QStringLiteral("p.bitscape")).toStdString());
        const RunId id = addRun(project, {});
        QVERIFY(!keptAnswers(project, id, 3));
        const KeptAnswers kept { { 0, 300, 2 }, { 0, 1, 301 }, { 1, 1, 1 } };
        keepAnswers(project, id, kept);
        QVERIFY(keptAnswers(project, id, 302) == kept);
        const auto bytes = project.blob(*attachment(project, id, "labels"));
        QVERIFY(bytes.size() == 6 && std::to_integer<int>(bytes[2]) == 300 - 256 && std::to_integer<int>(bytes[3]) == 1);
        QVERIFY_EXCEPTION_THROWN(keptAnswers(project, id, 301), Error);
        putAttachment(project, id, "labels", project.putBlob(std::vector<std::byte>(4)));
        QVERIFY_EXCEPTION_THROWN(keptAnswers(project, id, 302), Error);
    }

    void confusionByHand()
    {
        const std::vector<std::uint16_t> labels { 0, 0, 1, 2, 2, 2 }, answers { 0, 1, 1, 2, 0, 2 };
        QCOMPARE(confusionOf(labels, answers, 4), (Confusion { { 1, 1, 0, 0 }, { 0, 1, 0, 0 }, { 1, 0, 2, 0 }, { 0, 0, 0, 0 } }));
    }
};

QTEST_GUILESS_MAIN(ComparisonTest)
#include "tst_jobs_comparison.moc"
