// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/heat_map.h"

#include "ui/plots/chart_spec.h"
#include "ui/plots/heat_map_layout.h"

#include <QHelpEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace bitscape::ui {
namespace {

constexpr int kClickSlack = 4;
constexpr double kWheelZoom = 0.8;
constexpr double kKeyPan = 0.1; ///< of what is in view
constexpr double kFewest = 2;   ///< rows or columns in view at the closest

} // namespace

struct HeatMap::State {
    HeatWindow window;
    int row = -1, column = -1;
    QPointF pressed;
    HeatWindow atPress;
    bool isPressed = false, isDragging = false;
};

HeatMap::HeatMap(const Theme& theme, QWidget* parent)
    : Figure(parent)
    , m_state(std::make_unique<State>())
    , m_theme(theme)
{
    setMinimumSize(200, 120);
    setFocusPolicy(Qt::StrongFocus);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

HeatMap::~HeatMap() = default;

void HeatMap::setSpec(const HeatMapSpec& spec)
{
    if (spec == m_spec)
        return;
    const bool sameShape = spec.rows.size() == m_spec.rows.size() && spec.columns.size() == m_spec.columns.size();
    m_spec = spec;
    setAccessibleName(spec.name);
    setAccessibleDescription(tr("Map of %1: %2 by %3").arg(spec.valueTitle, spec.rowTitle, spec.columnTitle));
    if (!sameShape)
        resetView();
    update();
}

void HeatMap::resetView()
{
    m_state->window
        = { 0, std::max(1.0, static_cast<double>(m_spec.rows.size())), 0, std::max(1.0, static_cast<double>(m_spec.columns.size())) };
    update();
}

void HeatMap::select(int row, int column)
{
    m_state->row = row;
    m_state->column = column;
    HeatWindow& window = m_state->window;
    const auto bring = [](int to, double& low, double& high, std::size_t count) {
        if (to < 0 || (to >= low && to + 1 <= high))
            return;
        const double size = high - low;
        low = std::clamp(to + 0.5 - size / 2, 0.0, std::max(0.0, static_cast<double>(count) - size));
        high = low + size;
    };
    bring(row, window.top, window.bottom, m_spec.rows.size());
    bring(column, window.left, window.right, m_spec.columns.size());
    update();
}

QRect HeatMap::inView() const
{
    const HeatWindow& window = m_state->window;
    const int top = static_cast<int>(window.top), left = static_cast<int>(window.left);
    return { left, top, static_cast<int>(std::ceil(window.right)) - left, static_cast<int>(std::ceil(window.bottom)) - top };
}

QRectF HeatMap::cellRect(int row, int column) const
{
    return layoutFor(size()).cell(row, column);
}

HeatLayout HeatMap::layoutFor(const QSizeF& size) const
{
    return heatLayout(m_spec, size, fontMetrics(), m_state->window);
}

void HeatMap::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.colours().base);
    drawHeatMap(painter, m_spec, layoutFor(size()), size(), m_theme.colours(), m_state->row, m_state->column);
    if (hasFocus()) {
        painter.setPen(QPen(m_theme.colours().accent, 1, Qt::DotLine));
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
    }
}

void HeatMap::drawOn(QPaintDevice& device, const QSize& size)
{
    QPainter painter(&device);
    painter.setFont(font());
    painter.fillRect(QRect({}, size), m_theme.colours().base);
    drawHeatMap(painter, m_spec, layoutFor(size), size, m_theme.colours(), m_state->row, m_state->column);
}

QString HeatMap::csv() const
{
    const std::size_t columns = m_spec.columns.size();
    QStringList head { m_spec.rowTitle };
    if (!m_spec.groups.empty())
        head.prepend(tr("group"));
    for (const QString& column : m_spec.columns)
        head << column;
    QString text = csvLine(head);
    text.reserve(static_cast<qsizetype>(m_spec.rows.size() * (columns + 1) * 12));
    for (std::size_t row = 0; row < m_spec.rows.size(); ++row) {
        QStringList names { m_spec.rows[row] };
        if (!m_spec.groups.empty())
            names.prepend(m_spec.groups[row]);
        text += csvLine(names);
        text.chop(1); // the line goes on
        for (std::size_t column = 0; column < columns; ++column) {
            const std::size_t at = row * columns + column;
            text += QLatin1Char(',');
            text += at < m_spec.values.size() ? csvNumber(m_spec.values[at]) : QString();
        }
        text += QLatin1Char('\n');
    }
    return text;
}

QString HeatMap::fileName() const
{
    return m_spec.name;
}

/// Keeps as much in view as fits, within the matrix.
void HeatMap::setWindow(HeatWindow window)
{
    const auto fit = [](double& low, double& high, double count) {
        const double size = std::clamp(high - low, std::min(kFewest, count), count);
        low = std::clamp((low + high - size) / 2, 0.0, count - size);
        high = low + size;
    };
    fit(window.top, window.bottom, std::max(1.0, static_cast<double>(m_spec.rows.size())));
    fit(window.left, window.right, std::max(1.0, static_cast<double>(m_spec.columns.size())));
    m_state->window = window;
    update();
}

void HeatMap::zoom(double factor, double rowAnchor, double columnAnchor, bool rows, bool columns)
{
    HeatWindow window = m_state->window;
    if (rows) {
        window.top = rowAnchor - (rowAnchor - window.top) * factor;
        window.bottom = rowAnchor + (window.bottom - rowAnchor) * factor;
    }
    if (columns) {
        window.left = columnAnchor - (columnAnchor - window.left) * factor;
        window.right = columnAnchor + (window.right - columnAnchor) * factor;
    }
    setWindow(window);
}

void HeatMap::wheelEvent(QWheelEvent* event)
{
    const HeatLayout layout = layoutFor(size());
    const double row = layout.window.top + (event->position().y() - layout.cells.top()) / layout.rowHeight();
    const double column = layout.window.left + (event->position().x() - layout.cells.left()) / layout.columnWidth();
    const bool only = event->modifiers() & (Qt::ControlModifier | Qt::ShiftModifier);
    const bool columns = only ? event->modifiers().testFlag(Qt::ControlModifier) : zoomsColumns();
    const bool rows = !only || event->modifiers().testFlag(Qt::ShiftModifier);
    const QPoint turned = event->angleDelta(); // with Shift or Alt some systems turn the wheel's axis
    zoom(std::pow(kWheelZoom, (turned.y() != 0 ? turned.y() : turned.x()) / 120.0), row, column, rows, columns);
    event->accept();
}

/// Few columns are all of interest: only rows are zoomed then.
bool HeatMap::zoomsColumns() const
{
    constexpr std::size_t kFewColumns = 30;
    return m_spec.columns.size() > kFewColumns;
}

void HeatMap::mousePressEvent(QMouseEvent* event)
{
    m_state->isPressed = event->button() == Qt::LeftButton;
    m_state->isDragging = false;
    m_state->pressed = event->position();
    m_state->atPress = m_state->window;
}

void HeatMap::mouseMoveEvent(QMouseEvent* event)
{
    if (!m_state->isPressed)
        return;
    const HeatLayout layout = layoutFor(size());
    const QPointF way = event->position() - m_state->pressed;
    if (!m_state->isDragging && way.manhattanLength() <= kClickSlack)
        return;
    m_state->isDragging = true;
    pan(m_state->atPress, -way.y() / layout.rowHeight(), -way.x() / layout.columnWidth());
}

/// From a window on, by rows and columns, as far as the matrix goes.
void HeatMap::pan(const HeatWindow& window, double rows, double columns)
{
    const double countRows = static_cast<double>(m_spec.rows.size()), countColumns = static_cast<double>(m_spec.columns.size());
    const double dy = std::clamp(rows, -window.top, std::max(-window.top, countRows - window.bottom));
    const double dx = std::clamp(columns, -window.left, std::max(-window.left, countColumns - window.right));
    setWindow({ window.top + dy, window.bottom + dy, window.left + dx, window.right + dx });
}

void HeatMap::mouseReleaseEvent(QMouseEvent* event)
{
    const bool isClick = m_state->isPressed && !m_state->isDragging && event->button() == Qt::LeftButton;
    m_state->isPressed = m_state->isDragging = false;
    if (!isClick)
        return;
    const HeatLayout layout = layoutFor(size());
    const int row = layout.rowAt(event->position().y()), column = layout.columnAt(event->position().x());
    if (row >= 0 && column >= 0)
        emit cellClicked(row, column);
}

void HeatMap::mouseDoubleClickEvent(QMouseEvent*)
{
    resetView();
}

void HeatMap::keyPressEvent(QKeyEvent* event)
{
    const HeatWindow& window = m_state->window;
    const double row = (window.top + window.bottom) / 2, column = (window.left + window.right) / 2;
    const auto go = [&](int rows, int columns) {
        if (m_state->row < 0 && m_state->column < 0)
            pan(window, rows * kKeyPan * (window.bottom - window.top), columns * kKeyPan * (window.right - window.left));
        else
            moveSelection(rows, columns);
    };
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoom(kWheelZoom, row, column, true, zoomsColumns());
    case Qt::Key_Minus:
        return zoom(1 / kWheelZoom, row, column, true, zoomsColumns());
    case Qt::Key_0:
        return resetView();
    case Qt::Key_Up:
        return go(-1, 0);
    case Qt::Key_Down:
        return go(1, 0);
    case Qt::Key_Left:
        return go(0, -1);
    case Qt::Key_Right:
        return go(0, 1);
    default:
        Figure::keyPressEvent(event);
    }
}

/// The selected cell's neighbour becomes the selected one, as if it were clicked.
void HeatMap::moveSelection(int rows, int columns)
{
    if (m_spec.rows.empty() || m_spec.columns.empty())
        return;
    const int row = std::clamp(std::max(0, m_state->row) + rows, 0, static_cast<int>(m_spec.rows.size()) - 1);
    const int column = std::clamp(std::max(0, m_state->column) + columns, 0, static_cast<int>(m_spec.columns.size()) - 1);
    select(row, column);
    emit cellClicked(row, column);
}

QString HeatMap::tooltipAt(const QPointF& place) const
{
    const HeatLayout layout = layoutFor(size());
    const int row = layout.rowAt(place.y()), column = layout.columnAt(place.x());
    if (row < 0 || column < 0)
        return {};
    const auto r = static_cast<std::size_t>(row);
    const QString group = m_spec.groups.empty() ? QString() : m_spec.groups[r] + QStringLiteral(", ");
    return QStringLiteral("%1: %2%3\n%4: %5\n%6: %7")
        .arg(m_spec.rowTitle, group, m_spec.rows[r], m_spec.columnTitle, m_spec.columns[static_cast<std::size_t>(column)],
            m_spec.valueTitle, heatText(m_spec, row, column));
}

bool HeatMap::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const HeatLayout layout = layoutFor(size());
        const QRectF cell = layout.cell(layout.rowAt(help->pos().y()), layout.columnAt(help->pos().x()));
        QToolTip::showText(help->globalPos(), tooltipAt(help->pos()), this, cell.toAlignedRect());
        return true;
    }
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)
        update();
    return Figure::event(event);
}

} // namespace bitscape::ui
