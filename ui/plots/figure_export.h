// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/figure.h"

#include <QByteArray>
#include <QImage>
#include <QPicture>
#include <QSize>
#include <QString>

namespace bitscape::ui {

/// A figure as the strokes that make it up: made in the GUI thread in a few milliseconds, turned into a file's bytes on any thread.
struct FigureDrawing {
    QPicture strokes;
    QSize size; ///< in the figure's own units
    QString title;
};

/// In the GUI thread.
FigureDrawing drawingOf(Figure& figure, const QSize& size);
/// The drawing as pixels, `scale` times as fine as the screen's 100 %. On any thread.
QImage imageOf(const FigureDrawing& drawing, double scale);
/// Both.
QImage imageOf(Figure& figure, const QSize& size, double scale);
/// PNG, on any thread.
QByteArray pngOf(const QImage& image);

/// A figure on its way to a file, in the format that the path's extension names.
struct FigureFile {
    QString path;
    QString csv; ///< of a CSV file
    FigureDrawing drawing;
};

/// In the GUI thread. Throws Error(BadArgument) for an extension that is none of the four.
FigureFile drawFigure(Figure& figure, const QString& path);
/// Rasterises, encodes and writes, on any thread. Throws Error(Store) where the file cannot be written whole; what was there before is
/// then still there.
void writeFigure(const FigureFile& file);

/// Both: writes PNG (200 %), SVG, PDF (one page of the figure's size, vector) or CSV, by the path's extension. Throws Error(BadArgument)
/// for another one and Error(Store) where the file cannot be written whole; what was there before is then still there.
void saveFigure(Figure& figure, const QString& path);

/// "*.png" and so on, for a file dialog: one entry per format.
QStringList figureFilters();

} // namespace bitscape::ui
