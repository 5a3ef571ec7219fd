// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/serve_protocol.h"

#include "core/network/bit_edits_json.h"

#include <nlohmann/json.hpp>

#include <QtTest>

using namespace bitscape;

namespace {

using Lines = std::vector<std::optional<std::string>>;

BadRequest refused(const std::string& line)
{
    const ServeRequest request = requestFrom(line);
    const auto* bad = std::get_if<BadRequest>(&request);
    return bad ? *bad : BadRequest { {}, "taken" };
}

ServedAnswer answered(const std::string& line)
{
    return answerFrom(line).value_or(ServedAnswer { {}, std::string("no answer") });
}

} // namespace

class ServeProtocolTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    /// As the brief lines have them, not as this program writes them.
    void requests()
    {
        const ServeRequest bits = requestFrom(R"( {"evaluate": {"bits": [[8, 8], [2, 3, 0]], "run": 4}, "id": 7} )");
        QCOMPARE(std::get<EvaluateRequest>(bits).id, 7);
        QCOMPARE(std::get<EvaluateRequest>(bits).run.value, 4);
        QVERIFY(std::get<LayerBits>(std::get<EvaluateRequest>(bits).change) == (LayerBits { { 8, 8 }, { 2, 3, 0 } }));
        const ServeRequest edits = requestFrom(R"({"id": -1, "evaluate": {"run": 4, "edits": [{"op": "set", "bits": 2}]}})");
        QVERIFY(std::get<std::vector<BitEdit>>(std::get<EvaluateRequest>(edits).change) == (std::vector<BitEdit> { SetEdit { {}, 2 } }));
        QCOMPARE(std::get<PrepareRequest>(requestFrom(R"({"id": 1, "prepare": {"run": 9}})")).run.value, 9);
        QCOMPARE(std::get<CancelRequest>(requestFrom(R"({"cancel": 7})")).id, 7);
        QVERIFY(std::holds_alternative<QuitRequest>(requestFrom(R"({"quit": true})")));
    }

    void requestsThereAndBack()
    {
        const EvaluateRequest bits { 3, { 5 }, LayerBits { { 1, 2 }, {} } };
        QVERIFY(std::get<EvaluateRequest>(requestFrom(toLine(bits))).change == bits.change);
        const EvaluateRequest edits { 3, { 5 }, std::vector<BitEdit> { LockEdit { { { { 2, { 0, 5 } } } } }, AllowEdit { { 0, 2 } } } };
        QVERIFY(std::get<EvaluateRequest>(requestFrom(toLine(edits))).change == edits.change);
        QCOMPARE(std::get<CancelRequest>(requestFrom(toLine(CancelRequest { 4 }))).id, 4);
        QCOMPARE(std::get<PrepareRequest>(requestFrom(toLine(PrepareRequest { 4, { 6 } }))).run.value, 6);
        QVERIFY(std::holds_alternative<QuitRequest>(requestFrom(toLine(QuitRequest {}))));
        QVERIFY(!QString::fromStdString(toLine(bits)).contains(QLatin1Char('\n')));
    }

    void refusals_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<qint64>("id"); // 0: none
        QTest::addColumn<QString>("part");
        const auto row
            = [](const char* name, const QByteArray& line, qint64 id, const char* part) { QTest::newRow(name) << line << id << part; };
        row("no JSON", "hello", 0, "cannot be read");
        row("cut off", R"({"id": 7, "evaluate": {"run": 4)", 0, "cannot be read");
        row("not UTF-8", "{\"id\": 7, \"cancel\xff\": 3}", 0, "cannot be read");
        row("deep", QByteArray(100000, '['), 0, "nested too deeply");
        row("deep within", R"({"id": 7, "evaluate": {"run": 4, "bits": )" + QByteArray(100000, '[') + QByteArray(100000, ']') + "}}", 0,
            "nested too deeply");
        row("a list", "[1]", 0, "no request");
        row("nothing known", R"({"id": 7})", 7, "no request");
        row("two at once", R"({"id": 7, "cancel": 7, "quit": true})", 7, "no request");
        row("no id", R"({"evaluate": {"run": 4, "bits": []}})", 0, "'id'");
        row("id as text", R"({"id": "7", "evaluate": {"run": 4, "bits": []}})", 0, "'id'");
        row("id too large", R"({"id": 18446744073709551615, "evaluate": {"run": 4, "bits": []}})", 0, "'id'");
        row("no run", R"({"id": 7, "evaluate": {"bits": []}})", 7, "'run'");
        row("run as text", R"({"id": 7, "evaluate": {"run": "4", "bits": []}})", 7, "'run'");
        row("neither", R"({"id": 7, "evaluate": {"run": 4}})", 7, "either bits or edits");
        row("both", R"({"id": 7, "evaluate": {"run": 4, "bits": [], "edits": []}})", 7, "either bits or edits");
        row("a number", R"({"id": 7, "evaluate": 4})", 7, "either bits or edits");
        row("bits no list", R"({"id": 7, "evaluate": {"run": 4, "bits": 3}})", 7, "list of layers");
        row("layer no list", R"({"id": 7, "evaluate": {"run": 4, "bits": [3]}})", 7, "list of layers");
        row("bits of text", R"({"id": 7, "evaluate": {"run": 4, "bits": [["3"]]}})", 7, "list of layers");
        row("bits too many", R"({"id": 7, "evaluate": {"run": 4, "bits": [[9]]}})", 7, "0 to 8");
        row("bits below", R"({"id": 7, "evaluate": {"run": 4, "bits": [[-1]]}})", 7, "0 to 8");
        row("bits broken", R"({"id": 7, "evaluate": {"run": 4, "bits": [[2.5]]}})", 7, "0 to 8");
        row("bad edit", R"({"id": 7, "evaluate": {"run": 4, "edits": [{"op": "paint"}]}})", 7, "Edit 1 needs op");
        row("cancel text", R"({"cancel": "7"})", 0, "'cancel'");
        row("prepare nothing", R"({"id": 7, "prepare": true})", 7, "has a run");
        row("quit not", R"({"quit": false})", 0, "quit");
    }

    void refusals()
    {
        QFETCH(QByteArray, line);
        QFETCH(qint64, id);
        QFETCH(QString, part);
        const BadRequest bad = refused(line.toStdString());
        QCOMPARE(bad.id.value_or(0), id);
        QVERIFY2(QString::fromStdString(bad.sentence).contains(part), bad.sentence.c_str());
        QVERIFY(bad.sentence.size() < 400);
    }

    void answers()
    {
        ServedEstimate estimate;
        estimate.images = 640;
        estimate.right = 512;
        estimate.estimate = { 0.8, 0.77, 0.83 };
        estimate.classRight = { 500, 12 };
        estimate.classImages = { 600, 40 };
        QCOMPARE(QString::fromStdString(toLine(7, estimate)),
            QStringLiteral(
                R"({"id":7,"images":640,"right":512,"accuracy":0.8,"low":0.77,"high":0.83,"per_class":[500,12],"per_class_images":[600,40],"done":false})"));
        QCOMPARE(*answered(toLine(7, estimate)).id, 7);
        QVERIFY(std::get<ServedEstimate>(answered(toLine(7, estimate)).what) == estimate);
        for (const ServedEnd end : { ServedEnd::Ready, ServedEnd::Superseded, ServedEnd::Cancelled })
            QVERIFY(std::get<ServedEnd>(answered(toLine(3, end)).what) == end);
        QCOMPARE(QString::fromStdString(toLine(3, ServedEnd::Superseded)), QStringLiteral(R"({"id":3,"superseded":true})"));
        QCOMPARE(QString::fromStdString(errorLine(3, "No.")), QStringLiteral(R"({"id":3,"error":"No."})"));
        QCOMPARE(QString::fromStdString(errorLine({}, "No.")), QStringLiteral(R"({"error":"No."})"));
        QVERIFY(answerFrom(errorLine(1, "caf\xff\nx")).has_value());
        QVERIFY(!answerFrom("hello") && !answerFrom("[]") && !answerFrom(R"({"id":7,"images":"many"})"));
    }

    void lines()
    {
        LineCutter cutter(5);
        QVERIFY(cutter.add("ab") == Lines {});
        QVERIFY(cutter.add("c\n\nde\nf") == (Lines { "abc", "", "de" }));
        QVERIFY(cutter.rest() == Lines { "f" });
        QVERIFY(cutter.rest().empty());
        QVERIFY(cutter.add("12345\n123456\nok\n") == (Lines { "12345", std::nullopt, "ok" }));
        QVERIFY(cutter.add("123") == Lines {});
        QVERIFY(cutter.add("456") == Lines {});
        QVERIFY(cutter.add("789\nok\n") == (Lines { std::nullopt, "ok" })); // told once
        QVERIFY(cutter.add("1234567") == Lines {});
        QVERIFY(cutter.rest() == Lines { std::nullopt });
    }
};

QTEST_GUILESS_MAIN(ServeProtocolTest)
#include "tst_jobs_serve_protocol.moc"
