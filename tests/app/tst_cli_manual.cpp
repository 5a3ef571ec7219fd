// SPDX-License-Identifier: GPL-3.0-or-later
// What is made from the declarations for people and shells: the manual page, completion; and that the guide names only commands that there
// are.
#include "tests/app/cli_fixture.h"

#include "core/jobs/parameters.h"

#include <QStandardPaths>

#include <algorithm>
#include <array>

using namespace cli;
using bitscape::ParameterSpec;
using bitscape::RunKind;

namespace {

constexpr std::array kKinds { RunKind::Train, RunKind::Score, RunKind::Search, RunKind::Refine, RunKind::Step, RunKind::Evaluate };

QString printed(const QStringList& arguments)
{
    const Outcome outcome = call(arguments);
    return outcome.code == 0 ? outcome.out : QString();
}

/// Every command by its full name, found by asking --help for what is below, not by the tree that the page is made of.
QStringList commandsBelow(const QStringList& path)
{
    static const QRegularExpression list(QStringLiteral("Subcommands:\\n((?:  .*\\n)+)")),
        name(QStringLiteral("^  ([a-z]\\S*)"), QRegularExpression::MultilineOption);
    const auto match = list.match(printed(path + QStringList { QStringLiteral("--help") }));
    if (!match.hasMatch())
        return { path.join(QLatin1Char(' ')) };
    QStringList all;
    for (auto names = name.globalMatch(match.captured(1)); names.hasNext();)
        all += commandsBelow(path + QStringList { names.next().captured(1) });
    return all;
}

/// What bash offers behind these words, the last of which is being typed.
QStringList completed(const QString& script, const QString& line)
{
    QStringList arguments { QStringLiteral("--norc"), QStringLiteral("-c"),
        QStringLiteral("compopt() { :; }; source \"$0\"; COMP_WORDS=(bitscape-cli \"$@\"); COMP_CWORD=$#; _bitscape_cli; printf '%s\\n' "
                       "\"${COMPREPLY[@]}\""),
        script };
    // bash cuts words at '=' before a completion sees them
    for (const QString& word : line.split(QLatin1Char(' '))) {
        const qsizetype sign = word.indexOf(QLatin1Char('='));
        if (sign < 0) {
            arguments << word;
            continue;
        }
        arguments << word.left(sign) << QStringLiteral("=");
        if (sign + 1 < word.size())
            arguments << word.mid(sign + 1);
    }
    QProcess process;
    process.start(QStringLiteral("bash"), arguments);
    const Outcome outcome = outcomeOf(process);
    if (outcome.code != 0 || !outcome.err.isEmpty())
        qWarning("bash: %s", qPrintable(outcome.err));
    return outcome.out.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
}

} // namespace

class ManualTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void pageHasEveryCommandAndParameter()
    {
        const QString page = printed({ QStringLiteral("manual") });
        const QStringList commands = commandsBelow({});
        QVERIFY(commands.size() > 25);
        for (const QString& command : commands)
            QVERIFY2(page.contains(QStringLiteral("\n.SS %1\n").arg(command)), qPrintable(command));
        for (const RunKind kind : kKinds) {
            const qsizetype begin
                = page.indexOf(QStringLiteral(".SH PARAMETERS OF %1\n").arg(QString::fromStdString(toString(kind)).toUpper()));
            const QString section = page.mid(begin, page.indexOf(QStringLiteral("\n.SH"), begin + 4) - begin);
            for (const ParameterSpec& spec : bitscape::parametersOf(kind))
                QVERIFY2(section.contains(QStringLiteral("\\fB%1\\fR").arg(QString::fromStdString(spec.name))), spec.name.c_str());
        }
    }

    void pageIsReadWithoutWarnings()
    {
        if (QStandardPaths::findExecutable(QStringLiteral("man")).isEmpty())
            QSKIP("man is not installed");
        QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("page.1")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(printed({ QStringLiteral("manual") }).toUtf8());
        file.close();
        QProcess man;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
        environment.insert(QStringLiteral("MANWIDTH"), QStringLiteral("80"));
        man.setProcessEnvironment(environment);
        man.start(QStringLiteral("man"), { QStringLiteral("--warnings"), QStringLiteral("-l"), file.fileName() });
        const Outcome outcome = outcomeOf(man);
        QCOMPARE(outcome.code, 0);
        QCOMPARE(outcome.err, QString());
        QVERIFY(outcome.out.contains(QStringLiteral("target_bits")));
    }

    void bashCompletes_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QStringList>("answers");
        QTest::newRow("commands") << "re" << QStringList { "refine", "resume", "remove" };
        QTest::newRow("commands below") << "model pr" << QStringList { "preview" };
        QTest::newRow("options") << "search p --se" << QStringList { "--set", "--seed" };
        QTest::newRow("choices") << "train p --device c" << QStringList { "cpu", "cuda" };
        QTest::newRow("parameters") << "search p --set target" << QStringList { "target_bits=" };
        QTest::newRow("no parameter of another kind") << "train p --set target" << QStringList {};
        QTest::newRow("values") << "search p --set order=de" << QStringList { "descending" };
        QTest::newRow("all values") << "search p --set decision=" << QStringList { "exact", "confident" };
        QTest::newRow("a second one") << "search p --set order=ascending --set grid=n" << QStringList { "narrow" };
        QTest::newRow("shells") << "completion f" << QStringList { "fish" };
    }

    void bashCompletes()
    {
        QFETCH(QString, line);
        QFETCH(QStringList, answers);
        QTemporaryDir folder;
        QFile script(folder.filePath(QStringLiteral("completion")));
        QVERIFY(script.open(QIODevice::WriteOnly));
        script.write(printed({ QStringLiteral("completion"), QStringLiteral("bash") }).toUtf8());
        script.close();
        QStringList found = completed(script.fileName(), line);
        found.sort();
        answers.sort();
        QCOMPARE(found, answers);
    }

    void otherShellsReadTheirs()
    {
        for (const QString& shell : { QStringLiteral("zsh"), QStringLiteral("fish") }) {
            const QString script = printed({ QStringLiteral("completion"), shell });
            QVERIFY(script.contains(QLatin1String("target_bits")));
            if (QStandardPaths::findExecutable(shell).isEmpty())
                continue;
            QTemporaryDir folder;
            QFile file(folder.filePath(QStringLiteral("script")));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(script.toUtf8());
            file.close();
            QProcess process;
            process.start(shell, { QStringLiteral("-n"), file.fileName() });
            const Outcome outcome = outcomeOf(process);
            QVERIFY2(outcome.code == 0 && outcome.err.isEmpty(), qPrintable(shell + QStringLiteral(": ") + outcome.err));
        }
        QCOMPARE(call({ QStringLiteral("completion"), QStringLiteral("tcsh") }).code, 2);
    }

    void guideNamesWhatThereIs()
    {
        static const QRegularExpression command(QStringLiteral("bitscape-cli ([a-z]+)(?: ([a-z]+))?")),
            setting(QStringLiteral("--set ([a-z_]+)="));
        const QStringList commands = commandsBelow({});
        int seen = 0;
        const QDir help(QStringLiteral(BITSCAPE_SOURCE_DIR "/resources/help"));
        for (const QString& name : help.entryList({ QStringLiteral("*.md") })) {
            QFile file(help.filePath(name));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QString text = QString::fromUtf8(file.readAll());
            for (auto matches = command.globalMatch(text); matches.hasNext(); ++seen) {
                const auto match = matches.next();
                const QString both = match.captured(1) + QLatin1Char(' ') + match.captured(2);
                QVERIFY2(commands.contains(match.captured(1)) || commands.contains(both), qPrintable(name + QStringLiteral(": ") + both));
            }
            for (auto matches = setting.globalMatch(text); matches.hasNext();) {
                const std::string parameter = matches.next().captured(1).toStdString();
                const bool known = std::ranges::any_of(kKinds, [&](RunKind kind) {
                    return std::ranges::any_of(
                        bitscape::parametersOf(kind), [&](const ParameterSpec& spec) { return spec.name == parameter; });
                });
                QVERIFY2(known, parameter.c_str());
            }
        }
        QVERIFY(seen > 15);
    }
};

QTEST_GUILESS_MAIN(ManualTest)
#include "tst_cli_manual.moc"
