// SPDX-License-Identifier: GPL-3.0-or-later
// What the command line refuses: with which exit code, in which words, and that nothing is changed by it.
#include "tests/app/cli_fixture.h"

#include "core/project/results.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <cmath>
#include <cstring>
#include <limits>

using namespace cli;

namespace {

struct Refusal {
    const char* command;
    int code;
    QStringList parts;
};

void row(const char* name, const Refusal& refusal)
{
    QStringList command = words(refusal.command);
    command.replaceInStrings(QStringLiteral("BLANKS"), QStringLiteral(" \t "));
    QTest::newRow(name) << command << refusal.code << refusal.parts;
}

} // namespace

class RefusalsTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void initTestCase()
    {
        furnish(m_place);
        done(m_place, words("model add zoo:mlp?hidden=48x32x24&classes=7 --name seven"));
        done(m_place, words("model add zoo:lenet-3c1l --name colour"));
        done(m_place, words("model add zoo:mlp?hidden=48x32x24 --name twin"));
        done(m_place, words("train --model mlp --set epochs=2 --threads 1"));
        done(m_place, words("score --from 1 --set samples_per_class=5 --threads 1"));
        done(m_place, words("search --from 2 --threads 1"));
        done(m_place, words("train --model mlp --queue"));
    }

    void commands_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<int>("code");
        QTest::addColumn<QStringList>("parts");
        parameters();
        splitsAndCounts();
        names();
        parents();
        runsThatCannot();
        usage();
    }

    void commands()
    {
        QFETCH(const QStringList, command);
        QFETCH(const int, code);
        QFETCH(const QStringList, parts);
        const Content before = m_place.content();
        QCOMPARE(flaw(m_place(command), code, parts), QString());
        QVERIFY(m_place.content() == before);
    }

    void notCommands()
    {
        QCOMPARE(flaw(call({}), 2, { "subcommand" }), QString());
        QCOMPARE(flaw(call(words("trian p")), 2, { "'trian'", "train, score, search" }), QString());
        QCOMPARE(flaw(call(words("model ad p x")), 2, { "'ad'", "add, preview, list, show, remove" }), QString());
        QCOMPARE(flaw(call(words("train")), 2, { "PROJECT", "bitscape-cli train --help" }), QString());
    }

    void anUntrainedModel()
    {
        const Workplace empty;
        done(empty, words("new"));
        QCOMPARE(flaw(empty(words("train")), 2, { "no model yet" }), QString());
        QCOMPARE(flaw(empty(words("show last")), 2, { "no runs yet" }), QString());
        done(empty, words("model add zoo:lenet5"));
        QCOMPARE(flaw(empty(words("train")), 2, { "no data set yet" }), QString());
        done(empty, words("data add --kind glyphs --path train=100,test=50"));
        QCOMPARE(flaw(empty(words("score")), 2, { "'lenet5'", "no trained weights", "train" }), QString());
        QVERIFY(empty.content().runs.empty());
    }

    void notANumberAmongTheWeights_data()
    {
        QTest::addColumn<float>("value");
        QTest::newRow("nan") << std::numeric_limits<float>::quiet_NaN();
        QTest::newRow("infinity") << std::numeric_limits<float>::infinity();
    }

    /// The project's own functions store the spoilt weights, so that they have the name of their content.
    void notANumberAmongTheWeights()
    {
        QFETCH(const float, value);
        const Workplace place;
        place.copyFrom(m_place);
        {
            bitscape::Project project = bitscape::Project::open(place.file());
            auto weights = project.blob(attachment(project, { 1 }, "weights").value());
            std::memcpy(weights.data() + 4000, &value, sizeof value);
            putAttachment(project, { 1 }, "weights", project.putBlob(weights));
        }
        const Content before = place.content();
        QCOMPARE(flaw(place(words("score --from 1 --set samples_per_class=5")), 3, { "not finite", "fc1" }), QString());
        QVERIFY(place.content() == before);
    }

    void damagedWeights()
    {
        const Workplace place;
        place.copyFrom(m_place);
        SQLite::Database(place.file().string(), SQLite::OPEN_READWRITE)
            .exec(
                "UPDATE blobs SET bytes = zeroblob(size) WHERE sha256 = (SELECT blob FROM attachments WHERE run = 1 AND role = 'weights')");
        QCOMPARE(flaw(place(words("evaluate --from 1")), 3, { "damaged", "p.bitscape" }), QString());
    }

    void aDivergingTrainingFailsAndSaysWhy()
    {
        const Workplace place;
        furnish(place);
        const Outcome outcome
            = place(words("train --model lenet5 --set learning_rate=10 --set warmup_epochs=0 --set weight_decay=1 --threads 1"));
        QCOMPARE(outcome.code, 1); // it began well
        QVERIFY2(
            outcome.err.contains(QStringLiteral("learning_rate")) && outcome.err.count(QLatin1Char('\n')) == 1, qPrintable(outcome.err));
        const json run = place.show(1);
        QCOMPARE(run.at("state").get<std::string>(), std::string("failed"));
        QVERIFY(outcome.err.contains(QString::fromStdString(run.at("failure"))));
    }

    void projectFiles_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QStringList>("parts");
        const QByteArray good = m_place.read(QStringLiteral("p.bitscape"));
        QByteArray foreign = good, newer = good, damaged = good;
        foreign.replace(68, 4, "ABCD");
        newer.replace(60, 4, QByteArray("\0\0\0\x63", 4));
        damaged.replace(4096, 60000, QByteArray(60000, '\x5A'));
        QTest::newRow("empty") << QByteArray() << QStringList("empty");
        QTest::newRow("text") << QByteArray("Dear diary, ...\n").repeated(100) << QStringList("not a Bitscape project");
        QTest::newRow("another program's") << foreign << QStringList("another program");
        QTest::newRow("a newer Bitscape's") << newer << QStringList("newer");
        QTest::newRow("damaged") << damaged << QStringList("damaged");
        QTest::newRow("cut short") << good.left(good.size() / 3) << QStringList("damaged");
    }

    void projectFiles()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(QStringList, parts);
        parts << QStringLiteral("p.bitscape");
        const Workplace place;
        place.write(QStringLiteral("p.bitscape"), bytes);
        for (const char* command : { "runs", "train", "data add --kind glyphs", "cancel 1" }) {
            QCOMPARE(flaw(place(words(command)), 3, parts), QString());
            QVERIFY(place.read(QStringLiteral("p.bitscape")) == bytes);
            QVERIFY(place.read(QStringLiteral("p.bitscape-wal")).isEmpty());
        }
    }

    void projectPaths()
    {
        const Workplace place;
        QCOMPARE(flaw(place(words("runs")), 3, { "p.bitscape", "does not exist" }), QString());
        QDir().mkpath(place.path(QStringLiteral("folder")));
        QDir().mkpath(place.path(QStringLiteral("named.bitscape")));
        const QString folder = QFileInfo(place.path()).path();
        QCOMPARE(flaw(call(words("runs folder"), folder), 3, { "folder", "is a folder" }), QString());
        QCOMPARE(flaw(call(words("train named"), folder), 3, { "named.bitscape", "is a folder" }), QString());
        QCOMPARE(flaw(call(words("runs /dev/null"), folder), 3, { "/dev/null" }), QString());
        QCOMPARE(flaw(call(words("new named"), folder), 3, { "named.bitscape", "already" }), QString());
        QCOMPARE(flaw(call(words("new no/such/p"), folder), 3, { "no/such/p.bitscape", "folder" }), QString());
        QVERIFY(place.files().isEmpty());
        done(place, words("new"));
        const QByteArray bytes = place.read(QStringLiteral("p.bitscape"));
        QCOMPARE(flaw(place(words("new")), 3, { "p.bitscape", "already" }), QString());
        QVERIFY(place.read(QStringLiteral("p.bitscape")) == bytes);
    }

private:
    static void parameters()
    {
        row("unknown parameter", { "train --model mlp --set epoch=3", 2, { "'epoch'", "did you mean 'epochs'" } });
        row("parameter of another kind", { "train --model mlp --set target_bits=3", 2, { "'target_bits'", "search" } });
        row("out of range", { "train --model mlp --set epochs=0", 2, { "'epochs'", "'0'", "1..10000" } });
        row("no number", { "train --model mlp --set epochs=3x", 2, { "'3x'", "integer" } });
        row("not a number", { "train --model mlp --set learning_rate=nan", 2, { "'learning_rate'", "'nan'" } });
        row("no choice", { "search --from 2 --set strategy=cp", 2, { "'strategy'", "'cp'", "cq, fisher" } });
        row("without a value", { "train --model mlp --set epochs", 2, { "'epochs'", "name=value" } });
        row("unknown preset", { "train --model mlp --preset quik", 2, { "'quik'", "quick, thorough" } });
        row("no presets", { "evaluate --from 1 --preset quick", 2, { "'quick'", "evaluate", "none" } });
        row("twice", { "train --model mlp --set epochs=1 --set epochs=2", 2, { "'epochs'", "twice" } });
        row("falling list", { "search --from 2 --set allowed_bits=4,2", 2, { "'allowed_bits'", "'4,2'" } });
        row("target above", { "search --from 2 --set allowed_bits=1,2 --set target_bits=3", 2, { "'target_bits'", "'1,2'" } });
        row("class weights",
            { "search --from 2 --set strategy=fisher --set class_weights=1,2 --set samples_per_class=5", 2,
                { "class_weights", "2", "10" } });
        row("seed below 0", { "train --model mlp --seed -1", 2, { "--seed", "'-1'" } });
        row("seed above all", { "train --model mlp --seed 18446744073709551616", 2, { "--seed", "'18446744073709551616'" } });
        row("seed no number", { "train --model mlp --seed x", 2, { "--seed", "'x'" } });
    }

    static void splitsAndCounts()
    {
        row("malformed split", { "train --model mlp --set train_split=train[1-5]", 2, { "'train_split'", "'train[1-5]'" } });
        row("unknown part", { "train --model mlp --set train_split=trian", 2, { "'train_split'", "'trian'" } });
        row("split out of range", { "train --model mlp --set train_split=train[0:5000]", 2, { "train_split", "5000", "600" } });
        row("empty split", { "train --model mlp --set train_split=train[500:400]", 2, { "train_split", "empty" } });
        row("test split", { "evaluate --from 1 --set test_split=test[:201]", 2, { "test_split", "201", "200" } });
        row("too many per class", { "score --from 1 --set samples_per_class=55", 3, { "\"C\"", "54 images", "55" } });
        row("too many to measure", { "search --from 2 --set strategy=fisher --set samples_per_class=55", 3, { "54 images", "55" } });
        row("too many to calibrate", { "search --from 2 --set activation_bits=4 --set samples_per_class=55", 3, { "54 images", "55" } });
    }

    static void names()
    {
        row("no such model", { "train --model mpl", 2, { "'mpl'", "mlp, lenet5" } });
        row("which model", { "train", 2, { "mlp, lenet5" } });
        row("no such data", { "train --model mlp --data nope", 2, { "'nope'", "glyphs" } });
        row("no such run", { "score --from 99", 2, { "run 99", "p.bitscape" } });
        row("run no number", { "score --from first", 2, { "'first'", "'last'" } });
        row("run too large", { "show 99999999999999999999", 2, { "99999999999999999999" } });
        row("show no such run", { "show 99", 2, { "run 99" } });
        row("compare no such run", { "compare 1 99", 2, { "run 99" } });
        row("compare one run", { "compare 1", 2, { "RUN", "2" } });
        row("model name taken", { "model add zoo:lenet5", 2, { "\"lenet5\"", "already" } });
        row("blank model name", { "model add zoo:lenet5 --name BLANKS", 2, { "model", "name", "blanks" } });
        row("blank data name", { "data add --kind glyphs --name BLANKS", 2, { "data set", "name", "blanks" } });
        row("data name taken", { "data add --kind glyphs", 2, { "\"glyphs\"", "already" } });
        row("model in use", { "model remove mlp", 2, { "\"mlp\"", "runs 1, 2, 3 and 4" } });
        row("data in use", { "data remove glyphs", 2, { "\"glyphs\"", "runs 1, 2, 3 and 4" } });
        row("no stored weights", { "train --model twin --set initialise=stored", 2, { "'twin'", "initialise=fresh" } });
        row("unknown network", { "model add zoo:lenet6", 2, { "'lenet6'", "lenet5" } });
        row("unknown option", { "model add zoo:lenet5?wdth=2 --name b", 2, { "'wdth'", "width" } });
        row("bad shape", { "model add zoo:lenet5 --name b --input 3,x", 2, { "3xx" } });
        row("means and channels", { "model add zoo:lenet5 --name b --mean 1,2 --std 1,2", 2, { "--mean", "1 here" } });
        row("deviation of 0", { "data add --kind glyphs --name b --mean 0 --std 0", 2, { "--std", "above 0" } });
        row("no network file", { "model add net.pt", 3, { "'net.pt'" } });
        row("bad recipe", { "data add --kind glyphs --name b --path train=5", 2, { "train=5", "10" } });
        row("no path", { "data add --kind idx", 2, { "'idx'", "--path" } });
        row("unknown kind", { "data add --kind mnist", 2, { "--kind", "mnist" } });
    }

    static void parents()
    {
        row("search without scores", { "search --from 1", 2, { "'cq'", "score" } });
        row("random without scores", { "search --from 1 --set strategy=random", 2, { "'random'", "score" } });
        row("refine without bits", { "refine --from 1", 2, { "bit-widths", "search" } });
        row("from a queued run", { "score --from 4", 2, { "Run 4", "queued" } });
        row("from another model's run", { "search --from 2 --model twin", 2, { "Run 2", "'mlp'", "'twin'" } });
        row("shape does not fit", { "train --model colour", 3, { "'colour'", "3x32x32", "'glyphs'", "1x28x28" } });
        row("classes do not fit", { "train --model seven", 3, { "'seven'", "7", "'glyphs'", "10" } });
    }

    static void runsThatCannot()
    {
        row("run a finished one", { "run 1", 2, { "Run 1", "finished" } });
        row("resume a finished one", { "resume 1", 2, { "Run 1", "finished" } });
        row("cancel a finished one", { "cancel 1", 2, { "Run 1", "finished" } });
        row("remove one with children", { "remove 1", 2, { "Run 1", "run 2" } });
    }

    static void usage()
    {
        row("unknown option of a command", { "train --model mlp --epochs 3", 2, { "--epochs", "bitscape-cli train --help" } });
        row("threads", { "train --model mlp --threads 0", 2, { "--threads", "1" } });
        row("device", { "train --model mlp --device tpu", 2, { "--device", "cuda" } });
    }

    Workplace m_place;
};

QTEST_GUILESS_MAIN(RefusalsTest)
#include "tst_cli_refusals.moc"
