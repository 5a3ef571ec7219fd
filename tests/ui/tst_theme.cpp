// SPDX-License-Identifier: GPL-3.0-or-later
// The look follows the system, also after another one was chosen and when the system's changes.
#include "ui/window/studio.h"

#include <QApplication>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace bitscape::ui;

namespace {

int shownLightness()
{
    return QApplication::palette().color(QPalette::Window).lightness();
}

} // namespace

class TestTheme final : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

    std::unique_ptr<QSettings> store() const
    {
        return std::make_unique<QSettings>(m_folder.filePath(QString::fromLatin1(QTest::currentTestFunction())), QSettings::IniFormat);
    }

    /// What the application hears of a platform's new palette: its own colours stay, those below them change.
    static void platformChanges()
    {
        QPalette palette = QApplication::palette();
        palette.setColor(QPalette::Midlight, "#a0b0c0");
        QApplication::setPalette(palette);
    }

private slots:
    void cleanup()
    {
        QApplication::setPalette({});
        qApp->setStyleSheet({});
    }

    /// What the studio itself has put over the application is not taken for the system's.
    void backToTheSystem()
    {
        const auto kept = store();
        Studio studio(*kept);
        const bool system = studio.theme().isDark();
        QVERIFY(!system); // an offscreen platform is light
        for (const Theme::Choice choice : { Theme::Choice::Dark, Theme::Choice::Light, Theme::Choice::Dark }) {
            studio.settings().setTheme(choice);
            QCOMPARE(studio.theme().isDark(), choice == Theme::Choice::Dark);
            QCOMPARE(shownLightness() < 128, choice == Theme::Choice::Dark);
            QCoreApplication::processEvents();
            studio.settings().setTheme(Theme::Choice::System);
            QCOMPARE(studio.theme().isDark(), system);
            QCOMPARE(shownLightness() < 128, system);
        }
    }

    /// Offscreen the platform's palette is light. Here the program starts on a dark one, which then gives way to that.
    void followsThePlatformsPalette()
    {
        QApplication::setPalette(QPalette(QColor("#202020")));
        const auto kept = store();
        Studio studio(*kept);
        QVERIFY(studio.theme().isDark());
        QCoreApplication::processEvents(); // as the program's start does
        QApplication::setPalette(studio.theme().palette());
        QCoreApplication::processEvents();
        QVERIFY(studio.theme().isDark()); // the studio's own palette is no news
        studio.settings().setTheme(Theme::Choice::Light);
        studio.settings().setTheme(Theme::Choice::Dark);
        platformChanges();
        QCoreApplication::processEvents();
        QVERIFY(studio.theme().isDark()); // is heard while another look is chosen, and counts later
        QCOMPARE(QApplication::palette().color(QPalette::Window), studio.theme().colours().window);
        studio.settings().setTheme(Theme::Choice::System);
        QVERIFY(!studio.theme().isDark());
        QCOMPARE(QApplication::palette().color(QPalette::Window), studio.theme().colours().window);
    }

    void followsAtOnce()
    {
        QApplication::setPalette(QPalette(QColor("#202020")));
        const auto kept = store();
        Studio studio(*kept);
        QCoreApplication::processEvents();
        QVERIFY(studio.theme().isDark());
        QSignalSpy changes(&studio.theme(), &Theme::changed);
        platformChanges();
        QTRY_VERIFY(!studio.theme().isDark());
        QCOMPARE(shownLightness() >= 128, true);
        QCoreApplication::processEvents();
        QCOMPARE(changes.count(), 1);
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
