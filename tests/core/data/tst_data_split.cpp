// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/split.h"

#include "data_test_support.h"

#include <QTest>

#include <numeric>

using namespace bitscape;
using namespace bitscape::test;

namespace {

/// What is refused by its form: a title, the text, what the message says.
constexpr const char* kBadForms[][3] = {
    { "nothing", "", "not understood" },
    { "another word", "valid", "not understood" },
    { "another part", "valid[:10]", "\"valid\"" },
    { "capital", "Train", "not understood" },
    { "spaces", " train", "not understood" },
    { "no part", "[:10]", "not understood" },
    { "no end", "train[:10", "not understood" },
    { "behind the end", "train[:10]x", "not understood" },
    { "no colon", "train[10]", "not understood" },
    { "empty brackets", "train[]", "not understood" },
    { "two slices", "train[:9][:5]", "\"9][:5\"" },
    { "a step", "train[0:10:2]", "\"10:2\"" },
    { "a word", "train[a:]", "\"a\"" },
    { "a fraction", "train[1.5:]", "\"1.5\"" },
    { "plus", "train[+1:]", "\"+1\"" },
    { "space within", "train[ 1:]", "\" 1\"" },
    { "minus alone", "train[-:]", "\"-\"" },
    { "percent alone", "train[%:]", "\"%\"" },
    { "above 100 percent", "train[:101%]", "\"101%\"" },
    { "just above 100 percent", "train[:100.000001%]", "\"100.000001%\"" },
    { "negative percent", "train[-10%:]", "\"-10%\"" },
    { "no decimals", "train[1.%:]", "\"1.%\"" },
    { "decimals only", "train[.5%:]", "\".5%\"" },
    { "too many decimals", "train[1.1234567%:]", "\"1.1234567%\"" },
    { "two dots", "train[1.2.3%:]", "\"1.2.3%\"" },
    { "too many digits", "train[:99999999999999999999]", "\"99999999999999999999\"" },
    { "exponent", "train[:1e3]", "\"1e3\"" },
};

/// What is understood, for 200 training and 33 test images.
struct GoodSplit {
    const char* title;
    const char* text;
    const char* part;
    int first;
    int last;
};
constexpr GoodSplit kGoodSplits[] = {
    { "whole train", "train", "train", 0, 200 },
    { "whole test", "test", "test", 0, 33 },
    { "whole as a slice", "train[:]", "train", 0, 200 },
    { "both", "train[10:20]", "train", 10, 20 },
    { "to", "test[:5]", "test", 0, 5 },
    { "from", "test[5:]", "test", 5, 33 },
    { "up to the end", "test[:33]", "test", 0, 33 },
    { "the last ten", "train[-10:]", "train", 190, 200 },
    { "all but ten", "train[:-10]", "train", 0, 190 },
    { "from the very start, backwards", "train[-200:-199]", "train", 0, 1 },
    { "percent", "train[90%:]", "train", 180, 200 },
    { "percent, rounded down", "test[:10%]", "test", 0, 3 },
    { "percent with decimals", "train[12.5%:50.75%]", "train", 25, 101 },
    { "0 to 100 percent", "train[0%:100%]", "train", 0, 200 },
    { "percent and number", "train[50%:150]", "train", 100, 150 },
    { "leading zeros", "train[007:08]", "train", 7, 8 },
    { "minus zero is zero, as in Python", "train[-0:5]", "train", 0, 5 },
};

/// A set of that many training and test images of three classes in turn, one pixel each.
ImageSet setOf(int train, int test)
{
    ImageSet set;
    set.shape = { 1, 1, 1 };
    set.classNames = { "ant", "bee", "cat" };
    for (const auto& [part, count] : { std::pair(&set.train, train), std::pair(&set.test, test) }) {
        for (int i = 0; i < count; ++i) {
            part->pixels.push_back(static_cast<std::uint8_t>(i));
            part->labels.push_back(static_cast<std::uint16_t>(i % 3));
        }
    }
    return set;
}

} // namespace

class SplitTest final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }
    void resolves_data();
    void resolves();
    void agreesWithSlicingByHand();
    void percentagesAreExact();
    void refusesForm_data();
    void refusesForm();
    void refusesRange_data();
    void refusesRange();
    void findsThePart();
    void takesTheFirstOfEachClass();
    void refusesScarceClasses();
};

void SplitTest::resolves_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("part");
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("last");
    for (const GoodSplit& good : kGoodSplits)
        QTest::newRow(good.title) << good.text << good.part << good.first << good.last;
}

void SplitTest::resolves()
{
    QFETCH(QString, text);
    QFETCH(QString, part);
    QFETCH(int, first);
    QFETCH(int, last);
    checkSplitText(text.toStdString());
    const Split split = resolveSplit(text.toStdString(), setOf(200, 33));
    QCOMPARE(split, (Split { part.toStdString(), first, last }));
    QCOMPARE(split.count(), last - first);
}

void SplitTest::agreesWithSlicingByHand()
{
    const int count = 7;
    const ImageSet set = setOf(count, 1);
    for (int a = -count; a <= count; ++a) {
        for (int b = -count; b <= count; ++b) {
            std::vector<std::uint8_t> expected;
            for (int i = 0; i < count; ++i) {
                const bool behindStart = a < 0 ? i - count >= a : i >= a;
                const bool beforeEnd = b < 0 ? i - count < b : i < b;
                if (behindStart && beforeEnd)
                    expected.push_back(static_cast<std::uint8_t>(i));
            }
            const std::string text = "train[" + std::to_string(a) + ":" + std::to_string(b) + "]";
            if (expected.empty()) {
                QCOMPARE(refusal(ErrorCode::BadArgument, { QString::fromStdString(text), "empty" }, [&] { resolveSplit(text, set); }),
                    QString());
                continue;
            }
            const Split split = resolveSplit(text, set);
            const auto& pixels = partOf(set, split).pixels;
            QCOMPARE(std::vector<std::uint8_t>(pixels.begin() + split.first, pixels.begin() + split.last), expected);
        }
    }
}

void SplitTest::percentagesAreExact()
{
    // In binary floating point 0.29 * 100 is 28.999999999999996.
    const ImageSet set = setOf(100, 1);
    for (int percent = 1; percent <= 100; ++percent)
        QCOMPARE(resolveSplit("train[:" + std::to_string(percent) + "%]", set).last, percent);
    const ImageSet large = setOf(100000, 1);
    for (int thousandth = 1; thousandth < 1000; ++thousandth) {
        const std::string digits = std::to_string(1000 + thousandth).substr(1);
        QCOMPARE(resolveSplit("train[:7." + digits + "%]", large).last, 7000 + thousandth);
    }
}

void SplitTest::refusesForm_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says");
    for (const auto& [title, text, says] : kBadForms)
        QTest::newRow(title) << text << says;
}

void SplitTest::refusesForm()
{
    QFETCH(QString, text);
    QFETCH(QString, says);
    const QStringList parts { "\"" + text + "\"", says };
    QCOMPARE(refusal(ErrorCode::BadArgument, parts, [&] { checkSplitText(text.toStdString()); }), QString());
    QCOMPARE(refusal(ErrorCode::BadArgument, parts, [&] { resolveSplit(text.toStdString(), setOf(200, 33)); }), QString());
}

void SplitTest::refusesRange_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("says");
    QTest::newRow("end too large") << "train[:201]" << QStringList { "201", "train has only 200 images" };
    QTest::newRow("start too large") << "test[34:]" << QStringList { "34", "test has only 33 images" };
    QTest::newRow("before the start") << "train[-201:]" << QStringList { "-201", "200 images" };
    QTest::newRow("empty in the middle") << "train[5:5]" << QStringList { "empty" };
    QTest::newRow("backwards") << "train[6:5]" << QStringList { "empty" };
    QTest::newRow("empty at the end") << "train[200:]" << QStringList { "empty" };
    QTest::newRow("nothing of few") << "test[:1%]" << QStringList { "empty", "33" };
}

void SplitTest::refusesRange()
{
    QFETCH(QString, text);
    QFETCH(QStringList, says);
    checkSplitText(text.toStdString());
    QCOMPARE(
        refusal(ErrorCode::BadArgument, says << "\"" + text + "\"", [&] { resolveSplit(text.toStdString(), setOf(200, 33)); }), QString());
}

void SplitTest::findsThePart()
{
    const ImageSet set = setOf(4, 3);
    QCOMPARE(&partOf(set, { "train", 0, 1 }), &set.train);
    QCOMPARE(&partOf(set, { "test", 0, 1 }), &set.test);
    QCOMPARE(refusal(ErrorCode::BadArgument, { "\"valid\"" }, [&] { partOf(set, { "valid", 0, 1 }); }), QString());
}

void SplitTest::takesTheFirstOfEachClass()
{
    ImageSet set = setOf(0, 1);
    set.train.labels = { 2, 0, 0, 1, 2, 1, 0, 2, 1, 0 };
    set.train.pixels.resize(10);
    QCOMPARE(firstPerClass(set, { "train", 0, 10 }, 2), (std::vector<std::int64_t> { 1, 2, 3, 5, 0, 4 }));
    QCOMPARE(firstPerClass(set, { "train", 2, 10 }, 2), (std::vector<std::int64_t> { 2, 6, 3, 5, 4, 7 }));
    QCOMPARE(firstPerClass(set, { "train", 0, 4 }, 1), (std::vector<std::int64_t> { 1, 3, 0 }));
}

void SplitTest::refusesScarceClasses()
{
    ImageSet set = setOf(0, 1);
    set.train.labels = { 0, 0, 1, 2, 2 };
    set.train.pixels.resize(5);
    QCOMPARE(refusal(ErrorCode::BadInput, { "\"bee\"", "only 1", "train[0:5]", "2 of each" },
                 [&] {
                     firstPerClass(set, { "train", 0, 5 }, 2);
                 }),
        QString());
    QCOMPARE(refusal(ErrorCode::BadInput, { "\"cat\"", "only 0" }, [&] { firstPerClass(set, { "train", 0, 3 }, 1); }), QString());
    QCOMPARE(refusal(ErrorCode::BadArgument, { "not 0" }, [&] { firstPerClass(set, { "train", 0, 5 }, 0); }), QString());
    QCOMPARE(refusal(ErrorCode::BadArgument, { "train" }, [&] { firstPerClass(set, { "train", 0, 6 }, 1); }), QString());
}

QTEST_APPLESS_MAIN(SplitTest)
#include "tst_data_split.moc"
