// SPDX-License-Identifier: GPL-3.0-or-later
// How long a bit map of 20000 filters takes to draw on a screen of 1280 x 800.
#include "ui/plots/bit_map.h"

#include <benchmark/benchmark.h>

#include <QApplication>
#include <QImage>
#include <QResizeEvent>
#include <QWheelEvent>

using namespace bitscape::ui;

namespace {

/// 40 layers of 20 to 980 filters, 20000 in all, every bit-width from 0 to 8.
BitMapSpec largeMap()
{
    BitMapSpec spec;
    spec.name = QStringLiteral("bench");
    for (std::size_t layer = 0; layer < 40; ++layer) {
        BitMapRow row;
        row.layer = QStringLiteral("layer%1").arg(layer);
        row.quantizable = layer != 0 && layer != 39;
        row.weightsPerFilter = static_cast<std::int64_t>(9 * (layer + 1));
        row.macsPerFilter = row.weightsPerFilter * 64;
        const std::size_t filters = layer % 2 == 0 ? 20 + layer * 24 : 980 - (layer - 1) * 24;
        for (std::size_t i = 0; i < filters; ++i) {
            row.bits.push_back(static_cast<std::uint8_t>((i * 7 + layer * 3) % 9));
            row.scores.push_back(static_cast<double>((i * 37 + layer) % 101) / 10);
        }
        spec.rows.push_back(std::move(row));
    }
    return spec;
}

struct Shown {
    Theme theme;
    BitMap map { theme };
    QImage screen { 1280, 800, QImage::Format_ARGB32_Premultiplied };

    Shown()
    {
        map.resize(screen.size());
        map.setSpec(largeMap());
        map.ensurePolished();
        map.render(&screen);
    }
};

/// Layout, every cell, heads and legend anew, as after a change of the bits, of the theme or of the size.
void redrawAll(benchmark::State& state)
{
    Shown shown;
    for (auto _ : state) {
        shown.map.emphasise(std::nullopt);
        shown.map.render(&shown.screen);
    }
}

/// The selected filter moves.
void redrawSelection(benchmark::State& state)
{
    Shown shown;
    int filter = 0;
    for (auto _ : state) {
        shown.map.select({ 1, filter = (filter + 1) % 900 });
        shown.map.render(&shown.screen);
    }
}

/// Zoomed in `range(0)` steps of the wheel, with numbers in the cells where they fit; all anew.
void redrawZoomed(benchmark::State& state)
{
    Shown shown;
    QWheelEvent turn(QPointF(700, 300), QPointF(700, 300), {}, QPoint(0, 120 * static_cast<int>(state.range(0))), Qt::NoButton,
        Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&shown.map, &turn);
    for (auto _ : state) {
        shown.map.emphasise(std::nullopt);
        shown.map.render(&shown.screen);
    }
}

/// New bits of the same network arrive.
void takeSpec(benchmark::State& state)
{
    Shown shown;
    BitMapSpec specs[2] { largeMap(), largeMap() };
    specs[1].rows[3].bits[5] = 8;
    specs[0].rows[3].bits[5] = 0;
    std::size_t at = 0;
    for (auto _ : state)
        shown.map.setSpec(specs[++at % 2]);
}

BENCHMARK(redrawAll)->Unit(benchmark::kMillisecond);
BENCHMARK(redrawSelection)->Unit(benchmark::kMillisecond);
BENCHMARK(redrawZoomed)->Arg(2)->Arg(4)->Arg(6)->Arg(9)->Unit(benchmark::kMillisecond);
BENCHMARK(takeSpec)->Unit(benchmark::kMillisecond);

} // namespace

int main(int argc, char** argv)
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
