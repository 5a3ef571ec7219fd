// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/dataset_reader.h"
#include "core/engine/data/split.h"

#include "data_test_support.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

using namespace bitscape;
using namespace bitscape::test;

namespace {

/// Where a real data set is: within BITSCAPE_DATASETS, else within the shared folder beside the source tree.
std::optional<std::filesystem::path> realData(const std::string& name)
{
    const char* set = std::getenv("BITSCAPE_DATASETS");
    const std::filesystem::path path = std::filesystem::path(set ? set : BITSCAPE_SHARED_DATASETS) / name;
    return std::filesystem::exists(path) ? std::optional(path) : std::nullopt;
}

ImageSet read(const std::string& kind, const std::filesystem::path& path)
{
    SilentContext context;
    return readDataset(kind, path, context);
}

std::vector<int> countsOf(const ImagePart& part, int classes)
{
    std::vector<int> counts(static_cast<std::size_t>(classes));
    for (const std::uint16_t label : part.labels)
        ++counts.at(label);
    return counts;
}

/// Mean and largest difference of two images.
struct Difference {
    double mean = 255;
    int largest = 255;
};

Difference difference(const std::uint8_t* a, const std::uint8_t* b, std::size_t count)
{
    long sum = 0;
    int largest = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const int step = std::abs(a[i] - b[i]);
        sum += step;
        largest = std::max(largest, step);
    }
    return { static_cast<double>(sum) / static_cast<double>(count), largest };
}

} // namespace

class RealDataTest final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".*")); }
    void readsMnist();
    void readsCifar10();
    void foldersAndBatchesHaveTheSameImages();
};

void RealDataTest::readsMnist()
{
    const auto path = realData("mnist");
    if (!path)
        QSKIP("No MNIST: set BITSCAPE_DATASETS to a folder that has mnist/ with the four IDX files.");
    const ImageSet set = read("idx", *path);
    QCOMPARE(set.shape, (ImageShape { 1, 28, 28 }));
    QCOMPARE(set.classes(), 10);
    // Published counts of the standard data set.
    QCOMPARE(countsOf(set.train, 10), (std::vector<int> { 5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949 }));
    QCOMPARE(countsOf(set.test, 10), (std::vector<int> { 980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009 }));
    // The published mean and standard deviation of the training pixels are 0.1307 and 0.3081.
    double sum = 0;
    double square = 0;
    for (const std::uint8_t pixel : set.train.pixels) {
        sum += pixel / 255.0;
        square += pixel / 255.0 * (pixel / 255.0);
    }
    const double mean = sum / static_cast<double>(set.train.pixels.size());
    QVERIFY(std::abs(mean - 0.1307) < 0.00005);
    QVERIFY(std::abs(std::sqrt(square / static_cast<double>(set.train.pixels.size()) - mean * mean) - 0.3081) < 0.00005);
    QCOMPARE(firstPerClass(set, resolveSplit("train[:10%]", set), 100).size(), std::size_t { 1000 });
}

void RealDataTest::readsCifar10()
{
    const auto path = realData("cifar-10-batches-bin");
    if (!path)
        QSKIP("No binary CIFAR-10: set BITSCAPE_DATASETS to a folder that has cifar-10-batches-bin/.");
    const ImageSet set = read("cifar10", *path);
    QCOMPARE(countsOf(set.train, 10), std::vector<int>(10, 5000));
    QCOMPARE(countsOf(set.test, 10), std::vector<int>(10, 1000));
    // The published channel means are 0.4914, 0.4822, 0.4465; a copy by way of JPEG moves them by less than half a level of 255.
    const double published[] = { 0.4914, 0.4822, 0.4465 };
    std::array<double, 3> sums {};
    for (std::size_t i = 0; i < set.train.pixels.size(); ++i)
        sums[i / 1024 % 3] += set.train.pixels[i] / 255.0;
    for (std::size_t c = 0; c < 3; ++c)
        QVERIFY(std::abs(sums[c] / (50000.0 * 1024) - published[c]) < 0.5 / 255);
}

void RealDataTest::foldersAndBatchesHaveTheSameImages()
{
    const auto images = realData("cifar10-images");
    const auto batches = realData("cifar-10-batches-bin");
    if (!images || !batches)
        QSKIP("No CIFAR-10 in both forms: set BITSCAPE_DATASETS to the folder that shared/datasets/prepare filled.");
    const ImageSet folder = read("folder", *images);
    const ImageSet binary = read("cifar10", *batches);
    QCOMPARE(folder.shape, binary.shape);
    QCOMPARE(folder.classNames, binary.classNames);
    QCOMPARE(countsOf(folder.train, 10), std::vector<int>(10, 5000));
    double worstMean = 0;
    int worstPixel = 0;
    for (std::size_t i = 0; i < 40; ++i) {
        Difference best;
        for (std::size_t k = 0; k < binary.test.labels.size(); ++k) {
            if (binary.test.labels[k] != folder.test.labels[i])
                continue;
            const Difference found = difference(folder.test.pixels.data() + i * 3072, binary.test.pixels.data() + k * 3072, 3072);
            best = found.mean < best.mean ? found : best;
        }
        worstMean = std::max(worstMean, best.mean);
        worstPixel = std::max(worstPixel, best.largest);
    }
    qInfo("%s", qPrintable(QString("largest mean difference of an image %1, largest of a pixel %2").arg(worstMean).arg(worstPixel)));
    // The batches were decoded by libjpeg: both follow the standard, whose inverse transforms, colour conversion and interpolation of
    // colour may each be off by a level or so. Two different photographs of one class differ by 20 levels and more on average.
    QVERIFY(worstMean < 0.5);
    QVERIFY(worstPixel <= 6);
}

QTEST_APPLESS_MAIN(RealDataTest)
#include "tst_data_real.moc"
