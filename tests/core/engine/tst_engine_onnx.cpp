// SPDX-License-Identifier: GPL-3.0-or-later
// Networks that come in through ONNX compute what the same weights do with ATen calls.
#include "tests/core/engine/onnx_networks.h"

#include "core/engine/formats/import_model.h"
#include "core/network/cost.h"
#include "core/network/layers.h"

#include <QTemporaryDir>
#include <QTest>

using namespace bitscape;
using namespace bitscape::test;

namespace {

/// Cancelled at the given checkpoint.
class CancellingContext final : public JobContext {
public:
    explicit CancellingContext(int after)
        : m_left(after)
    {
    }
    void checkpoint() override
    {
        if (m_left-- == 0)
            throw Cancelled {};
    }
    void progress(const Progress&) override { }
    void log(const std::string&) override { }
    void resultsChanged() override { }

private:
    int m_left;
};

at::Tensor imagesFor(const Graph& graph)
{
    const Shape& shape = graph.inputShape();
    return randomTensor({ 3, shape.channels, shape.height, shape.width }, 42);
}

int count(const Graph& graph, Op op)
{
    return static_cast<int>(std::ranges::count(graph.nodes, op, &Node::op));
}

} // namespace

class TestOnnx final : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    ImportedNetwork imported(const OnnxWriter& file, const ImportOptions& options = {})
    {
        SilentContext context;
        return importModel(file.save(m_folder.filePath("model.onnx").toStdString()), options, context);
    }

    static at::Tensor run(const ImportedNetwork& network, const at::Tensor& images)
    {
        const at::NoGradGuard noGradients;
        return execute(network.graph, tensorsFromBytes(network.graph, network.weights), images);
    }

    /// Empty where it computes what the reference does.
    static QString difference(const ImportedNetwork& network, const std::function<at::Tensor(const at::Tensor&)>& reference)
    {
        const at::Tensor images = imagesFor(network.graph);
        const at::Tensor found = run(network, images), wanted = reference(images);
        const bool same = found.sizes() == wanted.sizes() && at::allclose(found, wanted, 1e-5, 1e-5);
        return same ? QString() : QString("largest difference %1").arg((found - wanted).abs().max().item<double>());
    }

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".?")); }

    void blocksComputeWhatTheirWeightsSay_data()
    {
        QTest::addColumn<int>("index");
        const auto all = onnxNetworks();
        for (std::size_t i = 0; i < all.size(); ++i)
            QTest::newRow(all[i].name) << static_cast<int>(i);
    }

    void blocksComputeWhatTheirWeightsSay()
    {
        QFETCH(int, index);
        const OnnxNetwork network = onnxNetworks()[static_cast<std::size_t>(index)];
        const ImportedNetwork found = imported(network.file);
        QCOMPARE(difference(found, network.reference), QString());
        QCOMPARE(found.format, "onnx");
        QCOMPARE(found.producer, "tests 1.0");
        QCOMPARE(found.opset, std::to_string(network.file.model.opset_import(0).version()));
        const auto layers = layersOf(found.graph);
        QVERIFY(costOf(found.graph, layers, uniformBits(layers, 2, 8)).macs > 0);
    }

    void everyCheckpointCancels()
    {
        const auto file = resNetBlock().file.save(m_folder.filePath("cancelled.onnx").toStdString());
        int checkpoints = 0;
        for (;; ++checkpoints) {
            CancellingContext context(checkpoints);
            try {
                importModel(file, {}, context);
                break;
            } catch (const Cancelled&) {
            }
        }
        QVERIFY(checkpoints > 10);
    }

    /// Layers are called as in the network that was exported, activations as the file's nodes.
    void namesAreTheNetworksOwn()
    {
        const ImportedNetwork network = imported(resNetBlock().file);
        QStringList names;
        for (const Layer& layer : layersOf(network.graph))
            names << QString::fromStdString(layer.name);
        QCOMPARE(names.join(' '), "conv0 layer.0.conv1 layer.0.conv2 layer.0.downsample fc");
        QVERIFY(std::ranges::find(network.graph.tensors, "layer.0.bn1.running_var", &TensorInfo::name) != network.graph.tensors.end());
    }

    void whatIsLeftOutIsSaid()
    {
        const auto notesOf = [&](const OnnxNetwork& network) {
            QString all;
            for (const std::string& note : imported(network.file).notes)
                all += QString::fromStdString(note) + '|';
            return all;
        };
        QVERIFY(notesOf(mobileNetBlock()).contains("Softmax"));
        QVERIFY(notesOf(fireModule()).contains("Dropout"));
        QVERIFY(notesOf(fireModule()).contains("positions"));
        QCOMPARE(notesOf(resNetBlock()), QString());
    }

    void anInputShapeCanBeGiven()
    {
        OnnxNetwork network = resNetBlock();
        for (const int axis : { 2, 3 })
            network.file.graph().mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(axis)->set_dim_param(
                "s");
        QVERIFY_EXCEPTION_THROWN(imported(network.file), Error);
        const ImportedNetwork found = imported(network.file, { Shape { 3, 20, 14, false } });
        QVERIFY((found.graph.inputShape() == Shape { 3, 20, 14, false }));
        QCOMPARE(difference(found, network.reference), QString());
        QVERIFY((imported(resNetBlock().file, { Shape { 3, 12, 12, false } }).graph.inputShape() == Shape { 3, 12, 12, false }));
    }

    /// A network on vectors reads images row by row.
    void vectorsAreImages()
    {
        OnnxWriter file(13);
        Blocks add { file };
        std::string x = file.input({ 0, 24 });
        const auto fc1 = add.gemm(x, "fc1", 24, 5);
        x = file.node("Relu", { x });
        const auto fc2 = add.gemm(x, "fc2", 5, 3);
        file.output(x);
        QVERIFY_EXCEPTION_THROWN(imported(file), Error);
        const ImportedNetwork found = imported(file, { Shape { 2, 3, 4, false } });
        QCOMPARE(difference(found, [=](const at::Tensor& images) { return fc2(at::relu(fc1(at::flatten(images, 1)))); }), QString());
        QVERIFY_EXCEPTION_THROWN(imported(file, { Shape { 2, 3, 5, false } }), Error);
    }

    void weightsOfEveryType_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<bool>("isRaw");
        QTest::newRow("double") << static_cast<int>(at::kDouble) << true;
        QTest::newRow("half") << static_cast<int>(at::kHalf) << true;
        QTest::newRow("bfloat16") << static_cast<int>(at::kBFloat16) << true;
        QTest::newRow("float, one by one") << static_cast<int>(at::kFloat) << false;
        QTest::newRow("half, one by one") << static_cast<int>(at::kHalf) << false;
        QTest::newRow("double, one by one") << static_cast<int>(at::kDouble) << false;
    }

    void weightsOfEveryType()
    {
        QFETCH(int, type);
        QFETCH(bool, isRaw);
        OnnxNetwork network = resNetBlock();
        const auto scalar = static_cast<at::ScalarType>(type);
        const ImportedNetwork plain = imported(network.file);
        for (auto& tensor : *network.file.graph().mutable_initializer()) {
            const Numbers sizes { tensor.dims().begin(), tensor.dims().end() };
            const at::Tensor values = at::from_blob(tensor.mutable_raw_data()->data(), sizes, at::kFloat).to(scalar).contiguous();
            OnnxWriter other;
            other.tensor(tensor.name(), values);
            if (!isRaw) {
                onnx::TensorProto& listed = *other.graph().mutable_initializer(0);
                listed.clear_raw_data();
                for (std::int64_t i = 0; i < values.numel(); ++i) {
                    if (scalar == at::kHalf)
                        listed.add_int32_data(static_cast<std::uint16_t>(values.view(at::kShort).view({ -1 })[i].item<std::int16_t>()));
                    else if (scalar == at::kDouble)
                        listed.add_double_data(values.view({ -1 })[i].item<double>());
                    else
                        listed.add_float_data(values.view({ -1 })[i].item<float>());
                }
            }
            tensor = other.graph().initializer(0);
        }
        const TensorMap before = tensorsFromBytes(plain.graph, plain.weights);
        const ImportedNetwork found = imported(network.file);
        for (const auto& [name, tensor] : tensorsFromBytes(found.graph, found.weights))
            QVERIFY2(at::equal(tensor, before.at(name).to(scalar).to(at::kFloat)), name.c_str());
    }

    void externalDataLiesBesideTheModel()
    {
        OnnxNetwork network = resNetBlock();
        QDir(m_folder.path()).mkpath("weights");
        std::string data(16, 'x');
        for (auto& tensor : *network.file.graph().mutable_initializer()) {
            const std::pair<const char*, std::string> entries[] { { "location", "weights/data.bin" },
                { "offset", std::to_string(data.size()) }, { "length", std::to_string(tensor.raw_data().size()) } };
            data += tensor.raw_data();
            tensor.clear_raw_data();
            tensor.set_data_location(onnx::TensorProto::EXTERNAL);
            for (const auto& [key, value] : entries) {
                auto& entry = *tensor.add_external_data();
                entry.set_key(key);
                entry.set_value(value);
            }
        }
        std::ofstream(m_folder.filePath("weights/data.bin").toStdString(), std::ios::binary) << data;
        QCOMPARE(difference(imported(network.file), network.reference), QString());
        std::filesystem::resize_file(m_folder.filePath("weights/data.bin").toStdString(), data.size() - 1);
        QVERIFY_EXCEPTION_THROWN(imported(network.file), Error);
    }

    /// What an export of ours says: integers with a scale per filter, and the bits.
    void exportedIntegersAreWeightsAgain()
    {
        OnnxWriter file(13);
        const at::Tensor levels = at::tensor({ 1, -3, 7, -7, 5, 1, -1, 3 }, at::kChar).view({ 4, 2, 1, 1 });
        const at::Tensor scales = at::tensor({ 0.1F, 0.25F, 3.0F, 1.0F });
        file.tensor("integers", levels);
        file.tensor("scales", scales);
        file.tensor("zeros", at::zeros({ 4 }, at::kChar));
        const std::string weight = file.node("DequantizeLinear", { "integers", "scales", "zeros" }, { { "axis", std::int64_t { 0 } } });
        std::string x = file.node("Conv", { file.input({ 0, 2, 3, 3 }), weight }, {}, "conv");
        x = file.node(
            "QuantizeLinear", { file.node("Relu", { x }), file.scalar("step", 0.5), file.tensor("zero", at::scalar_tensor(0, at::kByte)) });
        x = file.node("DequantizeLinear", { x, "step", "zero" });
        file.output(file.node("Flatten", { x }));
        file.note("bitscape.bits", R"({"conv":[1,2,3,0]})");
        file.note("bitscape.mean", "[0.5,0.25]");
        file.note("bitscape.std", "[0.125,1]");
        const ImportedNetwork found = imported(file);
        QCOMPARE(found.bits.at("conv"), (std::vector<int> { 1, 2, 3, 0 }));
        QCOMPARE(found.mean, (std::vector<double> { 0.5, 0.25 }));
        QCOMPARE(found.stddev, (std::vector<double> { 0.125, 1 }));
        const TensorMap tensors = tensorsFromBytes(found.graph, found.weights);
        QVERIFY(at::equal(tensors.at("conv.weight"), levels.to(at::kFloat) * scales.view({ 4, 1, 1, 1 })));
        QCOMPARE(found.notes.size(), std::size_t(1));
        for (const char* bits : { R"({"conv":[1,2,3]})", R"({"other":[1,2,3,4]})", R"({"conv":[1,2,3,9]})", "{", "[[[[[[[[[[" }) {
            file.model.mutable_metadata_props(0)->set_value(bits);
            QVERIFY_EXCEPTION_THROWN(imported(file), Error);
        }
    }

    void newerOpsets_data()
    {
        QTest::addColumn<int>("opset");
        for (const int opset : { 18, 19, 20, 21 })
            QTest::addRow("%d", opset) << opset;
    }

    /// Axes and parts as these opsets say them.
    void newerOpsets()
    {
        QFETCH(int, opset);
        OnnxWriter file(opset);
        Blocks add { file };
        std::string x = file.input({ 0, 3, 6, 6 });
        const auto conv = add.conv(x, "conv", 3, 8, 3, 1, 1, true);
        const std::string left
            = file.node("Split", { x }, { { "axis", std::int64_t { 1 } }, { "num_outputs", std::int64_t { 2 } } }, "split", 2);
        x = file.node("Mul", { left, file.node("HardSwish", { "split_1" }) });
        x = file.node("Pad", { x, file.numbers("pads", { 1, 0, 0, 2 }), "", file.numbers("pad axes", { 2, 3 }) });
        x = file.node("ReduceMean", { x, file.numbers("axes", { 2, 3 }) }, { { "keepdims", std::int64_t { 0 } } });
        const auto fc = add.gemm(x, "fc", 4, 3);
        file.output(x);
        const ImportedNetwork found = imported(file);
        QCOMPARE(count(found.graph, Op::Slice), 2);
        QCOMPARE(difference(found,
                     [=](const at::Tensor& images) {
                         const auto parts = conv(images).chunk(2, 1);
                         return fc(at::mean(at::constant_pad_nd(parts[0] * at::hardswish(parts[1]), { 0, 2, 1, 0 }), { 2, 3 }));
                     }),
            QString());
    }
};

QTEST_GUILESS_MAIN(TestOnnx)
#include "tst_engine_onnx.moc"
