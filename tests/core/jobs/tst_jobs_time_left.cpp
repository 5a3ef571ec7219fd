// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/events.h"

#include <QtTest>

#include <cmath>
#include <limits>

using namespace bitscape;

namespace {

/// Within a billionth: the sums are some thousand rounded additions.
bool near(std::optional<double> estimate, double expected)
{
    return estimate && std::abs(*estimate - expected) <= 1e-9 * std::max(1.0, std::abs(expected));
}

} // namespace

/// Jobs on a simulated clock, compared with what can be worked out by hand.
class TestTimeLeft final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void nothingWithoutARate()
    {
        TimeLeft left;
        QVERIFY(!left.seconds());
        left.note(0, 0, 100);
        QVERIFY(!left.seconds());
        left.note(10, 0, 100); // nothing done yet
        QVERIFY(!left.seconds());
        left.note(11, 1, 100); // what went before may have been preparation or an earlier session
        QVERIFY(!left.seconds());
        left.note(11.25, 2, 100); // too short to go by
        QVERIFY(!left.seconds());
        left.note(12, 5, 100); // 4 units in 1 s
        QVERIFY(near(left.seconds(), 95.0 / 4));
    }

    /// A steady job is told exactly, however irregularly it reports and however long it has run.
    void steady()
    {
        TimeLeft left;
        double seconds = 0;
        for (int i = 0; i < 5000; ++i) {
            seconds += 0.001 + 2.0 * std::abs(std::sin(i));
            left.note(seconds, 3 * seconds, 20000);
            if (i > 5)
                QVERIFY2(near(left.seconds(), std::max(0.0, (20000 - 3 * seconds) / 3)), qPrintable(QString::number(i)));
        }
    }

    /// In the first 40 s tau is 10 s: units per second v1 for 15 s, then v2 for u more seconds, each second of age s weighted exp(-s/tau).
    void changingSpeed_data()
    {
        QTest::addColumn<double>("first");
        QTest::addColumn<double>("second");
        QTest::addColumn<double>("interval");
        QTest::newRow("slower") << 10.0 << 1.0 << 0.5;
        QTest::newRow("slower, few notes") << 10.0 << 1.0 << 7.5;
        QTest::newRow("faster") << 1.0 << 50.0 << 0.01;
        QTest::newRow("stalled") << 4.0 << 0.0 << 0.25;
    }

    void changingSpeed()
    {
        QFETCH(const double, first);
        QFETCH(const double, second);
        QFETCH(const double, interval);
        const double tau = 10, changed = 15, total = 1e6;
        TimeLeft left;
        for (int i = 0; i * interval <= 2 * changed; ++i) {
            const double now = i * interval;
            const double done = 1 + first * std::min(now, changed) + second * std::max(0.0, now - changed);
            left.note(now, done, total);
            if (now <= changed)
                continue;
            const double u = now - changed;
            const double weightOfSecond = tau * (1 - std::exp(-u / tau));
            const double weightOfFirst = tau * (std::exp(-u / tau) - std::exp(-now / tau));
            const double rate = (first * weightOfFirst + second * weightOfSecond) / (weightOfFirst + weightOfSecond);
            QVERIFY2(near(left.seconds(), (total - done) / rate),
                qPrintable(QStringLiteral("%1: %2").arg(now).arg(left.seconds().value_or(-1))));
        }
    }

    /// Hours into a job a new speed counts for 95 % once it has lasted as long as all that was before.
    void longJobsFollowTheirLastPart()
    {
        TimeLeft left;
        double done = 1;
        for (int now = 0; now <= 20000; ++now) {
            left.note(now, done, 1e9);
            done += now < 10000 ? 10 : 1;
        }
        const double rate = (1e9 - (done - 1)) / left.seconds().value_or(0);
        QVERIFY2(rate > 1 && rate < 1.65, qPrintable(QString::number(rate)));
    }

    void resumingIsNoSpeed()
    {
        TimeLeft fromZero; // a first note before the checkpoint was read
        fromZero.note(0, 0, 100);
        fromZero.note(0.5, 60, 100);
        QVERIFY(!fromZero.seconds());
        fromZero.note(2.5, 61, 100);
        QVERIFY(near(fromZero.seconds(), 78));

        TimeLeft earlierSessions; // seconds and work of the sessions before
        earlierSessions.note(5000, 60, 100);
        QVERIFY(!earlierSessions.seconds());
        earlierSessions.note(5002, 61, 100);
        QVERIFY(near(earlierSessions.seconds(), 78));
    }

    void stepsInNoTimeAndBackwardsAreNoSpeed()
    {
        TimeLeft left;
        left.note(10, 10, 100);
        left.note(12, 12, 100);
        left.note(12, 50, 100); // found in a cache
        QVERIFY(near(left.seconds(), 50));
        left.note(14, 40, 100); // done again
        QVERIFY(near(left.seconds(), 60));
        left.note(3, 80, 100); // the clock of a new session
        QVERIFY(near(left.seconds(), 20));
        left.note(4, 81, 100);
        QVERIFY(near(left.seconds(), 19));
        left.note(5, 0, 100);  // from the start
        left.note(6, 30, 100); // and a jump
        QVERIFY(near(left.seconds(), 70));
    }

    void theTotalMayChange()
    {
        TimeLeft left;
        left.note(0, 1, 10);
        left.note(5, 6, 10);
        QVERIFY(near(left.seconds(), 4));
        left.note(6, 7, 107);
        QVERIFY(near(left.seconds(), 100));
        left.note(7, 8, 8);
        QVERIFY(near(left.seconds(), 0));
        left.note(8, 9, 8);
        QVERIFY(near(left.seconds(), 0));
    }

    void uselessNotesAreIgnored()
    {
        const double infinite = std::numeric_limits<double>::infinity();
        TimeLeft left;
        left.note(0, 1, 10);
        left.note(4, 5, 10);
        for (const double bad : { std::nan(""), infinite, -infinite }) {
            left.note(bad, 6, 10);
            left.note(5, bad, 10);
            left.note(5, 6, bad);
        }
        left.note(5, 6, 0);
        left.note(5, 6, -1);
        QVERIFY(near(left.seconds(), 5));
        left.note(1e308, 6, 1e308); // no overflow into infinity
        QVERIFY(!left.seconds() || std::isfinite(*left.seconds()));
    }
};

QTEST_APPLESS_MAIN(TestTimeLeft)
#include "tst_jobs_time_left.moc"
