// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/figure.h"

#include <QByteArray>
#include <QImage>
#include <QString>

namespace bitscape::ui {

/// The figure as pixels, `scale` times as fine as the screen's 100 %.
QImage imageOf(Figure& figure, const QSize& size, double scale);

/// A figure that is drawn but not written yet.
struct FigureFile {
    QString path;
    QByteArray bytes;
    QImage image; ///< of a PNG: is encoded when it is written, which takes longest
};

/// Draws for the path's extension, in the GUI thread. Throws Error(BadArgument) for an extension that is none of the four.
FigureFile drawFigure(Figure& figure, const QString& path);
/// Writes on any thread. Throws Error(Store) where the file cannot be written whole; what was there before is then still there.
void writeFigure(const FigureFile& file);

/// Both: writes PNG (200 %), SVG, PDF (one page of the figure's size, vector) or CSV, by the path's extension. Throws Error(BadArgument)
/// for another one and Error(Store) where the file cannot be written whole; what was there before is then still there.
void saveFigure(Figure& figure, const QString& path);

/// "*.png" and so on, for a file dialog: one entry per format.
QStringList figureFilters();

} // namespace bitscape::ui
