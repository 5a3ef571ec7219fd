// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <cstdint>
#include <optional>
#include <vector>

namespace bitscape::ui {

/// An axis of a chart.
struct AxisSpec {
    QString title; ///< with its unit: "accuracy (%)"
    bool logarithmic = false;
    bool whole = false;              ///< only whole numbers have ticks: epochs, counts
    std::optional<double> from, to;  ///< fixed ends; else what the data need, with a margin
    std::vector<QString> categories; ///< names of 0, 1, 2, ...; empty for numbers
    bool operator==(const AxisSpec&) const = default;
};

enum class SeriesStyle {
    Line,
    Points,
    LineAndPoints,
    Steps,          ///< the value holds until the next one
    StepsAndPoints, ///< the same with a point where it changes
    Bars            ///< of `barWidth`, centred on x
};

/// One curve. Data are in the axis's units. What is not finite is left out of the drawing but stands in the CSV as an empty cell.
struct Series {
    QString name;
    SeriesStyle style = SeriesStyle::Line;
    std::vector<double> x, y;
    std::vector<double> low, high;  ///< error bars or bounds of y; empty or as many as y
    std::vector<QString> notes;     ///< a second line of each point's tooltip; empty or as many
    std::vector<std::int64_t> keys; ///< what a click on the point answers, e.g. a run's number; empty: its position
    int colour = 0;                 ///< place in Colours::series
    std::optional<int> bits;        ///< in place of `colour`: the colour of a bit-width
    bool dashed = false;
    bool hollow = false;    ///< points drawn as rings
    bool rightAxis = false; ///< y belongs to the right axis
    double barWidth = 1;
    bool stacked = false; ///< bars that stand on those of the series before, which has the same x
    bool operator==(const Series&) const = default;
};

/// A straight line across the chart, with a word at its end: a threshold, a floor, a baseline.
struct Mark {
    double at = 0;
    bool vertical = true; ///< at x, else at y
    QString label;
    int colour = -1; ///< place in Colours::series; -1: the colour of text
    std::optional<int> bits;
    bool dashed = true;
    double from = 0, to = 0; ///< a part of the other axis only, where from < to
    bool handle = false;     ///< a vertical one that the pointer takes hold of: Chart::handleDragged
    bool operator==(const Mark&) const = default;
};

/// A chart as data: the same drawn on the screen, on paper, as CSV, and compared by tests.
struct ChartSpec {
    QString name; ///< what a file of it is called
    AxisSpec x, y;
    std::optional<AxisSpec> right; ///< a second vertical axis
    std::vector<Series> series;
    std::vector<Mark> marks;
    bool legend = true;
    bool operator==(const ChartSpec&) const = default;
};

/// How high a point is drawn: its value, of stacked bars with those that they stand on.
double heightOf(const ChartSpec& spec, std::size_t series, std::size_t point);

/// The chart's numbers: "series,x title,y title,low,high,note", a row per point.
QString csvOf(const ChartSpec& spec);

/// A number for CSV: the shortest form that reads back, '.' as the point in every locale; empty where not finite.
QString csvNumber(double value);
/// Cells joined by commas, quoted where they must be, with the line's end.
QString csvLine(const QStringList& cells);

/// A number as tooltips show it: exact to six significant digits, thin spaces between thousands, no exponent below 1e15.
QString exactText(double value);

} // namespace bitscape::ui
