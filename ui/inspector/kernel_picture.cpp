// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/kernel_picture.h"

#include "ui/plots/pointing.h"
#include "ui/style/figures.h"

#include <QLinearGradient>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace bitscape::ui {
namespace {

constexpr int kLargestCell = 14, kLargestInput = 10, kSmallestCell = 3;
constexpr int kGap = 6;          ///< between tiles
constexpr int kMargin = 8;       ///< around everything
constexpr int kBetween = 16;     ///< between stored and quantized
constexpr int kMostHeight = 220; ///< of the tiles
constexpr int kScaleWidth = 180, kScaleHeight = 8;

} // namespace

/// Where everything is.
struct KernelPicture::Panels {
    KernelLayout layout;
    QRect stored, quantized; ///< the tiles; `quantized` is null without them
    int scaleTop = 0, noteTop = 0, bottom = 0;
};

KernelSpec kernelSpecOf(const RunResults& results, std::size_t at, std::size_t filter, const FilterWeights& weights)
{
    const Layer& layer = results.layers.at(at);
    const Node& node = results.graph.nodes.at(static_cast<std::size_t>(layer.node));
    KernelSpec spec;
    spec.name = KernelPicture::tr("weights of %1 filter %2").arg(QString::fromStdString(layer.name)).arg(filter);
    spec.neuron = layer.op == Op::Linear;
    spec.channels = static_cast<int>(layer.inputs / layer.groups);
    if (!spec.neuron) {
        spec.height = static_cast<int>(node.kernel[0]);
        spec.width = static_cast<int>(node.kernel[1]);
    }
    spec.stored = weights.stored;
    spec.quantized = weights.quantized;
    spec.bits = weights.bits;
    return spec;
}

KernelLayout kernelLayout(int width, int height, const KernelSpec& spec)
{
    const bool single = spec.height * spec.width == 1;
    const int gap = single ? 0 : kGap;
    KernelLayout layout { single ? kLargestInput : kLargestCell, gap, 1, 1, 0 };
    for (;; --layout.cell) {
        const int across = std::max(1, (width + gap) / (spec.width * layout.cell + gap));
        const int down = std::max(1, (height + gap) / (spec.height * layout.cell + gap));
        layout.columns = std::clamp(across, 1, std::max(1, spec.channels));
        layout.rows = std::min(down, (spec.channels + layout.columns - 1) / layout.columns);
        layout.shown = std::min(spec.channels, layout.columns * layout.rows);
        const bool fits = spec.width * layout.cell <= width && spec.height * layout.cell <= height;
        if ((fits && layout.shown == spec.channels) || layout.cell == kSmallestCell)
            return layout;
    }
}

KernelPicture::KernelPicture(const Theme& theme, QWidget* parent)
    : Figure(parent)
    , m_theme(theme)
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Weights before and after quantization"));
    connect(&theme, &Theme::changed, this, QOverload<>::of(&KernelPicture::update));
}

void KernelPicture::setSpec(const KernelSpec& spec)
{
    if (spec == m_spec)
        return;
    m_spec = spec;
    m_largest = 0;
    for (const auto* values : { &m_spec.stored, &m_spec.quantized }) {
        for (const float value : *values)
            m_largest = std::max(m_largest, static_cast<double>(std::abs(value)));
    }
    updateGeometry();
    update();
}

KernelPicture::Panels KernelPicture::panels(const QSize& size) const
{
    const int line = fontMetrics().height();
    const bool both = !m_spec.quantized.empty();
    const int inner = size.width() - 2 * kMargin;
    const int width = both ? (inner - kBetween) / 2 : inner;
    Panels panels;
    panels.layout = kernelLayout(width, kMostHeight, m_spec);
    const KernelLayout& layout = panels.layout;
    const int across = layout.columns * (m_spec.width * layout.cell + layout.gap) - layout.gap;
    const int down = layout.rows * (m_spec.height * layout.cell + layout.gap) - layout.gap;
    panels.stored = QRect(kMargin, kMargin + line + 4, across, down);
    if (both)
        panels.quantized = panels.stored.translated(width + kBetween, 0);
    panels.scaleTop = panels.stored.bottom() + 12;
    panels.noteTop = panels.scaleTop + kScaleHeight + line + 8;
    panels.bottom = panels.noteTop + line + kMargin;
    return panels;
}

int KernelPicture::heightForWidth(int width) const
{
    return panels({ width, 0 }).bottom;
}

QSize KernelPicture::sizeHint() const
{
    return { 230, heightForWidth(230) };
}

QSize KernelPicture::minimumSizeHint() const
{
    return { 120, 60 };
}

QString KernelPicture::note(const KernelLayout& layout) const
{
    if (m_spec.neuron)
        return layout.shown < m_spec.channels ? tr("%1 of %2 inputs").arg(layout.shown).arg(m_spec.channels)
                                              : tr("%1 inputs").arg(m_spec.channels);
    if (layout.shown < m_spec.channels)
        return tr("%1 of %2 input channels").arg(layout.shown).arg(m_spec.channels);
    return m_spec.channels == 1 ? tr("1 input channel") : tr("%1 input channels").arg(m_spec.channels);
}

void KernelPicture::paintTiles(QPainter& painter, const Panels& panels, const QPoint& corner, const std::vector<float>& values) const
{
    const KernelLayout& layout = panels.layout;
    const Colours& colours = m_theme.colours();
    const int area = m_spec.height * m_spec.width, across = m_spec.width * layout.cell, down = m_spec.height * layout.cell;
    const int shown = std::min(layout.shown, static_cast<int>(values.size()) / std::max(1, area));
    for (int channel = 0; channel < shown; ++channel) {
        const QPoint tile
            = corner + QPoint(channel % layout.columns * (across + layout.gap), channel / layout.columns * (down + layout.gap));
        for (int i = 0; i < area; ++i) {
            const double share
                = static_cast<double>(values[static_cast<std::size_t>(channel * area + i)]) / (m_largest > 0 ? m_largest : 1);
            const QPoint at = tile + QPoint(i % m_spec.width, i / m_spec.width) * layout.cell;
            painter.fillRect(QRect(at, QSize(layout.cell, layout.cell)), colours.difference(share));
        }
        if (area > 1) {
            painter.setPen(colours.border);
            painter.drawRect(QRect(tile, QSize(across, down)).adjusted(-1, -1, 0, 0));
        }
    }
    if (area == 1) {
        painter.setPen(colours.border);
        painter.drawRect(QRect(corner, panels.stored.size()).adjusted(-1, -1, 0, 0));
    }
}

/// Colour is not the only sign of a filter that is gone.
void KernelPicture::paintPruned(QPainter& painter, const QRect& panel) const
{
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.colours().muted, 1.5));
    painter.drawLine(panel.topLeft(), panel.bottomRight());
    painter.drawLine(panel.bottomLeft(), panel.topRight());
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void KernelPicture::paintScale(QPainter& painter, const QRect& strip) const
{
    const Colours& colours = m_theme.colours();
    QLinearGradient gradient(strip.topLeft(), strip.topRight());
    for (int i = 0; i <= 20; ++i)
        gradient.setColorAt(i / 20.0, colours.difference(i / 10.0 - 1));
    painter.fillRect(strip, gradient);
    painter.setPen(colours.border);
    painter.drawRect(strip.adjusted(0, 0, -1, -1));
    painter.setPen(QPen(colours.text, 1));
    const int zero = strip.center().x();
    painter.drawLine(zero, strip.top() - 2, zero, strip.bottom() + 2);
    painter.setPen(colours.muted);
    const QRect texts(strip.left(), strip.bottom() + 3, strip.width(), painter.fontMetrics().height());
    painter.drawText(texts, Qt::AlignLeft | Qt::AlignTop, numberText(-m_largest, 3));
    painter.drawText(texts, Qt::AlignHCenter | Qt::AlignTop, QStringLiteral("0"));
    painter.drawText(texts, Qt::AlignRight | Qt::AlignTop, numberText(m_largest, 3));
}

void KernelPicture::paint(QPainter& painter, const QSize& size) const
{
    const Panels at = panels(size);
    painter.setFont(font());
    painter.fillRect(QRect({}, size), m_theme.colours().base);
    if (m_spec.stored.empty())
        return;
    const int line = painter.fontMetrics().height();
    const auto heading = [&](const QRect& panel, const QString& text) {
        painter.setPen(m_theme.colours().muted);
        painter.drawText(QRect(panel.left(), kMargin, size.width() - panel.left(), line), Qt::AlignLeft | Qt::AlignTop, text);
    };
    heading(at.stored, tr("stored"));
    paintTiles(painter, at, at.stored.topLeft(), m_spec.stored);
    if (!at.quantized.isNull()) {
        const QString bits = m_spec.bits == 1 ? tr("at 1 bit") : tr("at %1 bits").arg(m_spec.bits);
        heading(at.quantized, m_spec.bits == 0 ? tr("0 bits, pruned") : bits);
        paintTiles(painter, at, at.quantized.topLeft(), m_spec.quantized);
        if (m_spec.bits == 0)
            paintPruned(painter, at.quantized);
    }
    paintScale(painter, QRect(kMargin, at.scaleTop, std::min(kScaleWidth, size.width() - 2 * kMargin), kScaleHeight));
    painter.setPen(m_theme.colours().muted);
    painter.drawText(QRect(kMargin, at.noteTop, size.width() - kMargin, line), Qt::AlignLeft | Qt::AlignTop, note(at.layout));
}

void KernelPicture::drawOn(QPaintDevice& device, const QSize& size)
{
    QPainter painter(&device);
    paint(painter, size);
}

void KernelPicture::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    paint(painter, size());
}

QString KernelPicture::csv() const
{
    QString text = QStringLiteral("channel,row,column,stored,quantized\n");
    const auto area = static_cast<std::size_t>(m_spec.height * m_spec.width), width = static_cast<std::size_t>(m_spec.width);
    for (std::size_t i = 0; i < m_spec.stored.size(); ++i) {
        const QString after = i < m_spec.quantized.size() ? QString::number(static_cast<double>(m_spec.quantized[i]), 'g', 9) : QString();
        text += QStringLiteral("%1,%2,%3,%4,%5\n")
                    .arg(i / area)
                    .arg(i % area / width)
                    .arg(i % width)
                    .arg(QString::number(static_cast<double>(m_spec.stored[i]), 'g', 9), after);
    }
    return text;
}

/// The weight under a point, before or after.
std::optional<std::size_t> KernelPicture::weightAt(const QPoint& position) const
{
    const Panels at = panels(size());
    const KernelLayout& layout = at.layout;
    const int across = m_spec.width * layout.cell + layout.gap, down = m_spec.height * layout.cell + layout.gap;
    for (const QRect& panel : { at.stored, at.quantized }) {
        if (!panel.contains(position))
            continue;
        const QPoint inside = position - panel.topLeft();
        const int channel = inside.y() / down * layout.columns + inside.x() / across;
        const int column = inside.x() % across / layout.cell, row = inside.y() % down / layout.cell;
        if (channel < layout.shown && column < m_spec.width && row < m_spec.height)
            return static_cast<std::size_t>((channel * m_spec.height + row) * m_spec.width + column);
    }
    return std::nullopt;
}

QString KernelPicture::tooltipAt(const QPoint& place) const
{
    const auto weight = weightAt(place);
    if (!weight || *weight >= m_spec.stored.size())
        return {};
    const auto area = static_cast<std::size_t>(m_spec.height * m_spec.width), width = static_cast<std::size_t>(m_spec.width);
    const std::size_t channel = *weight / area;
    QString text = m_spec.neuron ? tr("input %1").arg(channel)
                                 : tr("channel %1, row %2, column %3").arg(channel).arg(*weight % area / width).arg(*weight % width);
    text += QLatin1Char('\n') + tr("stored %1").arg(numberText(static_cast<double>(m_spec.stored[*weight]), 6));
    if (*weight < m_spec.quantized.size())
        text += QLatin1Char('\n') + tr("quantized %1").arg(numberText(static_cast<double>(m_spec.quantized[*weight]), 6));
    return text;
}

bool KernelPicture::event(QEvent* event)
{
    return answerTooltip(*this, *event, [this](const QPoint& place) { return Told { tooltipAt(place), {} }; }) || Figure::event(event);
}

} // namespace bitscape::ui
