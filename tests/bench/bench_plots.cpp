// SPDX-License-Identifier: GPL-3.0-or-later
// How long charts and heat maps take to draw; a live update is to take under 10 ms, a frame under 16 ms.
#include "ui/plots/chart.h"
#include "ui/plots/figure_export.h"
#include "ui/plots/heat_map.h"

#include <QApplication>
#include <QImage>

#include <benchmark/benchmark.h>

#include <cmath>
#include <iterator>

using namespace bitscape::ui;

namespace {

constexpr QSize kSize(900, 560);

ChartSpec curves(int series, int points, double phase)
{
    ChartSpec spec;
    spec.x.title = QStringLiteral("evaluations");
    spec.y.title = QStringLiteral("accuracy (%)");
    for (int s = 0; s < series; ++s) {
        Series curve;
        curve.name = QStringLiteral("series %1").arg(s);
        curve.colour = s;
        for (int i = 0; i < points; ++i) {
            curve.x.push_back(i);
            curve.y.push_back(s + std::sin(0.05 * i + s + phase) + 0.1 * std::sin(1.7 * i));
        }
        spec.series.push_back(curve);
    }
    return spec;
}

/// A live update to the last pixel: other data, laid out and painted.
void setSpec(benchmark::State& state, SeriesStyle style)
{
    Theme theme;
    Chart chart(theme);
    chart.resize(kSize);
    chart.show();
    ChartSpec specs[] = { curves(10, 500, 0), curves(10, 500, 1) };
    for (ChartSpec& spec : specs) {
        for (Series& series : spec.series)
            series.style = style;
    }
    std::size_t turn = 0;
    for (auto _ : state) {
        chart.setSpec(specs[turn++ % std::size(specs)]);
        QCoreApplication::sendPostedEvents(); // the queued replot
        QApplication::processEvents();
    }
}

HeatMapSpec map(int rows, int columns)
{
    HeatMapSpec spec;
    for (int c = 0; c < columns; ++c)
        spec.columns.push_back(QString::number(c));
    for (int r = 0; r < rows; ++r) {
        if (r % 1000 == 0)
            spec.groups.push_back({ QStringLiteral("layer %1").arg(r / 1000), {}, std::min(1000, rows - r) });
        spec.rows.push_back(QString::number(r));
        for (int c = 0; c < columns; ++c)
            spec.values.push_back((r * columns + c) % 101 / 100.0);
    }
    return spec;
}

void paintHeatMap(benchmark::State& state)
{
    Theme theme;
    HeatMap heatMap(theme);
    heatMap.resize(kSize);
    heatMap.setSpec(map(static_cast<int>(state.range(0)), 10));
    heatMap.resetView();
    QImage image(kSize, QImage::Format_ARGB32_Premultiplied);
    for (auto _ : state)
        heatMap.render(&image);
}

void csvOfHeatMap(benchmark::State& state)
{
    Theme theme;
    HeatMap heatMap(theme);
    heatMap.setSpec(map(20000, 10));
    for (auto _ : state)
        benchmark::DoNotOptimize(heatMap.csv());
}

void pictureOfChart(benchmark::State& state)
{
    Theme theme;
    Chart chart(theme);
    chart.resize(kSize);
    chart.setSpec(curves(10, 500, 0));
    for (auto _ : state)
        benchmark::DoNotOptimize(imageOf(chart, kSize, 2));
}

/// The part of saving or copying that the window waits for.
void drawingOfChart(benchmark::State& state)
{
    Theme theme;
    Chart chart(theme);
    chart.resize(kSize);
    chart.setSpec(curves(10, 500, 0));
    for (auto _ : state)
        benchmark::DoNotOptimize(drawingOf(chart, kSize));
}

} // namespace

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    benchmark::RegisterBenchmark("Chart::setSpec, 10 lines x 500 points", setSpec, SeriesStyle::Line)->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("Chart::setSpec, 10 lines with points x 500", setSpec, SeriesStyle::LineAndPoints)
        ->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("HeatMap paint, rows x 10", paintHeatMap)->Arg(100)->Arg(20000)->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("HeatMap CSV, 20000 x 10", csvOfHeatMap)->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("Chart picture at 200 %", pictureOfChart)->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("Chart's strokes for a picture", drawingOfChart)->Unit(benchmark::kMillisecond);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
