// SPDX-License-Identifier: GPL-3.0-or-later
#include "network_test_support.h"

#include "core/network/layers.h"
#include "core/network/zoo.h"

#include <QtTest>

using namespace bitscape;
using namespace bitscape::test;

namespace {

std::int64_t macsOf(const Graph& graph)
{
    std::int64_t macs = 0;
    for (const Layer& layer : layersOf(graph))
        macs += layer.macs();
    return macs;
}

std::vector<std::string> shapesOf(const Graph& graph, Op op)
{
    std::vector<std::string> shapes;
    for (const Node& node : graph.nodes) {
        if (node.op == op)
            shapes.push_back(toString(node.shape));
    }
    return shapes;
}

int count(const Graph& graph, Op op)
{
    return static_cast<int>(shapesOf(graph, op).size());
}

} // namespace

/// The built-in networks against numbers worked out by hand, and the words that ask for them.
class TestZoo final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    /// Every convolution k*k*in*out (+ out with a bias), every normalisation 4 * channels, every linear layer in*out + out;
    /// MACs are output positions times weights.
    void sizes_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<qint64>("parameters");
        QTest::addColumn<qint64>("macs");
        const auto row = [](const char* source, qint64 parameters, qint64 macs) { QTest::newRow(source) << source << parameters << macs; };
        // 784*300+300 + 300*100+100 + 100*10+10
        row("zoo:mlp", 235500 + 30100 + 1010, 235200 + 30000 + 1000);
        // 3*8*8=192: 192*20+20, 20*30+30, 30*40+40, 40*7+7
        row("zoo:mlp?hidden=20x30x40&input=3x8x8&classes=7", 3860 + 630 + 1240 + 287, 3840 + 600 + 1200 + 280);
        // hidden 300*0.5, 100*0.5: 784*150+150, 150*50+50, 50*10+10
        row("zoo:mlp?width=0.5", 117750 + 7550 + 510, 117600 + 7500 + 500);
        // 6*25+6, 16*150+16, 400*120+120, 120*84+84, 84*10+10; MACs 28*28*150, 10*10*2400, 48000, 10080, 840
        row("zoo:lenet5", 61706, 117600 + 240000 + 48000 + 10080 + 840);
        // 12*25+12, 32*300+32, 800*240+240, 240*168+168, 168*100+100; MACs 784*300, 100*9600
        row("zoo:lenet5?width=2&classes=100", 312 + 9632 + 192240 + 40488 + 16900, 235200 + 960000 + 192000 + 40320 + 16800);
        // on 32x32 without padding the same positions; three input channels: 6*75+6
        row("zoo:lenet5?input=3x32x32", 61706 + 300, 352800 + 240000 + 48000 + 10080 + 840);
        // 32*75 + 4*32, 32*800 + 4*32, 64*800 + 4*64, 1024*10+10; MACs 32*32*2400, 16*16*25600, 8*8*51200, 10240
        row("zoo:lenet-3c1l", 2400 + 128 + 25600 + 128 + 51200 + 256 + 10250, 2457600 + 6553600 + 3276800 + 10240);
        // convolutions 3456+147456 | 294912+589824 | 1179648+2359296, 4*(2*128+2*256+2*512), 8192*10+10
        // MACs 1024*150912 + 256*884736 + 64*3538944 + 81920
        row("zoo:vgg-small", 4574592 + 7168 + 81930, 154533888 + 226492416 + 226492416 + 81920);
        // convolutions 1728+36864 | 73728+147456 | 294912+2*589824 | 1179648+2*2359296 | 3*2359296 = 14710464 weights,
        // 4*4224 channels, 512*512+512 twice, 512*10+10; MACs 1024*38592 + 256*221184 + 64*1474560 + 16*5898240 + 4*7077888
        row("zoo:vgg16", 14710464 + 16896 + 2 * 262656 + 5130, 313196544 + 2 * 262144 + 5120);
        // 432 | 6*2304 | 4608+5*9216+512 | 18432+5*36864+2048, 4*(7*16 + 7*32 + 7*64) channels, 64*10+10
        // MACs 1024*(432+13824) + 256*51200 + 64*204800 + 640
        row("zoo:resnet20", 270256 + 3136 + 650, 14598144 + 13107200 + 13107200 + 640);
        // 864 | 6*9216 | 18432+5*36864+2048 | 73728+5*147456+8192, twice the channels, 128*100+100
        row("zoo:resnet20?width=2&classes=100", 1080160 + 6272 + 12900, 57507840 + 52428800 + 52428800 + 12800);
    }

    void sizes()
    {
        QFETCH(const QString, source);
        QFETCH(const qint64, parameters);
        QFETCH(const qint64, macs);
        const Graph graph = zooGraph(zooRequestFrom(source.toStdString()));
        checkGraph(graph);
        QCOMPARE(parameterCount(graph), parameters);
        QCOMPARE(macsOf(graph), macs);
    }

    void lenet5HasTheShapesOfThePaper()
    {
        const Graph graph = zooGraph(zooRequestFrom("zoo:lenet5"));
        QCOMPARE(shapesOf(graph, Op::Conv2d), (std::vector<std::string> { "6x28x28", "16x10x10" }));
        QCOMPARE(shapesOf(graph, Op::MaxPool), (std::vector<std::string> { "6x14x14", "16x5x5" }));
        QCOMPARE(shapesOf(graph, Op::Flatten), (std::vector<std::string> { "400" }));
        QCOMPARE(shapesOf(graph, Op::Linear), (std::vector<std::string> { "120", "84", "10" }));
        QCOMPARE(graph.nodes[1].padding, (Pair { 2, 2 }));
        QCOMPARE(toString(graph.inputShape()), std::string("1x28x28"));
        QCOMPARE(graph.classes(), 10);
    }

    void resnet20HasTwoShortcutConvolutions()
    {
        const Graph graph = zooGraph(zooRequestFrom("zoo:resnet20"));
        QCOMPARE(count(graph, Op::Add), 9);
        QCOMPARE(count(graph, Op::Conv2d), 21);
        QCOMPARE(count(graph, Op::BatchNorm), 21);
        QCOMPARE(count(graph, Op::Relu), 19);
        std::vector<std::string> pointwise;
        for (const Node& node : graph.nodes) {
            if (node.op == Op::Conv2d && node.kernel == Pair { 1, 1 })
                pointwise.push_back(toString(node.shape));
            QVERIFY(node.op != Op::Conv2d || node.bias.empty());
        }
        QCOMPARE(pointwise, (std::vector<std::string> { "32x16x16", "64x8x8" }));
        QCOMPARE(shapesOf(graph, Op::GlobalAveragePool), (std::vector<std::string> { "64x1x1" }));
    }

    /// Filters are rounded, halves upwards, and there is always one: 16, 32, 64 at 0.05 are 0.8, 1.6, 3.2; at 0.1 with 5 of 0.5.
    void widthsAreRounded()
    {
        const Graph narrow = zooGraph(zooRequestFrom("zoo:resnet20?width=0.05"));
        QCOMPARE(shapesOf(narrow, Op::GlobalAveragePool), (std::vector<std::string> { "3x1x1" }));
        QCOMPARE(narrow.nodes[1].filters, 1);
        const Graph halves = zooGraph(zooRequestFrom("zoo:mlp?width=0.5&hidden=5x1x3"));
        QCOMPARE(shapesOf(halves, Op::Linear), (std::vector<std::string> { "3", "1", "2", "10" }));
        const Graph tiny = zooGraph(zooRequestFrom("zoo:lenet5?width=0.05"));
        QCOMPARE(shapesOf(tiny, Op::Conv2d), (std::vector<std::string> { "1x28x28", "1x10x10" }));
    }

    void requests()
    {
        ZooRequest expected { "resnet20", 2, 100, Shape { 3, 32, 32, false }, { 300, 100 } };
        QCOMPARE(zooRequestFrom("zoo:resnet20?width=2&classes=100"), expected);
        QCOMPARE(zooRequestFrom("zoo:resnet20?classes=100&width=2.0"), expected);
        expected = { "mlp", 0.25, 10, Shape { 4, 5, 6, false }, { 7, 8, 9 } };
        QCOMPARE(zooRequestFrom("zoo:mlp?hidden=7x8x9&input=4x5x6&width=.25"), expected);
        QCOMPARE(zooNames(), (std::vector<std::string> { "mlp", "lenet5", "lenet-3c1l", "vgg-small", "vgg16", "resnet20" }));
        for (const std::string& name : zooNames())
            QCOMPARE(zooRequestFrom("zoo:" + name).name, name);
        QVERIFY(isZooSource("zoo:mlp"));
        QVERIFY(!isZooSource("models/zoo.onnx"));
    }

    void badRequests_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<QString>("named"); // what the message must say behind the repeated source, separated by |
        const auto row = [](const char* source, const char* named) { QTest::newRow(source) << source << named; };
        row("zoo:", "''|resnet20");
        row("zoo:resnet18", "'resnet18'|resnet20|lenet-3c1l");
        row("zoo:resnet20?depth=3", "'depth'|width|classes|input");
        row("zoo:resnet20?hidden=3", "'hidden'");
        row("zoo:resnet20?width", "'width'|name=value");
        row("zoo:resnet20?&width=2", "name=value");
        for (const char* value : { "", "0", "0.04", "16.5", "-1", "nan", "inf", "1e999", "two", "2x", " 2", "2,5" })
            QTest::addRow("width=%s", value) << QStringLiteral("zoo:resnet20?width=%1").arg(value)
                                             << QStringLiteral("width|'%1'").arg(value);
        for (const char* value : { "", "1", "0", "-10", "10001", "10.5", "99999999999999999999" })
            QTest::addRow("classes=%s", value) << QStringLiteral("zoo:mlp?classes=%1").arg(value)
                                               << QStringLiteral("classes|'%1'").arg(value);
        for (const char* value : { "3", "3x32", "17x32x32", "1x1025x1", "1x1x1025", "1x2x3x4" })
            QTest::addRow("input=%s", value) << QStringLiteral("zoo:mlp?input=%1").arg(value) << QStringLiteral("input|'%1'").arg(value);
        row("zoo:mlp?input=3x0x3", "input|'0'");
        row("zoo:mlp?input=", "input|''");
        row("zoo:mlp?hidden=", "hidden|''");
        row("zoo:mlp?hidden=10xx10", "hidden|''");
        row("zoo:mlp?hidden=10x65537", "hidden|'65537'");
    }

    void badRequests()
    {
        QFETCH(const QString, source);
        QFETCH(const QString, named);
        const auto error = refusalOf([&] { zooRequestFrom(source.toStdString()); });
        QVERIFY(error && error->code() == ErrorCode::BadArgument);
        QString message = QString::fromUtf8(error->what());
        const QString repeated = QStringLiteral("'%1': ").arg(source);
        QVERIFY2(message.startsWith(repeated), error->what());
        message.remove(0, repeated.size());
        for (const QString& word : named.split('|'))
            QVERIFY2(message.contains(word), error->what());
    }

    /// What does not fit is refused by the node's name instead of making a network of nothing.
    void imagesThatAreTooSmall()
    {
        QVERIFY(refuses([] { zooGraph(zooRequestFrom("zoo:vgg16?input=3x28x28")); }, ErrorCode::BadInput, { "pool5" }));
        QVERIFY(refuses([] { zooGraph(zooRequestFrom("zoo:lenet5?input=1x6x28")); }, ErrorCode::BadInput, { "conv2" }));
        QVERIFY(refuses([] { zooGraph({ "resnet18", 1, 10, {}, {} }); }, ErrorCode::BadArgument, { "resnet18" }));
        QVERIFY(refuses([] { zooGraph({ "mlp", 1, 0, {}, {} }); }, ErrorCode::BadInput, { "fc1" }));
    }
};

QTEST_APPLESS_MAIN(TestZoo)
#include "tst_network_zoo.moc"
