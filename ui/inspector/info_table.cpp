// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/info_table.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>

namespace bitscape::ui {
namespace {

/// Lines may break behind underscores.
QString breakable(QString text)
{
    return text.replace(QLatin1Char('_'), QStringLiteral("_\u200b"));
}

void copy(const QString& text)
{
    QGuiApplication::clipboard()->setText(text);
}

const QString& exactOf(const InfoRow& row)
{
    return row.exact.isEmpty() ? row.value : row.exact;
}

QString tipOf(const InfoRow& row)
{
    QStringList lines;
    if (!row.exact.isEmpty() && row.exact != row.value)
        lines << row.exact.toHtmlEscaped();
    if (!row.help.isEmpty())
        lines << row.help.toHtmlEscaped();
    if (row.changed)
        lines << InfoTable::tr("Not at its default");
    // Rich text wraps.
    return lines.isEmpty() ? QString() : QStringLiteral("<qt>%1</qt>").arg(lines.join(QLatin1String("<br>")));
}

} // namespace

InfoTable::InfoTable(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(10);
    m_grid->setVerticalSpacing(4);
    m_grid->setColumnStretch(0, 2);
    m_grid->setColumnStretch(1, 3);
    connect(&theme, &Theme::changed, this, &InfoTable::restyle);
}

void InfoTable::setRows(const InfoRows& rows)
{
    if (rows == m_rows)
        return;
    m_rows = rows;
    while (m_lines.size() < rows.size())
        m_lines.push_back(newLine());
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        const bool used = i < rows.size();
        if (used)
            fill(m_lines[i], rows[i]);
        m_lines[i].name->setVisible(used);
        m_lines[i].value->setVisible(used);
    }
}

InfoTable::Line InfoTable::newLine()
{
    Line line { new QLabel(this), new QLabel(this) };
    const int at = static_cast<int>(m_lines.size());
    for (QLabel* label : { line.name, line.value }) {
        label->setWordWrap(true);
        label->setTextFormat(Qt::PlainText);
        label->setAlignment(Qt::AlignTop | Qt::AlignLeft);
        label->setMinimumWidth(40);
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        label->setContextMenuPolicy(Qt::NoContextMenu);
    }
    line.value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_grid->addWidget(line.name, at, 0);
    m_grid->addWidget(line.value, at, 1);
    return line;
}

void InfoTable::fill(const Line& line, const InfoRow& row) const
{
    line.name->setText((row.changed ? QStringLiteral("\u25cf ") : QString()) + breakable(row.name));
    line.value->setText(row.value);
    line.value->setAccessibleName(row.name);
    QFont font = this->font();
    font.setWeight(row.changed ? QFont::DemiBold : QFont::Normal);
    line.value->setFont(font);
    const QString tip = tipOf(row);
    line.name->setToolTip(tip);
    line.value->setToolTip(tip);
    const Colours& c = m_theme.colours();
    QPalette names = palette(), values = palette();
    names.setColor(QPalette::WindowText, row.changed ? c.text : c.muted);
    values.setColor(QPalette::WindowText, row.bad ? c.bad : c.text);
    line.name->setPalette(names);
    line.value->setPalette(values);
}

void InfoTable::restyle()
{
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        fill(m_lines[i], m_rows[i]);
}

int InfoTable::rowAt(const QPoint& position) const
{
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const QRect line = m_lines[i].name->geometry().united(m_lines[i].value->geometry());
        if (position.y() >= line.top() && position.y() <= line.bottom() + m_grid->verticalSpacing())
            return static_cast<int>(i);
    }
    return -1;
}

void InfoTable::contextMenuEvent(QContextMenuEvent* event)
{
    const int at = rowAt(event->pos());
    if (at < 0)
        return;
    const InfoRow& row = m_rows[static_cast<std::size_t>(at)];
    auto* menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("inspector.menu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QString exact = exactOf(row), shown = row.value;
    const QString selected = m_lines[static_cast<std::size_t>(at)].value->selectedText();
    if (!selected.isEmpty())
        menu->addAction(tr("Copy selected text"), this, [selected] { copy(selected); });
    menu->addAction(tr("Copy %1").arg(shown.size() > 40 ? row.name : shown), this, [shown] { copy(shown); });
    if (exact != shown)
        menu->addAction(tr("Copy %1").arg(exact), this, [exact] { copy(exact); });
    menu->addAction(tr("Copy all of these"), this, [this] { copy(textOf(m_rows)); });
    menu->popup(event->globalPos());
}

QString textOf(const InfoRows& rows)
{
    QString text;
    for (const InfoRow& row : rows)
        text += row.name + QLatin1Char('\t') + row.value + QLatin1Char('\n');
    return text;
}

} // namespace bitscape::ui
