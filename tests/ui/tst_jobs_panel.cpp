// SPDX-License-Identifier: GPL-3.0-or-later
// The jobs panel over several workers: the order of its rows, what each says, and one that is begun again. tst_job_queue.cpp has the
// panel with one worker.
#include "tests/ui/fake_worker.h"
#include "tests/ui/runs_fixture.h"
#include "tests/ui/view_fixture.h"

#include "ui/jobs/job_row.h"
#include "ui/jobs/jobs_panel.h"

#include <QFile>
#include <QLabel>
#include <QProgressBar>
#include <QSignalSpy>
#include <QToolButton>

#include <algorithm>

using namespace bitscape;
using namespace bitscape::ui;

class TestJobsPanel final : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void rowsInTheOrderOfWork();
    void progressWithTimeLeft();
    void failureIsSaidAndGoesOn();
    void endsWithTheLastNews();

private:
    void write(const QString& name, const QByteArray& text) const;
    RunId job(const QByteArray& behaviour, std::optional<RunId> parent = {});
    void enqueue(const std::vector<RunId>& ids);
    JobRow* row(RunId id) const { return m_panel->findChild<JobRow*>(QStringLiteral("job-%1").arg(id.value)); }
    QToolButton* button(RunId id, const char* name) const { return row(id)->findChild<QToolButton*>(QLatin1String(name)); }
    QString words(RunId id) const { return row(id)->findChild<QLabel*>(QStringLiteral("job-words"))->text(); }
    bool says(RunId id, const QString& text) const
    {
        const auto labels = row(id) ? row(id)->findChildren<QLabel*>() : QList<QLabel*>();
        return std::ranges::any_of(labels, [&](const QLabel* label) { return label->text() == text; });
    }
    /// The runs' numbers from top to bottom, as a person sees them.
    std::vector<std::int64_t> shown() const;

    std::unique_ptr<RunsFixture> m_fixture;
    std::unique_ptr<JobQueue> m_queue;
    std::unique_ptr<JobsPanel> m_panel;
    Theme m_theme;
};

void TestJobsPanel::init()
{
    failOnAnyWarning();
    m_fixture = std::make_unique<RunsFixture>();
    write(QStringLiteral("worker"), kWorker);
    const QString program = m_fixture->folder.filePath(QStringLiteral("worker"));
    QVERIFY(QFile::setPermissions(program, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    qputenv("BITSCAPE_CLI", program.toUtf8());
    QVERIFY(m_fixture->open());
    m_queue = std::make_unique<JobQueue>(*m_fixture->document);
    m_panel = std::make_unique<JobsPanel>(*m_fixture->document, *m_queue, m_theme);
    m_panel->resize(900, 400);
    m_panel->show();
}

void TestJobsPanel::cleanup()
{
    m_panel.reset();
    m_queue.reset();
    m_fixture.reset();
}

void TestJobsPanel::write(const QString& name, const QByteArray& text) const
{
    QFile file(m_fixture->folder.filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate) && file.write(text) == text.size());
}

RunId TestJobsPanel::job(const QByteArray& behaviour, std::optional<RunId> parent)
{
    const RunId id = m_fixture->add(RunKind::Search, parent);
    write(QStringLiteral("do-%1").arg(id.value), behaviour);
    return id;
}

void TestJobsPanel::enqueue(const std::vector<RunId>& ids)
{
    QVERIFY(m_fixture->catchUp());
    for (const RunId id : ids)
        m_queue->enqueue(id);
}

std::vector<std::int64_t> TestJobsPanel::shown() const
{
    QList<JobRow*> rows = m_panel->findChildren<JobRow*>();
    rows.removeIf([](const JobRow* each) { return !each->isVisible(); });
    std::ranges::sort(rows, {}, [](const JobRow* each) { return each->mapToGlobal(QPoint()).y(); });
    std::vector<std::int64_t> ids;
    for (const JobRow* each : rows)
        ids.push_back(each->objectName().mid(4).toLongLong());
    return ids;
}

/// What is computed stands first, then what waits, then what has ended.
void TestJobsPanel::rowsInTheOrderOfWork()
{
    const auto none = [this] {
        const auto labels = m_panel->findChildren<QLabel*>();
        return std::ranges::any_of(labels,
            [](const QLabel* label) { return label->isVisible() && label->text() == QStringLiteral("Nothing is being computed."); });
    };
    QTRY_VERIFY(none());
    m_queue->setLimit(1);
    const RunId first = job(kUntilGo), second = job(kUntilGo), third = job(kUntilGo);
    using Ids = std::vector<std::int64_t>;
    enqueue({ first, second, third });
    QTRY_COMPARE(shown(), (Ids { first.value, second.value, third.value }));
    QVERIFY(!none());
    QTRY_VERIFY(says(second, QStringLiteral("waiting")));
    QVERIFY(!button(second, "job-pause")->isVisible() && button(second, "job-cancel")->isVisible());
    QTRY_VERIFY(button(first, "job-pause")->isVisible());
    write(QStringLiteral("go-%1").arg(first.value), {});
    QTRY_COMPARE(shown(), (Ids { second.value, third.value, first.value }));
    QTRY_VERIFY(says(first, QStringLiteral("finished")));
    QVERIFY(!button(first, "job-cancel")->isVisible() && !button(first, "job-resume")->isVisible());
    QCOMPARE(row(first)->findChild<QProgressBar*>()->value(), row(first)->findChild<QProgressBar*>()->maximum());
    QTest::mouseClick(button(third, "job-cancel"), Qt::LeftButton); // out of the queue
    QTRY_VERIFY(!m_queue->job(third) || m_queue->job(third)->state == JobState::Ended);
    QSignalSpy clicked(m_panel.get(), &JobsPanel::runClicked);
    const auto buttons = row(second)->findChildren<QToolButton*>();
    const auto title = std::ranges::find_if(buttons, [&](const QToolButton* each) { return each->text() == m_queue->job(second)->title; });
    QVERIFY(title != buttons.end());
    QTest::mouseClick(*title, Qt::LeftButton);
    QCOMPARE(clicked.count(), 1);
    QCOMPARE(clicked[0][0].value<RunId>().value, second.value);
    write(QStringLiteral("go-%1").arg(second.value), {});
    QTRY_COMPARE(m_queue->runningCount(), 0);
}

void TestJobsPanel::progressWithTimeLeft()
{
    const RunId id = job(R"(echo '{"event":"progress","done":1,"total":4,"stage":"looking","seconds_left":75}'
while [ ! -e "more-$3" ]; do sleep 0.02; done
echo '{"event":"progress","done":3,"total":4,"stage":"deciding","seconds_left":5}'
)" + QByteArray(kUntilGo));
    enqueue({ id });
    QTRY_VERIFY(says(id, QStringLiteral("looking")));
    const auto* bar = row(id)->findChild<QProgressBar*>();
    QCOMPARE(bar->value() * 4, bar->maximum());
    QVERIFY(says(id, QStringLiteral("1:15 left")));
    write(QStringLiteral("more-%1").arg(id.value), {});
    QTRY_VERIFY(says(id, QStringLiteral("deciding")));
    QCOMPARE(bar->value() * 4, bar->maximum() * 3);
    QVERIFY(!says(id, QStringLiteral("1:15 left")));
    write(QStringLiteral("go-%1").arg(id.value), {});
    QTRY_VERIFY(says(id, QStringLiteral("finished")));
    const auto labels = row(id)->findChildren<QLabel*>();
    QVERIFY(std::ranges::none_of(labels, [](const QLabel* label) { return label->text().contains(QStringLiteral("left")); }));
}

/// The same row says why it failed, and begins again at a click.
void TestJobsPanel::failureIsSaidAndGoesOn()
{
    const RunId id = job("if [ -e mended ]; then true; else echo 'bitscape-cli: The disk is full.' >&2; false; fi");
    enqueue({ id });
    QTRY_VERIFY(says(id, QStringLiteral("failed")));
    QCOMPARE(words(id), QStringLiteral("⚠ The disk is full."));
    QVERIFY(row(id)->findChild<QLabel*>(QStringLiteral("job-words"))->isVisible());
    m_fixture->finish(id, RunState::Failed, "The disk is full."); // as the worker would have noted
    QVERIFY(m_fixture->catchUp());
    write(QStringLiteral("mended"), {});
    QTRY_VERIFY(button(id, "job-resume")->isVisible());
    QTest::mouseClick(button(id, "job-resume"), Qt::LeftButton);
    QTRY_VERIFY(says(id, QStringLiteral("finished")));
    QVERIFY(words(id).isEmpty());
    QCOMPARE(m_panel->findChildren<JobRow*>().size(), 1);
}

/// However many events come at once, the row ends with the last one.
void TestJobsPanel::endsWithTheLastNews()
{
    const RunId id
        = job(R"(i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo "{\"event\":\"progress\",\"done\":$i,\"total\":4000,\"stage\":\"s\"}"; done
)" + QByteArray(kUntilGo));
    enqueue({ id });
    QTRY_VERIFY(row(id) && row(id)->findChild<QProgressBar*>()->value() == 750);
    write(QStringLiteral("go-%1").arg(id.value), {});
    QTRY_VERIFY(says(id, QStringLiteral("finished")));
}

QTEST_MAIN(TestJobsPanel)
#include "tst_jobs_panel.moc"
