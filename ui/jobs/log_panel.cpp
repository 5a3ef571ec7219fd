// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/log_panel.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QSaveFile>
#include <QThreadPool>
#include <QTime>
#include <QVBoxLayout>

#include <algorithm>

namespace bitscape::ui {
namespace {

constexpr std::size_t kMostLines = 20000;
constexpr std::size_t kMostAtOnce = 1000; ///< appended per turn of the event loop
constexpr int kBatchMs = 150;

} // namespace

LogPanel::LogPanel(Selection& selection, QWidget* parent)
    : QWidget(parent)
    , m_selection(selection)
    , m_onlySelected(new QCheckBox(tr("Only the selec&ted run")))
    , m_view(new QPlainTextEdit)
{
    m_view->setReadOnly(true);
    m_view->setMaximumBlockCount(static_cast<int>(kMostLines));
    m_view->setObjectName(QStringLiteral("log"));
    m_view->setAccessibleName(tr("Log"));
    m_view->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_view->setPlaceholderText(tr("What workers have to say stands here."));
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addWidget(head());
    rows->addWidget(m_view, 1);
    m_soon.setSingleShot(true);
    connect(&m_soon, &QTimer::timeout, this, &LogPanel::write);
    connect(m_onlySelected, &QCheckBox::toggled, this, &LogPanel::rewrite);
    connect(&selection, &Selection::runChanged, this, [this] {
        if (m_onlySelected->isChecked())
            rewrite();
    });
}

QWidget* LogPanel::head()
{
    auto* head = new QWidget;
    auto* line = new QHBoxLayout(head);
    line->setContentsMargins(8, 4, 8, 4);
    m_onlySelected->setObjectName(QStringLiteral("log-only-selected"));
    m_onlySelected->setToolTip(tr("Leaves out what the workers of other runs say"));
    line->addWidget(m_onlySelected);
    line->addStretch(1);
    const auto add = [&](const QString& text, const QString& name, const QString& help, auto&& then) {
        auto* button = new QPushButton(text);
        button->setObjectName(name);
        button->setToolTip(help);
        connect(button, &QPushButton::clicked, this, then);
        line->addWidget(button);
    };
    add(tr("C&opy all"), QStringLiteral("log-copy"), tr("Copies the lines that are shown"),
        [this] { QApplication::clipboard()->setText(text()); });
    add(tr("&Save…"), QStringLiteral("log-save"), tr("Writes the lines that are shown to a file"), [this] { askWhere(); });
    add(tr("Cle&ar"), QStringLiteral("log-clear"), tr("Forgets all lines"), [this] {
        m_lines.clear();
        rewrite();
    });
    return head;
}

void LogPanel::askWhere()
{
    auto* dialog = new QFileDialog(this, tr("Save the log"), QString(), tr("Text (*.txt *.log);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("txt"));
    dialog->selectFile(QStringLiteral("bitscape-log.txt"));
    connect(dialog, &QFileDialog::fileSelected, this, &LogPanel::save);
    dialog->open();
}

/// In another thread: a disk may take its time.
void LogPanel::save(const QString& path)
{
    const QPointer<LogPanel> self(this);
    QThreadPool::globalInstance()->start([self, path, bytes = text().toUtf8()] {
        QSaveFile file(path);
        if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
            return;
        const QString sentence = tr("The log cannot be written to %1: %2. Choose another place.").arg(path, file.errorString());
        QMetaObject::invokeMethod(qApp, [self, sentence] {
            if (self)
                emit self->refused(sentence);
        });
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
        m_soon.start(kBatchMs);
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

/// A part of what is not written yet; the rest with the event loop's next turns. Lines that have been dropped meanwhile are passed over.
void LogPanel::write()
{
    QStringList batch;
    while (m_unwritten > 0 && batch.size() < static_cast<qsizetype>(kMostAtOnce)) {
        const Line& line = m_lines[m_lines.size() - m_unwritten--];
        if (isShown(line))
            batch << line.text;
    }
    if (!batch.isEmpty())
        m_view->appendPlainText(batch.join(QLatin1Char('\n')));
    if (m_unwritten > 0)
        m_soon.start(0);
}

void LogPanel::rewrite()
{
    m_view->clear();
    m_unwritten = m_lines.size();
    write();
}

} // namespace bitscape::ui
