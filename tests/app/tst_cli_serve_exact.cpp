// SPDX-License-Identifier: GPL-3.0-or-later
// What serve ends with against what an edit run of another copy of the project computes by itself: with statistics that are taken again,
// with quantized activations, with refined weights.
#include "tests/app/cli_server.h"

#include "core/base/random.h"

using namespace cli;

class ServeExactTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void initTestCase()
    {
        done(m_place, words("new"));
        done(m_place, words("model add zoo:lenet-3c1l?width=0.5 --input 1,28,28"));
        done(m_place, words("data add --kind glyphs --path train=600,test=500,seed=1"));
        done(m_place, words("train --set epochs=2 --seed 3 --threads 1"));
        done(m_place, words("score --from last --set samples_per_class=20 --threads 1"));
        const QString search = QStringLiteral("search --from 2 --set strategy=model-wise --set target_bits=3 --set "
                                              "search_split=train[540:] --set samples_per_class=20 --threads 1");
        done(m_place, search.split(' '));
        done(m_place, (search + " --set activation_bits=3").split(' '));
        done(m_place, (search + " --set bn_recalibration=off").split(' '));
        done(m_place, (search + " --set keep_first_last=false").split(' '));
        done(m_place, words("refine --from 4 --set epochs=1 --threads 1"));
    }

    void asTheEditRun_data()
    {
        QTest::addColumn<qint64>("run");
        QTest::newRow("scores") << qint64 { 2 };
        QTest::newRow("recalibrated") << qint64 { 3 };
        QTest::newRow("quantized activations") << qint64 { 4 };
        QTest::newRow("as stored") << qint64 { 5 };
        QTest::newRow("edges too") << qint64 { 6 };
        QTest::newRow("refined") << qint64 { 7 };
    }

    void asTheEditRun()
    {
        QFETCH(qint64, run);
        const Workplace copy;
        copy.copyFrom(m_place);
        Server server(m_place, words("--first 0 --every 0"));
        bitscape::Random random(static_cast<std::uint64_t>(run));
        for (int id = 1; id <= 3; ++id) { // the later ones with what the first has left
            json bits = bitsIn(m_place.show(run == 2 ? 3 : run));
            for (std::size_t layer = run == 6 ? 0 : 1; layer + (run == 6 ? 0 : 1) < bits.size(); ++layer)
                for (json& filter : bits[layer])
                    filter = random.below(4) == 0 ? json(random.below(5)) : filter;
            server.ask(evaluation(id, run, bits));
            const json last = server.last(id);
            QVERIFY2(last.value("done", false), last.dump().c_str());
            copy.write("edits.json", QByteArray::fromStdString(editsTo(bits, run == 6).dump()));
            const json edit = copy.show(done(copy, words("edit --threads 1 --edits edits.json --from") << QString::number(run)));
            QVERIFY(bitsIn(edit) == bits);
            QCOMPARE(last.at("accuracy").get<double>(), edit.at("accuracy").get<double>());
            for (std::size_t m = 0; m < edit.at("confusion").size(); ++m)
                QCOMPARE(last.at("per_class")[m].get<int>(), edit.at("confusion")[m][m].get<int>());
        }
        server.ask({ { "quit", true } });
        QCOMPARE(server.code(), 0);
    }

private:
    Workplace m_place;
};

QTEST_GUILESS_MAIN(ServeExactTest)
#include "tst_cli_serve_exact.moc"
