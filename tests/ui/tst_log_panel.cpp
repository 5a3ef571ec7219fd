// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/view_fixture.h"

#include "ui/jobs/log_panel.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QElapsedTimer>
#include <QFile>
#include <QFileDialog>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>

using namespace bitscape;
using namespace bitscape::ui;

class TestLogPanel final : public QObject {
    Q_OBJECT
private slots:
    void init() { failOnAnyWarning(); }
    void keepsTheLastLines();
    void narrowsToTheSelectedRun();
    void copiesSavesAndClears();

private:
    static QStringList shown(const LogPanel& panel) { return panel.findChild<QPlainTextEdit*>()->toPlainText().split(QLatin1Char('\n')); }
};

/// 50000 lines at once: the last 20000 stay, in order, and no turn of the event loop takes long.
void TestLogPanel::keepsTheLastLines()
{
    Selection selection;
    LogPanel panel(selection);
    panel.show();
    for (int i = 0; i < 50000; ++i)
        panel.add(RunId { 1 + i % 3 }, QStringLiteral("line %1").arg(i));
    QTimer beat;
    QElapsedTimer clock;
    qint64 longest = 0;
    connect(&beat, &QTimer::timeout, this, [&] { longest = std::max(longest, clock.restart()); });
    clock.start();
    beat.start(0);
    QTRY_VERIFY(shown(panel).last().endsWith(QStringLiteral("  line 49999")));
    qInfo("the longest turn of the event loop took %lld ms", static_cast<long long>(longest));
    const QStringList lines = shown(panel);
    QCOMPARE(lines.size(), 20000);
    for (int i = 0; i < 20000; ++i)
        QVERIFY(lines[i].endsWith(QStringLiteral("#%1  line %2").arg(1 + (30000 + i) % 3).arg(30000 + i)));
    QVERIFY(lines[0].contains(QRegularExpression(QStringLiteral("^\\d\\d:\\d\\d:\\d\\d  #"))));
    QVERIFY2(longest < 250, qPrintable(QString::number(longest)));
}

/// Also lines from long ago, behind many of another run.
void TestLogPanel::narrowsToTheSelectedRun()
{
    Selection selection;
    LogPanel panel(selection);
    panel.show();
    panel.add(RunId { 7 }, QStringLiteral("early"));
    for (int i = 0; i < 9000; ++i)
        panel.add(RunId { 8 }, QStringLiteral("other"));
    panel.add(std::nullopt, QStringLiteral("of nobody"));
    selection.selectRun(RunId { 7 });
    QTRY_COMPARE(shown(panel).size(), 9002);
    QTest::mouseClick(panel.findChild<QCheckBox*>(), Qt::LeftButton, {}, { 8, panel.findChild<QCheckBox*>()->height() / 2 });
    QTRY_COMPARE(shown(panel).size(), 1);
    QTRY_VERIFY(shown(panel)[0].endsWith(QStringLiteral("early")));
    panel.add(RunId { 8 }, QStringLiteral("hidden"));
    panel.add(RunId { 7 }, QStringLiteral("late"));
    QTRY_COMPARE(shown(panel).size(), 2);
    selection.selectRun(RunId { 8 });
    QTRY_COMPARE(shown(panel).size(), 9001);
    QVERIFY(shown(panel).last().endsWith(QStringLiteral("hidden")));
}

void TestLogPanel::copiesSavesAndClears()
{
    Selection selection;
    LogPanel panel(selection);
    panel.show();
    panel.add(RunId { 1 }, QStringLiteral("ä first"));
    panel.add(RunId { 2 }, QStringLiteral("second"));
    QTRY_COMPARE(shown(panel).size(), 2);
    QTest::mouseClick(panel.findChild<QPushButton*>(QStringLiteral("log-copy")), Qt::LeftButton);
    QCOMPARE(QApplication::clipboard()->text(), shown(panel).join(QLatin1Char('\n')) + QLatin1Char('\n'));
    const QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("log.txt"));
    QSignalSpy refused(&panel, &LogPanel::refused);
    const auto saveTo = [&](const QString& where) {
        QTest::mouseClick(panel.findChild<QPushButton*>(QStringLiteral("log-save")), Qt::LeftButton);
        auto* dialog = panel.findChild<QFileDialog*>();
        QVERIFY(dialog);
        emit dialog->fileSelected(where);
        dialog->close();
    };
    saveTo(path);
    QTRY_VERIFY(QFile::exists(path));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(QString::fromUtf8(file.readAll()), panel.text());
    QTRY_VERIFY(!panel.findChild<QFileDialog*>());
    saveTo(QStringLiteral("/nowhere/log.txt"));
    QTRY_COMPARE(refused.count(), 1);
    QVERIFY(refused[0][0].toString().contains(QStringLiteral("/nowhere/log.txt")));
    QTest::mouseClick(panel.findChild<QPushButton*>(QStringLiteral("log-clear")), Qt::LeftButton);
    QVERIFY(panel.text().isEmpty());
    QCOMPARE(panel.findChild<QPlainTextEdit*>()->toPlainText(), QString());
}

QTEST_MAIN(TestLogPanel)
#include "tst_log_panel.moc"
