// SPDX-License-Identifier: GPL-3.0-or-later
// What a person reads besides results: help that leaves out nothing, and a progress bar that keeps to its line.
#include "tests/app/cli_fixture.h"

#include "core/jobs/parameters.h"
#include "core/jobs/presets.h"

using namespace cli;

namespace {

/// All commands that there are.
const QStringList& commands()
{
    static const QStringList kAll { "new", "model add", "model list", "model show", "model remove", "data add", "data list", "data show",
        "data remove", "train", "score", "search", "refine", "evaluate", "run", "resume", "cancel", "remove", "runs", "show", "compare",
        "table", "preset list", "preset save", "preset remove" };
    return kAll;
}

qsizetype widest(const QString& text)
{
    qsizetype width = 0;
    for (const QString& line : text.split(QLatin1Char('\n')))
        width = std::max(width, line.size());
    return width;
}

/// The command as it looks on a terminal of so many columns: everything that it writes, in order.
QString onTerminal(const Workplace& place, const QStringList& command, int columns)
{
    QStringList quoted;
    for (const QString& word : QStringList(BITSCAPE_CLI) + place.withProject(command))
        quoted << QLatin1Char('\'') + word + QLatin1Char('\'');
    QProcess process;
    process.setProcessEnvironment(environment());
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(QStringLiteral("script"),
        { QStringLiteral("-qec"), QStringLiteral("stty cols %1; ").arg(columns) + quoted.join(QLatin1Char(' ')),
            QStringLiteral("/dev/null") });
    return outcomeOf(process).out;
}

/// What the bar showed, one text per drawing.
QStringList drawings(const QString& terminal)
{
    QStringList all = terminal.split(QStringLiteral("\r\x1b[K"));
    all.removeFirst(); // before the first one
    for (QString& drawing : all)
        drawing = drawing.section(QStringLiteral("\r\n"), 0, 0);
    all.removeAll(QString());
    return all.filter(QStringLiteral("[")); // the others are lines that begin where a bar was
}

} // namespace

class WordsTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void initTestCase() { furnish(m_place); }

    void helpNamesEveryCommand()
    {
        const Outcome help = call(words("--help"));
        QCOMPARE(help.code, 0);
        QCOMPARE(help.err, QString());
        for (const QString& command : commands())
            QVERIFY2(help.out.contains(QStringLiteral("\n  ") + command.section(QLatin1Char(' '), 0, 0) + QLatin1Char(' ')),
                qPrintable(command));
        QVERIFY(help.out.contains(QStringLiteral("130 cancelled")));
        QVERIFY2(call(words("--version")).out.startsWith(QStringLiteral("bitscape ")), "no version");
    }

    void theExamplesOfTheHelpWork()
    {
        const QTemporaryDir folder;
        int tried = 0;
        for (const QString& line : call(words("--help")).out.split(QLatin1Char('\n'))) {
            if (!line.startsWith(QStringLiteral("  bitscape-cli ")))
                continue;
            QStringList command = line.split(QLatin1Char(' '), Qt::SkipEmptyParts).mid(1);
            if (command.contains(QStringLiteral("glyphs")))
                command << words("--path train=1200,test=100"); // as they are, but sooner
            const Outcome outcome = call(command, folder.path());
            QVERIFY2(outcome.code == 0, qPrintable(line + QStringLiteral(": ") + outcome.err));
            ++tried;
        }
        QVERIFY(tried > 5);
    }

    void helpOfEveryCommand()
    {
        for (const QString& command : commands()) {
            const Outcome help = call(command.split(QLatin1Char(' ')) << QStringLiteral("--help"));
            QCOMPARE(help.code, 0);
            const QString subject = command.startsWith(QLatin1String("preset")) ? QStringLiteral("KIND") : QStringLiteral("PROJECT");
            QVERIFY2(help.out.contains("bitscape-cli " + command) && help.out.contains(subject), qPrintable(help.out));
        }
    }

    void helpTellsEveryParameter()
    {
        using bitscape::RunKind;
        for (const RunKind kind : { RunKind::Train, RunKind::Score, RunKind::Search, RunKind::Refine, RunKind::Evaluate }) {
            const QString help = call({ QString::fromStdString(toString(kind)), QStringLiteral("--help") }).out;
            const QString flat = QString(help).replace(QRegularExpression(QStringLiteral("\\s+")), QStringLiteral(" "));
            for (const bitscape::ParameterSpec& spec : bitscape::parametersOf(kind)) {
                QVERIFY2(
                    help.contains(QStringLiteral("\n  ") + QString::fromStdString(spec.name) + QStringLiteral("  ")), spec.name.c_str());
                QVERIFY2(flat.contains(QString::fromStdString(spec.help)), spec.name.c_str());
            }
            for (const bitscape::Preset& preset : bitscape::presetsOf(kind))
                QVERIFY2(flat.contains(QString::fromStdString(preset.name + " " + settingsText(preset) + " " + preset.help)),
                    preset.name.c_str());
            const QString parameters = help.mid(help.indexOf(QRegularExpression(QStringLiteral("(Presets|Parameters), "))));
            QVERIFY2(widest(parameters) <= 80, qPrintable(parameters));
        }
    }

    void aPresetAndWhatIsSetBesides()
    {
        const Workplace place;
        furnish(place);
        done(place, words("train --model mlp --set batch=32 --preset thorough --set epochs=4 --queue"));
        const json parameters = place.show(1).at("parameters");
        QCOMPARE(parameters.at("augment").get<std::string>(), std::string("crop"));
        QCOMPARE(parameters.at("epochs").get<int>(), 4); // what is set goes before, wherever it stands
        QCOMPARE(parameters.at("batch").get<int>(), 32);
        QCOMPARE(parameters.at("momentum").get<double>(), 0.9);
    }

    void theBarKeepsToItsLine_data()
    {
        QTest::addColumn<int>("columns");
        QTest::newRow("80 columns") << 80;
        QTest::newRow("40 columns") << 40;
    }

    void theBarKeepsToItsLine()
    {
        QFETCH(const int, columns);
        const QString terminal = onTerminal(m_place, words("train --model lenet5 --set epochs=40 --threads 1"), columns);
        const QStringList bars = drawings(terminal);
        QVERIFY2(bars.size() > 3, qPrintable(terminal));
        static const QRegularExpression kBar(QStringLiteral("^train  \\[(#*)(-*)\\] ( *\\d+) %"));
        int last = 0;
        for (const QString& bar : bars) {
            const QRegularExpressionMatch match = kBar.match(bar);
            QVERIFY2(match.hasMatch() && bar.size() < columns, qPrintable(bar));
            const int share = match.captured(3).trimmed().toInt();
            QVERIFY2(share >= last && share <= 100, qPrintable(bar));
            const qsizetype full = match.captured(1).size(), width = full + match.captured(2).size();
            QVERIFY2(full >= share * width / 100 && full <= (share + 1) * width / 100, qPrintable(bar)); // the percentage is rounded down
            last = share;
        }
        QVERIFY2(last > 80, qPrintable(bars.back())); // it is drawn ten times a second, of many epochs
        if (columns == 80)
            QVERIFY2(bars.filter(QRegularExpression(QStringLiteral("epoch \\d\\d/40  loss \\d\\.\\d{3}  accuracy 0\\.\\d{3}$"))).size() > 0,
                qPrintable(terminal));
        QVERIFY2(terminal.contains(QRegularExpression(QStringLiteral("\r\x1b\\[Kaccuracy 0\\.\\d+\r\n$"))),
            qPrintable(terminal)); // the bar is gone
    }

    void noBarForEvents()
    {
        const QString terminal = onTerminal(m_place, words("train --model mlp --set epochs=2 --events"), 80);
        for (const QString& line : terminal.split(QStringLiteral("\r\n"), Qt::SkipEmptyParts))
            QVERIFY2(line.startsWith(QLatin1Char('{')) && line.endsWith(QLatin1Char('}')), qPrintable(line));
    }

private:
    Workplace m_place;
};

QTEST_GUILESS_MAIN(WordsTest)
#include "tst_cli_words.moc"
