// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/figure_export.h"

#include "core/base/error.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QFileInfo>
#include <QPageLayout>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>

namespace bitscape::ui {
namespace {

constexpr double kPngScale = 2;
constexpr int kPixelsPerInch = 96; ///< of a screen at 100 %
constexpr double kPointsPerInch = 72;

QByteArray svgOf(Figure& figure)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(figure.size());
    generator.setViewBox(QRect({}, figure.size()));
    generator.setResolution(kPixelsPerInch);
    generator.setTitle(figure.fileName());
    figure.drawOn(generator, figure.size());
    return buffer.data();
}

QByteArray pdfOf(Figure& figure)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setResolution(kPixelsPerInch);
    writer.setTitle(figure.fileName());
    const QSizeF points = QSizeF(figure.size()) * kPointsPerInch / kPixelsPerInch;
    writer.setPageLayout(QPageLayout(QPageSize(points, QPageSize::Point, {}, QPageSize::ExactMatch), QPageLayout::Portrait, QMarginsF()));
    figure.drawOn(writer, figure.size());
    return buffer.data();
}

QByteArray pngOf(const QImage& image)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return buffer.data();
}

} // namespace

QImage imageOf(Figure& figure, const QSize& size, double scale)
{
    QImage image((QSizeF(size) * scale).toSize(), QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(scale);
    image.fill(Qt::transparent);
    figure.drawOn(image, size);
    return image;
}

FigureFile drawFigure(Figure& figure, const QString& path)
{
    const QString extension = QFileInfo(path).suffix().toLower();
    if (extension == QLatin1String("png"))
        return { path, {}, imageOf(figure, figure.size(), kPngScale) };
    if (extension == QLatin1String("svg"))
        return { path, svgOf(figure), {} };
    if (extension == QLatin1String("pdf"))
        return { path, pdfOf(figure), {} };
    if (extension == QLatin1String("csv"))
        return { path, figure.csv().toUtf8(), {} };
    throw Error(ErrorCode::BadArgument,
        QCoreApplication::translate("FigureExport", "A figure is saved as png, svg, pdf or csv: %1 ends with none of them.")
            .arg(path)
            .toStdString());
}

void writeFigure(const FigureFile& file)
{
    const QByteArray bytes = file.image.isNull() ? file.bytes : pngOf(file.image);
    QSaveFile to(file.path);
    if (!to.open(QIODevice::WriteOnly) || to.write(bytes) != bytes.size() || !to.commit())
        throw Error(ErrorCode::Store,
            QCoreApplication::translate("FigureExport", "%1 cannot be written: %2. Choose another place.")
                .arg(file.path, to.errorString())
                .toStdString());
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
