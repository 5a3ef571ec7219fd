// SPDX-License-Identifier: GPL-3.0-or-later
// Presets of a person's own at the command line: saved, listed, used by a run, removed.
#include "tests/app/cli_fixture.h"

#include "core/jobs/parameters.h"

using namespace cli;

class PresetsTest : public QObject {
    Q_OBJECT

    QTemporaryDir m_home;
    Workplace m_place;
    QString file() const { return m_home.filePath(QStringLiteral("bitscape/presets.json")); }
    json parameters(std::int64_t run) const { return m_place.show(run).at("parameters"); }

private slots:
    void initTestCase()
    {
        qputenv("XDG_CONFIG_HOME", m_home.path().toLocal8Bit());
        furnish(m_place);
    }

    void savedAndUsed()
    {
        const Outcome saved = call({ "preset", "save", "train", "my way", "--set", "epochs=7", "--set", "batch=32" });
        QVERIFY2(saved.code == 0 && saved.out == QLatin1String("preset my way for train\n"), qPrintable(saved.out + saved.err));
        QVERIFY(QFile::exists(file()));
        const std::int64_t run = done(m_place,
            words("train --model mlp --queue --set epochs=2") << "--preset"
                                                              << "my way");
        QCOMPARE(parameters(run).dump(), bitscape::parametersFromTexts(bitscape::RunKind::Train, { "epochs=2", "batch=32" }).dump());
        const QString listed = call(words("preset list train")).out;
        QVERIFY2(listed.contains(QRegularExpression(QStringLiteral("my way +own +batch=32 epochs=7"))), qPrintable(listed));
        QVERIFY(listed.contains(QStringLiteral("photos")) && !listed.contains(QStringLiteral("fisher")));
        QVERIFY(call(words("preset list")).out.contains(QStringLiteral("fisher")));
        QVERIFY(call(words("train --help")).out.contains(QStringLiteral("my way  batch=32 epochs=7")));
        QVERIFY(!call(words("score --help")).out.contains(QStringLiteral("my way")));
    }

    void onTopOfAnother()
    {
        QCOMPARE(call({ "preset", "save", "train", "more", "--preset", "photos", "--set", "epochs=9" }).code, 0);
        const std::int64_t run = done(m_place, words("train --model mlp --queue --preset more"));
        QCOMPARE(parameters(run).at("augment").get<std::string>(), std::string("crop+flip"));
        QCOMPARE(parameters(run).at("epochs").get<int>(), 9);
    }

    void replacedOnlyIfAsked()
    {
        QCOMPARE(flaw(call({ "preset", "save", "train", "my way", "--set", "epochs=8" }), 2, { "'my way'", "already" }), QString());
        QCOMPARE(call({ "preset", "save", "train", "my way", "--set", "epochs=8", "--replace" }).code, 0);
        QVERIFY(call(words("preset list train")).out.contains(QRegularExpression(QStringLiteral("my way +own +epochs=8\n"))));
    }

    void refused()
    {
        QCOMPARE(flaw(call({ "preset", "save", "train", "x", "--set", "epochs=0" }), 2, { "'epochs'" }), QString());
        QCOMPARE(flaw(call({ "preset", "save", "train", "x" }), 2, { "'x'", "defaults" }), QString());
        QCOMPARE(flaw(call({ "preset", "save", "train", "quick", "--set", "epochs=4" }), 2, { "built-in" }), QString());
        QCOMPARE(flaw(call({ "preset", "remove", "train", "nobody" }), 2, { "'nobody'" }), QString());
        QVERIFY(call({ "preset", "save", "dream", "x" }).err.contains(QStringLiteral("dream")));
        QCOMPARE(flaw(m_place(words("train --model mlp --preset nobody")), 2, { "'nobody'", "quick", "my way", "more" }), QString());
    }

    void removed()
    {
        QCOMPARE(call({ "preset", "remove", "train", "my way" }).code, 0);
        QCOMPARE(flaw(m_place({ "train", "--model", "mlp", "--preset", "my way" }), 2, { "'my way'" }), QString());
    }

    void damagedFile()
    {
        QFile out(file());
        QVERIFY(out.open(QIODevice::WriteOnly) && out.write("{\"version\": 1, \"pres") > 0);
        out.close();
        QCOMPARE(flaw(m_place(words("train --model mlp --preset more")), 3, { file(), "damaged" }), QString());
        QCOMPARE(flaw(call(words("preset list")), 3, { file(), "damaged" }), QString());
        QVERIFY(done(m_place, words("train --model mlp --queue --preset quick")) > 0); // built-in ones need no file
        const Outcome help = call(words("train --help"));
        QVERIFY(help.code == 0 && help.out.contains(QStringLiteral("damaged")) && help.out.contains(QStringLiteral("thorough")));
    }
};

QTEST_GUILESS_MAIN(PresetsTest)
#include "tst_cli_presets.moc"
