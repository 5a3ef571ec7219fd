// SPDX-License-Identifier: GPL-3.0-or-later
// What leaves a project comes in again: the exported network, added as a model, answers every image as the run's did, and brings its bits.
#include "tests/app/cli_fixture.h"

using namespace cli;

class RoundTripTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void initTestCase()
    {
        done(m_place, words("new"));
        done(m_place, words("model add zoo:lenet5"));
        done(m_place, words("data add --kind glyphs --path train=1500,test=400,seed=1"));
        done(m_place, words("train --set epochs=2 --threads 2"));
        done(m_place, words("score --from last --set samples_per_class=10 --threads 2"));
        done(m_place, words("search --from last --set target_bits=2 --threads 2"));
        m_refined = done(m_place, words("refine --from last --set epochs=1 --threads 2"));
        m_searched = done(m_place, words("search --from 2 --set target_bits=3 --set grid=narrow --threads 2"));
    }

    void formats_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<bool>("refined");
        for (const char* format : { "onnx", "qonnx", "torchscript" }) {
            QTest::addRow("%s of a refinement", format) << format << true;
            QTest::addRow("%s of a search on a narrow grid", format) << format << false;
        }
    }

    void formats()
    {
        QFETCH(QString, format);
        QFETCH(bool, refined);
        const std::int64_t run = refined ? m_refined : m_searched;
        const QString name = format + QString::number(run), file = name + QStringLiteral(".net");
        done(m_place, { "export", QString::number(run), "--to", format, "--out", file });
        done(m_place, { "model", "add", file });
        const std::int64_t evaluation = done(m_place, { "evaluate", "--model", name, "--data", "glyphs" });
        const json was = m_place.show(run), is = m_place.show(evaluation);
        QVERIFY2(was.at("accuracy").get<double>() > 0.3, "the networks have to tell something apart");
        QCOMPARE(is.at("accuracy").get<double>(), was.at("accuracy").get<double>());
        QVERIFY(is.at("confusion") == was.at("confusion"));
        bitscape::Project project = m_place.open();
        const bitscape::Model model = bitscape::findModel(project, name.toStdString()).value();
        QCOMPARE(model.mean, bitscape::findDataset(project, "glyphs")->mean);
        for (const json& layer : was.at("layers"))
            QVERIFY2(model.origin.bits.at(layer.at("name").get<std::string>()) == layer.at("bits").get<std::vector<int>>(),
                layer.at("name").get<std::string>().c_str());
    }

    /// The preview of a file tells what the project would be told of it.
    void previewOfAnExport()
    {
        done(m_place, { "export", QString::number(m_refined), "--to", "qonnx", "--out", "seen.onnx" });
        const Outcome outcome = call({ "model", "preview", m_place.path("seen.onnx"), "--json" });
        QCOMPARE(outcome.code, 0);
        QCOMPARE(outcome.err, QString());
        const json preview = json::parse(outcome.out.toStdString()), run = m_place.show(m_refined);
        QCOMPARE(preview.at("layers").size(), run.at("layers").size());
        for (std::size_t i = 0; i < run.at("layers").size(); ++i)
            QVERIFY(preview.at("layers").at(i).at("bits") == run.at("layers").at(i).at("bits"));
        QVERIFY(preview.at("input") == json({ 1, 28, 28 }));
        QCOMPARE(preview.at("mean").size(), std::size_t(1));
    }

    /// It is for programs that read it.
    void packedIsNoImportFormat()
    {
        done(m_place, { "export", QString::number(m_refined), "--to", "packed", "--out", "it.packed" });
        const Outcome outcome = call({ "model", "preview", m_place.path("it.packed") });
        QCOMPARE(flaw(outcome, 3, { "it.packed" }), QString());
    }

private:
    Workplace m_place;
    std::int64_t m_refined = 0, m_searched = 0;
};

QTEST_GUILESS_MAIN(RoundTripTest)
#include "tst_cli_round_trip.moc"
