// SPDX-License-Identifier: GPL-3.0-or-later
// The window around the views: files dropped onto it, the welcome page, notices, and what the panels tell of the project.
#include "tests/ui/fake_cli.h"
#include "tests/ui/sample_project.h"
#include "tests/ui/studio_fixture.h"

#include "ui/jobs/log_panel.h"
#include "ui/window/notice_bar.h"

#include <QDragEnterEvent>
#include <QDragLeaveEvent>
#include <QDropEvent>
#include <QFrame>
#include <QLabel>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QToolButton>

using namespace studio_test;

namespace {

/// What a window does with a file that is dragged onto it and let go.
struct Dragged {
    explicit Dragged(const QString& path) { data.setUrls({ QUrl::fromLocalFile(path) }); }

    bool enters(QWidget& window)
    {
        QDragEnterEvent event(window.rect().center(), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        event.ignore();
        QApplication::sendEvent(&window, &event);
        return event.isAccepted();
    }
    bool isDropped(QWidget& window)
    {
        QDropEvent event(window.rect().center(), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        event.ignore();
        QApplication::sendEvent(&window, &event);
        return event.isAccepted();
    }

    QMimeData data;
};

} // namespace

class TestMainWindow final : public QObject {
    Q_OBJECT
    FakeCli m_cli;
    Sample m_sample;
    std::unique_ptr<Place> m_place;

    QString project() const { return m_place->path(QStringLiteral("p.bitscape")); }
    MainWindow* openProject()
    {
        MainWindow* window = m_place->studio->openProject(project(), ProjectThread::Mode::Open);
        return QTest::qWaitFor([&] { return window->workspace() && !window->workspace()->document().datasets().empty(); }) ? window
                                                                                                                           : nullptr;
    }
    QString write(const QString& name) const
    {
        QFile file(m_place->path(name));
        return file.open(QIODevice::WriteOnly) ? file.fileName() : QString();
    }
    static QString noticeText(const MainWindow& window, const char* id)
    {
        QStringList texts;
        if (const auto* row = window.findChild<QFrame*>(QLatin1String(id))) {
            for (const QLabel* label : row->findChildren<QLabel*>())
                texts << label->text();
        }
        return texts.join(QString());
    }

private slots:
    void initTestCase() { QApplication::setAttribute(Qt::AA_DontUseNativeDialogs); }

    void init()
    {
        m_place = std::make_unique<Place>();
        QVERIFY(QFile::copy(m_sample.path, project()));
    }
    void cleanup() { m_place.reset(); }

    void dropsOnAProject()
    {
        MainWindow* window = openProject();
        QVERIFY(window);
        const auto* overlay = in<QLabel>(*window, "drop-overlay");
        Dragged network(write(QStringLiteral("net.onnx")));
        QVERIFY(network.enters(*window));
        QVERIFY(overlay->isVisible() && overlay->text().contains(QStringLiteral("net.onnx")));
        QDragLeaveEvent leave;
        QApplication::sendEvent(window, &leave);
        QVERIFY(!overlay->isVisible());
        QVERIFY(network.enters(*window) && network.isDropped(*window));
        QVERIFY(!overlay->isVisible());
        QTRY_VERIFY(dialog("add-model"));
        QCOMPARE(in<QLineEdit>(*dialog("add-model"), "model-file")->text(), m_place->path(QStringLiteral("net.onnx")));
        QVERIFY(in<QLineEdit>(*dialog("add-model"), "model-file")->isVisible()); // the right page
        dialog("add-model")->reject();

        QVERIFY(QDir(m_place->folder.path()).mkpath(QStringLiteral("images/train")));
        Dragged images(m_place->path(QStringLiteral("images")));
        QVERIFY(images.enters(*window) && images.isDropped(*window));
        QTRY_VERIFY(dialog("add-dataset"));
        QCOMPARE(in<QLineEdit>(*dialog("add-dataset"), "data-path")->text(), m_place->path(QStringLiteral("images")));
        QTRY_COMPARE(in<QComboBox>(*dialog("add-dataset"), "data-kind")->currentText(), QStringLiteral("folder"));
        dialog("add-dataset")->reject();

        Dragged letter(write(QStringLiteral("letter.txt")));
        QVERIFY(!letter.enters(*window));
        QVERIFY(!overlay->isVisible());
        QVERIFY(!letter.isDropped(*window));
    }

    /// The welcome page takes projects only: there is nothing to add a model to.
    void dropsOnTheWelcomePage()
    {
        MainWindow* window = m_place->studio->newWindow();
        Dragged network(write(QStringLiteral("net.onnx"))), dragged(project());
        QVERIFY(!network.enters(*window) && !network.isDropped(*window));
        QVERIFY(dragged.enters(*window) && dragged.isDropped(*window));
        QTRY_VERIFY(window->workspace() && window->workspace()->document().isOpen());
        QVERIFY(network.enters(*window)); // now there is
        QDragLeaveEvent leave;
        QApplication::sendEvent(window, &leave);
    }

    void welcomePageListsProjects()
    {
        const QDateTime now = QDateTime::currentDateTime();
        RecentProjects& recent = m_place->studio->recent();
        for (int i = 0; i < 3; ++i)
            recent.add(m_place->path(QStringLiteral("gone%1.bitscape").arg(i)), now);
        recent.add(project(), now);
        MainWindow* window = m_place->studio->newWindow();
        auto* list = in<QListWidget>(*window, "recent");
        QCOMPARE(list->count(), 4);
        QTRY_VERIFY(list->item(1)->text().contains(QStringLiteral("not there any more")));
        QVERIFY(!list->item(0)->text().contains(QStringLiteral("not there any more")));
        m_place->studio->settings().setRecentProjects(2);
        QCOMPARE(list->count(), 2);
        m_place->studio->settings().setRecentProjects(12);
        list->setFocus();
        list->setCurrentRow(1);
        QTest::keyClick(list, Qt::Key_Delete);
        QCOMPARE(list->count(), 3);
        QCOMPARE(recent.projects().size(), std::size_t { 3 });
        list->setCurrentRow(0);
        QTest::keyClick(list, Qt::Key_Return);
        QTRY_VERIFY(window->workspace() && window->workspace()->document().path() == project());
    }

    /// A project that cannot be opened leaves the welcome page, and says why.
    void refusedProject()
    {
        QFile file(m_place->path(QStringLiteral("bad.bitscape")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("not a project");
        file.close();
        MainWindow* window = m_place->studio->newWindow();
        Dragged bad(file.fileName());
        QVERIFY(bad.enters(*window) && bad.isDropped(*window));
        QTRY_VERIFY(noticeText(*window, "refused").contains(QStringLiteral("bad.bitscape")));
        QTRY_VERIFY(!window->workspace());
        QVERIFY(in(*window, "welcome-new")->isVisible());
    }

    void aLogThatCannotBeWrittenIsSaid()
    {
        MainWindow* window = openProject();
        QVERIFY(window);
        click(window->workbench()->log().findChild<QPushButton*>(QStringLiteral("log-save")));
        auto* asked = window->workbench()->log().findChild<QFileDialog*>();
        QVERIFY(asked);
        emit asked->fileSelected(QStringLiteral("/nowhere/log.txt"));
        asked->close();
        QTRY_VERIFY(noticeText(*window, "refused").contains(QStringLiteral("/nowhere/log.txt")));
    }

    void panelTellsRuns()
    {
        MainWindow* window = openProject();
        QVERIFY(window);
        auto *models = in<QListWidget>(*window, "models"), *datasets = in<QListWidget>(*window, "datasets");
        QTRY_VERIFY(models->item(0)->text().endsWith(QStringLiteral("   5 runs")));
        QVERIFY(datasets->item(0)->text().endsWith(QStringLiteral("   5 runs")));
        Project file = Project::open(project().toStdString());
        const RunId added = addRun(file, bitscape::run(file, m_sample.search));
        window->workspace()->document().refresh();
        QTRY_VERIFY(models->item(0)->text().endsWith(QStringLiteral("   6 runs")));
        for (const RunId id : { added, m_sample.search, m_sample.again, m_sample.failed, m_sample.score })
            removeRun(file, id);
        window->workspace()->document().refresh();
        QTRY_VERIFY(models->item(0)->text().endsWith(QStringLiteral("   1 run")));
        removeRun(file, m_sample.train);
        window->workspace()->document().refresh();
        QTRY_VERIFY(!models->item(0)->text().contains(QStringLiteral("run")));
    }

    void notices()
    {
        Theme theme;
        NoticeBar bar(theme);
        QVERIFY(bar.isHidden());
        int chosen = 0;
        const auto text = [&](const char* id) { return bar.findChild<QFrame*>(QLatin1String(id))->findChildren<QLabel*>().last()->text(); };
        bar.show({ QStringLiteral("a"), Notice::Kind::Info, QStringLiteral("first"), {} });
        bar.show({ QStringLiteral("a"), Notice::Kind::Warning, QStringLiteral("second"), { { QStringLiteral("Do"), [&] { ++chosen; } } } });
        QCOMPARE(bar.count(), 1);
        QTRY_COMPARE(bar.findChildren<QFrame*>(QStringLiteral("a")).size(), 1); // in the first one's place
        QCOMPARE(text("a"), QStringLiteral("second"));
        const QString before = bar.findChild<QFrame*>(QStringLiteral("a"))->styleSheet();
        theme.choose(theme.isDark() ? Theme::Choice::Light : Theme::Choice::Dark);
        QTRY_COMPARE(bar.findChildren<QFrame*>(QStringLiteral("a")).size(), 1);
        QVERIFY(bar.findChild<QFrame*>(QStringLiteral("a"))->styleSheet() != before);
        QTest::mouseClick(bar.findChild<QPushButton*>(QStringLiteral("a-0")), Qt::LeftButton);
        QCOMPARE(chosen, 1);
        QCOMPARE(bar.count(), 0);
        QVERIFY(bar.isHidden());
        for (const char* id : { "b", "c", "d", "e", "f" })
            bar.show({ QLatin1String(id), Notice::Kind::Error, QLatin1String(id), {} });
        QCOMPARE(bar.count(), 4);
        QTRY_VERIFY(!bar.findChild<QFrame*>(QStringLiteral("b"))); // the oldest
        QTest::mouseClick(bar.findChild<QFrame*>(QStringLiteral("d"))->findChild<QToolButton*>(), Qt::LeftButton);
        QCOMPARE(bar.count(), 3);
        bar.dismiss(QStringLiteral("nobody"));
        QCOMPARE(bar.count(), 3);
    }
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
