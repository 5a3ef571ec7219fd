// SPDX-License-Identifier: GPL-3.0-or-later
// Settings by click and key, read back from a file of their own.
#include "ui/forms/settings_dialog.h"

#include <QComboBox>
#include <QLineEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

using namespace bitscape::ui;

class TestSettings : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    QString file(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)); }

private slots:
    void atFirst()
    {
        QSettings store(file("empty"), QSettings::IniFormat);
        const Settings settings(store);
        QCOMPARE(settings.theme(), Theme::Choice::System);
        QCOMPARE(settings.workers(), std::max(1, QThread::idealThreadCount() / 4));
        QCOMPARE(settings.onClose(), Settings::OnClose::Ask);
        QCOMPARE(settings.dataFolder(), QString());
    }

    void roundTripThroughTheFile()
    {
        {
            QSettings store(file("kept"), QSettings::IniFormat);
            Settings settings(store);
            settings.setTheme(Theme::Choice::Dark);
            settings.setWorkers(3);
            settings.setOnClose(Settings::OnClose::Cancel);
            settings.setDataFolder(QStringLiteral("/data/übung"));
        }
        QSettings store(file("kept"), QSettings::IniFormat);
        const Settings settings(store);
        QCOMPARE(settings.theme(), Theme::Choice::Dark);
        QCOMPARE(settings.workers(), 3);
        QCOMPARE(settings.onClose(), Settings::OnClose::Cancel);
        QCOMPARE(settings.dataFolder(), QStringLiteral("/data/übung"));
    }

    /// A file that somebody wrote nonsense into is no reason to fail.
    void nonsense()
    {
        QSettings store(file("nonsense"), QSettings::IniFormat);
        store.setValue(QStringLiteral("theme"), QStringLiteral("Purple"));
        store.setValue(QStringLiteral("workers"), -5);
        store.setValue(QStringLiteral("on_close"), 7);
        const Settings settings(store);
        QCOMPARE(settings.theme(), Theme::Choice::System);
        QCOMPARE(settings.workers(), 1);
        QCOMPARE(settings.onClose(), Settings::OnClose::Ask);
    }

    void tellsOnlyChanges()
    {
        QSettings store(file("signals"), QSettings::IniFormat);
        Settings settings(store);
        QSignalSpy changed(&settings, &Settings::changed);
        settings.setWorkers(5);
        settings.setWorkers(5);
        QCOMPARE(changed.count(), 1);
    }

    void dialogAppliesAtOnce()
    {
        QSettings store(file("dialog"), QSettings::IniFormat);
        Settings settings(store);
        settings.setWorkers(2);
        SettingsDialog dialog(settings);
        dialog.open();
        auto* theme = dialog.findChild<QComboBox*>(QStringLiteral("settings-theme"));
        theme->setFocus();
        QTest::keyClick(theme, Qt::Key_Down);
        QCOMPARE(settings.theme(), Theme::Choice::Light);
        auto* workers = dialog.findChild<QSpinBox*>(QStringLiteral("settings-workers"));
        workers->setFocus();
        QTest::keyClick(workers, Qt::Key_Up);
        QCOMPARE(settings.workers(), 3);
        auto* close = dialog.findChild<QComboBox*>(QStringLiteral("settings-on-close"));
        close->setFocus();
        QTest::keyClick(close, Qt::Key_End);
        QCOMPARE(settings.onClose(), Settings::OnClose::Cancel);
        auto* folder = dialog.findChild<QLineEdit*>(QStringLiteral("settings-data-folder"));
        folder->setFocus();
        QTest::keyClicks(folder, QStringLiteral("/data"));
        QTest::keyClick(&dialog, Qt::Key_Escape); // what was typed counts, however the dialog is left
        QVERIFY(!dialog.isVisible());
        QCOMPARE(settings.dataFolder(), QStringLiteral("/data"));
    }
};

QTEST_MAIN(TestSettings)
#include "tst_settings.moc"
