// SPDX-License-Identifier: GPL-3.0-or-later
// What a chart does with pointer and keys.
#include "ui/plots/chart_axes.h"
#include "ui/plots/chart_parts.h"
#include "ui/plots/chart_points.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace bitscape::ui {
namespace {

constexpr int kClickSlack = 4;
constexpr double kHandleReach = 6; ///< pixels
constexpr double kKeyZoom = 0.8, kKeyStep = 0.1;
constexpr double kWheelZoom = 0.85, kWheelNotch = 120;

bool isLog(const QCPAxis& axis)
{
    return axis.scaleType() == QCPAxis::stLogarithmic;
}

} // namespace

bool Chart::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_parts->plot)
        return Figure::eventFilter(watched, event);
    switch (event->type()) {
    case QEvent::Wheel:
        wheel(*static_cast<QWheelEvent*>(event));
        event->accept();
        return true;
    case QEvent::MouseButtonPress:
        setFocus(Qt::MouseFocusReason);
        press(*static_cast<QMouseEvent*>(event));
        return true;
    case QEvent::MouseMove:
        move(*static_cast<QMouseEvent*>(event));
        return true;
    case QEvent::MouseButtonRelease:
        release(*static_cast<QMouseEvent*>(event));
        return true;
    case QEvent::MouseButtonDblClick:
        resetView();
        return true;
    case QEvent::Leave:
        pointOut(std::nullopt);
        return false;
    case QEvent::Resize: // ticks and words of marks are placed for the new size
        QMetaObject::invokeMethod(this, &Chart::redraw, Qt::QueuedConnection);
        return false;
    default:
        return false;
    }
}

void Chart::wheel(const QWheelEvent& event)
{
    const QPoint turned = event.angleDelta(); // with Shift or Alt some systems turn the wheel's axis
    const double notches = (turned.y() != 0 ? turned.y() : turned.x()) / kWheelNotch;
    const auto keys = event.modifiers();
    const Qt::Orientations axes = keys & Qt::ControlModifier ? Qt::Horizontal
        : keys & Qt::ShiftModifier                           ? Qt::Orientations(Qt::Vertical)
                                                             : Qt::Horizontal | Qt::Vertical;
    zoom(event.position(), std::pow(kWheelZoom, notches), axes);
}

void Chart::press(const QMouseEvent& event)
{
    m_parts->isPressed = event.button() == Qt::LeftButton;
    m_parts->isDragging = false;
    m_parts->handle = m_parts->isPressed ? handleAt(event.position()) : std::nullopt;
    m_parts->pressed = event.position();
    m_parts->atPress = m_parts->ranges();
}

void Chart::move(const QMouseEvent& event)
{
    if (m_parts->handle)
        return dragHandle(event.position());
    if (!m_parts->isPressed) {
        m_parts->plot->setCursor(handleAt(event.position()) ? Qt::SizeHorCursor : Qt::ArrowCursor);
        return pointOut(pointAt(event.position()));
    }
    const QPointF way = event.position() - m_parts->pressed;
    const QRect area = m_parts->plot->axisRect()->rect();
    if (!m_parts->isDragging && (way.manhattanLength() <= kClickSlack || !area.contains(m_parts->pressed.toPoint())))
        return;
    if (!m_parts->isDragging)
        pointOut(std::nullopt);
    m_parts->isDragging = true;
    m_parts->plot->xAxis->setRange(m_parts->atPress.x);
    m_parts->plot->yAxis->setRange(m_parts->atPress.y);
    m_parts->plot->yAxis2->setRange(m_parts->atPress.right);
    pan(-way.x() / area.width(), way.y() / area.height());
}

void Chart::release(const QMouseEvent& event)
{
    const bool isClick = m_parts->isPressed && !m_parts->isDragging && event.button() == Qt::LeftButton;
    m_parts->isPressed = m_parts->isDragging = false;
    if (const auto handle = std::exchange(m_parts->handle, std::nullopt))
        return emit handleDropped(static_cast<int>(*handle));
    if (!isClick)
        return;
    const int entry = std::max(m_parts->below->entryAt(event.position()), m_parts->beside->entryAt(event.position()));
    if (entry >= 0)
        return switchSeries(m_spec.series[static_cast<std::size_t>(entry)].name);
    const QCustomPlot& plot = *m_parts->plot;
    if (!plot.axisRect()->rect().contains(event.position().toPoint()))
        return;
    if (const auto hit = pointAt(event.position()))
        click(hit->first, hit->second);
    else
        emit plotClicked(plot.xAxis->pixelToCoord(event.position().x()), plot.yAxis->pixelToCoord(event.position().y()));
}

/// The nearest handle within reach; of several at one place the last, so that thresholds that lie together can be pulled apart upwards.
std::optional<std::size_t> Chart::handleAt(const QPointF& place) const
{
    const QCustomPlot& plot = *m_parts->plot;
    if (!plot.axisRect()->rect().contains(place.toPoint()))
        return std::nullopt;
    std::optional<std::size_t> nearest;
    double least = kHandleReach;
    for (std::size_t i = 0; i < m_spec.marks.size(); ++i) {
        const double away = std::abs(plot.xAxis->coordToPixel(m_spec.marks[i].at) - place.x());
        if (!m_spec.marks[i].handle || away > least)
            continue;
        least = away;
        nearest = i;
    }
    return nearest;
}

void Chart::dragHandle(const QPointF& place)
{
    const QCustomPlot& plot = *m_parts->plot;
    pointOut(std::nullopt);
    const QCPRange full = fullRange(m_spec, m_spec.x, true, false, {});
    emit handleDragged(static_cast<int>(*m_parts->handle), std::clamp(plot.xAxis->pixelToCoord(place.x()), full.lower, full.upper));
}

/// Around a place in pixels of the plot.
void Chart::zoom(const QPointF& place, double factor, Qt::Orientations axes)
{
    QCustomPlot& plot = *m_parts->plot;
    const auto apply = [&](QCPAxis& axis, const QCPRange& full, double pixel) {
        const QCPRange zoomed = zoomedRange(axis.range(), axis.pixelToCoord(pixel), factor, isLog(axis));
        axis.setRange(boundedRange(zoomed, full, isLog(axis)));
    };
    if (axes & Qt::Horizontal)
        apply(*plot.xAxis, fullRange(m_spec, m_spec.x, true, false, {}), place.x());
    if (axes & Qt::Vertical) {
        apply(*plot.yAxis, fullRange(m_spec, m_spec.y, false, false, {}), place.y());
        if (m_spec.right)
            apply(*plot.yAxis2, fullRange(m_spec, *m_spec.right, false, true, {}), place.y());
    }
    m_parts->zoomed = true;
    plot.replot(QCustomPlot::rpQueuedReplot);
}

/// By shares of what is in view.
void Chart::pan(double xShare, double yShare)
{
    QCustomPlot& plot = *m_parts->plot;
    const auto apply = [](QCPAxis& axis, const QCPRange& full, double share) {
        axis.setRange(boundedRange(movedRange(axis.range(), share, isLog(axis)), full, isLog(axis)));
    };
    apply(*plot.xAxis, fullRange(m_spec, m_spec.x, true, false, {}), xShare);
    apply(*plot.yAxis, fullRange(m_spec, m_spec.y, false, false, {}), yShare);
    if (m_spec.right)
        apply(*plot.yAxis2, fullRange(m_spec, *m_spec.right, false, true, {}), yShare);
    m_parts->zoomed = true;
    plot.replot(QCustomPlot::rpQueuedReplot);
}

std::optional<std::pair<std::size_t, std::size_t>> Chart::pointAt(const QPointF& place) const
{
    const QCustomPlot& plot = *m_parts->plot;
    if (!plot.axisRect()->rect().contains(place.toPoint()))
        return std::nullopt;
    const auto shown = [this](std::size_t series) { return !isSwitchedOff(m_spec.series[series].name); };
    return nearestPoint(plot, m_spec, shown, place);
}

QString Chart::tooltipAt(const QPointF& place) const
{
    const auto hit = pointAt(place - m_parts->plot->pos());
    return hit ? pointText(m_spec, hit->first, hit->second) : QString();
}

/// Rings a point and tells about it, or stops doing so.
void Chart::pointOut(const std::optional<std::pair<std::size_t, std::size_t>>& point)
{
    if (point == m_parts->current)
        return;
    m_parts->current = point;
    QCPItemTracer& ring = *m_parts->hoverRing;
    ring.setVisible(point.has_value());
    if (point) {
        const Series& series = m_spec.series[point->first];
        QCustomPlot& plot = *m_parts->plot;
        ring.position->setAxes(plot.xAxis, series.rightAxis ? plot.yAxis2 : plot.yAxis);
        ring.position->setCoords(series.x[point->second], heightOf(m_spec, point->first, point->second));
        QToolTip::showText(
            mapToGlobal(placeOf(point->first, point->second)).toPoint(), pointText(m_spec, point->first, point->second), &plot);
    } else {
        QToolTip::hideText();
    }
    m_parts->plot->layer(kHoverLayer)->replot();
}

void Chart::click(std::size_t series, std::size_t point)
{
    const auto& keys = m_spec.series[series].keys;
    emit pointClicked(static_cast<int>(series), point < keys.size() ? keys[point] : static_cast<std::int64_t>(point));
}

/// From the point that the tooltip is about to the next one of its series that can be seen, or to the next series.
void Chart::step(int points, int series)
{
    const auto count = static_cast<int>(m_spec.series.size());
    if (count == 0)
        return;
    const bool begins = !m_parts->current;
    int at = begins ? 0 : static_cast<int>(m_parts->current->first), point = begins ? -points : static_cast<int>(m_parts->current->second);
    if (begins && points < 0)
        point = static_cast<int>(m_spec.series[0].x.size());
    for (int tries = 0; tries < count && (series != 0 || isSwitchedOff(m_spec.series[static_cast<std::size_t>(at)].name)); ++tries) {
        at = (at + (series == 0 ? 1 : series) + count) % count;
        if (series != 0 && !isSwitchedOff(m_spec.series[static_cast<std::size_t>(at)].name))
            break;
    }
    const Series& of = m_spec.series[static_cast<std::size_t>(at)];
    const int last = static_cast<int>(std::min(of.x.size(), of.y.size())) - 1;
    point = std::clamp(point + points, 0, std::max(0, last));
    while (point > 0 && point < last && !std::isfinite(of.y[static_cast<std::size_t>(point)]))
        point += points < 0 ? -1 : 1;
    if (last >= 0 && !isSwitchedOff(of.name) && std::isfinite(of.y[static_cast<std::size_t>(point)]))
        pointOut(std::pair(static_cast<std::size_t>(at), static_cast<std::size_t>(point)));
}

void Chart::keyPressEvent(QKeyEvent* event)
{
    const QPointF centre = QRectF(m_parts->plot->axisRect()->rect()).center();
    const bool steps = event->modifiers() & Qt::ControlModifier;
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoom(centre, kKeyZoom, Qt::Horizontal | Qt::Vertical);
    case Qt::Key_Minus:
        return zoom(centre, 1 / kKeyZoom, Qt::Horizontal | Qt::Vertical);
    case Qt::Key_0:
        return resetView();
    case Qt::Key_Left:
        return steps ? step(-1, 0) : pan(-kKeyStep, 0);
    case Qt::Key_Right:
        return steps ? step(1, 0) : pan(kKeyStep, 0);
    case Qt::Key_Up:
        return steps ? step(0, -1) : pan(0, kKeyStep);
    case Qt::Key_Down:
        return steps ? step(0, 1) : pan(0, -kKeyStep);
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (const auto point = m_parts->current)
            return click(point->first, point->second);
        [[fallthrough]];
    default:
        Figure::keyPressEvent(event);
    }
}

void Chart::contextMenuEvent(QContextMenuEvent* event)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Everything in view"), this, &Chart::resetView);
    menu->addSeparator();
    for (const Series& series : m_spec.series) {
        QAction* action = menu->addAction(QString(series.name).replace(QLatin1Char('&'), QStringLiteral("&&")));
        action->setCheckable(true);
        action->setChecked(!isSwitchedOff(series.name));
        connect(action, &QAction::triggered, this, [this, name = series.name] { switchSeries(name); });
    }
    menu->popup(event->globalPos());
    event->accept();
}

} // namespace bitscape::ui
