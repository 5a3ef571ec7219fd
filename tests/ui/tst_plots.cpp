// SPDX-License-Identifier: GPL-3.0-or-later
// Charts as numbers, pictures and files; the frame around a figure.
#include "core/base/error.h"
#include "ui/plots/chart.h"
#include "ui/plots/chart_axes.h"
#include "ui/plots/figure_export.h"
#include "ui/plots/figure_frame.h"
#include "ui/plots/heat_map.h"

#include <QApplication>
#include <QClipboard>
#include <QElapsedTimer>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace bitscape::ui;

namespace {

ChartSpec spec()
{
    ChartSpec spec;
    spec.name = QStringLiteral("accuracy of run 4");
    spec.x.title = QStringLiteral("evaluations");
    spec.y.title = QStringLiteral("accuracy, top-1 (%)");
    Series a;
    a.name = QStringLiteral("say \"search\"");
    a.style = SeriesStyle::LineAndPoints;
    a.x = { 1, 2, 3 };
    a.y = { 1.0 / 3, std::numeric_limits<double>::quiet_NaN(), 97.05 };
    a.low = { 0.25, 1, 96 };
    a.high = { 0.5, 2, 98 };
    a.notes = { {}, {}, QStringLiteral("kept") };
    Series b;
    b.name = QStringLiteral("floor");
    b.colour = 1;
    b.x = { 1, 3 };
    b.y = { 1e-9, 123456789.5 };
    spec.series = { a, b };
    return spec;
}

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The share of pixels that differ by more than a shade: text may be placed a fraction of a pixel apart.
double unlike(const QImage& a, const QImage& b)
{
    constexpr int kShade = 96;
    int different = 0;
    for (int y = 0; y < a.height(); ++y) {
        for (int x = 0; x < a.width(); ++x)
            different += std::abs(qGray(a.pixel(x, y)) - qGray(b.pixel(x, y))) > kShade;
    }
    return static_cast<double>(different) / (static_cast<double>(a.width()) * a.height());
}

QString plain(QString text)
{
    return text.replace(QChar(0x2009), QLatin1Char(' ')).replace(QChar(0x2212), QLatin1Char('-'));
}

} // namespace

class TestPlots : public QObject {
    Q_OBJECT
private slots:
    void init() { m_theme.choose(Theme::Choice::Light); }

    void csvIsWhatAHandWouldWrite()
    {
        const QLocale before;
        QLocale::setDefault(QLocale(QLocale::German, QLocale::Germany));
        const QString text = csvOf(spec());
        QLocale::setDefault(before);
        QCOMPARE(text,
            QStringLiteral("series,evaluations,\"accuracy, top-1 (%)\",low,high,note\n"
                           "\"say \"\"search\"\"\",1,0.3333333333333333,0.25,0.5,\n"
                           "\"say \"\"search\"\"\",2,,1,2,\n"
                           "\"say \"\"search\"\"\",3,97.05,96,98,kept\n"
                           "floor,1,1e-09,,,\n"
                           "floor,3,123456789.5,,,\n"));
    }

    void csvNumbersReadBack()
    {
        for (const double value : { 0.1, 1.0 / 3, 1e300, 5e-324, -0.0, 123456789012345680.0, std::nextafter(1, 2) })
            QCOMPARE(csvNumber(value).toDouble(), value);
    }

    void categoriesStandInTheCsv()
    {
        ChartSpec bars = spec();
        bars.x.categories = { QStringLiteral("none"), QStringLiteral("cat"), QStringLiteral("dog, wet"), QStringLiteral("frog") };
        QVERIFY(csvOf(bars).contains(QStringLiteral("\"say \"\"search\"\"\",\"dog, wet\",,1,2,\n")));
        QVERIFY(csvOf(bars).contains(QStringLiteral("floor,frog,123456789.5,,,\n")));
    }

    void exactTexts()
    {
        QCOMPARE(plain(exactText(0)), QStringLiteral("0"));
        QCOMPARE(plain(exactText(97.05)), QStringLiteral("97.05"));
        QCOMPARE(plain(exactText(1.0 / 3)), QStringLiteral("0.333333"));
        QCOMPARE(plain(exactText(1234567)), QStringLiteral("1 234 567"));
        QCOMPARE(plain(exactText(12345)), QStringLiteral("12 345"));
        QCOMPARE(plain(exactText(-1234.5)), QStringLiteral("-1 234.5").remove(QLatin1Char(' ')));
        QCOMPARE(plain(exactText(0.000123456)), QStringLiteral("0.000123456"));
        QCOMPARE(exactText(std::numeric_limits<double>::infinity()), QStringLiteral("–"));
    }

    void tickTexts()
    {
        QCOMPARE(tickText(0.5, 0.25), QStringLiteral("0.50"));
        QCOMPARE(tickText(0.1 + 0.2, 0.1), QStringLiteral("0.3"));
        QCOMPARE(tickText(1e-17, 0.1), QStringLiteral("0"));
        QCOMPARE(plain(tickText(-20000, 5000)), QStringLiteral("-20 000"));
        QCOMPARE(tickText(2.5e6, 5e5), QStringLiteral("2.5×10⁶"));
        QCOMPARE(tickText(2e-7, 1e-7), QStringLiteral("2×10⁻⁷"));
        QCOMPARE(logTickText(0.05), QStringLiteral("0.05"));
        QCOMPARE(plain(logTickText(20000)), QStringLiteral("20 000"));
        QCOMPARE(logTickText(1e7), QStringLiteral("10⁷"));
        QCOMPARE(logTickText(5e-12), QStringLiteral("5×10⁻¹²"));
    }

    void svgHasTheTitlesAsTextAndTheCurvesAsPaths()
    {
        const auto drawn = [this](const ChartSpec& of) {
            Chart chart(m_theme);
            chart.resize(500, 300);
            chart.setSpec(of);
            saveFigure(chart, m_folder.filePath(QStringLiteral("a.svg")));
            return contentOf(m_folder.filePath(QStringLiteral("a.svg")));
        };
        const auto paths = [&](const ChartSpec& of) {
            const QByteArray svg = drawn(of);
            return svg.count("<polyline") + svg.count("<path");
        };
        const QByteArray svg = drawn(spec());
        for (const char* text : { ">evaluations", ">accuracy, top-1 (%)", ">floor", ">1.0", ">3.0" })
            QVERIFY2(svg.contains(text), text);
        QVERIFY2(!svg.contains("<image"), "no pixels in a drawing");
        ChartSpec lines = spec();
        lines.legend = false;
        lines.series = { lines.series[1] };
        lines.series[0].y = { 1, 2 };
        ChartSpec two = lines;
        two.series.push_back(lines.series[0]);
        two.series[1].name = QStringLiteral("again");
        QCOMPARE(paths(two) - paths(lines), qsizetype { 1 });
    }

    void filesAreOfTheirKind()
    {
        Chart chart(m_theme);
        chart.resize(400, 250);
        chart.setSpec(spec());
        const auto saved = [&](const QString& name) {
            saveFigure(chart, m_folder.filePath(name));
            return contentOf(m_folder.filePath(name));
        };
        QVERIFY(saved(QStringLiteral("a.pdf")).startsWith("%PDF"));
        const QImage png = QImage::fromData(saved(QStringLiteral("a.PNG")));
        QCOMPARE(png.size(), QSize(800, 500));
        QCOMPARE(png.pixelColor(2, 2).name(), m_theme.colours().base.name());
        QCOMPARE(QString::fromUtf8(saved(QStringLiteral("a.csv"))), csvOf(spec()));
        QCOMPARE(imageOf(chart, QSize(300, 200), 1.5).size(), QSize(450, 300));
        QCOMPARE(figureFilters().size(), 4);
        const std::pair<double, double> range = chart.inView(Qt::Horizontal);
        QVERIFY(range.first < 1 && range.second > 3);
    }

    void savedPicturesAreWhatTheFigureDraws()
    {
        Chart chart(m_theme);
        HeatMap map(m_theme);
        chart.setSpec(spec());
        HeatMapSpec cells;
        cells.rows = cells.columns = { QStringLiteral("cat"), QStringLiteral("dog") };
        cells.values = { 0.9, 0.1, 0.25, 0.75 };
        cells.rowTitle = QStringLiteral("true class");
        cells.writeValues = true;
        map.setSpec(cells);
        for (Figure* figure : std::initializer_list<Figure*> { &chart, &map }) {
            figure->resize(420, 260);
            const QImage picture = imageOf(*figure, figure->size(), 2);
            QImage direct(picture.size(), picture.format());
            direct.setDevicePixelRatio(2);
            figure->drawOn(direct, figure->size());
            direct.setDevicePixelRatio(1);
            QVERIFY2(unlike(picture, direct) < 0.004, qPrintable(QString::number(unlike(picture, direct))));
            QVERIFY(unlike(picture, QImage(picture.size(), picture.format())) > 0.5); // the comparison sees something
        }
    }

    void aPictureIsTakenDownWithinAFrame()
    {
        ChartSpec many = spec();
        many.series.assign(10, many.series[1]);
        for (std::size_t s = 0; s < many.series.size(); ++s) {
            Series& series = many.series[s];
            series.name = QString::number(s);
            series.x.clear();
            series.y.clear();
            for (int i = 0; i < 500; ++i) {
                series.x.push_back(i);
                series.y.push_back(static_cast<double>(s) + std::sin(0.05 * i) + 0.1 * std::sin(1.7 * i));
            }
        }
        Chart chart(m_theme);
        chart.resize(900, 560);
        chart.setSpec(many);
        qint64 least = std::numeric_limits<qint64>::max();
        for (int i = 0; i < 5; ++i) {
            QElapsedTimer timer;
            timer.start();
            const FigureFile file = drawFigure(chart, QStringLiteral("a.png"));
            least = std::min(least, timer.elapsed());
            QVERIFY(file.drawing.strokes.size() > 0);
        }
        QVERIFY2(least < 25, qPrintable(QString::number(least))); // drawing and encoding at once took 55
    }

    void whatCannotBeSavedIsTold()
    {
        Chart chart(m_theme);
        chart.resize(400, 250);
        const auto codeOf = [&](const QString& path) {
            try {
                saveFigure(chart, path);
            } catch (const bitscape::Error& error) {
                return std::string(error.what()).find(path.toStdString()) != std::string::npos ? static_cast<int>(error.code()) : -2;
            }
            return -1;
        };
        QCOMPARE(codeOf(m_folder.filePath(QStringLiteral("a.jpeg"))), static_cast<int>(bitscape::ErrorCode::BadArgument));
        QCOMPARE(codeOf(m_folder.filePath(QStringLiteral("missing/a.png"))), static_cast<int>(bitscape::ErrorCode::Store));
    }

    void frameSavesAndTellsFailures()
    {
        auto* chart = new Chart(m_theme);
        FigureFrame frame(QStringLiteral("Accuracy"), chart, m_theme);
        frame.resize(500, 300);
        chart->setSpec(spec());
        frame.show();
        QSignalSpy saved(&frame, &FigureFrame::saved);
        const QString path = m_folder.filePath(QStringLiteral("framed.png"));
        frame.saveTo(path);
        QTRY_COMPARE(saved.count(), 1);
        QCOMPARE(QImage(path).size(), chart->size() * 2);
        frame.saveTo(m_folder.filePath(QStringLiteral("missing/framed.png")));
        QTRY_VERIFY(frame.findChild<QMessageBox*>());
        auto* box = frame.findChild<QMessageBox*>();
        QVERIFY(box->text().contains(QStringLiteral("missing/framed.png cannot be written")));
        box->close();
        QCOMPARE(saved.count(), 1);
    }

    void saveButtonAsksWhere()
    {
        auto* chart = new Chart(m_theme);
        FigureFrame frame(QStringLiteral("Accuracy"), chart, m_theme);
        chart->setSpec(spec());
        frame.show();
        QTest::mouseClick(frame.findChild<QToolButton*>(QStringLiteral("figure-save")), Qt::LeftButton);
        auto* dialog = frame.findChild<QFileDialog*>();
        QVERIFY(dialog && dialog->isVisible());
        QCOMPARE(dialog->nameFilters().size(), 4);
        QVERIFY(dialog->selectedFiles().value(0).endsWith(QStringLiteral("accuracy of run 4.png")));
        dialog->close();
    }

    void copyPutsPictureAndNumbersOnTheClipboard()
    {
        auto* chart = new Chart(m_theme);
        FigureFrame frame(QStringLiteral("Accuracy"), chart, m_theme);
        frame.resize(500, 300);
        chart->setSpec(spec());
        frame.show();
        const QList<QAction*> actions = frame.findChild<QToolButton*>(QStringLiteral("figure-copy"))->menu()->actions();
        QSignalSpy copied(&frame, &FigureFrame::copied);
        actions.at(0)->trigger();
        QTRY_COMPARE(copied.count(), 1);
        const QImage picture = QApplication::clipboard()->image();
        QCOMPARE(picture.size(), chart->size() * 2);
        QCOMPARE(QImage::fromData(QApplication::clipboard()->mimeData()->data(QStringLiteral("image/png"))).size(), picture.size());
        actions.at(1)->trigger();
        QCOMPARE(QApplication::clipboard()->text(), csvOf(spec()));
    }

    void frameFollowsTheLegendAndCutsLongTitles()
    {
        auto* chart = new Chart(m_theme);
        FigureFrame frame(QStringLiteral("A title that is far too long for a frame as narrow as this one is"), chart, m_theme);
        frame.resize(320, 260);
        frame.show();
        auto* legend = frame.findChild<QToolButton*>(QStringLiteral("figure-legend"));
        QVERIFY(!legend->isVisible());
        chart->setSpec(spec());
        QVERIFY(legend->isVisible() && legend->isChecked());
        QTest::mouseClick(legend, Qt::LeftButton);
        QVERIFY(!chart->isLegendShown());
        chart->showLegend(true);
        QVERIFY(legend->isChecked());
        ChartSpec one = spec();
        one.series.pop_back();
        chart->setSpec(one);
        QVERIFY(!legend->isVisible()); // nothing to tell apart
        auto* title = frame.findChild<QLabel*>(QStringLiteral("heading"));
        QTRY_VERIFY(title->text().endsWith(QChar(0x2026)));
        QVERIFY(title->toolTip().endsWith(QStringLiteral("this one is")));
        QVERIFY(title->fontMetrics().horizontalAdvance(title->text()) <= title->width());
        frame.setTitle(QStringLiteral("Classes")); // short enough to be always read in whole
        auto* wide = new QLabel(QStringLiteral("a tool as wide as a tool can be"));
        frame.addTool(wide);
        frame.resize(frame.minimumSizeHint());
        QTRY_COMPARE(title->text(), QStringLiteral("Classes"));
        QVERIFY(title->fontMetrics().horizontalAdvance(title->text()) <= title->width());
    }

private:
    Theme m_theme;
    QTemporaryDir m_folder;
};

QTEST_MAIN(TestPlots)
#include "tst_plots.moc"
