// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/dataset_view.h"
#include "ui/views/sample_grid.h"
#include "ui/views/share_delegate.h"

#include "core/base/error.h"
#include "core/project/datasets.h"
#include "core/project/runs.h"

#include <QAbstractItemModelTester>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace bitscape;
using namespace bitscape::ui;

namespace {

Dataset threeClasses(int channels)
{
    Dataset dataset;
    dataset.name = "three";
    dataset.kind = "folder";
    dataset.path = "/nowhere/three";
    dataset.fingerprint = "f00d";
    dataset.channels = channels;
    dataset.height = 4;
    dataset.width = 5;
    dataset.classNames = { "cat", "dog", "owl" };
    dataset.trainCounts = { 1200, 40, 300 };
    dataset.testCounts = { 7, 8, 9 };
    dataset.mean = std::vector<double>(static_cast<std::size_t>(channels), 0.5);
    dataset.stddev = std::vector<double>(static_cast<std::size_t>(channels), 0.25);
    return dataset;
}

/// Bytes that tell where they stand.
std::vector<std::byte> bytesFor(const Dataset& dataset, int perClass)
{
    const int size = static_cast<int>(dataset.classNames.size()) * perClass * dataset.channels * dataset.height * dataset.width;
    std::vector<std::byte> bytes;
    for (int i = 0; i < size; ++i)
        bytes.push_back(static_cast<std::byte>((i * 7 + i / 251) % 256));
    return bytes;
}

/// A project with data sets, open in a view.
class ShownDataset final {
public:
    ShownDataset()
        : path(folder.filePath(QStringLiteral("p.bitscape")))
        , project(Project::create(path.toStdString()))
    {
    }
    DatasetId add(Dataset dataset, const std::vector<std::byte>& bytes)
    {
        if (!bytes.empty())
            dataset.samples = project.putBlob(bytes);
        return addDataset(project, dataset);
    }
    void open(DatasetId id)
    {
        document = std::make_unique<ProjectDocument>(path, ProjectThread::Mode::Open);
        loader = std::make_unique<ResultsLoader>(*document);
        view = std::make_unique<DatasetView>(ViewContext { *document, selection, *loader, theme });
        view->resize(900, 600);
        view->show();
        table = view->findChild<QTableView*>(QStringLiteral("classTable"));
        grid = view->findChild<SampleGrid*>();
        selection.selectDataset(id);
    }
    bool says(const QString& part) const
    {
        for (const QLabel* label : view->findChildren<QLabel*>()) {
            if (label->isVisible() && label->text().contains(part))
                return true;
        }
        return false;
    }
    void press(const QString& className)
    {
        for (int row = 0; row < table->model()->rowCount(); ++row) {
            const QModelIndex index = table->model()->index(row, ClassModel::Name);
            if (index.data().toString() == className)
                QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(index).center());
        }
    }

    QTemporaryDir folder;
    QString path;
    Project project;
    Theme theme;
    Selection selection;
    std::unique_ptr<ProjectDocument> document;
    std::unique_ptr<ResultsLoader> loader;
    std::unique_ptr<DatasetView> view;
    QTableView* table = nullptr;
    SampleGrid* grid = nullptr;
};

} // namespace

class TestDatasetView : public QObject {
    Q_OBJECT
private slots:
    void pixelsAreThoseOfTheBytes_data()
    {
        QTest::addColumn<int>("channels");
        QTest::newRow("grey") << 1;
        QTest::newRow("colour") << 3;
        QTest::newRow("two channels") << 2;
    }
    void pixelsAreThoseOfTheBytes()
    {
        QFETCH(const int, channels);
        const Dataset dataset = threeClasses(channels);
        const auto bytes = bytesFor(dataset, 2);
        const SampleImages images = sampleImages(dataset, bytes);
        QCOMPARE(images.classes.size(), std::size_t { 3 });
        const auto byteAt = [&](int m, int i, int c, int y, int x) {
            return std::to_integer<int>(bytes[static_cast<std::size_t>((((m * 2 + i) * channels + c) * 4 + y) * 5 + x)]);
        };
        for (int m = 0; m < 3; ++m) {
            for (int i = 0; i < 2; ++i) {
                const QImage& image = images.classes[static_cast<std::size_t>(m)][static_cast<std::size_t>(i)];
                QCOMPARE(image.size(), QSize(5, 4));
                for (int y = 0; y < 4; ++y) {
                    for (int x = 0; x < 5; ++x) {
                        const bool colour = channels == 3;
                        QCOMPARE(image.pixel(x, y),
                            qRgb(byteAt(m, i, 0, y, x), byteAt(m, i, colour ? 1 : 0, y, x), byteAt(m, i, colour ? 2 : 0, y, x)));
                    }
                }
            }
        }
    }

    void bytesOfAnotherShapeAreRefused()
    {
        const Dataset dataset = threeClasses(1);
        auto bytes = bytesFor(dataset, 2);
        bytes.pop_back();
        QVERIFY_EXCEPTION_THROWN(sampleImages(dataset, bytes), Error);
        QVERIFY_EXCEPTION_THROWN(sampleImages(Dataset {}, bytes), Error);
        QVERIFY(sampleImages(dataset, {}).classes.front().empty());
    }

    void theTableCounts()
    {
        ClassModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setDataset(threeClasses(1));
        QCOMPARE(model.rowCount(), 3);
        QCOMPARE(model.index(0, ClassModel::Train).data().toString(), QStringLiteral("1\u2009200"));
        QCOMPARE(model.index(2, ClassModel::Train).data(kShareRole).toDouble(), 0.25);
        QCOMPARE(model.index(2, ClassModel::Test).data(kShareRole).toDouble(), 1.0);
        QCOMPARE(model.index(1, ClassModel::Name).data().toString(), QStringLiteral("dog"));
        QVERIFY(!model.index(1, ClassModel::Name).data(kShareRole).isValid());
        model.setDataset({});
        QCOMPARE(model.rowCount(), 0);
    }

    void imagesLieInRowsAndWrap()
    {
        Theme theme;
        SampleGrid grid(theme);
        grid.resize(900, 600);
        const Dataset dataset = threeClasses(1);
        const QStringList names { QStringLiteral("cat"), QStringLiteral("dog"), QStringLiteral("owl") };
        grid.setImages(sampleImages(dataset, bytesFor(dataset, 8)), names);
        grid.show(); // a hidden widget is not told of its size
        for (const int width : { 900, 260 }) {
            grid.resize(width, 2000);
            QRect all;
            for (int m = 0; m < 3; ++m) {
                for (int i = 0; i < 8; ++i) {
                    const QRect rect = grid.imageRect(m, i);
                    QCOMPARE(grid.at(rect.center()), std::pair(m, i));
                    QCOMPARE(rect.width() % 5, 0); // whole pixels
                    QVERIFY(rect.right() < width && !all.contains(rect.center()));
                    QVERIFY(grid.classRect(m).contains(rect));
                }
                all |= grid.classRect(m);
            }
            QVERIFY(grid.minimumHeight() >= grid.imageRect(2, 7).bottom());
        }
        QVERIFY(grid.imageRect(0, 7).top() > grid.imageRect(0, 0).top());
        QCOMPARE(grid.tooltipAt(grid.imageRect(1, 2).center()),
            QStringLiteral("class 1: dog\nimage 3 of the class's first 8 in the training part"));
        QCOMPARE(grid.tooltipAt(QPoint(3, 1990)), QString());
    }

    void enlargedPixelsStaySharp()
    {
        Theme theme;
        SampleGrid grid(theme);
        grid.resize(900, 600);
        const Dataset dataset = threeClasses(3);
        const SampleImages images = sampleImages(dataset, bytesFor(dataset, 1));
        grid.setImages(images, {});
        const QImage picture = grid.grab().toImage();
        const QRect rect = grid.imageRect(1, 0);
        const int factor = rect.width() / 5;
        QVERIFY(factor > 5);
        for (int y = 0; y < rect.height(); y += 3) {
            for (int x = 0; x < rect.width(); x += 2)
                QCOMPARE(picture.pixel(rect.left() + x, rect.top() + y), images.classes[1][0].pixel(x / factor, y / factor));
        }
    }

    void aDataSetIsShown()
    {
        ShownDataset shown;
        Dataset dataset = threeClasses(3);
        dataset.path = shown.folder.path().toStdString();
        shown.open(shown.add(dataset, bytesFor(dataset, 4)));
        QTRY_COMPARE(shown.grid->images().classes.size(), std::size_t { 3 });
        QVERIFY(shown.grid->images() == sampleImages(dataset, bytesFor(dataset, 4)));
        QVERIFY(shown.grid->isVisible());
        for (const char* part :
            { "three", "folder", "3×4×5", "f00d", "0.5 ± 0.25, 0.5 ± 0.25, 0.5 ± 0.25", "1\u2009540 to train, 24 to test" })
            QVERIFY2(shown.says(QString::fromUtf8(part)), part);
        QVERIFY(!shown.says(QStringLiteral("any more")));
    }

    void theClassIsShared()
    {
        ShownDataset shown;
        const Dataset dataset = threeClasses(1);
        shown.open(shown.add(dataset, bytesFor(dataset, 4)));
        QTRY_COMPARE(shown.grid->images().classes.size(), std::size_t { 3 });
        const QHeaderView* head = shown.table->horizontalHeader();
        QTest::mouseClick(
            head->viewport(), Qt::LeftButton, {}, QPoint(head->sectionViewportPosition(ClassModel::Train) + 20, head->height() / 2));
        QCOMPARE(shown.table->model()->index(0, ClassModel::Name).data().toString(), QStringLiteral("dog"));
        shown.press(QStringLiteral("owl"));
        QCOMPARE(shown.selection.classNumber(), 2);
        QCOMPARE(shown.grid->selectedClass(), 2);
        QTest::mouseClick(shown.grid, Qt::LeftButton, {}, shown.grid->imageRect(0, 1).center());
        QCOMPARE(shown.selection.classNumber(), 0);
        QCOMPARE(shown.table->currentIndex().siblingAtColumn(ClassModel::Name).data().toString(), QStringLiteral("cat"));
        QTest::keyClick(shown.grid, Qt::Key_Down);
        QCOMPARE(shown.selection.classNumber(), 1);
        shown.selection.selectClass(77);
        QCOMPARE(shown.grid->selectedClass(), -1);
    }

    void goneFilesAreTold()
    {
        ShownDataset shown;
        const Dataset dataset = threeClasses(1);
        shown.open(shown.add(dataset, bytesFor(dataset, 4)));
        QTRY_VERIFY(shown.says(QStringLiteral("Nothing is at /nowhere/three any more")));
        QVERIFY(shown.grid->isVisible());
    }

    void missingSamplesAreTold()
    {
        ShownDataset shown;
        shown.open(shown.add(threeClasses(1), {}));
        QTRY_VERIFY(shown.says(QStringLiteral("No sample images were kept")));
        QVERIFY(!shown.grid->isVisible());
    }

    void damagedSamplesAreTold()
    {
        ShownDataset shown;
        Dataset dataset = threeClasses(1);
        shown.open(shown.add(dataset, std::vector<std::byte>(61)));
        QTRY_VERIFY(shown.says(QStringLiteral("cannot be shown")));
        QVERIFY(shown.says(QStringLiteral("61 bytes")));
        QVERIFY(!shown.grid->isVisible());
    }

    void theRunsDataSetIsShown()
    {
        ShownDataset shown;
        const Dataset dataset = threeClasses(1);
        Dataset other = dataset;
        other.name = "other";
        const DatasetId first = shown.add(dataset, bytesFor(dataset, 1));
        const DatasetId second = shown.add(other, bytesFor(dataset, 2));
        Run run;
        run.dataset = second;
        const RunId id = addRun(shown.project, run);
        shown.open(first);
        QTRY_COMPARE(shown.document->runs().size(), std::size_t { 1 });
        QTRY_VERIFY(shown.says(QStringLiteral("three")));
        shown.selection.selectRun(id);
        QCOMPARE(shown.view->dataset(), std::optional(second));
        const SampleImages expected = sampleImages(other, bytesFor(other, 2));
        QTRY_VERIFY(shown.grid->images() == expected);
        QCOMPARE(shown.view->findChild<QLabel*>(QStringLiteral("heading"))->text(), QStringLiteral("other"));
    }
};

QTEST_MAIN(TestDatasetView)
#include "tst_dataset_view.moc"
