// SPDX-License-Identifier: GPL-3.0-or-later
// What is not read is refused in words that help; what is damaged, huge or lies is refused quickly.
#include "tests/core/engine/onnx_networks.h"

#include "core/engine/formats/import_model.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>

using namespace bitscape;
using namespace bitscape::test;

namespace {

/// A second is what is promised; other processes share the machine.
constexpr qint64 kOneSecondMs = 3000;

struct Refusal {
    const char* name;
    std::function<void(OnnxWriter& file)> change; ///< of the ResNet block
    ErrorCode code;
    QStringList words;
};

onnx::NodeProto& named(OnnxWriter& file, const std::string& name)
{
    for (auto& node : *file.graph().mutable_node()) {
        if (node.name() == name)
            return node;
    }
    throw std::logic_error(name);
}

onnx::TensorProto& tensorNamed(OnnxWriter& file, const std::string& name)
{
    for (auto& tensor : *file.graph().mutable_initializer()) {
        if (tensor.name() == name)
            return tensor;
    }
    throw std::logic_error(name);
}

/// Puts an operator in front of the last layer.
std::function<void(OnnxWriter&)> before(const char* type, std::vector<With> attributes = {}, Numbers list = {})
{
    return [=](OnnxWriter& file) {
        onnx::NodeProto last = file.graph().node(file.graph().node_size() - 1);
        file.graph().mutable_node()->RemoveLast();
        std::vector<std::string> inputs { last.input(0) };
        if (!list.empty())
            inputs.push_back(file.numbers("list", list));
        last.set_input(0, file.node(type, inputs, attributes, "tested"));
        *file.graph().add_node() = last;
    };
}

void makeExternal(OnnxWriter& file, const std::string& location)
{
    onnx::TensorProto& tensor = tensorNamed(file, "fc.weight");
    tensor.clear_raw_data();
    tensor.set_data_location(onnx::TensorProto::EXTERNAL);
    auto& entry = *tensor.add_external_data();
    entry.set_key("location");
    entry.set_value(location);
}

std::vector<Refusal> unsupported()
{
    const auto code = ErrorCode::Unsupported;
    const With perm { "perm", Numbers { 1, 0 } };
    return {
        { "LRN", before("LRN", { { "size", std::int64_t { 5 } } }), code, { "'tested'", "LRN", "BatchNormalization", "HardSwish" } },
        { "an operator of another domain", [](auto& f) { named(f, "fc").set_domain("com.microsoft"); }, code, { "com.microsoft.Gemm" } },
        { "Transpose",
            [](auto& f) {
                f.graph().mutable_node()->Clear();
                f.output(f.node("Gemm",
                    { f.node("Flatten", { f.node("Transpose", { "image" }, { { "perm", Numbers { 0, 2, 3, 1 } } }, "tested") }),
                        "fc.weight" }));
                f.graph().mutable_output()->DeleteSubrange(0, 1);
            },
            code, { "'tested'", "Transpose", "[N,C,H,W]" } },
        { "batch moved", before("Transpose", { perm }), ErrorCode::Unsupported, { "'tested'" } },
        { "softmax within", before("Softmax"), code, { "'tested'", "Softmax", "end" } },
        { "Erf on its own", before("Erf"), code, { "'tested'", "Erf", "GELU" } },
        { "arithmetic that is no activation", before("Neg"), code, { "'tested'", "Neg", "behind a layer" } },
        { "reflecting Pad",
            [](auto& f) {
                before("Pad", { { "mode", std::string("reflect") } }, { 0, 1, 0, 1 })(f);
            },
            code, { "'tested'", "reflect" } },
        { "two outputs",
            [](auto& f) {
                f.output("conv0", { 0, 4, 9, 9 });
            },
            code, { "2 outputs" } },
        { "two inputs",
            [](auto& f) {
                f.input({ 1, 3, 9, 9 }, "other");
            },
            code, { "2 inputs" } },
        { "an image for an output",
            [](auto& f) {
                f.graph().mutable_output()->Clear();
                f.output("conv0", { 0, 4, 9, 9 });
            },
            code, { "[1, 4, 9, 9]", "classifiers" } },
        { "training mode",
            [](auto& f) {
                auto& a = *named(f, "bn0").add_attribute();
                a.set_name("training_mode");
                a.set_type(onnx::AttributeProto::INT);
                a.set_i(1);
                f.model.mutable_opset_import(0)->set_version(18);
            },
            code, { "'bn0'", "eval" } },
        { "opset 6", [](auto& f) { f.model.mutable_opset_import(0)->set_version(6); }, code, { "opset 6", "7 to 21" } },
        { "opset 99", [](auto& f) { f.model.mutable_opset_import(0)->set_version(99); }, code, { "opset 99" } },
        { "another version of the format", [](auto& f) { f.model.set_ir_version(77); }, code, { "version 77" } },
        { "functions", [](auto& f) { f.model.add_functions()->set_name("f"); }, code, { "functions" } },
        { "complex weights", [](auto& f) { tensorNamed(f, "fc.weight").set_data_type(onnx::TensorProto::COMPLEX64); }, code,
            { "'fc.weight'", "float16" } },
        { "no layer",
            [](auto& f) {
                f.graph().mutable_node()->Clear();
                f.graph().mutable_output()->Clear();
                f.output(f.node("Flatten", { "image" }));
            },
            code, { "no convolution" } },
    };
}

std::vector<Refusal> lies()
{
    const auto code = ErrorCode::BadInput;
    return {
        { "a cycle", [](auto& f) { named(f, "conv0").set_input(0, "Relu_3"); }, code, { "'conv0'", "cycle" } },
        { "a value that nothing makes", [](auto& f) { named(f, "fc").set_input(0, "nowhere"); }, code, { "'fc'", "'nowhere'" } },
        { "a value made twice", [](auto& f) { named(f, "bn0").set_output(0, "conv0"); }, code, { "'conv0'" } },
        { "weights of another shape", [](auto& f) { tensorNamed(f, "fc.weight").set_dims(1, 7); }, code, { "'fc.weight'", "shape" } },
        { "a huge tensor without data",
            [](auto& f) {
                auto& t = tensorNamed(f, "fc.weight");
                t.set_dims(0, 1 << 30);
                t.set_dims(1, 1);
                t.clear_raw_data();
            },
            code, { "'fc.weight'" } },
        { "a tensor of more than can be", [](auto& f) { tensorNamed(f, "fc.weight").set_dims(0, std::int64_t { 1 } << 62); }, code,
            { "'fc.weight'" } },
        { "negative sizes", [](auto& f) { tensorNamed(f, "fc.weight").set_dims(0, -5); }, code, { "'fc.weight'" } },
        { "a convolution of another number of channels",
            [](auto& f) {
                f.graph().mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(1)->set_dim_value(5);
            },
            code, { "conv0" } },
        { "shapes that are not so",
            [](auto& f) {
                f.says("layer.0.conv1", { 0, 6, 6, 6 });
                f.model.mutable_opset_import(0)->set_version(18);
            },
            code, { "'layer.0.conv1'", "[1, 6, 5, 5]", "[?, 6, 6, 6]" } },
        { "a kernel that is not the weights'", [](auto& f) { named(f, "conv0").mutable_attribute(0)->set_ints(0, 5); }, code, { "conv0" } },
        { "strides of zero", [](auto& f) { named(f, "conv0").mutable_attribute(1)->set_ints(0, 0); }, code, { "'conv0'", "strides" } },
        { "an attribute of another type",
            [](auto& f) {
                named(f, "conv0").mutable_attribute(1)->set_type(onnx::AttributeProto::FLOAT);
                f.model.mutable_opset_import(0)->set_version(18);
            },
            code, { "'conv0'", "'strides'" } },
        { "a huge image",
            [](auto& f) {
                for (int i : { 2, 3 })
                    f.graph().mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(i)->set_dim_value(
                        std::int64_t { 1 } << 40);
            },
            code, { "no image" } },
        { "a huge padding",
            [](auto& f) {
                named(f, "conv0").mutable_attribute(2)->set_ints(0, std::int64_t { 1 } << 62);
                f.model.mutable_opset_import(0)->set_version(18);
            },
            code, { "conv0" } },
        { "weights that are not finite",
            [](auto& f) {
                const float nan = std::numeric_limits<float>::quiet_NaN();
                tensorNamed(f, "fc.bias").mutable_raw_data()->replace(0, 4, reinterpret_cast<const char*>(&nan), 4);
            },
            code, { "fc.bias", "finite" } },
        { "negative variance",
            [](auto& f) {
                const float minus = -1;
                tensorNamed(f, "bn0.running_var").mutable_raw_data()->replace(0, 4, reinterpret_cast<const char*>(&minus), 4);
            },
            code, { "'bn0'", "variance" } },
        { "a Reshape that does not fit", before("Reshape", {}, { 0, 7 }), code, { "'tested'", "6 elements" } },
        { "external data above the folder", [](auto& f) { makeExternal(f, "../outside.bin"); }, code, { "'fc.weight'", "own folder" } },
        { "external data anywhere", [](auto& f) { makeExternal(f, "/etc/passwd"); }, code, { "'fc.weight'", "own folder" } },
        { "external data behind a link", [](auto& f) { makeExternal(f, "link/outside.bin"); }, code, { "'fc.weight'", "own folder" } },
        { "external data that is not there", [](auto& f) { makeExternal(f, "gone.bin"); }, code,
            { "'fc.weight'", "gone.bin", "beside the model" } },
        { "external data that is too short", [](auto& f) { makeExternal(f, "short.bin"); }, code, { "'fc.weight'", "short.bin" } },
        { "two tensors of one name", [](auto& f) { f.tensor("fc.weight", at::zeros({ 1 })); }, code, { "'fc.weight'" } },
    };
}

const std::vector<Refusal>& refusals()
{
    static const auto all = [] {
        std::vector<Refusal> list = unsupported();
        std::ranges::copy(lies(), std::back_inserter(list));
        return list;
    }();
    return all;
}

} // namespace

class TestOnnxRefusals final : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::filesystem::path path(const char* name) const { return m_folder.filePath(name).toStdString(); }

    /// What importing says, "" where it works, "unknown: ..." where it is no Error.
    static std::pair<QString, ErrorCode> said(const std::filesystem::path& file)
    {
        SilentContext context;
        try {
            importModel(file, {}, context);
        } catch (const Error& error) {
            return { error.what(), error.code() };
        } catch (const std::exception& error) {
            return { QString("unknown: ") + error.what(), ErrorCode::Internal };
        }
        return { QString(), ErrorCode::Internal };
    }

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".?")); }

    void initTestCase()
    {
        std::filesystem::create_directories(path("models"));
        std::ofstream(path("outside.bin"), std::ios::binary) << std::string(120, '\0');
        std::ofstream(path("models/short.bin"), std::ios::binary) << std::string(119, '\0');
        std::filesystem::create_directory_symlink(m_folder.path().toStdString(), path("models/link"));
    }

    void sentences_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < refusals().size(); ++i)
            QTest::newRow(refusals()[i].name) << static_cast<int>(i);
    }

    void sentences()
    {
        QFETCH(int, index);
        const Refusal& refusal = refusals()[static_cast<std::size_t>(index)];
        OnnxNetwork network = resNetBlock();
        refusal.change(network.file);
        QElapsedTimer timer;
        timer.start();
        const auto [text, code] = said(network.file.save(path("models/model.onnx")));
        QVERIFY(timer.elapsed() < kOneSecondMs);
        for (const QString& word : refusal.words)
            QVERIFY2(text.contains(word), qPrintable(text));
        QVERIFY2(code == refusal.code, qPrintable(text));
    }

    void everyTruncation()
    {
        const std::string bytes = mobileNetBlock().file.bytes();
        for (std::size_t length = 0; length < bytes.size(); length += 7) {
            std::ofstream(path("cut.onnx"), std::ios::binary) << bytes.substr(0, length);
            const auto [text, code] = said(path("cut.onnx"));
            QVERIFY2(code == ErrorCode::BadInput || code == ErrorCode::Unsupported, qPrintable(text));
        }
    }

    /// An Error or a network, whatever byte changes.
    void changedBytes()
    {
        Random random(3);
        for (const OnnxNetwork& network : onnxNetworks()) {
            const std::string bytes = network.file.bytes();
            for (int i = 0; i < 400; ++i) {
                std::string changed = bytes;
                for (std::uint64_t k = 0; k <= random.below(3); ++k)
                    changed[random.below(changed.size())] = static_cast<char>(random.below(256));
                std::ofstream(path("changed.onnx"), std::ios::binary) << changed;
                const auto [text, code] = said(path("changed.onnx"));
                QVERIFY2(!text.startsWith("unknown"), qPrintable(text));
            }
        }
    }

    void hugeFiles_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::addColumn<qint64>("size");
        QTest::newRow("nothing but zeros") << QByteArray("\x08\x08", 2) << (qint64 { 3 } << 30);
        QTest::newRow("zeros of less than the format's limit") << QByteArray("\x08\x08", 2) << (qint64 { 2 } << 30) - 100;
        // ir_version 8; a graph of 1 GiB whose first node says that it is as long
        QTest::newRow("a node of a gigabyte") << QByteArray("\x08\x08\x3a\x80\x80\x80\x80\x04\x0a\xf0\xff\xff\xff\x03", 14)
                                              << (qint64 { 1 } << 30) + 8;
    }

    void hugeFiles()
    {
        QFETCH(QByteArray, head);
        QFETCH(qint64, size);
        std::ofstream(path("huge.onnx"), std::ios::binary) << head.toStdString();
        std::filesystem::resize_file(path("huge.onnx"), static_cast<std::uintmax_t>(size)); // sparse
        QElapsedTimer timer;
        timer.start();
        const auto [text, code] = said(path("huge.onnx"));
        QVERIFY2(timer.elapsed() < kOneSecondMs, qPrintable(QString::number(timer.elapsed())));
        QVERIFY2(code == ErrorCode::BadInput, qPrintable(text));
    }

    /// The same weights many times over.
    void manyUsesOfOneTensor()
    {
        OnnxWriter file(18);
        std::string x = file.input({ 0, 1024, 1, 1 });
        file.tensor("w", at::zeros({ 1024, 1024, 1, 1 }));
        for (int i = 0; i < 10000; ++i)
            x = file.node("Conv", { x, "w" });
        file.output(file.node("Flatten", { x }));
        QElapsedTimer timer;
        timer.start();
        const auto [text, code] = said(file.save(path("shared.onnx")));
        QVERIFY(timer.elapsed() < kOneSecondMs);
        QVERIFY2(text.contains("larger than any"), qPrintable(text));
    }

    /// Twenty million empty nodes in forty megabytes would take gigabytes.
    void manyNodes()
    {
        std::string nodes;
        for (int i = 0; i < 20000000; ++i)
            nodes += std::string("\x0a\x00", 2);
        std::string bytes("\x08\x08\x3a", 3);
        for (std::size_t rest = nodes.size(); rest > 0; rest >>= 7U)
            bytes += static_cast<char>((rest & 127U) | (rest > 127 ? 128U : 0U));
        std::ofstream(path("many.onnx"), std::ios::binary) << bytes << nodes;
        QElapsedTimer timer;
        timer.start();
        const auto [text, code] = said(path("many.onnx"));
        QVERIFY(timer.elapsed() < kOneSecondMs);
        QVERIFY2(text.contains("nodes and names"), qPrintable(text));
    }
};

QTEST_GUILESS_MAIN(TestOnnxRefusals)
#include "tst_engine_onnx_refusals.moc"
