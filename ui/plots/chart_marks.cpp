// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/chart_axes.h"
#include "ui/plots/chart_drawing.h"
#include "ui/plots/chart_tickers.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace bitscape::ui {
namespace {

double shareOf(double at, const QCPRange& range, QCPAxis::ScaleType scale)
{
    return scale == QCPAxis::stLogarithmic ? std::log(at / range.lower) / std::log(range.upper / range.lower)
                                           : (at - range.lower) / range.size();
}

void drawMarkLine(QCustomPlot& plot, const Mark& mark, const QColor& colour)
{
    auto* line = new QCPItemLine(&plot);
    line->setPen(QPen(colour, mark.handle ? 2.4 : 1.4, mark.dashed ? Qt::DashLine : Qt::SolidLine));
    if (mark.handle) { // a grip at both ends
        line->setHead(QCPLineEnding(QCPLineEnding::esDiamond, 9, 9));
        line->setTail(QCPLineEnding(QCPLineEnding::esDiamond, 9, 9));
    }
    const bool part = mark.from < mark.to;
    for (QCPItemPosition* end : { line->start, line->end }) {
        const bool begin = end == line->start;
        end->setTypeX(mark.vertical || part ? QCPItemPosition::ptPlotCoords : QCPItemPosition::ptAxisRectRatio);
        end->setTypeY(mark.vertical && !part ? QCPItemPosition::ptAxisRectRatio : QCPItemPosition::ptPlotCoords);
        const double along = part ? (begin ? mark.from : mark.to) : (begin ? 0 : 1);
        end->setCoords(mark.vertical ? mark.at : along, mark.vertical ? along : mark.at);
    }
}

/// Puts words at the ends of marks so that they do not cover each other when everything is in view: those of vertical marks along the top,
/// one below the other where they are close, on the left of their line where they are at the right end; those of horizontal ones at the
/// right end, above their line, unless fewer points are covered at the left end or below.
class MarkLabels final {
public:
    MarkLabels(QCustomPlot& plot, const ChartSpec& spec)
        : m_plot(plot)
        , m_across(fullRange(spec, spec.x, true, false, {}))
        , m_up(fullRange(spec, spec.y, false, false, {}))
        , m_spec(spec)
        , m_level(std::max(kLevel, (QFontMetrics(plot.xAxis->tickLabelFont()).height() + 3) / axisLength(*plot.yAxis)))
    {
    }

    void add(const Mark& mark, const Colours& colours)
    {
        auto* text = new QCPItemText(&m_plot);
        text->setText(mark.label);
        text->setColor(colours.text);
        text->setFont(m_plot.xAxis->tickLabelFont());
        text->setBrush(colours.base);
        text->setPadding(QMargins(3, 1, 3, 1));
        const double pixels = QFontMetrics(text->font()).horizontalAdvance(mark.label) + 10;
        const double width = pixels / axisLength(*m_plot.xAxis);
        if (mark.vertical)
            placeAtTop(*text, mark.at, width);
        else
            placeAtAnEnd(*text, mark.at, width);
    }

private:
    struct Taken {
        int level;
        double from, to;
    };
    static constexpr double kTop = 0.02, kLevel = 0.09;
    static constexpr int kLevels = 5;

    void placeAtTop(QCPItemText& text, double at, double width)
    {
        const double share = shareOf(at, m_across, m_plot.xAxis->scaleType());
        const bool left = share + width > 1;
        const double from = left ? share - width : share, to = left ? share : share + width;
        int level = 0;
        const auto isTaken = [&](const Taken& taken) { return taken.level == level && taken.from < to && taken.to > from; };
        while (level + 1 < kLevels && std::ranges::any_of(m_taken, isTaken))
            ++level;
        m_taken.push_back({ level, from, to });
        text.setPositionAlignment((left ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignTop);
        text.position->setTypeX(QCPItemPosition::ptPlotCoords);
        text.position->setTypeY(QCPItemPosition::ptAxisRectRatio);
        text.position->setCoords(at, kTop + m_level * level);
    }

    void placeAtAnEnd(QCPItemText& text, double at, double width)
    {
        const double fromTop = 1 - shareOf(at, m_up, m_plot.yAxis->scaleType());
        bool left = false, below = fromTop < m_level;
        int fewest = std::numeric_limits<int>::max();
        for (const bool isLeft : { false, true }) {
            for (const bool isBelow : { false, true }) {
                const double top = isBelow ? fromTop : fromTop - m_level;
                const int count = covered(isLeft ? 0 : 1 - width, isLeft ? width : 1, top, top + m_level);
                if (top < 0 || top + m_level > 1 || count >= fewest)
                    continue;
                fewest = count;
                left = isLeft;
                below = isBelow;
            }
        }
        const double top = below ? fromTop : fromTop - m_level;
        for (int level = 0; level < kLevels; ++level) {
            if (std::abs(kTop + m_level * level - top) < m_level)
                m_taken.push_back({ level, left ? 0 : 1 - width, left ? width : 1 });
        }
        text.setPositionAlignment((left ? Qt::AlignLeft : Qt::AlignRight) | (below ? Qt::AlignTop : Qt::AlignBottom));
        text.position->setTypeX(QCPItemPosition::ptAxisRectRatio);
        text.position->setTypeY(QCPItemPosition::ptPlotCoords);
        text.position->setCoords(left ? 0.005 : 0.995, at);
    }

    /// Points of the left axis in a part of the plot, given as shares of its width and of its height from the top.
    int covered(double from, double to, double top, double bottom) const
    {
        int count = 0;
        for (const Series& series : m_spec.series) {
            for (std::size_t i = 0; i < series.x.size() && !series.rightAxis; ++i) {
                const double x = shareOf(series.x[i], m_across, m_plot.xAxis->scaleType());
                const double y = 1 - shareOf(series.y[i], m_up, m_plot.yAxis->scaleType());
                count += x >= from && x <= to && y >= top && y <= bottom ? 1 : 0;
            }
        }
        return count;
    }

    QCustomPlot& m_plot;
    QCPRange m_across, m_up;
    const ChartSpec& m_spec;
    double m_level; ///< from one line of words to the next, as a share of the plot's height
    std::vector<Taken> m_taken;
};

} // namespace

void drawMarks(QCustomPlot& plot, const ChartSpec& spec, const Colours& colours)
{
    plot.clearItems();
    MarkLabels labels(plot, spec);
    for (const Mark& mark : spec.marks)
        drawMarkLine(plot, mark, colourOf(mark.colour, mark.bits, colours));
    for (const bool vertical : { false, true }) { // those along the top make room for what stands at the right end
        for (const Mark& mark : spec.marks) {
            if (mark.vertical == vertical && !mark.label.isEmpty())
                labels.add(mark, colours);
        }
    }
}

} // namespace bitscape::ui
