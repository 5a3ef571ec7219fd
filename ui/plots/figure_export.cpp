// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/figure_export.h"

#include "core/base/error.h"
#include "ui/plots/file_writing.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QFileInfo>
#include <QPageLayout>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>

namespace bitscape::ui {
namespace {

constexpr double kPngScale = 2;
constexpr int kPixelsPerInch = 96; ///< of a screen at 100 %
constexpr double kPointsPerInch = 72;

void play(const FigureDrawing& drawing, QPaintDevice& device)
{
    QPicture strokes = drawing.strokes; // playing moves a place in it
    QPainter painter(&device);
    strokes.play(&painter);
}

QByteArray svgOf(const FigureDrawing& drawing)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(drawing.size);
    generator.setViewBox(QRect({}, drawing.size));
    generator.setResolution(kPixelsPerInch);
    generator.setTitle(drawing.title);
    play(drawing, generator);
    return buffer.data();
}

QByteArray pdfOf(const FigureDrawing& drawing)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(kPixelsPerInch);
    writer.setTitle(drawing.title);
    const QSizeF points = QSizeF(drawing.size) * kPointsPerInch / kPixelsPerInch;
    writer.setPageLayout(QPageLayout(QPageSize(points, QPageSize::Point, {}, QPageSize::ExactMatch), QPageLayout::Portrait, QMarginsF()));
    play(drawing, writer);
    return buffer.data();
}

QString extensionOf(const QString& path)
{
    return QFileInfo(path).suffix().toLower();
}

QByteArray bytesOf(const FigureFile& file)
{
    const QString extension = extensionOf(file.path);
    if (extension == QLatin1String("png"))
        return pngOf(imageOf(file.drawing, kPngScale));
    if (extension == QLatin1String("svg"))
        return svgOf(file.drawing);
    return extension == QLatin1String("pdf") ? pdfOf(file.drawing) : file.csv.toUtf8();
}

} // namespace

FigureDrawing drawingOf(Figure& figure, const QSize& size)
{
    FigureDrawing drawing { QPicture(), size, figure.fileName() };
    figure.drawOn(drawing.strokes, size);
    return drawing;
}

QImage imageOf(const FigureDrawing& drawing, double scale)
{
    QImage image((QSizeF(drawing.size) * scale).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(scale);
    image.fill(Qt::transparent);
    play(drawing, image);
    return image;
}

QImage imageOf(Figure& figure, const QSize& size, double scale)
{
    return imageOf(drawingOf(figure, size), scale);
}

QByteArray pngOf(const QImage& image)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return buffer.data();
}

FigureFile drawFigure(Figure& figure, const QString& path)
{
    const QString extension = extensionOf(path);
    if (extension == QLatin1String("csv"))
        return { path, figure.csv(), FigureDrawing() };
    for (const char* drawn : { "png", "svg", "pdf" }) {
        if (extension == QLatin1String(drawn))
            return { path, {}, drawingOf(figure, figure.size()) };
    }
    throw Error(ErrorCode::BadArgument,
        QCoreApplication::translate("FigureExport", "A figure is saved as png, svg, pdf or csv: %1 ends with none of them.")
            .arg(path)
            .toStdString());
}

void writeFigure(const FigureFile& file)
{
    writeWhole(file.path, bytesOf(file));
}

void saveFigure(Figure& figure, const QString& path)
{
    writeFigure(drawFigure(figure, path));
}

QStringList figureFilters()
{
    return { QCoreApplication::translate("FigureExport", "PNG picture (*.png)"),
        QCoreApplication::translate("FigureExport", "SVG drawing (*.svg)"), QCoreApplication::translate("FigureExport", "PDF page (*.pdf)"),
        QCoreApplication::translate("FigureExport", "CSV numbers (*.csv)") };
}

} // namespace bitscape::ui
