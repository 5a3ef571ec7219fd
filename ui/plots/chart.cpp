// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/chart.h"

#include "ui/plots/chart_drawing.h"
#include "ui/plots/chart_points.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QToolTip>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>

namespace bitscape::ui {
namespace {

constexpr double kRingSize = 14;
constexpr int kClickSlack = 4;
constexpr double kKeyZoom = 0.8, kKeyStep = 0.1;
constexpr std::size_t kMostBelow = 8;
constexpr int kLegendColumn = 150;
constexpr double kNoStretch = 0.001; ///< as little as QCustomPlot allows

} // namespace

struct Chart::Parts {
    QCustomPlot* plot = nullptr;
    std::vector<QCPAbstractPlottable*> drawn;
    std::set<QString> hidden;      ///< names of series that are switched off
    QCPItemTracer* ring = nullptr; ///< around the point under the pointer or the highlighted one
    std::int64_t highlighted = -1;
    bool zoomed = false; ///< the person chose what is in view
    bool legendWanted = true;
    QPoint pressed;
};

Chart::Chart(const Theme& theme, QWidget* parent)
    : Figure(parent)
    , m_parts(std::make_unique<Parts>())
    , m_theme(theme)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_parts->plot = new QCustomPlot;
    layout->addWidget(m_parts->plot);
    QCustomPlot& plot = *m_parts->plot;
    plot.setInteractions(QCP::iRangeDrag | QCP::iRangeZoom | QCP::iSelectLegend);
    plot.setMinimumSize(180, 120);
    plot.setFocusPolicy(Qt::NoFocus);
    plot.installEventFilter(this);
    plot.setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setFocusProxy(nullptr);
    connect(&plot, &QCustomPlot::legendClick, this, [this](QCPLegend*, QCPAbstractLegendItem* item, QMouseEvent*) {
        if (auto* entry = qobject_cast<QCPPlottableLegendItem*>(item))
            switchSeries(entry->plottable()->name());
    });
    connect(&theme, &Theme::changed, this, &Chart::redraw);
    redraw();
}

Chart::~Chart() = default;

void Chart::setSpec(const ChartSpec& spec)
{
    const bool sameAxes = spec.x.title == m_spec.x.title && spec.y.title == m_spec.y.title && spec.x.logarithmic == m_spec.x.logarithmic;
    if (spec == m_spec)
        return;
    m_spec = spec;
    m_parts->zoomed = m_parts->zoomed && sameAxes;
    setAccessibleName(spec.name);
    setAccessibleDescription(
        tr("Chart of %1 against %2, %n curves", nullptr, static_cast<int>(spec.series.size())).arg(spec.y.title, spec.x.title));
    redraw();
}

void Chart::redraw()
{
    QCustomPlot& plot = *m_parts->plot;
    styleChart(plot, m_theme.colours(), font());
    setUpAxes(plot, m_spec);
    m_parts->ring = nullptr;
    m_parts->drawn = drawSeries(plot, m_spec, m_theme.colours());
    drawMarks(plot, m_spec, m_theme.colours());
    QList<QCPAxis*> vertical { plot.yAxis };
    if (m_spec.right)
        vertical << plot.yAxis2;
    plot.axisRect()->setRangeDragAxes({ plot.xAxis }, vertical);
    plot.axisRect()->setRangeZoomAxes({ plot.xAxis }, vertical);
    for (std::size_t i = 0; i < m_parts->drawn.size(); ++i)
        m_parts->drawn[i]->setVisible(!m_parts->hidden.contains(m_spec.series[i].name));
    placeLegend();
    if (!m_parts->zoomed)
        showAll();
    ringHighlighted();
    plot.replot(QCustomPlot::rpQueuedReplot);
}

/// Below the plot in columns; beside it where there are many.
void Chart::placeLegend()
{
    QCustomPlot& plot = *m_parts->plot;
    QCPLegend* legend = plot.legend;
    if (QCPLayout* holder = legend->layout())
        holder->take(legend);
    if (plot.plotLayout()->hasElement(0, 1)) // what held it beside the plot
        plot.plotLayout()->remove(plot.plotLayout()->element(0, 1));
    plot.plotLayout()->simplify();
    const bool shown = isLegendShown();
    legend->setVisible(shown);
    if (!shown) {
        plot.axisRect()->insetLayout()->addElement(legend, Qt::AlignTop | Qt::AlignRight);
        return;
    }
    const bool below = m_spec.series.size() <= kMostBelow;
    legend->setFillOrder(below ? QCPLayoutGrid::foColumnsFirst : QCPLayoutGrid::foRowsFirst, false);
    legend->setWrap(below ? std::max(1, width() / kLegendColumn) : 0);
    legend->setFillOrder(legend->fillOrder(), true);
    legend->setMargins(QMargins(6, 2, 6, 2));
    if (below) {
        plot.plotLayout()->addElement(1, 0, legend);
        plot.plotLayout()->setRowStretchFactor(1, kNoStretch);
    } else { // at the top of its column, its rows as low as they can be
        auto* side = new QCPLayoutGrid;
        plot.plotLayout()->addElement(0, 1, side);
        side->addElement(0, 0, legend);
        side->addElement(1, 0, new QCPLayoutElement(&plot));
        side->setRowStretchFactor(0, kNoStretch);
        plot.plotLayout()->setColumnStretchFactor(1, kNoStretch);
    }
    for (int i = 0; i < legend->itemCount(); ++i) {
        auto* entry = qobject_cast<QCPPlottableLegendItem*>(legend->item(i));
        if (!entry) // a place in the grid that no entry takes
            continue;
        const bool hidden = m_parts->hidden.contains(entry->plottable()->name());
        entry->setTextColor(hidden ? m_theme.colours().faint : m_theme.colours().text);
    }
}

void Chart::showAll()
{
    QCustomPlot& plot = *m_parts->plot;
    plot.xAxis->setRange(fullRange(m_spec, m_spec.x, true, false));
    plot.yAxis->setRange(fullRange(m_spec, m_spec.y, false, false));
    if (m_spec.right)
        plot.yAxis2->setRange(fullRange(m_spec, *m_spec.right, false, true));
}

void Chart::resetView()
{
    m_parts->zoomed = false;
    showAll();
    m_parts->plot->replot();
}

void Chart::switchSeries(const QString& name)
{
    if (m_parts->hidden.erase(name) == 0)
        m_parts->hidden.insert(name);
    redraw();
}

void Chart::highlight(std::int64_t key)
{
    m_parts->highlighted = key;
    ringHighlighted();
    m_parts->plot->replot(QCustomPlot::rpQueuedReplot);
}

void Chart::ringHighlighted()
{
    for (std::size_t s = 0; s < m_spec.series.size() && m_parts->highlighted >= 0; ++s) {
        const Series& series = m_spec.series[s];
        const auto found = std::ranges::find(series.keys, m_parts->highlighted);
        if (found != series.keys.end() && m_parts->drawn[s]->visible())
            return ring(s, static_cast<std::size_t>(found - series.keys.begin()));
    }
    if (m_parts->ring)
        m_parts->ring->setVisible(false);
}

void Chart::ring(std::size_t seriesAt, std::size_t point)
{
    const Series& series = m_spec.series[seriesAt];
    QCustomPlot& plot = *m_parts->plot;
    if (!m_parts->ring) {
        m_parts->ring = new QCPItemTracer(&plot);
        m_parts->ring->setStyle(QCPItemTracer::tsCircle);
        m_parts->ring->setSize(kRingSize);
        m_parts->ring->setPen(QPen(m_theme.colours().text, 1.6));
    }
    m_parts->ring->position->setAxes(plot.xAxis, series.rightAxis ? plot.yAxis2 : plot.yAxis);
    m_parts->ring->position->setCoords(series.x[point], series.y[point]);
    m_parts->ring->setVisible(true);
}

std::optional<std::pair<std::size_t, std::size_t>> Chart::pointAt(const QPointF& place) const
{
    const QCustomPlot& plot = *m_parts->plot;
    if (!plot.axisRect()->rect().contains(place.toPoint()))
        return std::nullopt;
    const auto shown = [this](std::size_t series) { return m_parts->drawn[series]->visible(); };
    return nearestPoint(plot, m_spec, shown, place);
}

QString Chart::tooltipAt(const QPointF& place) const
{
    const auto hit = pointAt(place);
    return hit ? pointText(m_spec, hit->first, hit->second) : QString();
}

bool Chart::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_parts->plot)
        return Figure::eventFilter(watched, event);
    switch (event->type()) {
    case QEvent::Wheel: {
        const auto keys = static_cast<QWheelEvent*>(event)->modifiers();
        m_parts->plot->axisRect()->setRangeZoom(keys & Qt::ControlModifier ? Qt::Horizontal
                : keys & Qt::ShiftModifier                                 ? Qt::Vertical
                                                                           : Qt::Horizontal | Qt::Vertical);
        m_parts->zoomed = true;
        break;
    }
    case QEvent::MouseButtonPress:
        setFocus(Qt::MouseFocusReason);
        m_parts->pressed = static_cast<QMouseEvent*>(event)->pos();
        break;
    case QEvent::MouseMove: {
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if (mouse->buttons() & Qt::LeftButton)
            m_parts->zoomed = true;
        else
            hover(*mouse);
        break;
    }
    case QEvent::MouseButtonRelease:
        clicked(*static_cast<QMouseEvent*>(event));
        break;
    case QEvent::MouseButtonDblClick:
        resetView();
        return true;
    case QEvent::Leave:
        ringHighlighted();
        m_parts->plot->replot(QCustomPlot::rpQueuedReplot);
        break;
    case QEvent::Resize:
        QMetaObject::invokeMethod(this, &Chart::redraw, Qt::QueuedConnection);
        break;
    default:
        break;
    }
    return false;
}

void Chart::hover(const QMouseEvent& mouse)
{
    if (const auto hit = pointAt(mouse.position())) {
        ring(hit->first, hit->second);
        QToolTip::showText(mouse.globalPosition().toPoint(), tooltipAt(mouse.position()), m_parts->plot);
    } else {
        ringHighlighted();
        QToolTip::hideText();
    }
    m_parts->plot->replot(QCustomPlot::rpQueuedReplot);
}

void Chart::clicked(const QMouseEvent& mouse)
{
    const QCustomPlot& plot = *m_parts->plot;
    if ((mouse.pos() - m_parts->pressed).manhattanLength() > kClickSlack || mouse.button() != Qt::LeftButton
        || !plot.axisRect()->rect().contains(mouse.pos()))
        return;
    if (const auto hit = pointAt(mouse.position())) {
        const Series& series = m_spec.series[hit->first];
        const std::int64_t key = hit->second < series.keys.size() ? series.keys[hit->second] : static_cast<std::int64_t>(hit->second);
        emit pointClicked(static_cast<int>(hit->first), key);
    } else {
        emit plotClicked(plot.xAxis->pixelToCoord(mouse.position().x()), plot.yAxis->pixelToCoord(mouse.position().y()));
    }
}

void Chart::keyPressEvent(QKeyEvent* event)
{
    QCustomPlot& plot = *m_parts->plot;
    const auto zoom = [&](double factor) {
        for (QCPAxis* axis : { plot.xAxis, plot.yAxis, plot.yAxis2 })
            axis->scaleRange(factor, axis->range().center());
    };
    const auto pan = [&](double x, double y) {
        plot.xAxis->moveRange(x * plot.xAxis->range().size());
        for (QCPAxis* axis : { plot.yAxis, plot.yAxis2 })
            axis->moveRange(y * axis->range().size());
    };
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        zoom(kKeyZoom);
        break;
    case Qt::Key_Minus:
        zoom(1 / kKeyZoom);
        break;
    case Qt::Key_0:
        return resetView();
    case Qt::Key_Left:
        pan(-kKeyStep, 0);
        break;
    case Qt::Key_Right:
        pan(kKeyStep, 0);
        break;
    case Qt::Key_Up:
        pan(0, kKeyStep);
        break;
    case Qt::Key_Down:
        pan(0, -kKeyStep);
        break;
    default:
        return Figure::keyPressEvent(event);
    }
    m_parts->zoomed = true;
    plot.replot();
}

void Chart::focusInEvent(QFocusEvent* event)
{
    Figure::focusInEvent(event);
    m_parts->plot->axisRect()->setBackground(QBrush(m_theme.colours().panel));
    m_parts->plot->replot(QCustomPlot::rpQueuedReplot);
}

void Chart::focusOutEvent(QFocusEvent* event)
{
    Figure::focusOutEvent(event);
    m_parts->plot->axisRect()->setBackground(QBrush(Qt::NoBrush));
    m_parts->plot->replot(QCustomPlot::rpQueuedReplot);
}

void Chart::drawOn(QPaintDevice& device, const QSize& size)
{
    QCPPainter painter(&device);
    painter.setMode(QCPPainter::pmVectorized);
    m_parts->plot->toPainter(&painter, size.width(), size.height());
}

QString Chart::csv() const
{
    return csvOf(m_spec);
}

QString Chart::fileName() const
{
    return m_spec.name;
}

bool Chart::hasLegend() const
{
    return m_spec.legend && m_spec.series.size() > 1;
}

bool Chart::isLegendShown() const
{
    return hasLegend() && m_parts->legendWanted;
}

void Chart::showLegend(bool shown)
{
    m_parts->legendWanted = shown;
    redraw();
}

} // namespace bitscape::ui
