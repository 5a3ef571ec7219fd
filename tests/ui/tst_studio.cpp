// SPDX-License-Identifier: GPL-3.0-or-later
// The studio as a person uses it, from the welcome page to a refined network, with the real worker.
#include "tests/ui/studio_fixture.h"

#include "core/project/results.h"
#include "ui/forms/parameter_editor.h"
#include "ui/jobs/jobs_panel.h"
#include "ui/window/notice_bar.h"

#include <QDialogButtonBox>
#include <QFrame>
#include <QLabel>
#include <QListWidget>
#include <QMessageBox>
#include <QSpinBox>
#include <QStackedWidget>

#include <csignal>

using namespace studio_test;

class StudioTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        qputenv("BITSCAPE_CLI", BITSCAPE_CLI);
        QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    }

    /// Each step stands on the one before it.
    void init()
    {
        if (m_failed)
            QSKIP("An earlier step failed.");
    }

    void cleanup() { m_failed = m_failed || QTest::currentTestFailed(); }

    void newProject()
    {
        m_window = m_place.studio->newWindow();
        click(in(*m_window, "welcome-new"));
        QTRY_VERIFY(dialog<QFileDialog>("project-file"));
        auto* files = dialog<QFileDialog>("project-file");
        auto* line = files->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"));
        line->setCompleter(nullptr); // its popup would take the keys
        type(line, m_place.path(QStringLiteral("work.bitscape")));
        QCOMPARE(line->text(), m_place.path(QStringLiteral("work.bitscape")));
        const QPointer<QFileDialog> asked(files);
        click(files->findChild<QDialogButtonBox*>()->buttons().front());
        if (asked && asked->isVisible()) // the first went to the folder
            click(asked->findChild<QDialogButtonBox*>()->buttons().front());
        QTRY_VERIFY(m_window->workspace() && document().isOpen());
        QVERIFY(m_window->windowTitle().startsWith(QLatin1String("work")));
        QVERIFY(QFile::exists(m_place.path(QStringLiteral("work.bitscape"))));
    }

    /// Refused in words while there is nothing to compute with.
    void aRunNeedsAModel()
    {
        click(in(*m_window, "new-run-button"));
        QTRY_COMPARE(m_window->notices().count(), 1);
        QVERIFY(!dialog("new-run"));
        m_window->notices().dismiss(QStringLiteral("refused"));
    }

    void addGlyphs()
    {
        click(in(*m_window, "add-dataset-button"));
        QTRY_VERIFY(dialog("add-dataset"));
        QDialog& adding = *dialog("add-dataset");
        choose(in<QComboBox>(adding, "data-kind"), QStringLiteral("glyphs"));
        const auto boxes = adding.findChildren<QSpinBox*>();
        for (QSpinBox* box : boxes) {
            if (box->value() == 8000)
                box->setValue(1500);
            else if (box->value() == 2000)
                box->setValue(300);
        }
        click(in(adding, "accept"));
        QTRY_COMPARE_WITH_TIMEOUT(document().datasets().size(), std::size_t(1), kPatienceMs);
        QTRY_VERIFY(!dialog("add-dataset"));
        QCOMPARE(document().datasets().front().trainCounts.front(), 150);
    }

    void addLenet()
    {
        click(in(*m_window, "add-model-button"));
        QTRY_VERIFY(dialog("add-model"));
        QDialog& adding = *dialog("add-model");
        choose(in<QComboBox>(adding, "zoo-network"), QStringLiteral("lenet5"));
        type(in<QLineEdit>(adding, "model-name"), QStringLiteral("small"));
        click(in(adding, "accept"));
        QTRY_COMPARE_WITH_TIMEOUT(document().models().size(), std::size_t(1), kPatienceMs);
        QCOMPARE(document().models().front().model.name, std::string("small"));
    }

    void train()
    {
        start(QStringLiteral("train"), { { "epochs", "2" } });
        QTRY_COMPARE_WITH_TIMEOUT(state(1), bitscape::toString(RunState::Finished), kPatienceMs);
        QCOMPARE(views().currentKind(), QStringLiteral("training"));
        shows("training");
    }

    void score()
    {
        start(QStringLiteral("score"), { { "samples_per_class", "20" } });
        QTRY_COMPARE_WITH_TIMEOUT(state(2), bitscape::toString(RunState::Finished), kPatienceMs);
        shows("importance");
    }

    void search()
    {
        start(QStringLiteral("search"), { { "samples_per_class", "20" } });
        QTRY_COMPARE_WITH_TIMEOUT(state(3), bitscape::toString(RunState::Finished), kPatienceMs);
        shows("search");
        for (const char* kind : { "bitmap", "importance", "curves", "confusion" }) {
            QTest::keyClick(m_window, Qt::Key_1, Qt::AltModifier); // any view in between
            views().showKind(QLatin1String(kind));
            shows(kind);
        }
        QVERIFY(m_window->workspace()->loader().watch({ 3 })->cost->averageBits <= 2.0);
        m_window->workspace()->loader().unwatch({ 3 });
    }

    void cancelOne()
    {
        start(QStringLiteral("train"), { { "epochs", "500" } });
        QTRY_COMPARE_WITH_TIMEOUT(state(4), bitscape::toString(RunState::Running), kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(rowButton(4, "job-cancel"), kPatienceMs);
        QElapsedTimer timer;
        timer.start();
        click(rowButton(4, "job-cancel"));
        QTRY_COMPARE_WITH_TIMEOUT(state(4), bitscape::toString(RunState::Cancelled), kPatienceMs);
        qInfo("cancelled after %lld ms", static_cast<long long>(timer.elapsed()));
    }

    void pauseAndGoOn()
    {
        start(QStringLiteral("train"), { { "epochs", "500" } });
        QTRY_VERIFY_WITH_TIMEOUT(epochs(5) > 0, kPatienceMs);
        click(rowButton(5, "job-pause"));
        QTRY_COMPARE_WITH_TIMEOUT(state(5), bitscape::toString(RunState::Paused), kPatienceMs);
        const std::size_t paused = epochs(5);
        QTRY_VERIFY_WITH_TIMEOUT(rowButton(5, "job-resume")->isVisible(), kPatienceMs);
        QCOMPARE(epochs(5), paused);
        click(rowButton(5, "job-resume"));
        QTRY_VERIFY_WITH_TIMEOUT(epochs(5) > paused, kPatienceMs);
        QCOMPARE(state(5), bitscape::toString(RunState::Running));
    }

    /// A worker that is killed costs its run only, and is said so.
    void killed()
    {
        const pid_t worker = workerOf(5);
        QVERIFY(worker > 0);
        QCOMPARE(::kill(worker, SIGKILL), 0);
        QTRY_COMPARE_WITH_TIMEOUT(state(5), bitscape::toString(RunState::Interrupted), kPatienceMs);
        QTRY_VERIFY(m_window->notices().findChild<QFrame*>(QStringLiteral("run-5")));
        QVERIFY(!m_window->notices().findChildren<QLabel*>().isEmpty());
        m_interruptedAt = epochs(5);
    }

    void closeAndReopen()
    {
        m_window->close();
        QTRY_VERIFY(m_window.isNull());
        m_window = m_place.studio->newWindow();
        auto* recent = in<QListWidget>(*m_window, "recent");
        QVERIFY(recent && recent->count() == 1);
        recent->setCurrentRow(0);
        QTest::keyClick(recent, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->workspace() && document().isOpen(), kPatienceMs);
        QTRY_COMPARE(document().runs().size(), std::size_t(5));
        QTRY_VERIFY(in(m_window->notices(), "resume-0")); // interrupted runs are offered
    }

    void resumeIt()
    {
        click(in(m_window->notices(), "resume-0"));
        QTRY_VERIFY_WITH_TIMEOUT(epochs(5) > m_interruptedAt, kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(state(5), bitscape::toString(RunState::Running), kPatienceMs);
    }

    /// While two workers report, no event takes long (what is measured is printed; the bound here is loose, machines are noisy).
    void neverBlocked()
    {
        auto* limit = in<QSpinBox>(*m_window, "job-limit");
        limit->setFocus();
        QTest::keyClick(limit, Qt::Key_Up);
        QCOMPARE(limit->value(), 2);
        start(QStringLiteral("train"), { { "epochs", "500" } });
        QTRY_VERIFY_WITH_TIMEOUT(epochs(6) > 1, kPatienceMs);
        auto& application = *static_cast<TimedApplication*>(QApplication::instance());
        application.forget();
        for (const char* kind : { "training", "curves", "importance", "network", "bitmap" }) {
            views().showKind(QLatin1String(kind));
            const std::size_t before = epochs(6);
            QTRY_VERIFY_WITH_TIMEOUT(epochs(6) > before, kPatienceMs);
        }
        qInfo("longest event: %lld ms (%s)", static_cast<long long>(application.longestMs()), application.longest().constData());
        QVERIFY(application.longestMs() < 1000);
    }

    /// Closing asks while runs are under way; workers that are left go on.
    void closingAsks()
    {
        const pid_t worker = workerOf(6);
        m_window->close();
        QTRY_VERIFY(dialog<QMessageBox>("close-question"));
        QVERIFY(m_window->isVisible());
        for (QAbstractButton* button : dialog<QMessageBox>("close-question")->buttons()) {
            if (button->text().contains(QLatin1String("background")))
                click(button);
        }
        QTRY_VERIFY(m_window.isNull());
        QCOMPARE(::kill(worker, 0), 0);
        Project project = Project::open(m_place.path(QStringLiteral("work.bitscape")).toStdString());
        QCOMPARE(bitscape::toString(run(project, { 6 }).state), bitscape::toString(RunState::Running));
        requestCancel(project, { 5 });
        requestCancel(project, { 6 });
        QTRY_COMPARE_WITH_TIMEOUT(bitscape::toString(run(project, { 6 }).state), bitscape::toString(RunState::Cancelled), kPatienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(bitscape::toString(run(project, { 5 }).state), bitscape::toString(RunState::Cancelled), kPatienceMs);
    }

private:
    ProjectDocument& document() { return m_window->workspace()->document(); }
    ViewTabs& views() { return m_window->workbench()->views(); }

    std::string state(int run)
    {
        const auto record = document().run({ run });
        return bitscape::toString(record ? record->run.state : RunState::Queued);
    }

    std::size_t epochs(int run)
    {
        Project project = Project::openReadOnly(document().path().toStdString());
        return bitscape::epochs(project, { run }).size();
    }

    QWidget* rowButton(int run, const char* name)
    {
        QWidget* row = m_window->findChild<QWidget*>(QStringLiteral("job-%1").arg(run));
        return row ? row->findChild<QWidget*>(QLatin1String(name)) : nullptr;
    }

    pid_t workerOf(int run)
    {
        Project project = Project::openReadOnly(document().path().toStdString());
        return static_cast<pid_t>(bitscape::workerOf(project, { run }).value_or(Worker {}).process);
    }

    /// Starts a run through the dialog.
    void start(const QString& kind, const std::vector<std::pair<const char*, const char*>>& values)
    {
        QTRY_VERIFY(!QApplication::activeModalWidget());
        click(in(*m_window, "new-run-button"));
        QTRY_VERIFY(dialog("new-run"));
        QDialog& asking = *dialog("new-run");
        choose(in<QComboBox>(asking, "run-kind"), kind);
        for (const auto& [name, value] : values) {
            auto* stack = asking.findChild<QStackedWidget*>();
            auto* editor = stack->currentWidget()->findChild<ParameterEditor*>(QStringLiteral("parameter-") + QLatin1String(name));
            QVERIFY2(editor, name);
            type(editor->findChild<QLineEdit*>(), QLatin1String(value));
        }
        const std::size_t before = document().runs().size();
        click(in(asking, "run-start"));
        QTRY_COMPARE_WITH_TIMEOUT(document().runs().size(), before + 1, kPatienceMs);
        QTRY_VERIFY(!dialog("new-run"));
    }

    /// The view in front is this one and has something to show.
    void shows(const char* kind)
    {
        QTRY_COMPARE(views().currentKind(), QLatin1String(kind));
        QTRY_VERIFY2(views().currentView() && !views().currentView()->findChild<QLabel*>(QStringLiteral("hint"))->isVisible(), kind);
    }

    Place m_place;
    QPointer<MainWindow> m_window;
    std::size_t m_interruptedAt = 0;
    bool m_failed = false;
};

int main(int argc, char** argv)
{
    TimedApplication application(argc, argv);
    StudioTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_studio.moc"
