// SPDX-License-Identifier: GPL-3.0-or-later
#include "bit_map_fixture.h"

#include <QObject>
#include <QTest>

#include <cmath>
#include <map>

using namespace fixture;

class TestBitMapData : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnWarnings(); }

    void scoresOrderFilters()
    {
        BitMapRow made;
        made.bits = { 1, 1, 1, 1, 1 };
        made.scores = { 2, kNan, 5, 2, 0 };
        QCOMPARE(filterOrder(made, BitMapOrder::Score), (std::vector<int> { 2, 0, 3, 4, 1 }));
        QCOMPARE(filterOrder(made, BitMapOrder::Index), (std::vector<int> { 0, 1, 2, 3, 4 }));
        made.scores.clear();
        QCOMPARE(filterOrder(made, BitMapOrder::Score), (std::vector<int> { 0, 1, 2, 3, 4 }));
    }

    void unknownScoresAreEqual()
    {
        const BitMapSpec a = smallMap();
        BitMapSpec b = a;
        QVERIFY(a == b);
        b.rows[1].scores[3] = 1;
        QVERIFY(a != b);
    }

    void legendCountsAreThoseOfALoop()
    {
        const BitMapSpec spec = smallMap();
        std::map<int, std::int64_t> filters, weights;
        std::int64_t all = 0;
        double bits = 0, inAverage = 0;
        for (const BitMapRow& row : spec.rows) {
            for (const std::uint8_t width : row.bits) {
                filters[width] += 1;
                weights[width] += row.weightsPerFilter;
                all += row.weightsPerFilter;
                bits += row.quantizable ? static_cast<double>(width) * static_cast<double>(row.weightsPerFilter) : 0;
                inAverage += row.quantizable ? static_cast<double>(row.weightsPerFilter) : 0;
            }
        }
        const auto counts = bitCounts(spec);
        QCOMPARE(counts.size(), filters.size());
        double share = 0;
        auto expected = filters.begin();
        for (const BitMapCount& count : counts) {
            QCOMPARE(count.bits, expected->first);
            QCOMPARE(count.filters, expected->second);
            QCOMPARE(count.weightShare, static_cast<double>(weights[count.bits]) / static_cast<double>(all));
            share += count.weightShare;
            ++expected;
        }
        QVERIFY(std::abs(share - 1) < 1e-12);
        QVERIFY(std::abs(averageBits(spec) - bits / inAverage) < 1e-12);
    }

    void csvHasEveryFilterInTheNetworksOrder()
    {
        ShownMap shown;
        BitMapSpec spec = smallMap();
        spec.order = BitMapOrder::Score;
        shown.map.setSpec(spec);
        const QStringList lines = shown.map.csv().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 1 + 6 + 16 + 120 + 10);
        QCOMPARE(lines[0], QStringLiteral("layer,filter,bits,score,weights,macs"));
        QCOMPARE(lines[1], QStringLiteral("conv1,0,8,1,10,1000"));
        QCOMPARE(lines[4], QStringLiteral("conv1,3,8,,10,1000"));
        QCOMPARE(lines[8], QStringLiteral("conv2,1,0,6,11,1100"));
        QVERIFY(lines.last().startsWith(QStringLiteral("\"fc,2\",9,")));
    }
};

QTEST_MAIN(TestBitMapData)
#include "tst_bit_map_data.moc"
