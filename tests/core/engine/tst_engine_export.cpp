// SPDX-License-Identifier: GPL-3.0-or-later
// Exported networks, read and run again, against the engine's own network.
#include "tests/core/engine/export_fixture.h"

#include "core/engine/formats/export/export_formats.h"
#include "core/engine/formats/import_model.h"
#include "core/engine/runs/export_network.h"
#include "core/jobs/job_context.h"
#include "core/network/cost.h"
#include "core/network/graph_json.h"
#include "core/project/models.h"

#include <QTest>

#include <algorithm>
#include <onnx/onnx_pb.h>

using namespace bitscape;
using namespace bitscape::test;

namespace {

const std::vector<int> kAll { 0, 1, 2, 3, 4, 5, 6, 7, 8 };

const ExportFormat& format(const QString& name)
{
    return *std::ranges::find(exportFormats(), name.toStdString(), &ExportFormat::name);
}

double largestDifference(const at::Tensor& a, const at::Tensor& b)
{
    return (a - b).abs().max().item<double>();
}

onnx::ModelProto modelOf(const std::string& bytes)
{
    onnx::ModelProto model;
    if (!model.ParseFromString(bytes))
        qFatal("the file is no ONNX");
    return model;
}

const onnx::NodeProto* makerOf(const onnx::ModelProto& model, const std::string& value)
{
    const auto found = std::ranges::find_if(model.graph().node(), [&](const auto& node) { return node.output(0) == value; });
    return found == model.graph().node().end() ? nullptr : &*found;
}

const onnx::TensorProto& constant(const onnx::ModelProto& model, const std::string& name)
{
    const auto found = std::ranges::find(model.graph().initializer(), name, [](const auto& tensor) { return tensor.name(); });
    if (found == model.graph().initializer().end())
        qFatal("there is no constant %s", name.c_str());
    return *found;
}

std::vector<float> floatsOf(const onnx::TensorProto& tensor)
{
    std::vector<float> values(tensor.raw_data().size() / sizeof(float));
    std::memcpy(values.data(), tensor.raw_data().data(), tensor.raw_data().size());
    return values;
}

std::string metadata(const onnx::ModelProto& model, const std::string& key)
{
    for (const auto& entry : model.metadata_props()) {
        if (entry.key() == key)
            return entry.value();
    }
    return {};
}

} // namespace

class ExportTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".?")); }

    void integersAreTheQuantizedWeights_data()
    {
        QTest::addColumn<int>("bits");
        QTest::addColumn<bool>("narrow");
        for (int bits = 0; bits <= 8; ++bits) {
            QTest::addRow("midrise %d", bits) << bits << false;
            QTest::addRow("narrow %d", bits) << bits << true;
        }
    }

    void integersAreTheQuantizedWeights()
    {
        QFETCH(int, bits);
        QFETCH(bool, narrow);
        const QuantizerOptions options { narrow ? Grid::Narrow : Grid::Midrise, RangeRule::Mse };
        at::Tensor weight = randomTensor({ 5, 3, 3, 3 }, 8);
        weight[2].zero_();
        const std::vector<std::uint8_t> all(5, static_cast<std::uint8_t>(bits));
        const IntegerWeights found = integerWeights(weight, all, options);
        const at::Tensor wanted = quantizeWeight(weight, all, options).values;
        QCOMPARE(found.perFilter(), std::size_t(27));
        for (std::size_t i = 0; i < found.levels.size(); ++i) {
            const int level = found.levels[i];
            QCOMPARE(static_cast<float>(level) * found.scales[i / 27], wanted.data_ptr<float>()[i]);
            QVERIFY(std::abs(level) <= (bits == 0 ? 0 : largestLevel(bits, options.grid)));
            QVERIFY(narrow || bits == 0 || i / 27 == 2 || level % 2 != 0);
        }
    }

    void filesComputeTheSame_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("graph");
        QTest::addColumn<bool>("quantized");
        QTest::addColumn<bool>("narrow");
        QTest::addColumn<int>("activationBits");
        for (const char* file : { "onnx", "qonnx", "packed" }) {
            for (const char* graph : { "chain", "residual", "mixture", "imported", "zoo:resnet20?width=0.3&input=3x12x12" }) {
                QTest::addRow("%s %s full", file, graph) << file << graph << false << false << 32;
                for (const int activationBits : { 32, 8, 4, 1 }) {
                    QTest::addRow("%s %s midrise a%d", file, graph, activationBits) << file << graph << true << false << activationBits;
                    QTest::addRow("%s %s narrow a%d", file, graph, activationBits) << file << graph << true << true << activationBits;
                }
            }
        }
    }

    /// Float sums in another order differ by a few millionths, which now and then becomes a whole level of a quantized activation: there
    /// a few images may end elsewhere.
    void filesComputeTheSame()
    {
        QFETCH(QString, file);
        QFETCH(QString, graph);
        QFETCH(bool, quantized);
        QFETCH(bool, narrow);
        QFETCH(int, activationBits);
        const auto example
            = exampleOf(graph, quantized ? kAll : std::vector<int> {}, narrow ? Grid::Narrow : Grid::Midrise, activationBits);
        const at::Tensor images = imagesFor(example.network, 20);
        const Desk desk;
        const at::Tensor found = format(file).load(desk.put(format(file).bytes(example.network)))(images);
        const at::Tensor wanted = expectedLogits(example.network, images);
        QCOMPARE(found.sizes().vec(), wanted.sizes().vec());
        const at::Tensor off = (found - wanted).abs() > 2e-5 * (1 + wanted.abs().max());
        const auto elsewhere = off.any(1).sum().item<std::int64_t>();
        QVERIFY2(elsewhere <= (activationBits < 32 ? 2 : 0),
            qPrintable(QString("%1 of 20 images, by up to %2").arg(elsewhere).arg(largestDifference(found, wanted))));
    }

    void onnxIsImportedAgain_data()
    {
        QTest::addColumn<QString>("graph");
        QTest::addColumn<bool>("narrow");
        for (const char* graph : { "chain", "residual", "mixture", "zoo:resnet20?width=0.3&input=3x12x12", "zoo:vgg16?width=0.05" }) {
            QTest::addRow("%s midrise", graph) << graph << false;
            QTest::addRow("%s narrow", graph) << graph << true;
        }
    }

    /// The importer knows nothing of the exporter: the same network, to the last bit of every weight, and the same bits.
    void onnxIsImportedAgain()
    {
        QFETCH(QString, graph);
        QFETCH(bool, narrow);
        const auto example = exampleOf(graph, kAll, narrow ? Grid::Narrow : Grid::Midrise);
        const Desk desk;
        SilentContext context;
        const ImportedNetwork again = importModel(desk.put(format("onnx").bytes(example.network), "network.onnx"), {}, context);
        const TensorMap tensors = tensorsFromBytes(again.graph, std::as_bytes(std::span(again.weights)));
        const auto layers = layersOf(again.graph);
        QCOMPARE(layers.size(), example.network.layers.size());
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const auto weightAt = [](const Graph& of, const Layer& layer) { return of.nodes[static_cast<std::size_t>(layer.node)].weight; };
            QVERIFY(at::equal(tensors.at(weightAt(again.graph, layers[i])),
                example.network.tensors.at(weightAt(example.network.graph, example.network.layers[i]))));
            const auto& bits = example.network.bits[i];
            QCOMPARE(again.bits.at(layers[i].name), std::vector<int>(bits.begin(), bits.end()));
        }
        QCOMPARE(again.mean, example.network.normalisation.mean);
        const at::Tensor images = imagesFor(example.network, 8);
        QVERIFY(largestDifference(execute(again.graph, tensors, images), expectedLogits(example.network, images)) < 1e-5);
    }

    void onnxKeepsIntegers()
    {
        const auto sevenBits = exampleOf("chain", { 0, 1, 7 }, Grid::Midrise), eightBits = exampleOf("chain", { 8 }, Grid::Midrise);
        for (const auto& [example, type] :
            { std::pair(&sevenBits, onnx::TensorProto::INT8), std::pair(&eightBits, onnx::TensorProto::INT32) }) {
            const auto model = modelOf(format("onnx").bytes(example->network));
            QCOMPARE(model.opset_import(0).version(), std::int64_t(13));
            QCOMPARE(constant(model, "conv1.weight.levels").data_type(), static_cast<int>(type));
            QCOMPARE(constant(model, "conv1.weight.scales").dims(0), std::int64_t(3));
            const onnx::NodeProto* maker = makerOf(model, "conv1.weight");
            QCOMPARE(maker->op_type(), std::string("DequantizeLinear"));
            QCOMPARE(maker->attribute(0).i(), std::int64_t(0));
        }
        const auto model = modelOf(format("onnx").bytes(sevenBits.network));
        QVERIFY(metadata(model, "bitscape.bits").starts_with("{\"conv1\":["));
        QCOMPARE(metadata(model, "bitscape.mean"), std::string("[0.5,0.25]"));
        const std::string classes = "[\"a\",\"b \\\"quoted\\\"\",\"c\"]";
        QCOMPARE(metadata(model, "bitscape.classes"), classes);
    }

    void qonnxHasOneQuantPerGroup_data()
    {
        QTest::addColumn<QString>("graph");
        QTest::addColumn<bool>("narrow");
        for (const char* graph : { "chain", "mixture" }) {
            QTest::addRow("%s midrise", graph) << graph << false;
            QTest::addRow("%s narrow", graph) << graph << true;
        }
    }

    /// Multiply-accumulates times bits, counted operator by operator as qonnx's cost analysis does, are the layers' own.
    void qonnxHasOneQuantPerGroup()
    {
        QFETCH(QString, graph);
        QFETCH(bool, narrow);
        const auto example = exampleOf(graph, { 0, 1, 2, 3, 4 }, narrow ? Grid::Narrow : Grid::Midrise);
        const auto model = modelOf(format("qonnx").bytes(example.network));
        std::int64_t counted = 0, wanted = 0;
        for (const auto& node : model.graph().node()) {
            if (node.op_type() != "Conv" && node.op_type() != "Gemm")
                continue;
            const onnx::NodeProto* weight = makerOf(model, node.input(1));
            QVERIFY(weight && weight->domain() == "qonnx.custom_op.general");
            const auto& values = constant(model, weight->input(0));
            std::int64_t bits = 1;
            if (weight->op_type() == "Quant") {
                bits = static_cast<std::int64_t>(floatsOf(constant(model, weight->input(3))).front());
                QVERIFY(bits >= 2);
                QCOMPARE(weight->attribute_size(), 3); // signed, narrow, rounding_mode
                QCOMPARE(weight->attribute(0).i(), std::int64_t(narrow));
                QCOMPARE(floatsOf(constant(model, weight->input(2))).front(), narrow ? 0.0F : static_cast<float>((1 << bits) - 1) / 2);
                QCOMPARE(constant(model, weight->input(1)).dims(0), values.dims(0));
            } else {
                QCOMPARE(weight->op_type(), std::string("BipolarQuant"));
            }
            const std::string layer = node.name().substr(0, node.name().find('.'));
            const auto own = std::ranges::find(example.network.layers, layer, &Layer::name);
            QVERIFY(own != example.network.layers.end());
            counted += bits * own->positions * static_cast<std::int64_t>(values.raw_data().size() / sizeof(float));
        }
        for (std::size_t i = 0; i < example.network.layers.size(); ++i) {
            for (std::size_t f = 0; f < example.network.bits[i].size(); ++f) // the filter of zeros is a constant too
                wanted += (example.network.weights[i].scales[f] > 0 ? example.network.bits[i][f] : 0)
                    * example.network.layers[i].macsPerFilter();
        }
        QCOMPARE(counted, wanted);
        QVERIFY(model.graph().input(0).type().tensor_type().shape().dim(0).dim_value() == 1);
    }

    /// It has no images of its own.
    void aModelIsCheckedOnNoise()
    {
        const Desk desk;
        Project project = Project::create(desk.file("p.bitscape"));
        const Example example = exampleOf("mixture", {}, Grid::Midrise);
        Model model;
        model.name = "mixture";
        model.graph = graphToJson(example.network.graph);
        QVERIFY(refuses([&] { exportSource(project, model); }, ErrorCode::BadArgument, { "mixture", "no trained weights" }));
        const auto bytes = tensorsToBytes(example.network.graph, example.stored);
        model.weights = project.putBlob(bytes);
        const ExportSource source = exportSource(project, bitscape::model(project, addModel(project, model)));
        SilentContext context;
        for (const ExportFormat& each : exportFormats()) {
            const auto file = desk.file("mixture." + each.name);
            const ExportReport report = exportNetwork(source, each, file, Existing::Refuse, context);
            QCOMPARE(report.bytes, std::filesystem::file_size(file));
            QCOMPARE(report.check.images, std::int64_t(256));
            QCOMPARE(report.check.differing, std::int64_t(0));
            QVERIFY(!report.accuracy);
            QVERIFY(refuses([&] { exportNetwork(source, each, file, Existing::Refuse, context); }, ErrorCode::BadArgument, { each.name }));
        }
    }

    void namesThatAreTakenGetANumber()
    {
        Example example = exampleOf("chain", { 1, 2 }, Grid::Midrise);
        example.network.graph.nodes[1].name = "conv2.weight"; // as an imported network might have it
        example.network.layers = layersOf(example.network.graph);
        const at::Tensor images = imagesFor(example.network, 2);
        const Desk desk;
        for (const char* file : { "onnx", "qonnx", "packed" }) {
            const at::Tensor found = format(file).load(desk.put(format(file).bytes(example.network)))(images);
            QVERIFY(largestDifference(found, expectedLogits(example.network, images)) < 1e-4);
        }
    }
};

QTEST_GUILESS_MAIN(ExportTest)
#include "tst_engine_export.moc"
