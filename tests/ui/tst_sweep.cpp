// SPDX-License-Identifier: GPL-3.0-or-later
// A sweep of twelve children in the studio: asked for, closed in the middle in both ways, gone on with, looked at, exported.
#include "tests/ui/studio_fixture.h"

#include "core/jobs/run_tables.h"
#include "core/project/results.h"
#include "core/project/sweeps.h"
#include "ui/plots/chart.h"
#include "ui/runs/run_tree_model.h"
#include "ui/views/sweep_model.h"
#include "ui/window/notice_bar.h"
#include "ui/window/project_panel.h"
#include "ui/window/resume_offer.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QListWidget>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QProcess>
#include <QSpinBox>
#include <QTableView>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <map>

using namespace studio_test;

namespace {

constexpr std::size_t kChildren = 12;

void call(const QStringList& arguments)
{
    QProcess process;
    process.start(QStringLiteral(BITSCAPE_CLI), arguments);
    process.closeWriteChannel();
    if (!process.waitForFinished(kPatienceMs) || process.exitCode() != 0)
        qFatal("%s: %s", qPrintable(arguments.join(QLatin1Char(' '))), process.readAllStandardError().constData());
}

} // namespace

class SweepTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        qputenv("BITSCAPE_CLI", BITSCAPE_CLI);
        QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
        call({ QStringLiteral("new"), file() });
        call({ QStringLiteral("model"), QStringLiteral("add"), file(), QStringLiteral("zoo:lenet5") });
        call({ QStringLiteral("data"), QStringLiteral("add"), file(), QStringLiteral("--kind"), QStringLiteral("glyphs"),
            QStringLiteral("--path"), QStringLiteral("train=600,test=200,seed=1") });
        m_window = m_place.studio->newWindow();
        m_window->show();
        m_place.studio->openProject(file(), ProjectThread::Mode::Open, m_window);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->workspace() && !document().models().empty() && !document().datasets().empty(), kPatienceMs);
    }

    /// Each step stands on the one before it.
    void init()
    {
        if (m_failed)
            QSKIP("An earlier step failed.");
    }

    void cleanup() { m_failed = m_failed || QTest::currentTestFailed(); }

    void askedFor()
    {
        QTest::keyClick(m_window, Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
        QTRY_VERIFY(dialog("new-sweep"));
        QDialog& asking = *dialog("new-sweep");
        choose(in<QComboBox>(asking, "sweep-kind"), QStringLiteral("train"));
        type(in<QLineEdit>(asking, "sweep-seeds"), QStringLiteral("1-3"));
        auto* rates = visible(asking, "sweep-learning_rate");
        type(rates, QStringLiteral("0.01, 0.02, 0.05, 20"));
        QTRY_VERIFY2(complaint(asking).contains(QLatin1String("learning_rate")), qPrintable(complaint(asking)));
        type(rates, QStringLiteral("0.01, 0.02, 0.05, 0.1"));
        type(visible(asking, "sweep-epochs"), QStringLiteral("6"));
        auto* workers = in<QSpinBox>(asking, "sweep-workers");
        workers->setFocus();
        while (workers->value() < 2)
            QTest::keyClick(workers, Qt::Key_Up);
        QTRY_COMPARE(count(asking), QStringLiteral("12 run(s) in this sweep."));
        const auto recipe = json(in<QPlainTextEdit>(asking, "sweep-recipe")->toPlainText());
        QCOMPARE(recipe.at("stages")[0].at("grid").at("learning_rate").size(), kChildren / 3);
        QCOMPARE(recipe.at("stages")[0].at("set").at("epochs").get<int>(), 6);
        QCOMPARE(recipe.at("stages")[0].at("seeds").size(), std::size_t(3));
        click(in(asking, "sweep-start"));
        QTRY_COMPARE_WITH_TIMEOUT(document().runs().size(), kChildren + 1, kPatienceMs);
        QTRY_VERIFY(!dialog("new-sweep"));
        QTRY_COMPARE(views().currentKind(), QStringLiteral("sweep"));
    }

    /// Its children stand below it in the tree, and it alone is a job.
    void oneJobManyRuns()
    {
        QTRY_COMPARE_WITH_TIMEOUT(state(1), bitscape::toString(RunState::Running), kPatienceMs);
        QCOMPARE(m_window->workspace()->queue().jobs().size(), std::size_t(1));
        RunTreeModel tree(document(), m_window->workspace()->context().theme);
        QCOMPARE(tree.rowCount(), 1);
        QCOMPARE(tree.rowCount(tree.indexOf({ 1 })), static_cast<int>(kChildren));
        QTRY_COMPARE(table().model()->rowCount(), static_cast<int>(kChildren));
        QTRY_VERIFY_WITH_TIMEOUT(finished() >= 2, kPatienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(chart().spec().series.size() == 1, kPatienceMs); // live
    }

    /// Cancelled on closing: the children stop with it; gone on with from the menu.
    void closedAndGoneOnWith()
    {
        closeWith(QStringLiteral("Cancel them"));
        QTRY_COMPARE_WITH_TIMEOUT(storedState(), bitscape::toString(RunState::Cancelled), kPatienceMs);
        const auto before = storedChildren();
        QVERIFY(std::ranges::none_of(before, [](const Run& run) { return run.state == RunState::Running; }));
        reopen();
        m_window->workspace()->selection().selectRun(RunId { 1 });
        m_window->findChild<QAction*>(QStringLiteral("run-resume"))->trigger();
        const std::size_t done = finished();
        QTRY_VERIFY_WITH_TIMEOUT(finished() >= done + 2, kPatienceMs);
        for (const Run& run : before) {
            if (run.state == RunState::Finished)
                QVERIFY(bitscape::run(*stored(), run.id) == run);
        }
    }

    /// The studio gone, then the power: nobody computes in secret, and the sweep alone is offered.
    void powerCutAndOffered()
    {
        closeWith(QStringLiteral("Go on in the background"));
        const auto worker = bitscape::workerOf(*stored(), { 1 });
        QVERIFY(worker && bitscape::isAlive(*worker));
        QCOMPARE(::kill(static_cast<pid_t>(worker->process), SIGKILL), 0);
        QTRY_COMPARE_WITH_TIMEOUT(storedState(), bitscape::toString(RunState::Interrupted), kPatienceMs);
        const auto none = [](const Run& run) { return run.state != RunState::Running; };
        QTRY_VERIFY(std::ranges::all_of(storedChildren(), none));
        reopen();
        const ResumeOffer offer = resumeOffer(document().runs());
        QVERIFY(offer.interrupted == std::vector<RunId> { { 1 } });
        QVERIFY(offer.queued.empty());
        QTRY_VERIFY(in(m_window->notices(), "resume-0"));
        click(in(m_window->notices(), "resume-0"));
        QTRY_COMPARE_WITH_TIMEOUT(state(1), bitscape::toString(RunState::Finished), kPatienceMs);
        QCOMPARE(finished(), kChildren);
        QCOMPARE(document().runs().size(), kChildren + 1);
    }

    /// Mean and spread as a separate sum has them.
    void meanAndSpread()
    {
        m_window->workbench()->openRun({ 1 });
        QTRY_VERIFY(chart().spec().series.size() == 1 && chart().spec().series[0].x.size() == 4);
        std::map<double, std::vector<double>> accuracies;
        for (const Run& run : storedChildren())
            accuracies[run.parameters.at("learning_rate").get<double>()].push_back(
                100 * bitscape::metrics(*stored(), run.id).at("accuracy"));
        const Series& series = chart().spec().series[0];
        std::size_t i = 0;
        for (const auto& [rate, values] : accuracies) {
            const double mean = (values[0] + values[1] + values[2]) / 3;
            double squares = 0;
            for (const double value : values)
                squares += (value - mean) * (value - mean);
            QCOMPARE(series.x[i], rate);
            QVERIFY(std::abs(series.y[i] - mean) < 1e-9);
            QVERIFY(std::abs(series.high[i] - mean - std::sqrt(squares / 2)) < 1e-9);
            ++i;
        }
    }

    void sorted()
    {
        QHeaderView& head = *table().horizontalHeader();
        const int accuracy = column(QStringLiteral("Accuracy"));
        table().scrollTo(table().model()->index(0, accuracy));
        const QPoint place(head.sectionViewportPosition(accuracy) + head.sectionSize(accuracy) / 2, head.height() / 2);
        QTest::mouseClick(head.viewport(), Qt::LeftButton, {}, place);
        QVERIFY(std::ranges::is_sorted(shownAccuracies()));
        QTest::mouseClick(head.viewport(), Qt::LeftButton, {}, place);
        auto falling = shownAccuracies();
        QCOMPARE(falling.size(), kChildren);
        std::ranges::reverse(falling);
        QVERIFY(std::ranges::is_sorted(falling));
    }

    void exported()
    {
        click(in(view(), "sweepSave"));
        QTRY_VERIFY(dialog<QFileDialog>("sweep-file"));
        auto* files = dialog<QFileDialog>("sweep-file");
        auto* line = files->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"));
        line->setCompleter(nullptr);
        type(line, m_place.path(QStringLiteral("table.csv")));
        const QPointer<QFileDialog> asked(files);
        click(files->findChild<QDialogButtonBox*>()->buttons().front());
        if (asked && asked->isVisible()) // the first went to the folder
            click(asked->findChild<QDialogButtonBox*>()->buttons().front());
        QTRY_VERIFY(QFile::exists(m_place.path(QStringLiteral("table.csv"))));
        QFile csv(m_place.path(QStringLiteral("table.csv")));
        QVERIFY(csv.open(QIODevice::ReadOnly));
        const Table read = tableFrom(csv.readAll().toStdString());
        QCOMPARE(read.rows.size(), kChildren);
        const auto at = static_cast<std::size_t>(std::ranges::find(read.names, "Accuracy") - read.names.begin());
        const auto shown = shownAccuracies();
        for (std::size_t row = 0; row < kChildren; ++row)
            QCOMPARE(std::stod(read.rows[row].at(at)), shown[row]);
    }

    /// A row opens its run; the sweep stays in view. The filter leaves what holds its words.
    void openedAndFiltered()
    {
        const QRect cell = table().visualRect(table().model()->index(0, 1));
        QTest::mouseClick(table().viewport(), Qt::LeftButton, {}, cell.center());
        const auto selected = m_window->workspace()->selection().run();
        QVERIFY(selected && selected->value > 1);
        QTRY_COMPARE(table().selectionModel()->selectedRows().size(), 1);
        QVERIFY(table().isVisible());
        type(in<QLineEdit>(view(), "sweepFilter"), QStringLiteral("0.05"));
        QTRY_COMPARE(table().model()->rowCount(), 3);
        QTest::keyClicks(in<QLineEdit>(view(), "sweepFilter"), QStringLiteral(" finished"));
        QCOMPARE(table().model()->rowCount(), 3);
        QVERIFY(table().isVisible());
    }

    /// Another sweep like it, by hand; what the worker refuses stands in the dialog.
    void likeIt()
    {
        m_window->workspace()->selection().selectRun(RunId { 1 });
        m_window->findChild<QAction*>(QStringLiteral("run-duplicate"))->trigger();
        QTRY_VERIFY(dialog("new-sweep"));
        QDialog& asking = *dialog("new-sweep");
        auto* text = in<QPlainTextEdit>(asking, "sweep-recipe");
        QTRY_VERIFY(text->toPlainText().contains(QLatin1String("\"epochs\": 6")));
        QVERIFY(!in(asking, "sweep-seeds")->isEnabled());
        text->setPlainText(QStringLiteral("{\"stages\": [{\"kind\": \"search\", \"from\": 99}]}"));
        click(in(asking, "sweep-start"));
        QTRY_VERIFY_WITH_TIMEOUT(complaint(asking).contains(QLatin1String("no run 99")), kPatienceMs);
        click(in(asking, "sweep-use-fields"));
        QVERIFY(in(asking, "sweep-seeds")->isEnabled());
        asking.reject();
        QCOMPARE(document().runs().size(), kChildren + 1);
    }

private:
    QString file() const { return m_place.path(QStringLiteral("sweeps.bitscape")); }
    ProjectDocument& document() { return m_window->workspace()->document(); }
    ViewTabs& views() { return m_window->workbench()->views(); }
    QWidget& view() { return *views().currentView(); }
    QTableView& table() { return *view().findChild<QTableView*>(QStringLiteral("sweepTable")); }
    Chart& chart() { return *view().findChild<Chart*>(QStringLiteral("sweepChart")); }
    std::unique_ptr<Project> stored() { return std::make_unique<Project>(Project::openReadOnly(file().toStdString())); }
    std::vector<Run> storedChildren() { return sweepChildren(*stored(), { 1 }); }
    std::string storedState() { return bitscape::toString(bitscape::run(*stored(), { 1 }).state); }
    static nlohmann::json json(const QString& text) { return nlohmann::json::parse(text.toStdString()); }

    template <typename Widget = QLineEdit> static Widget* visible(QWidget& parent, const char* name)
    {
        for (Widget* widget : parent.findChildren<Widget*>(QLatin1String(name))) {
            if (widget->isVisible())
                return widget;
        }
        return nullptr;
    }
    static QString complaint(QWidget& dialog)
    {
        const auto* label = visible<QLabel>(dialog, "bad");
        return label ? label->text() : QString();
    }
    static QString count(QWidget& dialog)
    {
        const auto* label = visible<QLabel>(dialog, "muted");
        return label ? label->text() : QString();
    }

    std::string state(std::int64_t id)
    {
        const auto record = document().run({ id });
        return bitscape::toString(record ? record->run.state : RunState::Queued);
    }

    std::size_t finished()
    {
        const auto all = storedChildren();
        return static_cast<std::size_t>(std::ranges::count(all, RunState::Finished, &Run::state));
    }

    int column(const QString& title)
    {
        const QAbstractItemModel& model = *table().model();
        for (int i = 0; i < model.columnCount(); ++i) {
            if (model.headerData(i, Qt::Horizontal).toString() == title)
                return i;
        }
        return -1;
    }

    std::vector<double> shownAccuracies()
    {
        std::vector<double> all;
        const int at = column(QStringLiteral("Accuracy"));
        for (int row = 0; row < table().model()->rowCount(); ++row)
            all.push_back(table().model()->index(row, at).data(Qt::UserRole + 101).toDouble());
        return all;
    }

    void closeWith(const QString& answer)
    {
        m_window->close();
        QTRY_VERIFY(dialog<QMessageBox>("close-question"));
        for (QAbstractButton* button : dialog<QMessageBox>("close-question")->buttons()) {
            if (button->text().remove(QLatin1Char('&')) == answer)
                click(button);
        }
        QTRY_VERIFY(m_window.isNull());
    }

    void reopen()
    {
        m_window = m_place.studio->newWindow();
        auto* recent = in<QListWidget>(*m_window, "recent");
        recent->setCurrentRow(0);
        QTest::keyClick(recent, Qt::Key_Return);
        QTRY_VERIFY_WITH_TIMEOUT(m_window->workspace() && document().isOpen(), kPatienceMs);
        QTRY_COMPARE(document().runs().size(), kChildren + 1);
    }

    Place m_place;
    QPointer<MainWindow> m_window;
    bool m_failed = false;
};

QTEST_MAIN(SweepTest)
#include "tst_sweep.moc"
