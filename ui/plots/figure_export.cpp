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

QByteArray pngOf(Figure& figure)
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    imageOf(figure, figure.size(), kPngScale).save(&buffer, "PNG");
    return buffer.data();
}

QByteArray bytesFor(Figure& figure, const QString& path)
{
    const QString extension = QFileInfo(path).suffix().toLower();
    if (extension == QLatin1String("png"))
        return pngOf(figure);
    if (extension == QLatin1String("svg"))
        return svgOf(figure);
    if (extension == QLatin1String("pdf"))
        return pdfOf(figure);
    if (extension == QLatin1String("csv"))
        return figure.csv().toUtf8();
    throw Error(ErrorCode::BadArgument,
        QCoreApplication::translate("FigureExport", "A figure is saved as png, svg, pdf or csv: %1 ends with none of them.")
            .arg(path)
            .toStdString());
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

void saveFigure(Figure& figure, const QString& path)
{
    const QByteArray bytes = bytesFor(figure, path);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        throw Error(ErrorCode::Store,
            QCoreApplication::translate("FigureExport", "%1 cannot be written: %2. Choose another place.")
                .arg(path, file.errorString())
                .toStdString());
}

QStringList figureFilters()
{
    return { QCoreApplication::translate("FigureExport", "PNG picture (*.png)"),
        QCoreApplication::translate("FigureExport", "SVG drawing (*.svg)"), QCoreApplication::translate("FigureExport", "PDF page (*.pdf)"),
        QCoreApplication::translate("FigureExport", "CSV numbers (*.csv)") };
}

} // namespace bitscape::ui
