// SPDX-License-Identifier: GPL-3.0-or-later
// How long a run may take, from runs whose times are made by hand.
#include "core/base/error.h"
#include "core/jobs/parameters.h"
#include "core/jobs/run_estimate.h"
#include "core/project/datasets.h"
#include "core/project/models.h"
#include "core/project/results.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace bitscape;
using nlohmann::json;

namespace {

constexpr double kRounding = 1e-9; ///< of a few multiplications and divisions

/// A project with two models and a data set of 900 + 100 training and 200 test images.
struct Sample {
    QTemporaryDir folder;
    Project project = Project::create(folder.filePath(QStringLiteral("p.bitscape")).toStdString());
    ModelId model, other;
    DatasetId data;

    Sample()
    {
        Model net;
        net.name = "net";
        model = addModel(project, net);
        net.name = "other";
        other = addModel(project, net);
        Dataset images;
        images.name = "images";
        images.classNames = { "a", "b" };
        images.trainCounts = { 900, 100 };
        images.testCounts = { 120, 80 };
        data = addDataset(project, images);
    }

    Run wanted(RunKind kind, const json& parameters, int threads = 1) const
    {
        Run run;
        run.kind = kind;
        run.model = model;
        run.dataset = data;
        run.parameters = parameters;
        run.threads = threads;
        return run;
    }

    /// Of a training `seconds` is what each epoch took; the run as a whole took another time.
    RunId finished(Run run, double seconds, RunState state = RunState::Finished)
    {
        run.parameters = completeParameters(run.kind, run.parameters);
        const RunId id = addRun(project, run);
        claimRun(project, id, run.threads, run.device, json::object());
        const int count = run.parameters.value("epochs", 0);
        for (int epoch = 1; epoch <= count; ++epoch)
            putEpoch(project, id, { epoch, 1, 0.5, 0.1, seconds }, {});
        endRun(project, id, state, count > 0 ? 1000 : seconds);
        return id;
    }

    /// NaN where there is nothing to go by.
    double seconds(const Run& run)
    {
        const auto known = estimate(project, run);
        return known ? known->seconds : std::nan("");
    }
};

bool near(double found, double wanted)
{
    return std::fabs(found - wanted) <= kRounding * wanted;
}

} // namespace

class RunEstimateTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void nothingToGoBy()
    {
        Sample sample;
        const Run train = sample.wanted(RunKind::Train, { { "epochs", 4 } });
        QVERIFY(!estimate(sample.project, train));
        Run elsewhere = train;
        elsewhere.model = sample.other;
        sample.finished(elsewhere, 3);
        sample.finished(train, 3, RunState::Failed);
        sample.finished(train, 3, RunState::Cancelled);
        sample.finished(sample.wanted(RunKind::Evaluate, {}), 3);
        addRun(sample.project, train);
        QVERIFY(!estimate(sample.project, train));
        Run without = train;
        without.model.reset();
        QVERIFY(!estimate(sample.project, without));
    }

    void aTrainingByEpochsAndImages()
    {
        Sample sample;
        sample.finished(sample.wanted(RunKind::Train, { { "epochs", 2 }, { "train_split", "train[:500]" } }), 5);
        QVERIFY(near(sample.seconds(sample.wanted(RunKind::Train, { { "epochs", 2 }, { "train_split", "train[:500]" } })), 10));
        QVERIFY(near(sample.seconds(sample.wanted(RunKind::Train, { { "epochs", 7 }, { "train_split", "train[:500]" } })), 35));
        QVERIFY(near(sample.seconds(sample.wanted(RunKind::Train, { { "epochs", 2 }, { "train_split", "train" } })), 20));
        QVERIFY(near(sample.seconds(sample.wanted(RunKind::Train, { { "epochs", 2 } })), 18)); // train[:90%] by default
        QVERIFY(!estimate(sample.project, sample.wanted(RunKind::Train, { { "train_split", "train[:5000]" } })));
        QVERIFY(!estimate(sample.project, sample.wanted(RunKind::Refine, {}))); // another kind
    }

    void theMedianOfAllEpochs()
    {
        Sample sample;
        for (const double seconds : { 1.0, 100.0, 3.0, 2.0 })
            sample.finished(sample.wanted(RunKind::Refine, { { "epochs", 1 } }), seconds);
        const auto known = estimate(sample.project, sample.wanted(RunKind::Refine, { { "epochs", 1 } }));
        QVERIFY(known && near(known->seconds, 2.5)); // between 2 and 3
        QCOMPARE(known->runs, 4);
        QCOMPARE(known->basis, std::string("from 4 earlier runs of net on images"));
    }

    void aScoreBySamples()
    {
        Sample sample;
        sample.finished(sample.wanted(RunKind::Score, { { "samples_per_class", 20 } }), 4);
        QVERIFY(near(sample.seconds(sample.wanted(RunKind::Score, { { "samples_per_class", 20 } })), 4));
        QVERIFY(near(sample.seconds(sample.wanted(RunKind::Score, {})), 20)); // 100 by default
    }

    void aSearchByItsStrategy()
    {
        Sample sample;
        for (const double seconds : { 30.0, 10.0, 20.0 })
            sample.finished(sample.wanted(RunKind::Search, { { "strategy", "cq" } }), seconds);
        sample.finished(sample.wanted(RunKind::Search, { { "strategy", "fisher" } }), 7);
        QVERIFY(near(sample.seconds(sample.wanted(RunKind::Search, {})), 20));
        QVERIFY(near(sample.seconds(sample.wanted(RunKind::Search, { { "strategy", "fisher" } })), 7));
        QVERIFY(!estimate(sample.project, sample.wanted(RunKind::Search, { { "strategy", "random" } })));
        QCOMPARE(estimate(sample.project, sample.wanted(RunKind::Search, { { "strategy", "fisher" } }))->basis,
            std::string("from an earlier run of net on images"));
    }

    void theSameThreadsFirst()
    {
        Sample sample;
        sample.finished(sample.wanted(RunKind::Evaluate, {}, 1), 8);
        sample.finished(sample.wanted(RunKind::Evaluate, {}, 1), 8);
        sample.finished(sample.wanted(RunKind::Evaluate, {}, 2), 5);
        QVERIFY(near(sample.seconds(sample.wanted(RunKind::Evaluate, {}, 1)), 8));
        QVERIFY(near(sample.seconds(sample.wanted(RunKind::Evaluate, {}, 2)), 5));
        QVERIFY(near(sample.seconds(sample.wanted(RunKind::Evaluate, {}, 0)), 8)); // as many as there are: not known which
        const auto other = estimate(sample.project, sample.wanted(RunKind::Evaluate, {}, 4));
        QCOMPARE(other->basis, std::string("from 3 earlier runs of net on images with other numbers of threads"));
        QCOMPARE(other->runs, 3);
    }

    void theSameDeviceFirst()
    {
        Sample sample;
        Run run = sample.wanted(RunKind::Evaluate, {});
        run.device = "cuda";
        sample.finished(run, 2);
        QVERIFY(near(sample.seconds(sample.wanted(RunKind::Evaluate, {})), 2));
        sample.finished(sample.wanted(RunKind::Evaluate, {}), 9);
        QVERIFY(near(sample.seconds(sample.wanted(RunKind::Evaluate, {})), 9));
        QVERIFY(near(sample.seconds(run), 2));
    }

    void onlyTheLatest()
    {
        Sample sample;
        for (int i = 0; i < 30; ++i)
            sample.finished(sample.wanted(RunKind::Evaluate, {}), i < 15 ? 100 : 1);
        const auto known = estimate(sample.project, sample.wanted(RunKind::Evaluate, {}));
        QCOMPARE(known->runs, 20);
        QVERIFY(near(known->seconds, 1));
    }

    void timesThatSayNothing()
    {
        Sample sample;
        sample.finished(sample.wanted(RunKind::Evaluate, {}), 0);
        QVERIFY(!estimate(sample.project, sample.wanted(RunKind::Evaluate, {})));
        sample.finished(sample.wanted(RunKind::Train, { { "epochs", 1 } }), std::nan(""));
        QVERIFY(!estimate(sample.project, sample.wanted(RunKind::Train, {})));
    }

    void parametersThatTheKindDoesNotTake()
    {
        Sample sample;
        QVERIFY_EXCEPTION_THROWN(estimate(sample.project, sample.wanted(RunKind::Train, { { "epoch", 1 } })), Error);
    }
};

QTEST_GUILESS_MAIN(RunEstimateTest)
#include "tst_jobs_run_estimate.moc"
