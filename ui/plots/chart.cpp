// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/chart.h"

#include "ui/plots/chart_axes.h"
#include "ui/plots/chart_parts.h"

#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace bitscape::ui {
namespace {

constexpr double kRingSize = 14, kHoverSize = 17;
constexpr std::size_t kMostBelow = 8; ///< series; the legend of more stands beside the plot
constexpr double kSmallestText = 9;   ///< points
constexpr int kFocusFrame = 2;
constexpr double kHandleGrip = 12;   ///< pixels below the plot's upper edge
constexpr double kNoStretch = 0.001; ///< as little as QCustomPlot allows

QFont readable(QFont font)
{
    if (font.pointSizeF() > 0 && font.pointSizeF() < kSmallestText)
        font.setPointSizeF(kSmallestText);
    return font;
}

QCPItemTracer* makeRing(QCustomPlot& plot, const Colours& colours, double size)
{
    auto* ring = new QCPItemTracer(&plot);
    ring->setStyle(QCPItemTracer::tsCircle);
    ring->setSize(size);
    ring->setPen(QPen(colours.text, 1.6));
    return ring;
}

bool isSameKind(const ChartSpec& a, const ChartSpec& b)
{
    const auto axis = [](const AxisSpec& spec) { return std::pair(spec.title, spec.logarithmic); };
    if (axis(a.x) != axis(b.x) || axis(a.y) != axis(b.y))
        return false;
    return a.series.empty() || std::ranges::any_of(a.series, [&](const Series& series) {
        return std::ranges::any_of(b.series, [&](const Series& other) { return other.name == series.name; });
    });
}

} // namespace

Chart::Chart(const Theme& theme, QWidget* parent)
    : Figure(parent)
    , m_parts(std::make_unique<Parts>())
    , m_theme(theme)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kFocusFrame, kFocusFrame, kFocusFrame, kFocusFrame);
    m_parts->plot = new QCustomPlot;
    layout->addWidget(m_parts->plot);
    QCustomPlot& plot = *m_parts->plot;
    plot.setMinimumSize(180, 120);
    plot.setFocusPolicy(Qt::NoFocus);
    plot.setContextMenuPolicy(Qt::NoContextMenu);
    plot.setAutoAddPlottableToLegend(false);
    plot.setPlottingHint(QCP::phFastPolylines); // on the screen only; drawings for files keep whole lines
    plot.addLayer(kHoverLayer);
    plot.layer(kHoverLayer)->setMode(QCPLayer::lmBuffered);
    m_parts->below = new ChartLegend(plot, ChartLegend::Place::Below);
    m_parts->beside = new ChartLegend(plot, ChartLegend::Place::Beside);
    plot.plotLayout()->addElement(1, 0, m_parts->below);
    plot.plotLayout()->addElement(0, 1, m_parts->beside);
    plot.plotLayout()->setRowStretchFactor(1, kNoStretch);
    plot.plotLayout()->setColumnStretchFactor(1, kNoStretch);
    plot.plotLayout()->setRowSpacing(0);
    plot.plotLayout()->setColumnSpacing(0);
    plot.axisRect()->setMinimumMargins(QMargins(12, 10, 22, 8)); // half of the last label's width at the right
    plot.installEventFilter(this);
    plot.setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    connect(&plot, &QCustomPlot::beforeReplot, this, [this] {
        turnCategories(*m_parts->plot->xAxis, m_spec.x);
        thinOutShapes(m_parts->drawn);
    });
    connect(&theme, &Theme::changed, this, &Chart::redraw);
    redraw();
}

Chart::~Chart() = default;

void Chart::setSpec(const ChartSpec& spec)
{
    if (spec == m_spec)
        return;
    m_parts->zoomed = m_parts->zoomed && isSameKind(m_spec, spec);
    m_spec = spec;
    std::erase_if(
        m_parts->hidden, [&](const QString& name) { return std::ranges::find(spec.series, name, &Series::name) == spec.series.end(); });
    setAccessibleName(spec.name);
    setAccessibleDescription(
        tr("Chart of %1 against %2, %n curves", nullptr, static_cast<int>(spec.series.size())).arg(spec.y.title, spec.x.title));
    redraw();
    emit legendChanged();
}

void Chart::redraw()
{
    QCustomPlot& plot = *m_parts->plot;
    styleChart(plot, m_theme.colours(), readable(font()));
    setUpAxes(plot, m_spec);
    m_parts->current.reset();
    m_parts->drawn = drawSeries(plot, m_spec, m_theme.colours());
    for (std::size_t i = 0; i < m_parts->drawn.size(); ++i) {
        const bool shown = !isSwitchedOff(m_spec.series[i].name);
        m_parts->drawn[i].main->setVisible(shown);
        if (m_parts->drawn[i].bounds)
            m_parts->drawn[i].bounds->setVisible(shown);
    }
    fillLegend();
    if (!m_parts->zoomed)
        showAll();
    m_parts->rings.clear(); // goes with the plot's other items
    drawMarks(plot, m_spec, m_theme.colours());
    m_parts->hoverRing = makeRing(plot, m_theme.colours(), kHoverSize);
    m_parts->hoverRing->setLayer(QLatin1String(kHoverLayer));
    m_parts->hoverRing->setVisible(false);
    ringHighlighted();
    plot.replot(QCustomPlot::rpQueuedReplot);
    update();
}

/// Below the plot in columns; beside it where there are many.
void Chart::fillLegend()
{
    std::vector<ChartLegend::Entry> entries;
    for (std::size_t i = 0; isLegendShown() && i < m_spec.series.size(); ++i)
        entries.push_back(legendEntryOf(m_spec.series[i], m_parts->drawn[i], isSwitchedOff(m_spec.series[i].name)));
    const bool below = m_spec.series.size() <= kMostBelow;
    const QFont font = readable(this->font());
    m_parts->below->show(below ? entries : std::vector<ChartLegend::Entry>(), m_theme.colours(), font);
    m_parts->beside->show(below ? std::vector<ChartLegend::Entry>() : entries, m_theme.colours(), font);
}

void Chart::showAll()
{
    QCustomPlot& plot = *m_parts->plot;
    plot.xAxis->setRange(fullRange(m_spec, m_spec.x, true, false, m_parts->hidden));
    plot.yAxis->setRange(fullRange(m_spec, m_spec.y, false, false, m_parts->hidden));
    if (m_spec.right)
        plot.yAxis2->setRange(fullRange(m_spec, *m_spec.right, false, true, m_parts->hidden));
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

bool Chart::isSwitchedOff(const QString& name) const
{
    return m_parts->hidden.contains(name);
}

void Chart::highlight(std::int64_t key)
{
    if (m_parts->highlighted == key)
        return;
    m_parts->highlighted = key;
    ringHighlighted();
    m_parts->plot->replot(QCustomPlot::rpQueuedReplot);
}

void Chart::ringHighlighted()
{
    QCustomPlot& plot = *m_parts->plot;
    for (QCPItemTracer* ring : m_parts->rings)
        plot.removeItem(ring);
    m_parts->rings.clear();
    for (std::size_t s = 0; s < m_spec.series.size() && m_parts->highlighted >= 0; ++s) {
        const Series& series = m_spec.series[s];
        const std::size_t count = isSwitchedOff(series.name) ? 0 : std::min({ series.keys.size(), series.x.size(), series.y.size() });
        for (std::size_t at = 0; at < count; ++at) {
            if (series.keys[at] != m_parts->highlighted || !std::isfinite(series.y[at]))
                continue;
            QCPItemTracer* ring = makeRing(plot, m_theme.colours(), kRingSize);
            ring->position->setAxes(plot.xAxis, series.rightAxis ? plot.yAxis2 : plot.yAxis);
            ring->position->setCoords(series.x[at], heightOf(m_spec, s, at));
            m_parts->rings.push_back(ring);
        }
    }
}

QPointF Chart::markPlace(std::size_t mark) const
{
    const QCustomPlot& plot = *m_parts->plot;
    if (mark >= m_spec.marks.size())
        return {};
    return plot.pos() + QPointF(plot.xAxis->coordToPixel(m_spec.marks[mark].at), plot.axisRect()->rect().top() + kHandleGrip / 2);
}

QPointF Chart::placeOf(std::size_t seriesAt, std::size_t point) const
{
    const Series& series = m_spec.series[seriesAt];
    const QCustomPlot& plot = *m_parts->plot;
    const QCPAxis& value = series.rightAxis ? *plot.yAxis2 : *plot.yAxis;
    return QPointF(plot.xAxis->coordToPixel(series.x[point]), value.coordToPixel(heightOf(m_spec, seriesAt, point))) + plot.pos();
}

QRect Chart::legendEntry(std::size_t series) const
{
    const bool below = m_spec.series.size() <= kMostBelow;
    const QRect place = (below ? m_parts->below : m_parts->beside)->entryRect(static_cast<int>(series));
    return place.isNull() ? place : place.translated(m_parts->plot->pos());
}

std::pair<double, double> Chart::inView(Qt::Orientation axis) const
{
    const QCPRange range = (axis == Qt::Horizontal ? m_parts->plot->xAxis : m_parts->plot->yAxis)->range();
    return { range.lower, range.upper };
}

void Chart::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.colours().base);
    if (!hasFocus())
        return;
    painter.setPen(QPen(m_theme.colours().accent, 1));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void Chart::changeEvent(QEvent* event)
{
    Figure::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        redraw();
}

/// Places of ticks are found with the margins of the layout before, so that a new size is laid out once in advance.
void Chart::layOut(const QSize& size)
{
    QCustomPlot& plot = *m_parts->plot;
    const QRect screen = plot.viewport();
    plot.setViewport(QRect({}, size));
    for (const auto phase : { QCPLayoutElement::upPreparation, QCPLayoutElement::upMargins, QCPLayoutElement::upLayout })
        plot.plotLayout()->update(phase);
    plot.setViewport(screen);
}

void Chart::drawOn(QPaintDevice& device, const QSize& size)
{
    QCustomPlot& plot = *m_parts->plot;
    plot.layer(kHoverLayer)->setVisible(false);
    layOut(size);
    QCPPainter painter(&device);
    painter.setMode(QCPPainter::pmVectorized);
    painter.setMode(QCPPainter::pmNoCaching); // text stays text
    plot.toPainter(&painter, size.width(), size.height());
    plot.layer(kHoverLayer)->setVisible(true);
    plot.replot(QCustomPlot::rpQueuedReplot); // back to the places on the screen
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
    if (m_parts->legendWanted == shown)
        return;
    m_parts->legendWanted = shown;
    redraw();
    emit legendChanged();
}

} // namespace bitscape::ui
