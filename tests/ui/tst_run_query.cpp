// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/runs_fixture.h"

#include "ui/runs/run_query.h"

using namespace bitscape;
using namespace bitscape::ui;

class TestRunQuery final : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QVERIFY(m_fixture.open()); }
    void matches_data();
    void matches();
    void tellsWhatItDoesNotKnow_data();
    void tellsWhatItDoesNotKnow();

private:
    static RunRecord record();
    RunsFixture m_fixture;
};

RunRecord TestRunQuery::record()
{
    RunRecord record;
    record.run.id = { 42 };
    record.run.kind = RunKind::Search;
    record.run.name = "cq to two bits";
    record.run.state = RunState::Failed;
    record.run.tags = { "keep", "paper fig 3" };
    record.run.note = "Läuft wieder";
    record.run.seed = 7;
    record.run.seconds = 90;
    record.run.parameters = { { "strategy", "cq" }, { "target_bits", 2.0 } };
    record.metrics = { { "accuracy", 0.91 }, { "average_bits", 1.98 }, { "macs", 1.2e6 }, { "size_bits", 160000 } };
    return record;
}

void TestRunQuery::matches_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<bool>("matches");
    const auto row = [](const char* query, bool matches) { QTest::newRow(query) << QString::fromUtf8(query) << matches; };
    for (const char* query : { "", "   ", "cq", "CQ bits", "#42", "42", "search", "failed", "keep", "läuft", "kind:search", "KIND:Search",
             "state:failed", "tag:keep", "tag:\"paper fig\"", "\"two bits\"", "note:wieder", "strategy:cq", "target_bits:2",
             "target_bits=2", "target_bits<2.5", "bits<2.5", "bits<=1.98", "bits=1.98", "accuracy>0.9", "accuracy>90%", "accuracy>=91%",
             "macs<1.3M", "macs>1000k", "size=20kB", "size_bits=160000", "seed=7", "seconds>60", "id=42",
             "kind:search state:failed tag:keep bits<2.5 accuracy>0.9" })
        row(query, true);
    for (const char* query : { "resnet", "kind:train", "state:finished", "tag:fig9", "\"bits two\"", "bits<1.98", "bits>1.98",
             "accuracy>0.91", "accuracy>92%", "macs<1M", "size<20k", "bitops>0", "bitops<=0", "seed>7", "strategy:uniform", "epochs>0",
             "epochs:1", "kind:search state:queued", "cq resnet" })
        row(query, false);
}

void TestRunQuery::matches()
{
    QFETCH(QString, query);
    const RunQuery parsed(query);
    QCOMPARE(parsed.complaint(), QString());
    QTEST(parsed.matches(record(), *m_fixture.document), "matches");
}

void TestRunQuery::tellsWhatItDoesNotKnow_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("named");
    const auto row = [](const char* query, const char* named) { QTest::newRow(query) << QString(query) << QString(named); };
    row("foo:bar", "foo");
    row("cq foo<3", "foo");
    row("bits<", "bits");
    row("bits<two", "bits");
    row("accuracy>90%%", "accuracy");
}

/// What is not understood is left out, so that the rest still filters.
void TestRunQuery::tellsWhatItDoesNotKnow()
{
    QFETCH(QString, query);
    QFETCH(QString, named);
    const RunQuery parsed(query);
    QVERIFY2(parsed.complaint().contains(QLatin1Char('"') + named + QLatin1Char('"')), qPrintable(parsed.complaint()));
    QVERIFY(parsed.matches(record(), *m_fixture.document));
    QVERIFY(!RunQuery(query + QStringLiteral(" resnet")).matches(record(), *m_fixture.document));
    QCOMPARE(RunQuery(query + QStringLiteral(" also:x")).complaint().count(QLatin1Char('\n')), 1);
}

QTEST_MAIN(TestRunQuery)
#include "tst_run_query.moc"
