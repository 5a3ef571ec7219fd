// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/jobs_panel.h"

#include "ui/jobs/job_row.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>

namespace bitscape::ui {
namespace {

constexpr int kUpdateMs = 100;

} // namespace

JobsPanel::JobsPanel(ProjectDocument& document, JobQueue& queue, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_document(document)
    , m_queue(queue)
    , m_theme(theme)
    , m_rows(new QVBoxLayout)
    , m_none(new QLabel(tr("Nothing is being computed.")))
    , m_threads(new QLabel)
    , m_limit(new QSpinBox)
{
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->setSpacing(0);
    outer->addWidget(head());
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    auto* list = new QWidget;
    auto* column = new QVBoxLayout(list);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(m_rows);
    m_rows->setSpacing(0);
    m_none->setObjectName(QStringLiteral("muted"));
    m_none->setMargin(10);
    column->addWidget(m_none);
    column->addStretch(1);
    area->setWidget(list);
    outer->addWidget(area, 1);
    m_soon.setSingleShot(true);
    m_soon.setInterval(kUpdateMs);
    connect(&m_soon, &QTimer::timeout, this, &JobsPanel::bringUpToDate);
    connect(&queue, &JobQueue::jobAdded, this, &JobsPanel::noteChanged);
    connect(&queue, &JobQueue::jobChanged, this, &JobsPanel::noteChanged);
    connect(&queue, &JobQueue::jobRemoved, this, &JobsPanel::noteChanged);
    connect(&document, &ProjectDocument::runsChanged, this, [this](const std::vector<RunId>& changed) {
        for (const RunId id : changed)
            noteChanged(id);
    });
    for (const auto& [id, record] : document.runs())
        noteChanged(id);
}

QWidget* JobsPanel::head()
{
    auto* head = new QWidget;
    auto* line = new QHBoxLayout(head);
    line->setContentsMargins(8, 4, 8, 4);
    auto* label = new QLabel(tr("Wor&kers at once:"));
    label->setBuddy(m_limit);
    m_limit->setObjectName(QStringLiteral("job-limit"));
    m_limit->setRange(1, 64);
    m_limit->setValue(m_queue.limit());
    m_limit->setToolTip(tr("How many runs are computed at the same time. The machine's threads are shared out evenly among them."));
    m_threads->setObjectName(QStringLiteral("muted"));
    const auto tellThreads = [this] { m_threads->setText(tr("%n thread(s) each", nullptr, m_queue.threadsPerJob())); };
    tellThreads();
    connect(m_limit, &QSpinBox::valueChanged, this, [this, tellThreads](int limit) {
        m_queue.setLimit(limit);
        tellThreads();
        emit limitChanged(limit);
    });
    auto* clear = new QPushButton(tr("C&lear ended"));
    clear->setObjectName(QStringLiteral("clear-ended"));
    clear->setToolTip(tr("Takes ended jobs out of this list; the runs stay"));
    connect(clear, &QPushButton::clicked, &m_queue, &JobQueue::clearEnded);
    line->addWidget(label);
    line->addWidget(m_limit);
    line->addWidget(m_threads);
    line->addStretch(1);
    line->addWidget(clear);
    return head;
}

void JobsPanel::noteChanged(RunId id)
{
    m_changed.insert(id);
    if (!m_soon.isActive())
        m_soon.start();
}

void JobsPanel::bringUpToDate()
{
    for (const RunId id : std::exchange(m_changed, {}))
        update(id);
    m_none->setVisible(m_known.empty());
}

std::optional<Job> JobsPanel::foreignJob(RunId id) const
{
    const auto record = m_document.run(id);
    if (!record || (record->run.state != RunState::Running && record->run.state != RunState::Paused))
        return std::nullopt;
    const auto sweep = record->run.sweep ? m_document.run(*record->run.sweep) : nullptr;
    if (sweep && sweep->run.state == RunState::Running)
        return std::nullopt; // a part of that job
    Job job;
    job.run = id;
    job.title = QStringLiteral("%1 #%2").arg(QString::fromStdString(toString(record->run.kind))).arg(id.value);
    job.state = record->run.state == RunState::Paused ? JobState::Paused : JobState::Running;
    job.progress.done = record->run.progress;
    job.waitsFor = tr("computed by another process");
    return job;
}

void JobsPanel::update(RunId id)
{
    const Job* own = m_queue.job(id);
    const bool ours = own != nullptr;
    const std::optional<Job> job = ours ? std::optional(*own) : foreignJob(id);
    if (!job)
        return removeRow(id);
    JobRow*& row = m_known[id];
    if (!row) {
        row = new JobRow(id, m_theme);
        connect(row, &JobRow::pauseClicked, this, [this, id] { m_queue.pause(id); });
        connect(row, &JobRow::resumeClicked, this, [this, id] {
            const Job* known = m_queue.job(id);
            known && known->state == JobState::Ended ? m_queue.enqueue(id) : m_queue.resume(id);
        });
        connect(row, &JobRow::cancelClicked, this, [this, id] { m_queue.cancel(id); });
        connect(row, &JobRow::titleClicked, this, [this, id] { emit runClicked(id); });
    }
    row->show(*job, ours);
    place(*row, *job);
}

/// What is being computed stands first, then what waits, then what has ended, the latest first. A row moves only as its job's state
/// changes.
void JobsPanel::place(JobRow& row, const Job& job)
{
    const bool ended = job.state == JobState::Ended;
    const std::pair order(ended ? 2 : job.state == JobState::Waiting ? 1 : 0, ended ? -job.run.value : job.run.value);
    const auto known = m_order.find(&row);
    if (known != m_order.end() && known->second == order)
        return;
    m_rows->removeWidget(&row);
    m_order[&row] = order;
    int at = 0;
    while (at < m_rows->count() && m_order.at(m_rows->itemAt(at)->widget()) < order)
        ++at;
    m_rows->insertWidget(at, &row);
}

void JobsPanel::removeRow(RunId id)
{
    const auto found = m_known.find(id);
    if (found == m_known.end())
        return;
    found->second->hide();
    m_rows->removeWidget(found->second);
    m_order.erase(found->second);
    found->second->deleteLater();
    m_known.erase(found);
}

} // namespace bitscape::ui
