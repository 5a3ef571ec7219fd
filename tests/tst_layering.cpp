// SPDX-License-Identifier: GPL-3.0-or-later
// The layer rule of the design: who may include and link whom.
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

namespace {

struct Rule {
    const char* folder;    ///< of the source tree
    const char* forbidden; ///< what its files must not say
    const char* why;
};

const Rule kRules[] = {
    { "core", R"(#include\s*<Q[A-Z])", "core knows no Qt" },
    { "core/base", R"(#include\s*"core/(?!base/))", "base stands on nothing" },
    { "core/network", R"(#include\s*"core/(?!base/|network/))", "network stands on base alone" },
    { "core/project", R"(#include\s*"core/(?!base/|project/))", "project stands on base alone" },
    { "core/jobs", R"(#include\s*"core/engine/)", "jobs do not know the engine" },
    { "core/network", R"(#include\s*[<"](torch|ATen|c10)/)", "LibTorch belongs to the engine" },
    { "core/project", R"(#include\s*[<"](torch|ATen|c10)/)", "LibTorch belongs to the engine" },
    { "core/jobs", R"(#include\s*[<"](torch|ATen|c10)/)", "LibTorch belongs to the engine" },
    { "ui", R"(#include\s*[<"](torch|ATen|c10|core/engine)/)", "the studio survives whatever the engine does" },
    { "ui", R"(\b(SELECT|INSERT INTO|UPDATE|DELETE FROM)\b)", "SQL lives in core/project" },
    { "app", R"(\b(SELECT|INSERT INTO|DELETE FROM)\b)", "SQL lives in core/project" },
    { "core/engine", R"(\b(SELECT|INSERT INTO|DELETE FROM)\b)", "SQL lives in core/project" },
    { "core/jobs", R"(\b(SELECT|INSERT INTO|DELETE FROM)\b)", "SQL lives in core/project" },
};

QStringList sources(const QString& folder)
{
    QStringList files;
    QDirIterator iterator(folder, { "*.h", "*.cpp" }, QDir::Files, QDirIterator::Subdirectories);
    while (iterator.hasNext())
        files << iterator.next();
    return files;
}

QString textOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace

class TestLayering : public QObject {
    Q_OBJECT

private slots:
    void sourcesKeepTheRules_data()
    {
        QTest::addColumn<int>("rule");
        for (int i = 0; i < static_cast<int>(std::size(kRules)); ++i)
            QTest::addRow("%s: %s (%d)", kRules[i].folder, kRules[i].why, i) << i;
    }

    void sourcesKeepTheRules()
    {
        QFETCH(int, rule);
        const QRegularExpression forbidden(kRules[rule].forbidden);
        for (const QString& path : sources(QString(BITSCAPE_SOURCE_DIR "/") + kRules[rule].folder)) {
            const auto match = forbidden.match(textOf(path));
            QVERIFY2(!match.hasMatch(), qPrintable(path + ": " + match.captured() + " (" + kRules[rule].why + ")"));
        }
    }

    /// A rule that matches nothing anywhere would pass for ever: each must catch its own example.
    void rulesCatchWhatTheyForbid()
    {
        QVERIFY(QRegularExpression(kRules[0].forbidden).match("#include <QString>").hasMatch());
        QVERIFY(QRegularExpression(kRules[1].forbidden).match("#include \"core/jobs/events.h\"").hasMatch());
        QVERIFY(QRegularExpression(kRules[2].forbidden).match("#include \"core/project/ids.h\"").hasMatch());
        QVERIFY(!QRegularExpression(kRules[2].forbidden).match("#include \"core/base/error.h\"").hasMatch());
        QVERIFY(QRegularExpression(kRules[8].forbidden).match("#include <torch/torch.h>").hasMatch());
        QVERIFY(QRegularExpression(kRules[9].forbidden).match("\"SELECT id FROM runs\"").hasMatch());
    }

    /// The link line of every library but the engine is free of LibTorch, and no library of core links Qt.
    void linksKeepTheRules()
    {
        const QString ninja = textOf(BITSCAPE_BINARY_DIR "/build.ninja");
        if (ninja.isEmpty())
            QSKIP("Only Ninja's build file is read here.");
        for (const char* library : { "base", "network", "project", "jobs", "data" }) {
            const QRegularExpression flags(
                QString("build [^\\n]*bitscape_%1\\.dir[^\\n]*\\.o: [^\\n]*\\n((?:  [^\\n]*\\n)*)").arg(library));
            auto matches = flags.globalMatch(ninja);
            QVERIFY2(matches.hasNext(), library);
            while (matches.hasNext()) {
                const QString block = matches.next().captured(1);
                QVERIFY2(!block.contains("/torch/"), library);
                QVERIFY2(!block.contains("QtCore"), library);
            }
        }
        QVERIFY(!QRegularExpression("bitscape_engine\\.dir[^\\n]*\\.o: [^\\n]*\\n(?:  [^\\n]*\\n)*?  INCLUDES = [^\\n]*QtCore")
                     .match(ninja)
                     .hasMatch());
    }

    void filesStaySmall()
    {
        for (const char* folder : { "app", "core", "ui", "tests" }) {
            for (const QString& path : sources(QString(BITSCAPE_SOURCE_DIR "/") + folder)) {
                const auto lines = textOf(path).count('\n');
                QVERIFY2(lines <= 400, qPrintable(QString("%1 has %2 lines: look for the second idea in it").arg(path).arg(lines)));
            }
        }
    }
};

QTEST_APPLESS_MAIN(TestLayering)
#include "tst_layering.moc"
