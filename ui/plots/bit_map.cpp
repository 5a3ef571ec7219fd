// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/bit_map.h"

#include "ui/plots/bit_map_drawing.h"
#include "ui/plots/bit_map_layout.h"
#include "ui/plots/bit_map_steps.h"
#include "ui/plots/pointing.h"

#include <QKeyEvent>
#include <QPainter>
#include <QPixmap>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace bitscape::ui {
namespace {

constexpr double kZoomStep = 1.25;

} // namespace

struct BitMap::State {
    BitMapLayout layout;
    BitMapWindow window;
    std::vector<std::vector<int>> orders, places; ///< per layer: filters by place, and the other way round
    FilterRef selected;
    std::optional<int> emphasised;
    bool legend = true;
    QPixmap picture; ///< all but the selection; null where it has to be drawn anew
    BitMapWindow atPress;
};

BitMap::BitMap(const Theme& theme, QWidget* parent)
    : DraggedFigure(parent)
    , m_state(std::make_unique<State>())
    , m_theme(theme)
{
    setMinimumSize(320, 200);
    setFocusPolicy(Qt::StrongFocus);
    connect(&theme, &Theme::changed, this, &BitMap::changed);
    changed();
}

BitMap::~BitMap() = default;

void BitMap::setSpec(const BitMapSpec& spec)
{
    if (spec == m_spec)
        return;
    const bool sameSizes = std::ranges::equal(spec.rows, m_spec.rows, {}, &BitMapRow::filters, &BitMapRow::filters);
    m_spec = spec;
    State& state = *m_state;
    state.orders.clear();
    state.places.clear();
    for (const BitMapRow& row : spec.rows) {
        state.orders.push_back(filterOrder(row, spec.order));
        auto& places = state.places.emplace_back(row.filters());
        for (std::size_t place = 0; place < row.filters(); ++place)
            places[static_cast<std::size_t>(state.orders.back()[place])] = static_cast<int>(place);
    }
    if (!sameSizes)
        state.window = {};
    const auto counts = bitCounts(spec);
    if (state.emphasised && std::ranges::find(counts, *state.emphasised, &BitMapCount::bits) == counts.end())
        state.emphasised.reset();
    changed();
    select(state.selected);
}

/// Lays out anew and forgets the picture.
void BitMap::changed()
{
    State& state = *m_state;
    state.layout = bitMapLayout(m_spec, size(), fontMetrics(), state.window, state.legend);
    state.window = state.layout.window;
    state.picture = {};
    update();
}

void BitMap::select(const FilterRef& filter)
{
    const bool layer = filter.filter < 0 && filter.layer >= 0 && filter.layer < static_cast<int>(m_spec.rows.size());
    const FilterRef known = layer || m_spec.has(filter) ? filter : FilterRef {};
    if (known != m_state->selected) {
        m_state->selected = known;
        bringIntoView();
    }
    describe();
    update();
}

const FilterRef& BitMap::selected() const
{
    return m_state->selected;
}

void BitMap::emphasise(std::optional<int> bits)
{
    m_state->emphasised = bits;
    changed();
}

const std::optional<int>& BitMap::emphasised() const
{
    return m_state->emphasised;
}

/// For screen readers.
void BitMap::describe()
{
    const QString what = (m_spec.subnets > 0 ? tr("Subnet of every filter: %1") : tr("Bits of every filter: %1")).arg(averageText(m_spec));
    const QString selected = filterText(m_spec, m_state->selected);
    setAccessibleDescription(
        selected.isEmpty() ? what : what + QStringLiteral(". ") + QString(selected).replace('\n', QStringLiteral(", ")));
}

QString BitMap::tooltipAt(const QPointF& place) const
{
    if (const auto bits = entryAt(place))
        return m_spec.subnets > 0 && m_spec.isOut(*bits) ? tr("Click to dim all filters but those in no subnet")
                                                         : tr("Click to dim all filters but those of %1").arg(m_spec.textOf(*bits));
    return filterText(m_spec, filterAt(place));
}

FilterRef BitMap::filterAt(const QPointF& place) const
{
    return filterOf(m_state->layout.placeAt(place));
}

QRectF BitMap::rectOf(const FilterRef& filter) const
{
    const FilterRef place = placeOf(filter);
    return place.filter < 0 ? QRectF() : m_state->layout.cellRect(place.layer, place.filter);
}

const BitMapLayout& BitMap::arrangement() const
{
    return m_state->layout;
}

FilterRef BitMap::placeOf(const FilterRef& filter) const
{
    if (!m_spec.has(filter))
        return { filter.layer, -1 };
    return { filter.layer, m_state->places[static_cast<std::size_t>(filter.layer)][static_cast<std::size_t>(filter.filter)] };
}

FilterRef BitMap::filterOf(const FilterRef& place) const
{
    if (!m_spec.has(place))
        return place;
    return { place.layer, m_state->orders[static_cast<std::size_t>(place.layer)][static_cast<std::size_t>(place.filter)] };
}

std::optional<int> BitMap::entryAt(const QPointF& place) const
{
    for (const BitMapEntry& entry : m_state->layout.entries) {
        if (entry.place.contains(place))
            return entry.count.bits;
    }
    return std::nullopt;
}

void BitMap::drawOn(QPaintDevice& device, const QSize& size)
{
    QPainter painter(&device);
    painter.setFont(font());
    painter.fillRect(QRect({}, size), m_theme.colours().base);
    const BitMapLayout layout = bitMapLayout(m_spec, size, fontMetrics(), m_state->window, m_state->legend);
    const BitMapScene scene { m_spec, layout, m_state->orders, m_theme.colours(), m_state->emphasised };
    drawBitMap(painter, scene);
    drawBitMapSelection(painter, scene, placeOf(m_state->selected));
}

bool BitMap::isLegendShown() const
{
    return m_state->legend;
}

void BitMap::showLegend(bool shown)
{
    m_state->legend = shown;
    changed();
}

void BitMap::leaveOutLegend()
{
    m_offersLegend = false;
    showLegend(false);
    emit legendChanged();
}

void BitMap::resetView()
{
    setWindow({});
}

void BitMap::setWindow(const BitMapWindow& window)
{
    showWindow(window);
    emit windowChanged(m_state->window);
}

void BitMap::showWindow(const BitMapWindow& window)
{
    if (window == m_state->window)
        return;
    m_state->window = window;
    changed();
}

const BitMapWindow& BitMap::inView() const
{
    return m_state->window;
}

void BitMap::zoom(double factor, const QPointF& at)
{
    const BitMapLayout& layout = m_state->layout;
    BitMapWindow window = layout.window;
    const QPointF fixed = window.origin + (at - layout.cells.topLeft()) / window.scale;
    window.scale *= factor;
    window.scale = layout.within(window).scale;
    window.origin = fixed - (at - layout.cells.topLeft()) / window.scale;
    setWindow(window);
}

/// Moves the window no further than it must.
void BitMap::bringIntoView()
{
    const FilterRef place = placeOf(m_state->selected);
    if (place.layer < 0 || m_state->window.scale <= 1)
        return;
    const BitMapLayout& layout = m_state->layout;
    const QRectF wanted = place.filter >= 0 ? layout.cellRect(place.layer, place.filter) : layout.bandRect(place.layer);
    const auto way = [](double low, double high, double from, double to) {
        return low < from || high - low > to - from ? low - from : std::max(0.0, high - to);
    };
    BitMapWindow window = layout.window;
    const double x = place.filter >= 0 ? way(wanted.left(), wanted.right(), layout.cells.left(), layout.cells.right()) : 0;
    window.origin += QPointF(x, way(wanted.top(), wanted.bottom(), layout.cells.top(), layout.cells.bottom())) / window.scale;
    if (window != layout.window)
        setWindow(window);
}

void BitMap::paintEvent(QPaintEvent*)
{
    State& state = *m_state;
    const BitMapScene scene { m_spec, state.layout, state.orders, m_theme.colours(), state.emphasised };
    if (state.picture.isNull() || state.picture.devicePixelRatio() != devicePixelRatioF()) {
        state.picture = QPixmap((QSizeF(size()) * devicePixelRatioF()).toSize());
        state.picture.setDevicePixelRatio(devicePixelRatioF());
        state.picture.fill(m_theme.colours().base);
        QPainter painter(&state.picture);
        painter.setFont(font());
        drawBitMap(painter, scene);
    }
    QPainter painter(this);
    painter.drawPixmap(0, 0, state.picture);
    drawBitMapSelection(painter, scene, placeOf(state.selected));
    drawFocusFrame(painter, *this, m_theme.colours());
}

void BitMap::resizeEvent(QResizeEvent*)
{
    changed();
}

void BitMap::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        changed();
    Figure::changeEvent(event);
}

void BitMap::wheelEvent(QWheelEvent* event)
{
    zoom(std::pow(kZoomStep, event->angleDelta().y() / 120.0), event->position());
    event->accept();
}

void BitMap::pressed()
{
    m_state->atPress = m_state->window;
}

void BitMap::dragged(const QPointF& way)
{
    BitMapWindow window = m_state->atPress;
    window.origin -= way / window.scale;
    setWindow(window);
}

void BitMap::clicked(const QPointF& place)
{
    if (const auto bits = entryAt(place))
        return emphasise(m_state->emphasised == bits ? std::nullopt : bits);
    const FilterRef filter = filterAt(place);
    const bool beside = filter.filter < 0 && place.x() >= m_state->layout.cells.left();
    if (filter.layer >= 0 && !beside)
        go(filter);
}

void BitMap::go(const FilterRef& filter)
{
    select(filter);
    emit filterClicked(filter);
}

void BitMap::step(int columns, int lines)
{
    const FilterRef place = steppedPlace(m_state->layout, placeOf(m_state->selected), columns, lines);
    if (place.layer >= 0)
        go(filterOf(place));
}

void BitMap::goToEnd(bool last)
{
    const FilterRef& at = m_state->selected;
    if (!m_spec.has(at))
        return step(1, 0);
    go(filterOf({ at.layer, last ? m_state->layout.bands[static_cast<std::size_t>(at.layer)].filters - 1 : 0 }));
}

/// Through the bit-widths of the legend, and none.
void BitMap::stepEmphasis(int by)
{
    const auto counts = bitCounts(m_spec);
    const auto size = static_cast<int>(counts.size());
    int at = -1;
    for (int i = 0; i < size && m_state->emphasised; ++i) {
        if (counts[static_cast<std::size_t>(i)].bits == *m_state->emphasised)
            at = i;
    }
    at = at < 0 && by < 0 ? size - 1 : at + by;
    emphasise(at < 0 || at >= size ? std::nullopt : std::optional(counts[static_cast<std::size_t>(at)].bits));
}

void BitMap::keyPressEvent(QKeyEvent* event)
{
    const QRectF& cells = m_state->layout.cells;
    const QRectF selected = rectOf(m_state->selected);
    const QPointF centre = selected.isEmpty() || !cells.intersects(selected) ? cells.center() : selected.center();
    switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return zoom(kZoomStep, centre);
    case Qt::Key_Minus:
        return zoom(1 / kZoomStep, centre);
    case Qt::Key_0:
        return resetView();
    case Qt::Key_Left:
        return step(-1, 0);
    case Qt::Key_Right:
        return step(1, 0);
    case Qt::Key_Up:
        return step(0, -1);
    case Qt::Key_Down:
        return step(0, 1);
    case Qt::Key_Home:
        return goToEnd(false);
    case Qt::Key_End:
        return goToEnd(true);
    case Qt::Key_PageUp:
        return stepEmphasis(-1);
    case Qt::Key_PageDown:
        return stepEmphasis(1);
    case Qt::Key_Escape:
        if (m_state->emphasised)
            return emphasise(std::nullopt);
        [[fallthrough]];
    default:
        Figure::keyPressEvent(event);
    }
}

bool BitMap::event(QEvent* event)
{
    return answerTooltip(*this, *event, [this](const QPoint& place) { return Told { tooltipAt(place), {} }; }) || Figure::event(event);
}

} // namespace bitscape::ui
