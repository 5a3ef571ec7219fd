// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/figures.h"

#include <QDateTime>
#include <QTest>

#include <cmath>
#include <limits>

using namespace bitscape::ui;

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// The texts are compared with plain spaces and hyphens, so that they can be read here.
QString plain(QString text)
{
    return text.replace(QChar(0x2009), QLatin1Char(' ')).replace(QChar(0x202f), QLatin1Char(' ')).replace(QChar(0x2212), QLatin1Char('-'));
}

} // namespace

class TestFigures : public QObject {
    Q_OBJECT
private slots:
    void countsHaveThinSpaces()
    {
        QCOMPARE(countText(1234567), QStringLiteral("1\u2009234\u2009567"));
        QCOMPARE(plain(countText(0)), QStringLiteral("0"));
        QCOMPARE(plain(countText(999)), QStringLiteral("999"));
        QCOMPARE(plain(countText(1000)), QStringLiteral("1 000"));
        QCOMPARE(plain(countText(-12345)), QStringLiteral("-12 345"));
        QCOMPARE(plain(countText(std::numeric_limits<std::int64_t>::min())), QStringLiteral("-9 223 372 036 854 775 808"));
    }

    void digitsOfCountsAreThoseOfTheNumber()
    {
        for (std::int64_t n = 1; n < (std::int64_t { 1 } << 60); n = n * 7 + 3)
            QCOMPARE(countText(n).remove(QChar(0x2009)), QString::number(n));
    }

    void numbersLoseNothingButZeros()
    {
        QCOMPARE(plain(numberText(2)), QStringLiteral("2"));
        QCOMPARE(plain(numberText(1.9755)), QStringLiteral("1.98"));
        QCOMPARE(plain(numberText(100)), QStringLiteral("100"));
        QCOMPARE(plain(numberText(-0.25)), QStringLiteral("-0.25"));
        QCOMPARE(plain(numberText(-0.001)), QStringLiteral("0"));
        QCOMPARE(plain(numberText(12345.5, 1)), QStringLiteral("12 345.5"));
        QCOMPARE(numberText(kNan), QStringLiteral("–"));
        QCOMPARE(plain(fixedText(2, 2)), QStringLiteral("2.00"));
    }

    void sharesAreInPercent()
    {
        QCOMPARE(percentText(0.9705), QStringLiteral("97.05\u202f%"));
        QCOMPARE(plain(percentText(1)), QStringLiteral("100.00 %"));
        QCOMPARE(plain(percentText(0, 0)), QStringLiteral("0 %"));
        QCOMPARE(percentText(kNan), QStringLiteral("–"));
    }

    void differencesAreInPoints()
    {
        QCOMPARE(plain(pointsText(0.0125)), QStringLiteral("+1.25 points"));
        QCOMPARE(pointsText(-0.041), QStringLiteral("\u22124.10\u202fpoints"));
        QCOMPARE(plain(pointsText(-0.00001)), QStringLiteral("±0.00 points"));
        QCOMPARE(plain(pointsText(0)), QStringLiteral("±0.00 points"));
    }

    void prefixesChangeWhereDigitsRunOut_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << 0.0 << "0";
        QTest::newRow("small") << 950.0 << "950";
        QTest::newRow("one thousand") << 1000.0 << "1.00 k";
        QTest::newRow("up to a thousand") << 999.5 << "1.00 k";
        QTest::newRow("just under") << 999.4 << "999";
        QTest::newRow("two digits") << 268566.0 << "269 k";
        QTest::newRow("up to a million") << 999500.0 << "1.00 M";
        QTest::newRow("under a million") << 999499.0 << "999 k";
        QTest::newRow("one decimal") << 12.34e6 << "12.3 M";
        QTest::newRow("rounds to ten") << 9.996e6 << "10.0 M";
        QTest::newRow("rounds to a hundred") << 99.96e6 << "100 M";
        QTest::newRow("giga") << 4.56e9 << "4.56 G";
        QTest::newRow("beyond tera") << 2.5e16 << "25000 T";
        QTest::newRow("negative") << -12.34e6 << "-12.3 M";
    }
    void prefixesChangeWhereDigitsRunOut()
    {
        QFETCH(double, value);
        QTEST(plain(scaledText(value)), "text");
    }

    void sizesAreInBytes()
    {
        QCOMPARE(plain(sizeText(8 * 512)), QStringLiteral("512 B"));
        QCOMPARE(plain(sizeText(8 * 16000)), QStringLiteral("16.0 kB"));
        QCOMPARE(plain(sizeText(135848)), QStringLiteral("17.0 kB")); // 16981 B
        QCOMPARE(plain(sizeText(8e6)), QStringLiteral("1.00 MB"));
        QCOMPARE(plain(sizeText(8 * 999.6e3)), QStringLiteral("1.00 MB"));
        QCOMPARE(plain(sizeText(0)), QStringLiteral("0 B"));
    }

    void bitsHaveAPlural()
    {
        QCOMPARE(plain(bitsText(1)), QStringLiteral("1 bit"));
        QCOMPARE(plain(bitsText(0)), QStringLiteral("0 bits"));
        QCOMPARE(plain(bitsText(1.9755)), QStringLiteral("1.98 bits"));
    }

    void durationsReadLikeAClock()
    {
        QCOMPARE(plain(durationText(0.42)), QStringLiteral("0.4 s"));
        QCOMPARE(plain(durationText(9.9)), QStringLiteral("9.9 s"));
        QCOMPARE(durationText(42), QStringLiteral("0:42"));
        QCOMPARE(durationText(192), QStringLiteral("3:12"));
        QCOMPARE(durationText(59.7), QStringLiteral("1:00"));
        QCOMPARE(durationText(3723), QStringLiteral("1:02:03"));
        QCOMPARE(durationText(-1), QStringLiteral("–"));
    }

    void timesAreLocal()
    {
        const QString utc = QStringLiteral("2026-11-24T22:39:26.386Z");
        const auto expected = QDateTime(QDate(2026, 11, 24), QTime(22, 39, 26), Qt::UTC).toLocalTime();
        QCOMPARE(timeText(utc), expected.toString(QStringLiteral("yyyy-MM-dd HH:mm")));
        QCOMPARE(timeText(QString()), QString());
    }

    void scalesKeepNumbersShort()
    {
        QCOMPARE(scaleFor(999), (Scale { 1, {} }));
        QCOMPARE(scaleFor(1000), (Scale { 1e3, QStringLiteral("k") }));
        QCOMPARE(scaleFor(416520), (Scale { 1e3, QStringLiteral("k") }));
        QCOMPARE(scaleFor(2.6e7), (Scale { 1e6, QStringLiteral("M") }));
        QCOMPARE(scaleFor(1e20), (Scale { 1e12, QStringLiteral("T") }));
    }
};

QTEST_GUILESS_MAIN(TestFigures)
#include "tst_figures.moc"
