// SPDX-License-Identifier: GPL-3.0-or-later
// Edit runs, each against what has the same bits in another way, and all that starts from them.
#include "tests/app/cli_fixture.h"
#include "tests/app/run_checks.h"

using namespace cli;

namespace {

std::vector<std::vector<int>> allBits(const json& run)
{
    std::vector<std::vector<int>> all;
    for (const json& layer : run.at("layers"))
        all.push_back(layer.at("bits").get<std::vector<int>>());
    return all;
}

} // namespace

class EditTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void initTestCase()
    {
        furnish(m_place);
        m_train = done(m_place, words("train --model mlp --set epochs=12 --seed 3 --threads 1"));
        m_score = done(m_place, words("score --from last --set samples_per_class=20 --set test_split=test[:150] --threads 1"));
        m_search = done(m_place, words("search --from last --set target_bits=2 --set test_split=test[:150] --set grid=narrow --threads 1"));
        m_refine = done(m_place, words("refine --from last --set epochs=2 --threads 1"));
    }

    void nothingChanged()
    {
        const json edit = edited(m_search, "[]"), search = m_place.show(m_search);
        QVERIFY(edit.at("edits") == json::array());
        QCOMPARE(allBits(edit), allBits(search));
        for (const char* figure : { "accuracy", "full_accuracy", "average_bits", "macs", "bitops", "size_bits" })
            QCOMPARE(differ(figure, edit.at(figure).get<double>(), search.at(figure).get<double>()), QString());
        QVERIFY(edit.at("per_class") == search.at("per_class"));
        QVERIFY(edit.at("thresholds") == search.at("thresholds"));
        QCOMPARE(edit.at("kind").get<std::string>(), "edit");
    }

    /// Its own weights, not those of the training.
    void ofARefinement()
    {
        const json refine = m_place.show(m_refine);
        const json edit = edited(m_refine, "[]");
        QCOMPARE(edit.at("accuracy").get<double>(), refine.at("accuracy").get<double>());
        QVERIFY(edit.at("confusion") == refine.at("confusion"));
        const json again = edited(edit.at("id").get<std::int64_t>(), "[]"); // an edit of an edit of it
        QVERIFY(again.at("confusion") == refine.at("confusion"));
        QVERIFY(refine.at("confusion") != evaluated(m_search).at("confusion"));
    }

    void asTheSearchThatFindsTheSame()
    {
        const json even = shown("search --from 2 --set strategy=model-wise --set target_bits=3 --set test_split=test[:150] --threads 1");
        const json set = edited(m_score, R"([{"op":"set","bits":3}])");
        QCOMPARE(allBits(set), allBits(even));
        QCOMPARE(set.at("accuracy").get<double>(), even.at("accuracy").get<double>());
        QVERIFY(set.at("confusion") == even.at("confusion"));

        const json found = shown("search --from 2 --set target_bits=2 --set test_split=test[:150] --threads 1");
        const json thresholds = edited(m_score, json { { { "op", "thresholds" }, { "values", found.at("thresholds") } } }.dump());
        QCOMPARE(allBits(thresholds), allBits(found));
        QVERIFY(thresholds.at("confusion") == found.at("confusion"));
        QVERIFY(thresholds.at("thresholds") == found.at("thresholds"));
        QVERIFY(!edited(m_score, R"([{"op":"set","bits":1}])").contains("thresholds"));

        const json like = edited(m_score, json { { { "op", "like" }, { "run", found.at("id") } } }.dump());
        QCOMPARE(allBits(like), allBits(found));
    }

    void asTheTableSays()
    {
        const std::string target = R"([{"op":"target","bits":1.5}])";
        QVERIFY2(refusal(m_score, target).contains("strategy fisher"), "there is a table before there is one");
        const json fisher = shown("search --from 2 --set strategy=fisher --set target_bits=1.5 --set samples_per_class=20 --set "
                                  "test_split=test[:150] --threads 1");
        QCOMPARE(allBits(edited(m_score, target)), allBits(fisher)); // which it finds beside it
        QCOMPARE(
            allBits(edited(fisher.at("id").get<std::int64_t>(), R"([{"op":"set","bits":0},{"op":"target","bits":1.5}])")), allBits(fisher));
        QVERIFY2(refusal(m_search, target).contains("strategy fisher"), "a table of another grid was taken");
    }

    void whatFollows()
    {
        const json edit = edited(m_search, R"([{"op":"set","selection":[{"layer":1}],"bits":3},{"op":"allow","bits":[0,2,3,6]}])");
        const auto number = QString::number(edit.at("id").get<std::int64_t>());
        QVERIFY(evaluated(edit.at("id").get<std::int64_t>()).at("confusion") == edit.at("confusion"));
        const json refine = shown("refine --from " + number.toStdString() + " --set epochs=2 --threads 1");
        QCOMPARE(allBits(refine), allBits(edit));
        QVERIFY(refine.at("accuracy_before").get<double>() > 0);
        const json change = edited(refine.at("id").get<std::int64_t>(), R"([{"op":"change","by":1}])"); // of the bits allowed before
        const auto changed = allBits(change);
        for (const int bits : changed[1])
            QCOMPARE(bits, 6);
        QCOMPARE(m_place(words("compare") << number << QString::number(m_search)).code, 0);
        QCOMPARE(m_place(words("table")).code, 0);
        QCOMPARE(m_place(words("show") << number).code, 0);
        for (const char* format : { "onnx", "qonnx", "packed", "csv", "json" }) {
            const Outcome outcome = m_place(words("export") << number << "--to" << format << "--out" << m_place.path(format));
            QCOMPARE(outcome.code, 0);
        }
    }

    void fromAFileAndFromTheQueue()
    {
        m_place.write("edits.json", R"([ {"op": "set", "bits": 1} ])");
        const std::int64_t run = done(m_place, words("edit --edits edits.json --threads 1 --from") << QString::number(m_search));
        QCOMPARE(allBits(m_place.show(run))[1].front(), 1);
        const std::int64_t queued = done(m_place, words("edit --queue --edits edits.json --from") << QString::number(m_search));
        QCOMPARE(m_place.state(queued), QStringLiteral("queued"));
        done(m_place,
            words("run") << QString::number(queued) << "--threads"
                         << "1");
        QVERIFY(m_place.show(queued).at("confusion") == m_place.show(run).at("confusion"));
    }

    void refusals_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("part");
        const auto row = [](const char* name, const char* command, const char* edits, int code, const char* part) {
            QStringList all = words(command);
            if (edits)
                all << "--set" << QStringLiteral("edits=") + QLatin1String(edits);
            QTest::newRow(name) << all << code << part;
        };
        row("no run", "edit --model mlp", nullptr, 2, "--from");
        row("a training", "edit --from 1", nullptr, 2, "of kind 'train'");
        row("no JSON", "edit --from 3", "[{", 2, "not JSON");
        row("no edit", "edit --from 3", R"([{"op":"paint"}])", 2, "Edit 1 needs op");
        row("no layer", "edit --from 3", R"([{"op":"set","selection":[{"layer":9}],"bits":2}])", 2, "no layer 9");
        row("no such run", "edit --from 3", R"([{"op":"like","run":99}])", 2, "Run 99 has no bits");
        row("no file", "edit --from 3 --edits nowhere.json", nullptr, 3, "nowhere.json");
    }

    void refusals()
    {
        QFETCH(QStringList, command);
        QFETCH(int, code);
        QFETCH(QString, part);
        const Content before = m_place.content();
        QCOMPARE(flaw(m_place(command), code, { part }), QString());
        QVERIFY(m_place.content() == before);
    }

private:
    json shown(const std::string& command) { return m_place.show(done(m_place, words(command.c_str()))); }
    json edited(std::int64_t from, const std::string& edits)
    {
        return m_place.show(done(
            m_place, words("edit --threads 1 --from") << QString::number(from) << "--set" << QString::fromStdString("edits=" + edits)));
    }
    json evaluated(std::int64_t from)
    {
        return m_place.show(done(m_place, words("evaluate --threads 1 --set test_split=test[:150] --from") << QString::number(from)));
    }
    QString refusal(std::int64_t from, const std::string& edits)
    {
        return m_place(words("edit --from") << QString::number(from) << "--set" << QString::fromStdString("edits=" + edits)).err;
    }

    Workplace m_place;
    std::int64_t m_train = 0, m_score = 0, m_search = 0, m_refine = 0;
};

QTEST_GUILESS_MAIN(EditTest)
#include "tst_cli_edit.moc"
