// SPDX-License-Identifier: GPL-3.0-or-later
// Settings by click and key, read back from a file of their own.
#include "ui/forms/settings_dialog.h"
#include "ui/window/dialog_sizes.h"
#include "ui/window/recent_projects.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPointer>
#include <QScreen>
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
        QCOMPARE(settings.recentProjects(), 12);
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
            settings.setRecentProjects(4);
        }
        QSettings store(file("kept"), QSettings::IniFormat);
        const Settings settings(store);
        QCOMPARE(settings.theme(), Theme::Choice::Dark);
        QCOMPARE(settings.workers(), 3);
        QCOMPARE(settings.onClose(), Settings::OnClose::Cancel);
        QCOMPARE(settings.dataFolder(), QStringLiteral("/data/übung"));
        QCOMPARE(settings.recentProjects(), 4);
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

    /// As many of the newest as wanted; the others come back when the limit is raised, also in the next session.
    void recentProjectsUpToTheLimit()
    {
        QSettings store(file("recent"), QSettings::IniFormat);
        const QDateTime now = QDateTime::currentDateTime();
        RecentProjects recent(store);
        for (int i = 0; i < 20; ++i)
            recent.add(QStringLiteral("/p%1").arg(i), now);
        QCOMPARE(recent.projects().size(), std::size_t { 12 });
        QSignalSpy changed(&recent, &RecentProjects::changed);
        recent.setLimit(3);
        recent.setLimit(3);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(recent.projects().size(), std::size_t { 3 });
        QCOMPARE(recent.projects().front().path, QStringLiteral("/p19"));
        recent.add(QStringLiteral("/p17"), now);
        QCOMPARE(recent.projects().front().path, QStringLiteral("/p17"));
        RecentProjects later(store);
        later.setLimit(50);
        QCOMPARE(later.projects().size(), std::size_t { 20 });
    }

    void dialogsKeepTheirSizes()
    {
        QSettings store(file("sizes"), QSettings::IniFormat);
        const auto open = [&](const char* name) {
            QPointer<QDialog> dialog(new QDialog);
            dialog->setObjectName(QLatin1String(name));
            openDialog(*dialog, store);
            return dialog;
        };
        const QPointer<QDialog> first = open("one");
        first->resize(411, 322);
        QTest::keyClick(first, Qt::Key_Escape);
        QTRY_VERIFY(!first);
        const QPointer<QDialog> again = open("one"), other = open("two");
        QCOMPARE(again->size(), QSize(411, 322));
        QVERIFY(other->size() != again->size());
        again->resize(9000, 9000); // as left on a large screen
        again->accept();
        other->reject();
        const QPointer<QDialog> smaller = open("one");
        QCOMPARE(smaller->size(), smaller->screen()->availableSize());
        smaller->close();
        QTRY_VERIFY(!again && !other && !smaller);
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
        auto* recent = dialog.findChild<QSpinBox*>(QStringLiteral("settings-recent"));
        recent->setFocus();
        QTest::keyClick(recent, Qt::Key_Down);
        QCOMPARE(settings.recentProjects(), 11);
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
