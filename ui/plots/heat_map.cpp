// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/heat_map.h"

#include "ui/plots/chart_spec.h"
#include "ui/plots/heat_map_heads.h"
#include "ui/plots/heat_map_layout.h"
#include "ui/plots/pointing.h"

#include <QKeyEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace bitscape::ui {
namespace {

constexpr double kWheelZoom = 0.8;
constexpr double kKeyPan = 0.1; ///< of what is in view
constexpr double kFewest = 2;   ///< rows or columns in view at the closest

} // namespace

struct HeatMap::State {
    HeatWindow window, atPress;
    HeatSelection selection;
};

HeatMap::HeatMap(const Theme& theme, QWidget* parent)
    : DraggedFigure(parent)
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

void HeatMap::select(int row, int column, int group)
{
    m_state->selection = { row, column, group < static_cast<int>(m_spec.groups.size()) ? group : -1 };
    HeatWindow& window = m_state->window;
    const auto bring = [](int to, double& low, double& high, std::size_t count) {
        if (to < 0 || (to >= low && to + 1 <= high))
            return;
        const double size = high - low;
        low = std::clamp(to + 0.5 - size / 2, 0.0, std::max(0.0, static_cast<double>(count) - size));
        high = low + size;
    };
    if (row < 0 && m_state->selection.group >= 0) {
        const auto [first, last] = layoutFor(size()).rowsOf(group);
        if (last <= window.top || first >= window.bottom)
            row = first;
    }
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

HeatSpot HeatMap::spotUnder(const QPointF& place) const
{
    const int selected = m_state->selection.row < 0 ? m_state->selection.group : -1;
    return spotAt(m_spec, layoutFor(size()), fontMetrics(), selected, place);
}

QRectF HeatMap::headRect(int group) const
{
    for (const HeatHead& head : headsOf(m_spec, layoutFor(size()), fontMetrics(), m_state->selection.group)) {
        if (head.group == group)
            return head.place;
    }
    return {};
}

void HeatMap::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.colours().base);
    drawHeatMap(painter, m_spec, layoutFor(size()), size(), m_theme.colours(), m_state->selection);
    drawFocusFrame(painter, *this, m_theme.colours());
}

void HeatMap::drawOn(QPaintDevice& device, const QSize& size)
{
    QPainter painter(&device);
    painter.setFont(font());
    painter.fillRect(QRect({}, size), m_theme.colours().base);
    drawHeatMap(painter, m_spec, layoutFor(size), size, m_theme.colours(), m_state->selection);
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
    const HeatLayout layout = layoutFor(size());
    for (std::size_t row = 0; row < m_spec.rows.size(); ++row) {
        QStringList names { m_spec.rows[row] };
        if (!m_spec.groups.empty())
            names.prepend(m_spec.groups[static_cast<std::size_t>(layout.groupOf(static_cast<int>(row)))].name);
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

void HeatMap::pressed()
{
    m_state->atPress = m_state->window;
}

void HeatMap::dragged(const QPointF& way)
{
    const HeatLayout layout = layoutFor(size());
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

void HeatMap::clicked(const QPointF& place)
{
    const HeatSpot spot = spotUnder(place);
    if (spot.group >= 0)
        emit groupClicked(spot.group);
    else if (spot.row >= 0 || spot.column >= 0)
        emit cellClicked(spot.row, spot.column);
}

void HeatMap::keyPressEvent(QKeyEvent* event)
{
    const HeatWindow& window = m_state->window;
    const double row = (window.top + window.bottom) / 2, column = (window.left + window.right) / 2;
    const auto go = [&](int rows, int columns) {
        if (m_state->selection.row < 0 && m_state->selection.column < 0)
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
    const int row = std::clamp(std::max(0, m_state->selection.row) + rows, 0, static_cast<int>(m_spec.rows.size()) - 1);
    const int column = std::clamp(std::max(0, m_state->selection.column) + columns, 0, static_cast<int>(m_spec.columns.size()) - 1);
    select(row, column);
    emit cellClicked(row, column);
}

QString HeatMap::tooltipAt(const QPointF& place) const
{
    const HeatSpot spot = spotUnder(place);
    const auto named = [](const QString& title, const QString& group, const QString& name) {
        return QStringLiteral("%1: %2").arg(title, group.isEmpty() ? name : group + QStringLiteral(", ") + name);
    };
    QStringList lines;
    if (spot.group >= 0) {
        const HeatGroup& group = m_spec.groups[static_cast<std::size_t>(spot.group)];
        lines << named(m_spec.rowTitle, group.name, group.note);
    }
    if (spot.row >= 0) {
        const int group = m_spec.groups.empty() ? -1 : layoutFor(size()).groupOf(spot.row);
        lines << named(m_spec.rowTitle, group < 0 ? QString() : m_spec.groups[static_cast<std::size_t>(group)].name,
            m_spec.rows[static_cast<std::size_t>(spot.row)]);
    }
    if (spot.column >= 0)
        lines << named(m_spec.columnTitle, {}, m_spec.columns[static_cast<std::size_t>(spot.column)]);
    if (spot.row >= 0 && spot.column >= 0)
        lines << QStringLiteral("%1: %2").arg(m_spec.valueTitle, heatText(m_spec, spot.row, spot.column));
    return lines.join(QLatin1Char('\n'));
}

bool HeatMap::event(QEvent* event)
{
    const auto tell = [this](const QPoint& place) {
        const HeatSpot spot = spotUnder(place);
        const bool cell = spot.row >= 0 && spot.column >= 0;
        return Told { tooltipAt(place), cell ? layoutFor(size()).cell(spot.row, spot.column).toAlignedRect() : QRect() };
    };
    return answerTooltip(*this, *event, tell) || Figure::event(event);
}

} // namespace bitscape::ui
