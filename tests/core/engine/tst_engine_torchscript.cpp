// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks of the networks that people have, made with LibTorch, imported, and compared with their own forward.
#include "tests/core/engine/script_blocks.h"

#include "core/network/layers.h"

#include <torch/csrc/jit/frontend/tracer.h>

#include <QTest>

#include <algorithm>

using namespace bitscape;
using namespace bitscape::test;

Q_DECLARE_METATYPE(BlockMaker)

class TestTorchScript : public QObject {
    Q_OBJECT

private slots:
    void blocksComputeWhatTheirFilesDo_data()
    {
        QTest::addColumn<BlockMaker>("make");
        QTest::addColumn<int>("layers");
        for (const Block& block : kBlocks)
            QTest::newRow(block.name) << block.make << block.layers;
    }

    void blocksComputeWhatTheirFilesDo()
    {
        QFETCH(BlockMaker, make);
        QFETCH(int, layers);
        ScriptNet net;
        make(net);
        const ImportedNetwork network = importedFrom(net.module(), Shape { 2, 8, 8 });
        checkGraph(network.graph);
        QCOMPARE(static_cast<int>(layersOf(network.graph).size()), layers);
        // a softmax that was left out is put back by hand
        ImportedNetwork compared = network;
        const bool hasSoftmax
            = std::ranges::any_of(network.notes, [](const std::string& note) { return note.find("softmax") != std::string::npos; });
        if (hasSoftmax)
            return compareBehindSoftmax(network, net.module());
        QVERIFY2(differenceOf(network, net.module()) < 1e-4, qPrintable(QString::number(differenceOf(network, net.module()))));
    }

    void namesArePaths()
    {
        ScriptNet net;
        residual(net);
        const ImportedNetwork network = importedFrom(net.module(), Shape { 2, 8, 8 });
        std::vector<std::string> layers;
        for (const Layer& layer : layersOf(network.graph))
            layers.push_back(layer.name);
        QCOMPARE(layers, (std::vector<std::string> { "conv1", "conv2", "down", "fc" }));
        std::vector<std::string> tensors;
        for (const TensorInfo& tensor : network.graph.tensors)
            tensors.push_back(tensor.name);
        for (const char* name : { "conv1.weight", "bn1.running_var", "fc.bias" })
            QVERIFY2(std::ranges::find(tensors, name) != tensors.end(), name);
        QCOMPARE(network.format, std::string("torchscript"));
    }

    void tracedGraphs_data()
    {
        QTest::addColumn<QByteArray>("batch");
        QTest::newRow("size asked") << QByteArray("%z : int = prim::Constant[value=0]()\n  %s : int = aten::size(%x, %z)\n  %n : Tensor = "
                                                  "prim::NumToTensor(%s)\n  %b : int = aten::Int(%n)");
        QTest::newRow("open") << QByteArray("%b : int = prim::Constant[value=-1]()");
        QTest::newRow("of the trace") << QByteArray("%b : int = prim::Constant[value=1]()");
    }

    /// As the tracer writes view(x.size(0), 128) down.
    void tracedGraphs()
    {
        QFETCH(QByteArray, batch);
        ScriptNet net;
        net.tensor("w", at::randn({ 4, 128 }));
        net.defineGraph("graph(%self, %x : Tensor):\n  " + batch.toStdString() + R"(
  %f : int = prim::Constant[value=128]()
  %l : int[] = prim::ListConstruct(%b, %f)
  %v : Tensor = aten::view(%x, %l)
  %w : Tensor = prim::GetAttr[name="w"](%self)
  %c : NoneType = prim::Constant()
  %y : Tensor = aten::linear(%v, %w, %c)
  return (%y))");
        const ImportedNetwork network = importedFrom(net.module(), Shape { 2, 8, 8 });
        const at::Tensor images = at::randn({ 3, 2, 8, 8 });
        const auto tensors = tensorsFromBytes(network.graph, network.weights);
        const at::Tensor expected = at::linear(images.flatten(1), tensors.at("w"));
        QVERIFY(at::allclose(execute(network.graph, tensors, images), expected, 1e-5, 1e-5));
    }

    /// LibTorch's own tracer on the operators that a file of jit.trace() holds.
    void tracedNetwork()
    {
        ScriptNet net;
        at::Tensor weight = at::randn({ 4, 2, 3, 3 }), bias = at::randn({ 4 }), head = at::randn({ 3, 4 });
        net.tensor("weight", weight);
        net.tensor("bias", bias);
        net.tensor("head", head);
        torch::jit::Module& module = net.module();
        const at::Tensor example = at::randn({ 1, 2, 8, 8 });
        const auto forward = [&](torch::jit::Stack inputs) -> torch::jit::Stack {
            const at::Tensor x = inputs.back().toTensor();
            at::Tensor y = at::hardtanh(
                at::_convolution(x, weight, bias, { 2, 2 }, { 1, 1 }, { 1, 1 }, false, { 0, 0 }, 1, false, false, true, true), 0, 6);
            return { at::linear(at::flatten(at::adaptive_avg_pool2d(y, { 1, 1 }), 1), head) };
        };
        const auto state = torch::jit::tracer::trace(
            { example }, forward, [](const at::Tensor&) { return std::string(); }, true, false, &module)
                               .first;
        auto* function
            = module._ivalue()->compilation_unit()->create_function(c10::QualifiedName(*module.type()->name(), "forward"), state->graph);
        module.type()->addMethod(function);
        const ImportedNetwork network = importedFrom(module, Shape { 2, 8, 8 });
        QCOMPARE(network.graph.nodes[1].weight, std::string("weight"));
        QVERIFY(network.graph.nodes[2].op == Op::Relu6);
        QVERIFY(differenceOf(network, module) < 1e-4);
    }

    void auxiliaryAnswersThatAreNoneArePassedOver()
    {
        ScriptNet net;
        net.define("def forward(self, x):\n    if \"row\" in [\"batch\", \"row\"] and 3 not in [1, 2]:\n        x = torch.relu(x)\n"
                   "    return x.mean([2, 3]), None\n");
        const ImportedNetwork network = importedFrom(net.module(), Shape { 2, 8, 8 });
        QCOMPARE(network.graph.nodes.size(), std::size_t { 4 });
    }

    void sharedWeightsAreCopied()
    {
        ScriptNet net;
        net.add("conv", net.conv(2, 2, 1, true, ""));
        net.define("def forward(self, x):\n    return self.conv.forward(self.conv.forward(x)).mean([2, 3])\n");
        const ImportedNetwork network = importedFrom(net.module(), Shape { 2, 8, 8 });
        QCOMPARE(network.graph.nodes[1].name, std::string("conv"));
        QCOMPARE(network.graph.nodes[2].name, std::string("conv_2"));
        QCOMPARE(network.graph.nodes[2].weight, std::string("conv.weight_2"));
        QVERIFY(differenceOf(network, net.module()) < 1e-4);
    }

    void otherPrecisionsBecomeFloat()
    {
        ScriptNet net;
        net.tensor("weight", at::randn({ 3, 128 }, at::kDouble));
        net.define("def forward(self, x):\n    return torch.linear(x.flatten(1), self.weight.to(6))\n");
        const at::Tensor weight = net.module().attr("weight").toTensor();
        const ImportedNetwork network = importedFrom(net.module(), Shape { 2, 8, 8 });
        QVERIFY(at::equal(tensorsFromBytes(network.graph, network.weights).at("weight"), weight.to(at::kFloat)));
    }

private:
    static void compareBehindSoftmax(const ImportedNetwork& network, torch::jit::Module& module)
    {
        module.eval();
        const at::NoGradGuard noGradients;
        const at::Tensor images = at::randn({ 3, 2, 8, 8 });
        const at::Tensor expected = module.forward({ images }).toTensor();
        const at::Tensor logits = execute(network.graph, tensorsFromBytes(network.graph, network.weights), images);
        const bool logarithm = network.notes.front().find("log_softmax") != std::string::npos;
        QVERIFY(at::allclose(logarithm ? at::log_softmax(logits, 1) : at::softmax(logits, 1), expected, 1e-4, 1e-4));
    }
};

QTEST_APPLESS_MAIN(TestTorchScript)
#include "tst_engine_torchscript.moc"
