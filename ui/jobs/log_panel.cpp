// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/log_panel.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTime>
#include <QVBoxLayout>

#include <algorithm>

namespace bitscape::ui {
namespace {

constexpr std::size_t kMostLines = 20000;
constexpr std::size_t kMostAtOnce = 2000; ///< shown per batch; of a flood only the end is seen
constexpr int kBatchMs = 150;

} // namespace

LogPanel::LogPanel(Selection& selection, QWidget* parent)
    : QWidget(parent)
    , m_selection(selection)
    , m_onlySelected(new QCheckBox(tr("Only the &selected run")))
    , m_view(new QPlainTextEdit)
{
    m_view->setReadOnly(true);
    m_view->setMaximumBlockCount(static_cast<int>(kMostLines));
    m_view->setObjectName(QStringLiteral("log"));
    m_view->setAccessibleName(tr("Log"));
    m_view->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_view->setPlaceholderText(tr("What workers have to say stands here."));
    auto* copy = new QPushButton(tr("C&opy all"));
    connect(copy, &QPushButton::clicked, this, [this] { QApplication::clipboard()->setText(text()); });
    auto* clear = new QPushButton(tr("C&lear"));
    connect(clear, &QPushButton::clicked, this, [this] {
        m_lines.clear();
        rewrite();
    });
    auto* head = new QHBoxLayout;
    head->setContentsMargins(8, 4, 8, 4);
    head->addWidget(m_onlySelected);
    head->addStretch(1);
    head->addWidget(copy);
    head->addWidget(clear);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addLayout(head);
    rows->addWidget(m_view, 1);
    m_soon.setSingleShot(true);
    m_soon.setInterval(kBatchMs);
    connect(&m_soon, &QTimer::timeout, this, &LogPanel::write);
    connect(m_onlySelected, &QCheckBox::toggled, this, &LogPanel::rewrite);
    connect(&selection, &Selection::runChanged, this, [this] {
        if (m_onlySelected->isChecked())
            rewrite();
    });
}

void LogPanel::add(std::optional<RunId> run, const QString& line)
{
    const QString who = run ? QStringLiteral("#%1").arg(run->value) : QStringLiteral("–");
    m_lines.push_back({ run, QStringLiteral("%1  %2  %3").arg(QTime::currentTime().toString(QStringLiteral("HH:mm:ss")), who, line) });
    if (m_lines.size() > kMostLines)
        m_lines.pop_front();
    m_unwritten = std::min(m_unwritten + 1, m_lines.size());
    if (!m_soon.isActive())
        m_soon.start();
}

QString LogPanel::text() const
{
    QString all;
    for (const Line& line : m_lines) {
        if (isShown(line))
            all += line.text + QLatin1Char('\n');
    }
    return all;
}

bool LogPanel::isShown(const Line& line) const
{
    return !m_onlySelected->isChecked() || line.run == m_selection.run();
}

void LogPanel::write()
{
    QStringList batch;
    for (std::size_t i = m_lines.size() - std::min(m_unwritten, kMostAtOnce); i < m_lines.size(); ++i) {
        if (isShown(m_lines[i]))
            batch << m_lines[i].text;
    }
    m_unwritten = 0;
    if (!batch.isEmpty())
        m_view->appendPlainText(batch.join(QLatin1Char('\n')));
}

void LogPanel::rewrite()
{
    m_view->clear();
    m_unwritten = m_lines.size();
    write();
}

} // namespace bitscape::ui
