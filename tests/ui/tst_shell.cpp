// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the shell that stand alone: command search, drops, a project opened twice, what is offered for resumption, icons.
#include "ui/window/command_palette.h"
#include "ui/window/drop_target.h"
#include "ui/window/fuzzy_match.h"
#include "ui/window/resume_offer.h"
#include "ui/window/single_instance.h"

#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QLineEdit>
#include <QListWidget>
#include <QLocalServer>
#include <QPainter>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <set>

using namespace bitscape;
using namespace bitscape::ui;

namespace {

/// Whether the characters of `typed` stand in `text` in order, by walking along it.
bool isSubsequence(const QString& typed, const QString& text)
{
    qsizetype at = 0;
    for (const QChar c : text)
        at += at < typed.size() && c.toLower() == typed[at].toLower() ? 1 : 0;
    return at == typed.size();
}

QString randomWord(QRandomGenerator& random, int most)
{
    QString word;
    for (int i = random.bounded(1, most); i > 0; --i)
        word += QStringLiteral("abC ")[random.bounded(4)];
    return word;
}

std::shared_ptr<const RunRecord> record(std::int64_t id, RunState state)
{
    RunRecord made;
    made.run.id = { id };
    made.run.state = state;
    return std::make_shared<const RunRecord>(made);
}

QString sourceText(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace

class TestShell final : public QObject {
    Q_OBJECT
private slots:
    void matchesWhatIsASubsequence()
    {
        QRandomGenerator random(7);
        for (int i = 0; i < 2000; ++i) {
            const QString typed = randomWord(random, 4).remove(QLatin1Char(' ')), text = randomWord(random, 9);
            const auto match = fuzzyMatch(typed, text);
            QVERIFY2(match.has_value() == isSubsequence(typed, text), qPrintable(typed + " in " + text));
            for (std::size_t k = 0; match && k < match->positions.size(); ++k) {
                QCOMPARE(text[match->positions[k]].toLower(), typed[static_cast<qsizetype>(k)].toLower());
                QVERIFY(k == 0 || match->positions[k - 1] < match->positions[k]);
            }
        }
    }

    void ranksBeginningsFirst()
    {
        const auto titles = [](const QString& typed) {
            const std::vector<PaletteEntry> entries { { "Reset all panes", {}, {}, true, {} }, { "Run > New", {}, {}, true, {} },
                { "New run", {}, {}, true, {} }, { "Other", {}, {}, true, {} } };
            QStringList found;
            for (const PaletteEntry& entry : CommandPalette::ranked(entries, typed))
                found << entry.title;
            return found;
        };
        QCOMPARE(titles("new").front(), QStringLiteral("New run"));  // at the start
        QCOMPARE(titles("rn").front(), QStringLiteral("Run > New")); // starts of words
        QCOMPARE(titles("zzz"), QStringList());
        QCOMPARE(titles({}).size(), 4);
    }

    void paletteIsWorkedByKeys()
    {
        QWidget window;
        window.resize(800, 600);
        const Theme theme;
        CommandPalette palette(theme, &window);
        QStringList done;
        palette.addProvider([&] {
            return std::vector<PaletteEntry> { { "Alpha", {}, {}, true, [&] { done << "Alpha"; } },
                { "Alps", {}, {}, false, [&] { done << "Alps"; } }, { "Beta", {}, {}, true, [&] { done << "Beta"; } } };
        });
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        palette.open();
        auto* line = palette.findChild<QLineEdit*>();
        QTest::keyClicks(line, QStringLiteral("be"));
        QCOMPARE(palette.findChild<QListWidget*>()->count(), 1);
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(done, QStringList { "Beta" });
        QVERIFY(!palette.isVisible());
        palette.open();
        QTest::keyClick(line, Qt::Key_Down); // to the one that is switched off
        QTest::keyClick(line, Qt::Key_Return);
        QVERIFY(palette.isVisible());
        QTest::keyClick(line, Qt::Key_Escape);
        QVERIFY(!palette.isVisible());
        QCOMPARE(done, QStringList { "Beta" });
    }

    void dropsByWhatTheyAre()
    {
        const auto kind
            = [](const char* path, bool folder = false) { return dropOf({ QUrl::fromLocalFile(QString::fromLatin1(path)) }, folder).kind; };
        QCOMPARE(kind("/a/p.bitscape"), Drop::Kind::Project);
        QCOMPARE(kind("/a/net.ONNX"), Drop::Kind::Model);
        QCOMPARE(kind("/a/net.pt"), Drop::Kind::Model);
        QCOMPARE(kind("/a/images", true), Drop::Kind::Dataset);
        QCOMPARE(dropOf({ QUrl::fromLocalFile("/a/mnist/train-images-idx3-ubyte.gz") }, false), (Drop { Drop::Kind::Dataset, "/a/mnist" }));
        QCOMPARE(kind("/a/letter.txt"), Drop::Kind::Nothing);
        QCOMPARE(dropOf({ QUrl("https://example.org/p.bitscape") }, false).kind, Drop::Kind::Nothing);
        QCOMPARE(dropOf({}, false).kind, Drop::Kind::Nothing);
    }

    /// The second is turned away and the first comes to the front; once the first is gone, or has died, the next has the project.
    void oneWindowPerProject()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("p.bitscape"));
        QVERIFY(SingleInstance::serverName(path) != SingleInstance::serverName(folder.filePath(QStringLiteral("q.bitscape"))));
        auto first = std::make_unique<SingleInstance>(path);
        QVERIFY(first->claim());
        QSignalSpy activated(first.get(), &SingleInstance::activated);
        // The answer comes from this thread's event loop, so the question is asked from another.
        bool second = true;
        const std::unique_ptr<QThread> asker(QThread::create([&] { second = SingleInstance(path).claim(5000); }));
        asker->start();
        QTRY_VERIFY(asker->isFinished());
        QVERIFY(!second);
        QCOMPARE(activated.count(), 1);
        first.reset();
        QVERIFY(SingleInstance(path).claim());
    }

    void aSilentServerIsTakenOver()
    {
        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("p.bitscape"));
        QLocalServer silent;
        QVERIFY(silent.listen(SingleInstance::serverName(path)));
        QElapsedTimer timer;
        timer.start();
        QVERIFY(SingleInstance(path).claim(100));
        QVERIFY(timer.elapsed() < 5000);
    }

    void offersWhatIsUnfinished()
    {
        const RunMap runs { { { 1 }, record(1, RunState::Finished) }, { { 2 }, record(2, RunState::Interrupted) },
            { { 3 }, record(3, RunState::Queued) }, { { 4 }, record(4, RunState::Running) }, { { 5 }, record(5, RunState::Cancelled) } };
        const ResumeOffer offer = resumeOffer(runs);
        QCOMPARE(offer.interrupted, std::vector<RunId> { { 2 } });
        QCOMPARE(offer.queued, std::vector<RunId> { { 3 } });
        QVERIFY(resumeOffer({}).isEmpty());
    }

    /// Every icon that the code names is there, and every icon that is there shows something.
    void iconsAreThere()
    {
        const Theme theme;
        std::set<QString> named;
        static const QRegularExpression kName(QStringLiteral(R"re(icon\((?:QStringLiteral\()?"([a-z0-9-]+)"\)?)re"));
        for (QDirIterator files(QStringLiteral(BITSCAPE_SOURCE_DIR "/ui"), { "*.cpp" }, QDir::Files, QDirIterator::Subdirectories);
             files.hasNext();) {
            for (auto matches = kName.globalMatch(sourceText(files.next())); matches.hasNext();) {
                const QString name = matches.next().captured(1);
                if (!name.endsWith(QLatin1Char('-')))
                    named.insert(name);
            }
        }
        QVERIFY(named.size() > 10);
        for (const QString& name : named)
            QVERIFY2(QFile::exists(QStringLiteral(":/icons/%1.svg").arg(name)), qPrintable(name));
        for (QDirIterator icons(QStringLiteral(BITSCAPE_SOURCE_DIR "/resources/icons")); icons.hasNext();) {
            const QFileInfo file(icons.next());
            if (file.suffix() != QLatin1String("svg"))
                continue;
            for (const int size : { 16, 64 }) {
                const QImage image = theme.icon(file.completeBaseName()).pixmap(size, size).toImage();
                bool drawn = false;
                for (int y = 0; y < image.height(); ++y)
                    for (int x = 0; x < image.width(); ++x)
                        drawn = drawn || qAlpha(image.pixel(x, y)) > 100;
                QVERIFY2(drawn, qPrintable(file.fileName()));
            }
        }
    }
};

QTEST_MAIN(TestShell)
#include "tst_shell.moc"
