// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/job_row.h"

#include "ui/style/figures.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace bitscape::ui {
namespace {

constexpr int kSteps = 1000;

QLabel* words(const char* name)
{
    auto* label = new QLabel;
    label->setObjectName(QString::fromLatin1(name));
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

QString endText(const Job& job)
{
    constexpr int kCancelled = 130;
    if (!job.failure.isEmpty())
        return JobRow::tr("failed");
    return job.exitCode == kCancelled ? JobRow::tr("cancelled") : JobRow::tr("finished");
}

} // namespace

JobRow::JobRow(RunId id, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_title(new QToolButton)
    , m_stage(words("muted"))
    , m_bar(new QProgressBar)
    , m_left(words("muted"))
    , m_figures(words("figures"))
    , m_words(words("job-words"))
    , m_pause(button(QStringLiteral("job-pause"), QStringLiteral("pause"), tr("Pause")))
    , m_resume(button(QStringLiteral("job-resume"), QStringLiteral("resume"), tr("Go on")))
    , m_cancel(button(QStringLiteral("job-cancel"), QStringLiteral("cancel"), tr("Cancel: ends within a second, can be resumed later")))
{
    setObjectName(QStringLiteral("job-%1").arg(id.value));
    m_title->setToolTip(tr("Show this run"));
    m_bar->setRange(0, kSteps);
    m_bar->setMinimumWidth(90);
    m_bar->setMaximumWidth(260);
    m_words->setWordWrap(true);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    const int em = fontMetrics().horizontalAdvance(QLatin1Char('m'));
    m_title->setMinimumWidth(8 * em);
    m_stage->setMinimumWidth(7 * em);
    m_left->setMinimumWidth(7 * em);
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    for (QWidget* part : { static_cast<QWidget*>(m_title), static_cast<QWidget*>(m_stage) })
        line->addWidget(part);
    line->addWidget(m_bar, 2);
    line->addWidget(m_left);
    line->addWidget(m_figures, 1);
    line->addStretch(0);
    for (QToolButton* each : { m_pause, m_resume, m_cancel })
        line->addWidget(each);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(8, 3, 8, 3);
    rows->setSpacing(1);
    rows->addLayout(line);
    rows->addWidget(m_words);
    connect(m_pause, &QToolButton::clicked, this, &JobRow::pauseClicked);
    connect(m_resume, &QToolButton::clicked, this, &JobRow::resumeClicked);
    connect(m_cancel, &QToolButton::clicked, this, &JobRow::cancelClicked);
    connect(m_title, &QToolButton::clicked, this, &JobRow::titleClicked);
    connect(&theme, &Theme::changed, this, &JobRow::retheme);
}

QToolButton* JobRow::button(const QString& name, const QString& icon, const QString& help)
{
    auto* made = new QToolButton;
    made->setObjectName(name);
    made->setIcon(m_theme.icon(icon));
    made->setToolTip(help);
    made->setAccessibleName(help);
    return made;
}

void JobRow::retheme()
{
    m_pause->setIcon(m_theme.icon(QStringLiteral("pause")));
    m_resume->setIcon(m_theme.icon(QStringLiteral("resume")));
    m_cancel->setIcon(m_theme.icon(QStringLiteral("cancel")));
}

QString JobRow::figuresText(const Progress& progress)
{
    QStringList parts;
    for (const auto& [name, value] : progress.figures) {
        if (name == "accuracy")
            parts << tr("acc %1").arg(percentText(value, 1));
        else if (name == "average_bits")
            parts << tr("avg %1 b").arg(fixedText(value, 2));
        else
            parts << QStringLiteral("%1 %2").arg(QString::fromStdString(name), numberText(value, 4));
    }
    return parts.join(QStringLiteral("   "));
}

void JobRow::show(const Job& job, bool ours)
{
    const bool ended = job.state == JobState::Ended, waiting = job.state == JobState::Waiting;
    m_title->setText(job.title);
    m_stage->setText(ended                  ? endText(job)
            : waiting                       ? tr("waiting")
            : job.cancelling                ? tr("ending…")
            : job.state == JobState::Paused ? tr("paused")
                                            : QString::fromStdString(job.progress.stage));
    const double share = job.progress.total > 0 ? job.progress.done / job.progress.total : 0;
    m_bar->setValue(ended && job.exitCode == 0 ? kSteps : static_cast<int>(std::clamp(share, 0.0, 1.0) * kSteps));
    m_bar->setFormat(percentText(static_cast<double>(m_bar->value()) / kSteps, 0));
    const bool tellsTime = job.secondsLeft && !ended && job.state == JobState::Running;
    m_left->setText(tellsTime ? tr("%1 left").arg(durationText(*job.secondsLeft)) : QString());
    m_figures->setText(figuresText(job.progress));
    m_words->setText(job.failure.isEmpty() ? job.waitsFor : QStringLiteral("⚠ ") + job.failure);
    m_words->setVisible(!m_words->text().isEmpty());
    m_pause->setVisible(ours && job.state == JobState::Running);
    m_resume->setVisible(ours && (job.state == JobState::Paused || (ended && job.exitCode != 0)));
    m_cancel->setVisible(!ended);
    m_cancel->setEnabled(!job.cancelling);
}

} // namespace bitscape::ui
