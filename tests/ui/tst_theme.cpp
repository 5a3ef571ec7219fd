// SPDX-License-Identifier: GPL-3.0-or-later
// The look follows the system, also after another one was chosen and when the system's changes.
#include "ui/window/studio.h"

#include <QApplication>
#include <QProxyStyle>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace bitscape::ui;

namespace {

/// A platform whose own palette is dark or light.
class Platform final : public QProxyStyle {
public:
    explicit Platform(const QColor& background)
        : QProxyStyle(QStringLiteral("Fusion"))
        , m_background(background)
    {
    }
    QPalette standardPalette() const override { return QPalette(m_background); }

private:
    QColor m_background;
};

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

    void followsThePlatformsPalette()
    {
        const auto kept = store();
        Studio studio(*kept);
        QCoreApplication::processEvents(); // as the program's start does
        QSignalSpy changes(&studio.theme(), &Theme::changed);
        QApplication::setStyle(new Platform("#202020"));
        QTRY_VERIFY(studio.theme().isDark());
        QCOMPARE(shownLightness() < 128, true);
        QCOMPARE(changes.count(), 1); // the studio's own palette is no news
        studio.settings().setTheme(Theme::Choice::Light);
        QApplication::setStyle(new Platform("#101010")); // is heard while another look is chosen, and counts later
        QCoreApplication::processEvents();
        QVERIFY(!studio.theme().isDark());
        QCOMPARE(QApplication::palette().color(QPalette::Window), studio.theme().colours().window);
        studio.settings().setTheme(Theme::Choice::System);
        QVERIFY(studio.theme().isDark());
        QApplication::setStyle(new Platform("#f0f0f0"));
        QTRY_VERIFY(!studio.theme().isDark());
        QCOMPARE(QApplication::palette().color(QPalette::Window), studio.theme().colours().window);
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
