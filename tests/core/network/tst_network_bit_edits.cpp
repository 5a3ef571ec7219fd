// SPDX-License-Identifier: GPL-3.0-or-later
#include "slow_allocation.h"
#include "slow_edits.h"

#include "core/network/bit_edits.h"
#include "core/network/bit_edits_json.h"
#include "core/network/cost.h"

#include "core/base/error.h"

#include <QtTest>

#include <map>
#include <set>

using namespace bitscape;
using namespace bitscape::test;

namespace {

/// Between two kept layers, layers of 4, 6 and 3 filters with 2, 3 and 5 weights each.
std::vector<Layer> someLayers()
{
    std::vector<Layer> layers;
    for (const auto& [filters, weights, quantizable] :
        { std::tuple(2, 4, false), std::tuple(4, 2, true), std::tuple(6, 3, true), std::tuple(3, 5, true), std::tuple(2, 7, false) }) {
        Layer layer;
        layer.filters = filters;
        layer.inputs = weights;
        layer.quantizable = quantizable;
        layers.push_back(layer);
    }
    return layers;
}

EditSources someSources(Random& random)
{
    EditSources sources;
    sources.layers = someLayers();
    sources.choice = { { 0, 1, 2, 3, 4 }, 8 };
    sources.start = uniformBits(sources.layers, 4, 8);
    sources.otherBits[12] = uniformBits(sources.layers, 4, 8);
    SensitivityTable table { { 0, 1, 2, 3, 4, 5, 6, 7, 8 }, 3, {} };
    for (std::size_t i = 0; i < sources.layers.size(); ++i) {
        const Layer& layer = sources.layers[i];
        sources.scores.emplace_back();
        table.damage.emplace_back();
        for (std::int64_t f = 0; f < layer.filters; ++f) {
            sources.scores.back().push_back(random.uniform(0, 3));
            if (layer.quantizable)
                sources.otherBits[12][i][static_cast<std::size_t>(f)] = static_cast<std::uint8_t>(random.below(9));
            for (int entry = 0; layer.quantizable && entry < 27; ++entry)
                table.damage.back().push_back(static_cast<float>(random.uniform(0, 1)));
        }
    }
    fall(table);
    sources.sensitivity = table;
    return sources;
}

nlohmann::json randomSelection(Random& random)
{
    nlohmann::json selection = nlohmann::json::array();
    const auto layers = someLayers();
    for (std::size_t part = random.below(3); part > 0; --part) {
        const std::size_t layer = random.below(layers.size());
        selection.push_back({ { "layer", layer } });
        for (std::size_t f = random.below(4); f > 0; --f)
            selection.back()["filters"].push_back(random.below(static_cast<std::uint64_t>(layers[layer].filters)));
    }
    return selection;
}

nlohmann::json randomEdit(Random& random, std::size_t& allowed)
{
    using nlohmann::json;
    const json selection = randomSelection(random);
    switch (random.below(9)) {
    case 0: {
        std::multiset<double> values;
        while (values.size() + 1 < allowed)
            values.insert(random.uniform(0, 3));
        return { { "op", "thresholds" }, { "values", values } };
    }
    case 1: {
        json edit { { "op", "target" }, { "bits", random.uniform(0, 4) } };
        if (random.below(2) == 0)
            edit["class_weights"] = { random.uniform(0.1, 1), random.uniform(0, 1), random.uniform(0, 2) };
        return edit;
    }
    case 2:
        return { { "op", "set" }, { "selection", selection }, { "bits", random.below(9) } };
    case 3:
        return { { "op", "at_most" }, { "selection", selection }, { "bits", random.below(9) } };
    case 4:
        return { { "op", "change" }, { "selection", selection }, { "by", random.below(2) == 0 ? 1 : -1 } };
    case 5:
        return { { "op", "like" }, { "selection", selection }, { "run", 12 } };
    case 6:
        return { { "op", "lock" }, { "selection", selection } };
    case 7:
        return { { "op", "unlock" }, { "selection", selection } };
    default: {
        const auto bits = randomSubset({ 0, 1, 2, 3, 4, 5, 6, 7, 8 }, random);
        allowed = bits.size();
        return { { "op", "allow" }, { "bits", bits } };
    }
    }
}

QString sentenceOf(const std::function<void()>& action)
{
    try {
        action();
    } catch (const Error& error) {
        return error.code() == ErrorCode::BadArgument ? QString::fromUtf8(error.what()) : QStringLiteral("another code");
    }
    return QStringLiteral("nothing");
}

std::vector<BitEdit> edits(const char* text)
{
    return editsFromJson(nlohmann::json::parse(text));
}

} // namespace

class BitEditsTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    /// Each operation by hand, from 4 bits everywhere: what the layers of 4, 6 and 3 filters have then.
    void byHand_data()
    {
        QTest::addColumn<QString>("history");
        QTest::addColumn<QString>("wanted");
        const auto row = [](const char* name, const char* history, const char* wanted) { QTest::newRow(name) << history << wanted; };
        row("nothing", "[]", "4444 444444 444");
        row("set all", R"([{"op":"set","bits":2}])", "2222 222222 222");
        row("set some", R"([{"op":"set","selection":[{"layer":1},{"layer":2,"filters":[0,5]}],"bits":1}])", "1111 144441 444");
        row("set what is not allowed", R"([{"op":"set","bits":7}])", "4444 444444 444");
        row("set below the smallest", R"([{"op":"allow","bits":[2,4]},{"op":"set","selection":[{"layer":3}],"bits":1}])",
            "4444 444444 222");
        row("kept layers", R"([{"op":"set","selection":[{"layer":0},{"layer":4,"filters":[1]}],"bits":1}])", "4444 444444 444");
        row("at most", R"([{"op":"set","selection":[{"layer":1}],"bits":1},{"op":"at_most","bits":3}])", "1111 333333 333");
        row("down", R"([{"op":"change","by":-1},{"op":"change","selection":[{"layer":3,"filters":[2]}],"by":-1}])", "3333 333333 332");
        row("up at the top", R"([{"op":"change","by":1}])", "4444 444444 444");
        row("down at the bottom", R"([{"op":"set","bits":0},{"op":"change","by":-1}])", "0000 000000 000");
        row("up and down over gaps",
            R"([{"op":"allow","bits":[0,2,8]},{"op":"change","selection":[{"layer":1}],"by":1},{"op":"change","selection":[{"layer":3}],"by":-1}])",
            "8888 222222 000");
        row("lock", R"([{"op":"lock","selection":[{"layer":2,"filters":[1,2]}]},{"op":"set","bits":0}])", "0000 044000 000");
        row("unlock", R"([{"op":"lock"},{"op":"unlock","selection":[{"layer":3}]},{"op":"set","bits":1}])", "4444 444444 111");
        row("locked whatever is allowed", R"([{"op":"lock","selection":[{"layer":1}]},{"op":"allow","bits":[0,1]}])", "4444 111111 111");
        row("a filter twice", R"([{"op":"change","selection":[{"layer":3,"filters":[0,0]},{"layer":3}],"by":-1}])", "4444 444444 333");
    }

    void byHand()
    {
        QFETCH(QString, history);
        QFETCH(QString, wanted);
        Random random(1);
        const EditState state = replay(someSources(random), edits(qPrintable(history)));
        QString found;
        for (std::size_t i = 1; i + 1 < state.bits.size(); ++i) {
            for (const std::uint8_t bits : state.bits[i])
                found += QString::number(bits);
            found += QLatin1Char(' ');
        }
        QCOMPARE(found.trimmed(), wanted);
        QCOMPARE(state.bits.front(), std::vector<std::uint8_t>(2, 8));
        QCOMPARE(state.bits.back(), std::vector<std::uint8_t>(2, 8));
    }

    /// Random histories against the slow way, step by step and all at once, and through JSON.
    void asTheSlowWay()
    {
        Random random(7);
        for (int history = 0; history < 300; ++history) {
            const EditSources sources = someSources(random);
            SlowEdits slow(sources);
            EditState state = startOf(sources);
            nlohmann::json all = nlohmann::json::array();
            std::size_t allowed = sources.choice.allowed.size();
            for (int i = 0; i < 12; ++i) {
                all.push_back(randomEdit(random, allowed));
                slow.take(all.back());
                state = apply(sources, state, editsFromJson(nlohmann::json::array({ all.back() })).front());
                if (state.bits != slow.bits())
                    QFAIL(qPrintable(QString::fromStdString(all.dump())));
            }
            const auto read = editsFromJson(all);
            QVERIFY(replay(sources, read) == state);
            QVERIFY(editsFromJson(nlohmann::json::parse(toJson(read).dump())) == read);
        }
    }

    /// What a view shows beside the bits.
    void stateFollows()
    {
        Random random(3);
        EditSources sources = someSources(random);
        sources.thresholds = { 0.5, 1, 1.5, 2 };
        const auto after = [&](const char* history) { return replay(sources, edits(history)); };
        QCOMPARE(after("[]").thresholds, sources.thresholds);
        QCOMPARE(after("[]").targetBits, 4.0);
        QCOMPARE(after(R"([{"op":"thresholds","values":[0,0,0,1]}])").thresholds, (std::vector<double> { 0, 0, 0, 1 }));
        QVERIFY(after(R"([{"op":"allow","bits":[0,8]}])").thresholds.empty());
        const EditState weighed = after(R"([{"op":"target","bits":2,"class_weights":[1,0,2]},{"op":"target","bits":3}])");
        QCOMPARE(weighed.classWeights, (std::vector<double> { 1, 0, 2 }));
        QCOMPARE(weighed.targetBits, 3.0);
        QVERIFY(after(R"([{"op":"target","bits":2,"class_weights":[1,0,2]},{"op":"target","bits":2,"class_weights":[]}])")
                    .classWeights.empty());
        QCOMPARE(after(R"([{"op":"lock","selection":[{"layer":2,"filters":[3]}]}])").locked[2],
            (std::vector<std::uint8_t> { 0, 0, 0, 1, 0, 0 }));
        QCOMPARE(after(R"([{"op":"lock"}])").locked[0], std::vector<std::uint8_t>(2, 0));
        QCOMPARE(
            runsIn(edits(R"([{"op":"like","run":9},{"op":"like","run":3},{"op":"like","run":9}])")), (std::vector<std::int64_t> { 3, 9 }));
    }

    void whatDoesNotFit_data()
    {
        QTest::addColumn<QString>("history");
        QTest::addColumn<QString>("part");
        const auto row = [](const char* history, const char* part) { QTest::newRow(history) << history << part; };
        row(R"([{"op":"thresholds","values":[1,2]}])", "2 thresholds for 5 allowed");
        row(R"([{"op":"thresholds","values":[2,1,3,4]}])", "do not fall");
        row(R"([{"op":"target","bits":2,"class_weights":[1,1]}])", "class_weights has 2 entries for 3 classes");
        row(R"([{"op":"target","bits":2,"class_weights":[1,-1,1]}])", "at least 0");
        row(R"([{"op":"target","bits":2,"class_weights":[0,0,0]}])", "All class weights are 0");
        row(R"([{"op":"set","selection":[{"layer":5}],"bits":1}])", "no layer 5");
        row(R"([{"op":"set","selection":[{"layer":-1}],"bits":1}])", "no layer -1");
        row(R"([{"op":"set","selection":[{"layer":1,"filters":[4]}],"bits":1}])", "no filter 4 in layer 1: it has 4");
        row(R"([{"op":"lock","selection":[{"layer":1,"filters":[-1]}]}])", "no filter -1");
        row(R"([{"op":"like","run":13}])", "Run 13 has no bits");
        row(R"([{"op":"like","run":14}])", "Run 14 has no bits");
        row(R"([{"op":"allow","bits":[]}])", "rising list");
        row(R"([{"op":"allow","bits":[2,2]}])", "rising list");
    }

    void whatDoesNotFit()
    {
        QFETCH(QString, history);
        QFETCH(QString, part);
        Random random(5);
        EditSources sources = someSources(random);
        sources.otherBits[14] = LayerBits(5);
        const QString refusal = sentenceOf([&] { replay(sources, edits(qPrintable(history))); });
        QVERIFY2(refusal.contains(part), qPrintable(refusal));
    }

    void whatIsMissing()
    {
        Random random(5);
        EditSources sources = someSources(random);
        sources.scores.clear();
        sources.sensitivity.reset();
        QVERIFY(
            sentenceOf([&] { replay(sources, edits(R"([{"op":"thresholds","values":[1,2,3,4]}])")); }).contains("score the network first"));
        QVERIFY(sentenceOf([&] { replay(sources, edits(R"([{"op":"target","bits":2}])")); }).contains("strategy fisher"));
        sources.start.pop_back();
        QVERIFY(sentenceOf([&] { startOf(sources); }).contains("not those of this network"));
    }

    void badJson_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("part");
        const auto row = [](const char* text, const char* part) { QTest::newRow(text) << text << part; };
        row(R"({})", "a list");
        row(R"([1])", "Edit 1 needs op");
        row(R"([{}])", "Edit 1 needs op");
        row(R"([{"op":"lock"},{"op":"paint"}])", "Edit 2 needs op");
        row(R"([{"op":3}])", "needs op");
        row(R"([{"op":"set"}])", "needs bits");
        row(R"([{"op":"set","bits":2.5}])", "needs bits: a whole number");
        row(R"([{"op":"set","bits":"2"}])", "needs bits");
        row(R"([{"op":"set","bits":9}])", "from 0 to 8");
        row(R"([{"op":"set","bits":-1}])", "from 0 to 8");
        row(R"([{"op":"set","bits":18446744073709551615}])", "needs bits");
        row(R"([{"op":"set","bits":1,"colour":"red"}])", "'colour'");
        row(R"([{"op":"set","bits":1,"selection":{}}])", "needs selection");
        row(R"([{"op":"set","bits":1,"selection":[2]}])", "needs selection");
        row(R"([{"op":"set","bits":1,"selection":[{}]}])", "needs layer");
        row(R"([{"op":"set","bits":1,"selection":[{"layer":1,"filters":[]}]}])", "needs filters");
        row(R"([{"op":"set","bits":1,"selection":[{"layer":1,"filters":[true]}]}])", "needs filters");
        row(R"([{"op":"change","by":2}])", "1 or -1");
        row(R"([{"op":"target","bits":8.5}])", "needs bits");
        row(R"([{"op":"target","bits":2,"class_weights":[1,"a"]}])", "needs class_weights");
        row(R"([{"op":"thresholds","values":1}])", "needs values");
        row(R"([{"op":"like"}])", "needs run");
        row(R"([{"op":"allow","bits":[0,9]}])", "from 0 to 8");
    }

    void badJson()
    {
        QFETCH(QString, text);
        QFETCH(QString, part);
        const QString refusal = sentenceOf([&] { edits(qPrintable(text)); });
        QVERIFY2(refusal.contains(part), qPrintable(refusal));
    }
};

QTEST_GUILESS_MAIN(BitEditsTest)
#include "tst_network_bit_edits.moc"
