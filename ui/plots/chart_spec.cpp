// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/chart_spec.h"

#include <QStringList>

#include <charconv>
#include <cmath>

namespace bitscape::ui {
namespace {

QString quoted(const QString& text)
{
    if (!text.contains(QLatin1Char(',')) && !text.contains(QLatin1Char('"')) && !text.contains(QLatin1Char('\n')))
        return text;
    return QLatin1Char('"') + QString(text).replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"');
}

QString at(const std::vector<double>& values, std::size_t i)
{
    return i < values.size() ? csvNumber(values[i]) : QString();
}

} // namespace

double heightOf(const ChartSpec& spec, std::size_t series, std::size_t point)
{
    double height = spec.series[series].y[point];
    for (; series > 0 && spec.series[series].stacked; --series) {
        const auto& below = spec.series[series - 1].y;
        height += point < below.size() && std::isfinite(below[point]) ? below[point] : 0;
    }
    return height;
}

QString csvNumber(double value)
{
    if (!std::isfinite(value))
        return {};
    char text[64];
    const auto [end, error] = std::to_chars(text, text + sizeof text, value);
    return error == std::errc() ? QString::fromLatin1(text, end - text) : QString();
}

QString csvLine(const QStringList& cells)
{
    QStringList line;
    for (const QString& cell : cells)
        line << quoted(cell);
    return line.join(QLatin1Char(',')) + QLatin1Char('\n');
}

QString csvOf(const ChartSpec& spec)
{
    QString text = csvLine(
        { QStringLiteral("series"), spec.x.title, spec.y.title, QStringLiteral("low"), QStringLiteral("high"), QStringLiteral("note") });
    for (const Series& series : spec.series) {
        for (std::size_t i = 0; i < series.x.size() && i < series.y.size(); ++i) {
            const std::size_t category = series.x[i] >= 0 ? static_cast<std::size_t>(std::llround(series.x[i])) : spec.x.categories.size();
            const QString x = category < spec.x.categories.size() ? spec.x.categories[category] : csvNumber(series.x[i]);
            text += csvLine({ series.name, x, csvNumber(series.y[i]), at(series.low, i), at(series.high, i),
                i < series.notes.size() ? series.notes[i] : QString() });
        }
    }
    return text;
}

QString exactText(double value)
{
    if (!std::isfinite(value))
        return QStringLiteral("–");
    constexpr double kMostPlain = 1e15;
    if (std::abs(value) >= kMostPlain || (value != 0 && std::abs(value) < 1e-6)) // NOLINT: exactly zero
        return QString::number(value, 'g', 6);
    const int digits = value == 0 ? 0 : std::max(0, 5 - static_cast<int>(std::floor(std::log10(std::abs(value))))); // NOLINT
    QString text = QString::number(value, 'f', digits);
    if (text.contains(QLatin1Char('.'))) {
        while (text.endsWith(QLatin1Char('0')))
            text.chop(1);
        if (text.endsWith(QLatin1Char('.')))
            text.chop(1);
    }
    qsizetype end = text.indexOf(QLatin1Char('.'));
    end = end < 0 ? text.size() : end;
    const qsizetype first = text.startsWith(QLatin1Char('-')) ? 1 : 0;
    if (end - first > 4) {
        for (qsizetype i = end - 3; i > first; i -= 3)
            text.insert(i, QChar(0x2009)); // a thin space
    }
    return text;
}

} // namespace bitscape::ui
