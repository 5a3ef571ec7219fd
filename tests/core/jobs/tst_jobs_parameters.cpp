// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/jobs/parameters.h"

#include <QtTest>

#include <clocale>
#include <cmath>
#include <limits>

using namespace bitscape;
using nlohmann::json;

namespace {

/// The message of the Error(BadArgument) that `call` throws.
template <typename Call> QString refusal(const Call& call)
{
    try {
        call();
    } catch (const Error& error) {
        return error.code() == ErrorCode::BadArgument ? QString::fromStdString(error.what()) : QStringLiteral("another code");
    }
    return QStringLiteral("no error");
}

} // namespace

/// Values from texts and from JSON: what is taken, what is refused, and in which words.
class TestParameters final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void goodTexts_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected"); // JSON
        const auto row = [](RunKind kind, const char* name, const char* text, const char* expected) {
            QTest::addRow("%s=%s", name, text) << static_cast<int>(kind) << name << text << expected;
        };
        row(RunKind::Train, "epochs", "1", "1");
        row(RunKind::Train, "epochs", "10000", "10000");
        row(RunKind::Train, "epochs", "007", "7");
        row(RunKind::Train, "learning_rate", "10", "10.0");
        row(RunKind::Train, "learning_rate", "2.5E-1", "0.25");
        row(RunKind::Train, "learning_rate", ".5", "0.5");
        row(RunKind::Train, "learning_rate", "1e-310", "1e-310");
        row(RunKind::Train, "momentum", "-0", "0.0");
        row(RunKind::Train, "momentum", "0.9999999999999999", "0.9999999999999999");
        row(RunKind::Train, "milestones", "", "[]");
        row(RunKind::Train, "milestones", "0,1e-1, 0.5 ,1", "[0.0,0.1,0.5,1.0]");
        row(RunKind::Train, "augment", "none", R"("none")");
        row(RunKind::Train, "augment", "crop+flip", R"("crop+flip")");
        row(RunKind::Score, "epsilon", "1e30", "1e+30");
        row(RunKind::Score, "epsilon", "0", "0.0");
        row(RunKind::Search, "activation_bits", "none", "null");
        row(RunKind::Search, "activation_bits", "8", "8");
        row(RunKind::Search, "allowed_bits", "0,8", "[0,8]");
        row(RunKind::Search, "class_weights", "1,1,2.5", "[1.0,1.0,2.5]");
        row(RunKind::Search, "max_seconds", "1e9", "1000000000.0");
        row(RunKind::Refine, "grid", "none", "null");
        row(RunKind::Refine, "score_split", "none", "null");
        for (const char* yes : { "true", "yes", "on" })
            row(RunKind::Search, "keep_first_last", yes, "true");
        for (const char* no : { "false", "no", "off" })
            row(RunKind::Search, "keep_first_last", no, "false");
        for (const char* split : { "train", "test", "train[:]", "test[:2000]", "train[0:55000]", "train[90%:]", "train[12.5%:-100]",
                 "test[-100:]", "train[5:50%]" })
            row(RunKind::Train, "test_split", split, json(split).dump().c_str());
    }

    void goodTexts()
    {
        QFETCH(const int, kind);
        QFETCH(const QString, name);
        QFETCH(const QString, text);
        QFETCH(const QString, expected);
        const ParameterSpec& spec = parameterOf(static_cast<RunKind>(kind), name.toStdString());
        const json value = parseParameter(spec, text.toStdString());
        QCOMPARE(QString::fromStdString(value.dump()), expected);
        QCOMPARE(parseParameter(spec, parameterText(value)).dump(), value.dump());
    }

    void badTexts_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("allowed");
        const auto rows = [](const char* name, const QStringList& texts, const char* allowed) {
            for (const QString& text : texts)
                QTest::addRow("%s=%s", name, qPrintable(text)) << name << text << allowed;
        };
        rows("edge_bits",
            { "0", "9", "-1", "3.0", "1e0", "3x", " 3", "3 ", "", "+3", "0x3", "three", "none", "true", "3,4", "99999999999999999999",
                "NaN" },
            "an integer 1..8 (bits)");
        rows("samples_per_class", { "0", "100001" }, "an integer 1..100000 (images)");
        rows("target_bits",
            { "-0.001", "8.001", "nan", "inf", "-inf", "infinity", "1e400", "1e-400", "2,5", "2.0bits", "", ".", "e5", "1e", "--1" },
            "a number 0..8 (bits)");
        rows("floor_decay", { "0", "1", "-1", "0.9900000001" }, "a number above 0, at most 0.99");
        rows("delta", { "0", "0.5" }, "a number above 0, below 0.5");
        rows("step", { "0", "-1", "0.00009", "None", "null" }, "a number at least 0.0001 (score units), or none");
        rows("activation_bits", { "0", "9", "off" }, "an integer 1..8 (bits), or none");
        rows("keep_first_last", { "1", "0", "True", "", "y", "none" }, "true or false");
        rows("order", { "", "Ascending", "ascending ", "up", "none" }, "one of ascending, descending");
        rows("allowed_bits",
            { "", "2", "0,9", "-1,2", "0,2,1", "0,1,1", "0,1,", ",0,1", "0,,1", "0,1.0", "0;1", "0 1", "a,b", "none", "0,1,nan" },
            "integers 0..8 separated by commas, 2 or more, each above the one before");
        rows(
            "class_weights", { "-1", "1,-1", "1,inf", "1,nan", "1,", ",", "1 2", "one", "none" }, "numbers at least 0 separated by commas");
        rows("search_split",
            { "", "Train", "validation", "train[]", "train[", "train[5]", "train[:", "train:]", "train[a:b]", "train[1.5:]", "train[-5%:]",
                "train[5.%:]", "train[.5%:]", "train[5%%:]", "train[-:]", "train[--5:]", "train[1:2:3]", "train[1:2]x", "xtrain",
                "train [1:2]", "train[ 1:2]", "testing", "none" },
            "a split such as train[0:55000], train[90%:] or test");
    }

    void badTexts()
    {
        QFETCH(const QString, name);
        QFETCH(const QString, text);
        QFETCH(const QString, allowed);
        const ParameterSpec& spec = parameterOf(RunKind::Search, name.toStdString());
        const QString message = QStringLiteral("parameter '%1' cannot be '%2': give %3").arg(name, text, allowed);
        QCOMPARE(refusal([&] { parseParameter(spec, text.toStdString()); }), message);
    }

    void longAndGarbledTextsStayReadable()
    {
        const ParameterSpec& spec = parameterOf(RunKind::Search, "order");
        const auto messageFor = [&](const std::string& text) { return refusal([&] { parseParameter(spec, text); }); };
        const QString advice = QStringLiteral("': give one of ascending, descending");
        QCOMPARE(messageFor(std::string(1000000, 'x')), "parameter 'order' cannot be '" + QString(60, u'x') + "..." + advice);
        QCOMPARE(messageFor("a\nb"), "parameter 'order' cannot be 'a\\nb" + advice);
        QCOMPARE(messageFor("a\xff"), "parameter 'order' cannot be 'a" + QString(QChar(0xFFFD)) + advice);
        std::string umlauts;
        for (int i = 0; i < 100; ++i)
            umlauts += "x\xc3\xa4";
        QVERIFY(!messageFor(umlauts).contains(QChar(0xFFFD)));
        QVERIFY(refusal([] {
            parseParameter(parameterOf(RunKind::Search, "search_split"), "train[" + std::string(1000000, '1') + ":x]");
        }).startsWith(QStringLiteral("parameter 'search_split' cannot be")));
    }

    void badJson_data()
    {
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* given, const char* message) { QTest::newRow(given) << given << message; };
        row(R"({"edge_bits":3.0})", "parameter 'edge_bits' cannot be '3.0': give an integer 1..8 (bits)");
        row(R"({"edge_bits":"3"})", "parameter 'edge_bits' cannot be the text '3': give an integer 1..8 (bits)");
        row(R"({"edge_bits":null})", "parameter 'edge_bits' cannot be 'none': give an integer 1..8 (bits)");
        row(R"({"edge_bits":true})", "parameter 'edge_bits' cannot be 'true': give an integer 1..8 (bits)");
        row(R"({"edge_bits":[3]})", "parameter 'edge_bits' cannot be the list '3': give an integer 1..8 (bits)");
        row(R"({"edge_bits":{"a":1}})", "parameter 'edge_bits' cannot be a JSON object: give an integer 1..8 (bits)");
        row(R"({"edge_bits":18446744073709551615})", "parameter 'edge_bits' cannot be '18446744073709551615': give an integer 1..8 (bits)");
        row(R"({"edge_bits":-9223372036854775808})", "parameter 'edge_bits' cannot be '-9223372036854775808': give an integer 1..8 (bits)");
        row(R"({"target_bits":"2"})", "parameter 'target_bits' cannot be the text '2': give a number 0..8 (bits)");
        row(R"({"floor_decay":1})", "parameter 'floor_decay' cannot be '1': give a number above 0, at most 0.99");
        row(R"({"keep_first_last":1})", "parameter 'keep_first_last' cannot be '1': give true or false");
        row(R"({"keep_first_last":"true"})", "parameter 'keep_first_last' cannot be the text 'true': give true or false");
        row(R"({"order":1})", "parameter 'order' cannot be '1': give one of ascending, descending");
        row(R"({"order":"sideways"})", "parameter 'order' cannot be the text 'sideways': give one of ascending, descending");
        row(R"({"search_split":["test"]})",
            "parameter 'search_split' cannot be a list with other things than numbers: give a split such as train[0:55000], train[90%:] or "
            "test");
        row(R"({"class_weights":"1,2"})",
            "parameter 'class_weights' cannot be the text '1,2': give numbers at least 0 separated by commas");
        row(R"({"class_weights":1})", "parameter 'class_weights' cannot be '1': give numbers at least 0 separated by commas");
        row(R"({"class_weights":[1,null]})",
            "parameter 'class_weights' cannot be a list with other things than numbers: give numbers at least 0 separated by commas");
        row(R"({"class_weights":[[1]]})",
            "parameter 'class_weights' cannot be a list with other things than numbers: give numbers at least 0 separated by commas");
        row(R"({"allowed_bits":[0,1.0]})",
            "parameter 'allowed_bits' cannot be the list '0,1.0': give integers 0..8 separated by commas, 2 or more, each above the one "
            "before");
        row(R"([1,2])", "the parameters for search are no JSON object: give names with values");
        row(R"("x=1")", "the parameters for search are no JSON object: give names with values");
    }

    void badJson() { compareWithRefusal(); }

    void badRelationsAndNames_data()
    {
        QTest::addColumn<QString>("given");
        QTest::addColumn<QString>("message");
        const auto row = [](const char* given, const char* message) { QTest::newRow(given) << given << message; };
        row(R"({"target_bits":4.5})",
            "parameter 'target_bits' cannot be '4.5' with allowed_bits '0,1,2,3,4': give a number from 0 to 4, or allow more bits");
        row(R"({"allowed_bits":[3,4]})",
            "parameter 'target_bits' cannot be '2' with allowed_bits '3,4': give a number from 3 to 4, or allow fewer bits");
        row(R"({"class_weights":[0,0]})",
            "parameter 'class_weights' cannot be '0,0': give at least one class a weight above 0, or none of them for equal weights");
        row(R"({"":1})",
            "unknown parameter '' for search: give one of strategy, order, target_bits, allowed_bits, step, accuracy_floor, floor_decay, "
            "class_weights, decision, delta, max_seconds, search_split, score_split, samples_per_class, test_split, grid, range, "
            "keep_first_last, edge_bits, bn_recalibration, calibration_split, activation_bits, skip_unchanged, look_up, "
            "keep_activations, follow_filters, stop_early, cache_mib");
        row(R"({"target_bit":1})", "unknown parameter 'target_bit' for search: did you mean 'target_bits'?");
        row(R"({"orde":"ascending"})", "unknown parameter 'orde' for search: did you mean 'order'?");
        row(R"({"Strategy":"cq"})", "unknown parameter 'Strategy' for search: did you mean 'strategy'?");
        row(R"({"sample_per_clas":1})", "unknown parameter 'sample_per_clas' for search: did you mean 'samples_per_class'?");
        row(R"({"epochs":1})", "unknown parameter 'epochs' for search: it belongs to train, refine, step");
    }

    void badRelationsAndNames() { compareWithRefusal(); }

    void relationsOfLists()
    {
        const auto messageFor = [](RunKind kind, const json& given) { return refusal([&] { completeParameters(kind, given); }); };
        QCOMPARE(messageFor(RunKind::Train, { { "milestones", { 0.75, 0.5 } } }),
            "parameter 'milestones' cannot be the list '0.75,0.5': give numbers 0..1 separated by commas, each above the one before");
        const QString budgets
            = QStringLiteral("': give numbers above 0, at most 1 separated by commas, 1 or more, each above the one before");
        QCOMPARE(messageFor(RunKind::Step, { { "budgets", { 0.3, 0.3 } } }), "parameter 'budgets' cannot be the list '0.3,0.3" + budgets);
        QCOMPARE(messageFor(RunKind::Step, { { "budgets", { 0.0, 0.3 } } }), "parameter 'budgets' cannot be the list '0.0,0.3" + budgets);
        QCOMPARE(messageFor(RunKind::Step, { { "budgets", json::array() } }), "parameter 'budgets' cannot be the list '" + budgets);
        QCOMPARE(messageFor(RunKind::Step, { { "budgets", { 0.25, 1 } } }), "no error");
        QCOMPARE(messageFor(RunKind::Search, { { "target_bits", 8 }, { "allowed_bits", { 2, 8 } } }), "no error");
        QCOMPARE(messageFor(RunKind::Search, { { "target_bits", 2 }, { "allowed_bits", { 2, 8 } } }), "no error");
        QCOMPARE(messageFor(RunKind::Search, { { "class_weights", { 0, 0.5 } } }), "no error");
    }

    void unknownNames()
    {
        QCOMPARE(refusal([] {
            completeParameters(RunKind::Train, { { "epoch", 1 } });
        }),
            "unknown parameter 'epoch' for train: did you mean 'epochs'?");
        QCOMPARE(refusal([] {
            completeParameters(RunKind::Export, { { "format", 1 } });
        }),
            "unknown parameter 'format' for export: leave it out, export takes none");
        QCOMPARE(refusal([] { parameterOf(RunKind::Evaluate, "tset_split"); }),
            "unknown parameter 'tset_split' for evaluate: did you mean 'test_split'?");
        QVERIFY(refusal([] { parameterOf(RunKind::Train, std::string(1000000, 'e')); }).size() < 500);
        QCOMPARE(refusal([] { parameterOf(RunKind::Evaluate, "a\nb"); }), "unknown parameter 'a\\nb' for evaluate: give one of test_split");
    }

    void nonFiniteJsonIsRefused()
    {
        for (const double value : { std::nan(""), std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity() }) {
            const QString message = refusal([&] { completeParameters(RunKind::Search, { { "target_bits", value } }); });
            QVERIFY2(message.endsWith(": give a number 0..8 (bits)"), qPrintable(message));
            QVERIFY(refusal([&] {
                completeParameters(RunKind::Search, { { "class_weights", { 1.0, value } } });
            }).startsWith("parameter 'class_weights'"));
        }
    }

    void integersAreTakenForReals()
    {
        const json complete = completeParameters(RunKind::Search, { { "target_bits", 3 }, { "class_weights", { 1, 2 } }, { "step", 1U } });
        QCOMPARE(complete.at("target_bits").dump(), "3.0");
        QCOMPARE(complete.at("class_weights").dump(), "[1.0,2.0]");
        QCOMPARE(complete.at("step").dump(), "1.0");
        QCOMPARE(complete.size(), parametersOf(RunKind::Search).size());
    }

    void completingTwiceChangesNothing()
    {
        const json once = completeParameters(RunKind::Refine, { { "alpha", 1 }, { "grid", "narrow" }, { "activation_bits", 4 } });
        QCOMPARE(completeParameters(RunKind::Refine, once).dump(), once.dump());
        QCOMPARE(completeParameters(RunKind::Refine, json()).dump(), completeParameters(RunKind::Refine, json::object()).dump());
    }

    void deepJsonIsRefusedWithoutFollowingIt()
    {
        const std::string deep = std::string(100000, '[') + std::string(100000, ']');
        const json given = json::parse(R"({"class_weights":)" + deep + "}");
        QVERIFY(refusal([&] { completeParameters(RunKind::Search, given); }).startsWith("parameter 'class_weights' cannot be a list"));
        QCOMPARE(refusal([&] { parameterText(given); }), "a JSON object or a list of other things than numbers is no parameter's value");
    }

    void settings()
    {
        const json complete = parametersFromTexts(
            RunKind::Search, { "target_bits=1.5", "allowed_bits=0,2,4", "class_weights=", "max_seconds=none", "keep_first_last=no" });
        QCOMPARE(complete.at("target_bits").dump(), "1.5");
        QCOMPARE(complete.at("allowed_bits").dump(), "[0,2,4]");
        QCOMPARE(complete.at("class_weights").dump(), "[]");
        QCOMPARE(complete.at("max_seconds").dump(), "null");
        QCOMPARE(complete.at("keep_first_last").dump(), "false");
        QCOMPARE(complete.at("strategy").dump(), "\"cq\"");
        QCOMPARE(parametersFromTexts(RunKind::Import, {}).dump(), "{}");
    }

    void badSettings()
    {
        const auto messageFor
            = [](const std::vector<std::string>& texts) { return refusal([&] { parametersFromTexts(RunKind::Search, texts); }); };
        QCOMPARE(messageFor({ "order" }), "setting 'order' for search is not of the form name=value");
        QCOMPARE(messageFor({ "=5" }), "setting '=5' for search is not of the form name=value");
        QCOMPARE(messageFor({ "" }), "setting '' for search is not of the form name=value");
        QCOMPARE(messageFor({ "order=ascending", "order=ascending" }), "parameter 'order' for search is given twice: give it once");
        QCOMPARE(messageFor({ "orders=ascending" }), "unknown parameter 'orders' for search: did you mean 'order'?");
        QCOMPARE(messageFor({ "order=a=b" }), "parameter 'order' cannot be 'a=b': give one of ascending, descending");
        QCOMPARE(messageFor({ "target_bits=6" }),
            "parameter 'target_bits' cannot be '6' with allowed_bits '0,1,2,3,4': give a number from 0 to 4, or allow more bits");
    }

    /// Whatever locale the system has, where decimal commas are usual among them.
    void localeIndependent()
    {
        const ParameterSpec& spec = parameterOf(RunKind::Search, "target_bits");
        for (const char* name : { "de_DE.UTF-8", "fr_FR.UTF-8", "C.UTF-8", "C" }) {
            std::setlocale(LC_ALL, name);
            QCOMPARE(parseParameter(spec, "2.5").get<double>(), 2.5);
            QCOMPARE(parameterText(json(2.5)), "2.5");
            QVERIFY(refusal([&] { parseParameter(spec, "2,5"); }) != "no error");
        }
    }

private:
    /// The body of the tests with the columns `given` and `message`.
    static void compareWithRefusal()
    {
        QFETCH(const QString, given);
        QFETCH(const QString, message);
        QCOMPARE(refusal([&] { completeParameters(RunKind::Search, json::parse(given.toStdString())); }), message);
    }
};

QTEST_APPLESS_MAIN(TestParameters)
#include "tst_jobs_parameters.moc"
