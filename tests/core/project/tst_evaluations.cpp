// SPDX-License-Identifier: GPL-3.0-or-later
// The cache of evaluations.
#include "project_fixture.h"

#include "core/project/evaluations.h"

#include <random>

using namespace bitscape;
using namespace fixture;

class EvaluationTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void comeBackAsTheyWere()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        QVERIFY(!evaluation(project, "nothing"));
        std::mt19937 random(1);
        int number = 0;
        for (const unsigned classes : { 1U, 10U, 256U, 257U, 65536U })
            for (const std::size_t images : { 0U, 1U, 10000U }) {
                Evaluation put { std::int64_t(images / 2), std::int64_t(images), std::vector<std::uint16_t>(images) };
                for (auto& prediction : put.predictions)
                    prediction = std::uint16_t(random() % classes);
                if (images > 1)
                    put.predictions[1] = std::uint16_t(classes - 1);
                const std::string key = "key '" + std::to_string(number++);
                putEvaluation(project, key, put);
                QVERIFY(evaluation(project, key) == put);
            }
        Project reader = Project::openReadOnly(folder.path());
        QVERIFY(evaluation(reader, "key '2"));
    }

    void fewClassesTakeOneByte()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        putEvaluation(project, "narrow", { 1, 4, { 0, 255, 3, 4 } });
        putEvaluation(project, "wide", { 1, 4, { 0, 256, 3, 4 } });
        QCOMPARE(project.database().execAndGet("SELECT width FROM evaluations WHERE key = 'narrow'").getInt(), 1);
        QCOMPARE(project.database().execAndGet("SELECT width FROM evaluations WHERE key = 'wide'").getInt(), 2);
        putEvaluation(project, "same answers", { 10000, 10000, std::vector<std::uint16_t>(10000, 7) });
        QVERIFY(project.database().execAndGet("SELECT length(predictions) FROM evaluations WHERE key = 'same answers'").getInt() < 100);
    }

    void theMoreCompleteOneStays()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        const Evaluation few { 30, 50, {} };
        const Evaluation all { 60, 100, {} };
        const Evaluation fewKept { 30, 50, std::vector<std::uint16_t>(50, 1) };
        const Evaluation allKept { 60, 100, std::vector<std::uint16_t>(100, 1) };
        const std::vector<Evaluation> byCompleteness { few, fewKept, all, allKept };
        for (std::size_t a = 0; a < 4; ++a)
            for (std::size_t b = 0; b < 4; ++b) {
                const std::string key = std::to_string(a) + "," + std::to_string(b);
                putEvaluation(project, key, byCompleteness[a]);
                putEvaluation(project, key, byCompleteness[b]);
                QVERIFY(evaluation(project, key) == byCompleteness[std::max(a, b)]);
            }
    }

    void impossibleOnes()
    {
        const Folder folder;
        Project project = Project::create(folder.path());
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { putEvaluation(project, "k", { 3, 2, {} }); }), "3 right answers on 2 images");
        VERIFY_REFUSAL(refusal(ErrorCode::BadArgument, [&] { putEvaluation(project, "k", { -1, 2, {} }); }), "-1 right answers");
        QVERIFY(!evaluation(project, "k"));
    }
};

QTEST_GUILESS_MAIN(EvaluationTest)
#include "tst_evaluations.moc"
