// SPDX-License-Identifier: GPL-3.0-or-later
// Subnets and steps as files, run one after the other, against the engine's subnets and its incremental network.
#include "tests/core/engine/export_fixture.h"

#include "core/engine/formats/export/export_onnx.h"
#include "core/engine/formats/export/export_subnets.h"
#include "core/engine/formats/export/onnx_execution.h"
#include "core/engine/runs/subnet_model.h"
#include "core/engine/stepping/incremental_network.h"
#include "core/engine/stepping/subnet_inference.h"
#include "core/engine/stepping/subnet_trainer.h"

#include <QTest>

#include <onnx/onnx_pb.h>

#include <map>

using namespace bitscape;
using namespace bitscape::test;

namespace {

constexpr std::size_t kSubnets = 3;

/// A stepping network and what it was made from.
struct Stepping {
    Graph graph;
    std::vector<Layer> layers;
    FilterGroups groups;
    TensorMap tensors;
    Deployable network;
    TensorMap stored;
};

/// Groups 1, 1, 2, 3, 1, 2, 3, ... along every layer: every filter is read.
Stepping steppingOf(const QString& name)
{
    Stepping stepping;
    stepping.graph = widened(graphNamed(name), 1.8);
    stepping.layers = layersOf(stepping.graph);
    stepping.groups = uniformGroups(stepping.layers, 1);
    for (std::size_t i = 0; i + 1 < stepping.groups.size(); ++i) {
        for (std::size_t f = 1; f < stepping.groups[i].size(); ++f)
            stepping.groups[i][f] = static_cast<std::uint8_t>(1 + (f - 1) % kSubnets);
    }
    stepping.tensors = randomTensors(stepping.graph, 11);
    const SubnetGraph split = subnetGraph(stepping.graph, stepping.layers, stepping.groups, kSubnets);
    stepping.stored = splitTensors(split, stepping.graph, stepping.tensors, 0);
    stepping.network.name = name.toStdString();
    stepping.network.graph = split.graph;
    stepping.network.layers = layersOf(split.graph);
    return stepping;
}

double apart(const at::Tensor& a, const at::Tensor& b)
{
    return (a - b).abs().max().item<double>();
}

/// Weights of an ONNX file's layers, each once per position of the network's node of that name.
std::int64_t multiplications(const onnx::ModelProto& model, const Graph& graph)
{
    std::map<std::string, std::int64_t> elements;
    for (const auto& tensor : model.graph().initializer()) {
        std::int64_t& count = elements[tensor.name()] = 1;
        for (const std::int64_t size : tensor.dims())
            count *= size;
    }
    std::int64_t total = 0;
    for (const auto& node : model.graph().node()) {
        if (node.op_type() != "Conv" && node.op_type() != "Gemm")
            continue;
        const auto own = std::ranges::find(graph.nodes, node.name(), &Node::name);
        total += elements.at(node.input(1)) * own->shape.positions();
    }
    return total;
}

} // namespace

class ExportSubnetsTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".?")); }

    void stepsComputeTheirSubnets_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<std::vector<int>>("choices");
        QTest::addColumn<int>("activationBits");
        for (const char* name : { "chain", "residual", "lenet5?width=0.5" }) {
            QTest::addRow("%s", name) << QString(name) << std::vector<int> {} << 32;
            QTest::addRow("%s, quantized", name) << QString(name) << std::vector<int> { 1, 2, 3, 4 } << 32;
            QTest::addRow("%s, filters struck out", name) << QString(name) << std::vector<int> { 0, 2, 4 } << 32;
            QTest::addRow("%s, activations too", name) << QString(name) << std::vector<int> { 2, 4, 6 } << 4;
        }
    }
    void stepsComputeTheirSubnets()
    {
        QFETCH(const QString, name);
        QFETCH(const std::vector<int>, choices);
        QFETCH(const int, activationBits);
        Stepping stepping = steppingOf(name);
        Deployable& network = stepping.network;
        quantize(network, stepping.stored, choices, Grid::Midrise, activationBits);
        const at::Tensor images = imagesFor(network, 6);
        const auto files = exportOnnxSteps(network);
        QCOMPARE(files.size(), kSubnets);
        const Desk desk;
        OnnxExecution::Values values { { "input", images } };
        for (std::size_t k = 0; k < kSubnets; ++k) {
            const Deployable own = subnetOf(network, k);
            const at::Tensor wanted = expectedLogits(own, images);
            // A rounding on the edge of a level moves an activation by the whole level.
            const double tolerance = (activationBits < 32 ? 2e-2 : 1e-4) * std::max(1.0, wanted.abs().max().item<double>());
            const OnnxExecution alone(desk.put(exportOnnx(own), "alone"));
            QVERIFY(apart(alone.run(images), wanted) <= tolerance);
            const OnnxExecution step(desk.put(files[k], "step"));
            for (auto& [value, tensor] : step.run(values)) {
                QVERIFY2(!values.contains(value), value.c_str()); // nothing is computed twice
                values[value] = tensor;
            }
            QVERIFY(apart(values.at(step.outputs().front()), wanted) <= tolerance);
        }
    }

    void stepsMultiplyWhatTheyAdd_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : { "chain", "residual", "lenet5?width=0.5", "resnet20?width=0.25" })
            QTest::addRow("%s", name) << QString(name);
    }
    void stepsMultiplyWhatTheyAdd()
    {
        QFETCH(const QString, name);
        Stepping stepping = steppingOf(name);
        quantize(stepping.network, stepping.stored, {}, Grid::Midrise, 32);
        const IncrementalNetwork incremental(foldedSubnets(stepping.graph, stepping.tensors, 0), stepping.layers, stepping.groups,
            static_cast<int>(kSubnets), countWeights(stepping.graph, stepping.layers, stepping.tensors, 0));
        const at::Tensor images = imagesFor(stepping.network, 3);
        IncrementalNetwork::Run run(incremental, images);
        const auto files = exportOnnxSteps(stepping.network);
        const Desk desk;
        OnnxExecution::Values values { { "input", images } };
        for (std::size_t k = 0; k < kSubnets; ++k) {
            onnx::ModelProto model;
            QVERIFY(model.ParseFromString(files[k]));
            QCOMPARE(multiplications(model, stepping.network.graph), incremental.stepMacs(static_cast<int>(k) + 1));
            std::map<std::string, std::string> notes;
            for (const auto& entry : model.metadata_props())
                notes[entry.key()] = entry.value();
            QCOMPARE(notes.at("bitscape.macs"), std::to_string(incremental.stepMacs(static_cast<int>(k) + 1)));
            QCOMPARE(notes.at("bitscape.step"), std::to_string(k + 1));
            QCOMPARE(notes.at("bitscape.steps"), std::to_string(kSubnets));
            const at::Tensor wanted = run.step();
            const OnnxExecution step(desk.put(files[k], "step"));
            for (auto& [value, tensor] : step.run(values))
                values[value] = tensor;
            QVERIFY(apart(values.at(step.outputs().front()), wanted) <= 1e-4 * std::max(1.0, wanted.abs().max().item<double>()));
        }
    }

    /// A subnet to which nothing is added hands its logits on.
    void emptyStepsChangeNothing()
    {
        Stepping stepping = steppingOf("chain");
        for (auto& layer : stepping.groups) {
            for (auto& group : layer)
                group = group == 2 ? 3 : group;
        }
        const SubnetGraph split = subnetGraph(stepping.graph, stepping.layers, stepping.groups, kSubnets);
        QCOMPARE(split.graph.subnets[0], split.graph.subnets[1]);
        stepping.network.graph = split.graph;
        stepping.network.layers = layersOf(split.graph);
        quantize(stepping.network, splitTensors(split, stepping.graph, stepping.tensors, 0), {}, Grid::Midrise, 32);
        const auto files = exportOnnxSteps(stepping.network);
        const at::Tensor images = imagesFor(stepping.network, 3);
        const Desk desk;
        const OnnxExecution first(desk.put(files[0], "1")), second(desk.put(files[1], "2"));
        const auto made = first.run(OnnxExecution::Values { { "input", images } });
        QVERIFY(at::equal(second.run(made).at(second.outputs().front()), made.at(first.outputs().front())));
    }
};

QTEST_GUILESS_MAIN(ExportSubnetsTest)
#include "tst_engine_export_subnets.moc"
