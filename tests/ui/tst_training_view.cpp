// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/training_charts.h"
#include "ui/views/training_view.h"

#include "tests/ui/view_fixture.h"
#include "ui/plots/chart.h"

#include <QLabel>
#include <QTest>

#include <cmath>
#include <limits>

using namespace bitscape;
using namespace bitscape::ui;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

RunResults trained(const std::vector<Epoch>& epochs)
{
    RunResults results = resultsOf(1, RunKind::Train, "train 6");
    results.run.parameters = { { "keep", "last" } };
    results.epochs = epochs;
    return results;
}

} // namespace

class TestTrainingView final : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnAnyWarning(); }

    void curves()
    {
        RunResults results = trained({ { 1, 1.5, 0.5, 0.1, 2 }, { 2, 0.75, 0.875, 0.05, 4 }, { 3, 0.5, 0.875, 0.025, 3 } });
        results.metrics = { { "accuracy", 0.9 } };
        const ChartSpec spec = trainingCurves(results);
        QCOMPARE(spec.series.size(), std::size_t(3));
        QCOMPARE(spec.series[0].y, (std::vector<double> { 1.5, 0.75, 0.5 }));
        QVERIFY(!spec.series[0].rightAxis);
        QCOMPARE(spec.series[1].y, (std::vector<double> { 50, 87.5, 87.5 }));
        QVERIFY(spec.series[1].rightAxis);
        QCOMPARE(spec.series[1].keys, (std::vector<std::int64_t> { 1, 2, 3 }));
        QVERIFY(spec.series[1].notes[1].contains(QStringLiteral("4.00")));
        QVERIFY(spec.series[2].rightAxis && spec.series[2].dashed);
        QCOMPARE(spec.series[2].y, (std::vector<double> { 90, 90 }));
        QCOMPARE(spec.marks.size(), std::size_t(1));
        QCOMPARE(spec.marks[0].at, 2.0); // the first of two equals
        const ChartSpec rates = learningRates(results);
        QCOMPARE(rates.series[0].y, (std::vector<double> { 0.1, 0.05, 0.025 }));
        QVERIFY(!rates.y.logarithmic);
        const QString summary = trainingSummary(results);
        QVERIFY2(summary.contains(QStringLiteral("3 epochs")) && summary.contains(QStringLiteral("best: epoch 2"))
                && summary.contains(QStringLiteral("the last is kept")) && summary.contains(QStringLiteral("3.0")),
            qPrintable(summary));
    }

    void oneEpochOfARefinement()
    {
        RunResults results = trained({ { 1, 0.05, 0.95, 0.01, 0.9 } });
        results.run.kind = RunKind::Refine;
        results.run.parameters = { { "keep", "best" } };
        results.metrics = { { "accuracy", 0.96 }, { "accuracy_before", 0.92 } };
        const ChartSpec spec = trainingCurves(results);
        QCOMPARE(spec.series.size(), std::size_t(4));
        QCOMPARE(spec.series[3].y, (std::vector<double> { 92, 92 }));
        QCOMPARE(*spec.x.from, 0.5);
        QCOMPARE(*spec.x.to, 1.5);
        QVERIFY(*spec.right->from < 92 && *spec.right->to > 96);
        QVERIFY(*spec.y.to > 0.05 && *spec.y.to < 0.1);
        QVERIFY(*learningRates(results).y.to > 0.01 && *learningRates(results).y.to < 0.02);
        QCOMPARE(spec.series[0].style, SeriesStyle::LineAndPoints);
        QVERIFY(trainingSummary(results).startsWith(QStringLiteral("1 epoch ")));
        QVERIFY(trainingSummary(results).contains(QStringLiteral("the best is kept")));
    }

    void fiveHundredEpochs()
    {
        std::vector<Epoch> epochs;
        for (int i = 1; i <= 500; ++i)
            epochs.push_back({ i, 1.0 / i, i == 377 ? 0.99 : 0.9, std::pow(10.0, -4.0 * i / 500), 1 });
        const RunResults results = trained(epochs);
        const ChartSpec spec = trainingCurves(results);
        QCOMPARE(spec.series[0].x.size(), std::size_t(500));
        QCOMPARE(spec.series[0].style, SeriesStyle::Line);
        QCOMPARE(spec.marks[0].at, 377.0);
        QVERIFY(learningRates(results).y.logarithmic); // four decades
    }

    void zeroAndUnknownFigures()
    {
        const RunResults results = trained({ { 1, kNaN, kNaN, 1, 1 }, { 2, kNaN, kNaN, 0, kNaN } });
        QVERIFY(!bestEpoch(results.epochs));
        QVERIFY(trainingCurves(results).marks.empty());
        QVERIFY(!learningRates(results).y.logarithmic); // a rate of 0 has no logarithm
        QVERIFY(!trainingSummary(results).contains(QStringLiteral("nan")));
        QCOMPARE(bestEpoch({ { 1, 1, kNaN, 1, 1 }, { 2, 1, 0.1, 1, 1 } }), std::optional<std::size_t>(1));
        QVERIFY(trainingCurves(trained({})).series.empty());
        QVERIFY(learningRates(trained({})).series.empty());
    }

    void viewShowsAndGrows()
    {
        ViewWorld world;
        TrainingView view(world.context);
        view.resize(900, 600);
        auto* hint = view.findChild<QLabel*>(QStringLiteral("hint"));
        RunResults search = resultsOf(3, RunKind::Search, "search");
        search.ancestors = { runOf(2, RunKind::Score, "score"), runOf(1, RunKind::Train, "train 6") };
        view.setResults(shared(search));
        QVERIFY2(hint->text().contains(QStringLiteral("run 1 (train 6)")), qPrintable(hint->text()));
        view.setResults(shared(trained({ { 1, 1, 0.5, 0.1, 1 } })));
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        auto* curves = view.findChild<Chart*>(QStringLiteral("trainingCurves"));
        QVERIFY(curves->isVisible());
        view.setResults(shared(trained({ { 1, 1, 0.5, 0.1, 1 }, { 2, 0.5, 0.75, 0.1, 1 } })));
        QCOMPARE(curves->spec().series[1].y, (std::vector<double> { 50, 75 }));
        QCOMPARE(view.findChild<Chart*>(QStringLiteral("learningRates"))->spec().series[0].x, (std::vector<double> { 1, 2 }));
    }
};

QTEST_MAIN(TestTrainingView)
#include "tst_training_view.moc"
