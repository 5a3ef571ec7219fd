// SPDX-License-Identifier: GPL-3.0-or-later
// What is told of a model's file before it is added, against the network it was made of.
#include "core/jobs/model_preview.h"

#include "core/base/error.h"
#include "core/network/graph_json.h"
#include "core/network/zoo.h"

#include <QTest>

using namespace bitscape;

class TestModelPreview : public QObject {
    Q_OBJECT

    static Model lenet5()
    {
        Model model;
        model.graph = graphToJson(zooGraph(zooRequestFrom("zoo:lenet5")));
        model.origin = { "onnx", "ab12", "tests \"1.0\"", "13", {} };
        return model;
    }

private slots:
    /// LeNet-5 on 28x28 padded by 2, counted by hand: 6x25 and 16x150 weights of convolutions, then 400x120, 120x84 and 84x10, biases
    /// beside them.
    void figures()
    {
        const ModelPreview preview = previewOf(lenet5(), { "one" });
        QCOMPARE(preview.layers.size(), std::size_t(5));
        QCOMPARE(preview.parameters, std::int64_t(150 + 6 + 2400 + 16 + 48000 + 120 + 10080 + 84 + 840 + 10));
        QCOMPARE(preview.macs, std::int64_t(784 * 150 + 100 * 2400 + 48000 + 10080 + 840));
        QCOMPARE(preview.classes, std::int64_t(10));
        QVERIFY((preview.input == Shape { 1, 28, 28, false }));
        QCOMPARE(filtersOf(preview, true), std::int64_t(16 + 120 + 84));
        QCOMPARE(filtersOf(preview, false), std::int64_t(6 + 10));
        QCOMPARE(averageBits(preview), 0.0);
    }

    /// Weighed with the weights: 6 filters of 25 at 8 bits, 10 of 84 at 2.
    void bitsOfAnExport()
    {
        Model model = lenet5();
        const ModelPreview plain = previewOf(model, {});
        model.origin.bits[plain.layers.front().name] = std::vector<int>(6, 8);
        model.origin.bits[plain.layers.back().name] = std::vector<int>(10, 2);
        const ModelPreview preview = previewOf(model, {});
        QCOMPARE(averageBits(preview), (150 * 8 + 840 * 2) / 990.0);
        QVERIFY(preview.layers[1].bits.empty());
    }

    void jsonAndBack()
    {
        Model model = lenet5();
        model.mean = { 0.25 };
        model.stddev = { 0.5 };
        model.origin.bits[previewOf(model, {}).layers[1].name] = std::vector<int>(16, 3);
        const ModelPreview preview = previewOf(model, { "a note", "and another" });
        QVERIFY(modelPreviewFrom(toJson(preview)) == preview);
        QCOMPARE(toJson(modelPreviewFrom(toJson(preview))), toJson(preview));
    }

    void nonsense_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("not all of it") << QByteArray("{\"format\":\"onnx\"}");
        QTest::newRow("another type")
            << QByteArray::fromStdString(toJson(previewOf(lenet5(), {}))).replace("\"classes\": 10", "\"classes\": []");
        QTest::newRow("a shape of two")
            << QByteArray::fromStdString(toJson(previewOf(lenet5(), {}))).replace("\n    28,\n    28\n", "\n 28\n");
    }

    void nonsense()
    {
        QFETCH(QByteArray, text);
        QVERIFY_EXCEPTION_THROWN(modelPreviewFrom(text.toStdString()), Error);
    }
};

QTEST_APPLESS_MAIN(TestModelPreview)
#include "tst_jobs_model_preview.moc"
