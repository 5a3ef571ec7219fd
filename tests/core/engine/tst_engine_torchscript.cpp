// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks of the networks that people have, made with LibTorch, imported, and compared with their own forward.
#include "tests/core/engine/script_fixture.h"

#include "core/network/layers.h"

#include <torch/csrc/jit/frontend/tracer.h>

#include <QTest>

#include <algorithm>

using namespace bitscape;
using namespace bitscape::test;

namespace {

using Maker = void (*)(ScriptNet&);

void vgg(ScriptNet& net)
{
    net.add("conv1", net.conv(6, 2, 3, true, ", [1, 1], [1, 1], [1, 1], 1"));
    net.add("bn1", net.batchNorm(6));
    net.add("conv2", net.conv(4, 6, 3, true, ", [1, 1], \"same\""));
    net.add("fc", net.linear(5, 4 * 4 * 4));
    net.define(R"(
def forward(self, x):
    x = torch.relu_(self.bn1.forward(self.conv1.forward(x)))
    x = torch.max_pool2d(torch.relu(self.conv2.forward(x)), [2, 2])
    x = torch.adaptive_avg_pool2d(x, [4, 4])
    x = torch.dropout(torch.flatten(x, 1), 0.5, self.training)
    return self.fc.forward(x)
)");
}

void residual(ScriptNet& net)
{
    net.add("conv1", net.conv(4, 2, 3, false, ", [2, 2], [1, 1]"));
    net.add("bn1", net.batchNorm(4));
    net.add("conv2", net.conv(4, 4, 3, false, ", [1, 1], [1, 1]"));
    net.add("bn2", net.batchNorm(4));
    net.add("down", net.conv(4, 2, 1, false, ", [2, 2]"));
    net.add("fc", net.linear(3, 4));
    net.define(R"(
def forward(self, x):
    identity = x
    out = torch.relu_(self.bn1.forward(self.conv1.forward(x)))
    out = self.bn2.forward(self.conv2.forward(out))
    identity = self.down.forward(x)
    out += identity
    torch.relu_(out)
    return self.fc.forward(out.mean([2, 3]))
)");
}

void invertedResidual(ScriptNet& net)
{
    net.add("expand", net.conv(8, 2, 1, false, ""));
    net.add("bn1", net.batchNorm(8));
    net.add("depthwise", net.conv(8, 1, 3, false, ", [1, 1], [1, 1], [1, 1], 8"));
    net.add("bn2", net.batchNorm(8));
    net.add("project", net.conv(2, 8, 1, false, ""));
    net.add("fc", net.linear(3, 2));
    net.define(R"(
def forward(self, x):
    y = torch.hardtanh_(self.bn1.forward(self.expand.forward(x)), 0., 6.)
    y = torch.relu6(self.bn2.forward(self.depthwise.forward(y)))
    y = x + self.project.forward(y)
    y = torch.adaptive_avg_pool2d(y, [1, 1]).reshape([y.size(0), -1])
    return torch.log_softmax(self.fc.forward(y), 1)
)");
}

void squeezeExcite(ScriptNet& net)
{
    net.add("conv", net.conv(6, 2, 3, true, ", [1, 1], [1, 1]"));
    net.add("fc1", net.conv(3, 6, 1, true, ""));
    net.add("fc2", net.conv(6, 3, 1, true, ""));
    net.add("head", net.linear(3, 6));
    net.define(R"(
def forward(self, x):
    x = torch.hardswish(self.conv.forward(x))
    s = torch.adaptive_avg_pool2d(x, [1, 1])
    s = torch.hardsigmoid(self.fc2.forward(torch.relu(self.fc1.forward(s))))
    x = torch.mul(s, x)
    return self.head.forward(x.mean(3).mean(2))
)");
}

/// As SENet and third-party MobileNetV3 write it: vectors, expand_as, and the hard-swish by hand.
void squeezeByHand(ScriptNet& net)
{
    net.add("conv", net.conv(6, 2, 3, true, ", [1, 1], [1, 1]"));
    net.add("fc1", net.linear(3, 6));
    net.add("fc2", net.linear(6, 3));
    net.add("head", net.linear(3, 6));
    net.define(R"(
def forward(self, x):
    x = self.conv.forward(x)
    x = x * torch.relu6(x + 3) / 6
    b, c, h, w = x.size()
    s = torch.adaptive_avg_pool2d(x, [1, 1]).view([b, c])
    s = self.fc2.forward(torch.relu(self.fc1.forward(s)))
    s = (torch.hardtanh(s + 3., 0., 6.) * 0.16666666666666666).view([b, c, 1, 1])
    x = x * s.expand_as(x)
    return self.head.forward(torch.amax(x, [2, 3]))
)");
}

void fire(ScriptNet& net)
{
    net.add("squeeze", net.conv(3, 2, 1, true, ""));
    net.add("expand1", net.conv(4, 3, 1, true, ""));
    net.add("expand3", net.conv(4, 3, 3, true, ", [1, 1], [1, 1]"));
    net.add("classifier", net.conv(5, 8, 1, true, ""));
    net.define(R"(
def forward(self, x):
    x = torch.relu(self.squeeze.forward(x))
    x = torch.cat([torch.relu(self.expand1.forward(x)), torch.relu(self.expand3.forward(x))], 1)
    x = torch.max_pool2d(x, [3, 3], [2, 2], [0, 0], [1, 1], True)
    return torch.adaptive_avg_pool2d(torch.relu(self.classifier.forward(x)), [1, 1])
)");
}

/// The list grows while the network runs.
void dense(ScriptNet& net)
{
    net.add("bn1", net.batchNorm(2));
    net.add("conv1", net.conv(3, 2, 3, false, ", [1, 1], [1, 1]"));
    net.add("bn2", net.batchNorm(5));
    net.add("conv2", net.conv(3, 5, 3, false, ", [1, 1], [1, 1]"));
    net.add("fc", net.linear(4, 8 * 16));
    net.define(R"(
def grow(self, features: List[Tensor], second: bool):
    x = torch.cat(features, 1)
    if second:
        return self.conv2.forward(torch.relu(self.bn2.forward(x)))
    return self.conv1.forward(torch.relu(self.bn1.forward(x)))
)");
    net.define(R"(
def forward(self, x):
    features = [x]
    for i in range(2):
        features.append(self.grow(features, i == 1))
    x = torch.avg_pool2d(torch.cat(features, 1), [2, 2], [2, 2])
    return self.fc.forward(x.flatten(1))
)");
}

/// Slices, chunks, splits, padding and the views between a vector and an image.
void pieces(ScriptNet& net)
{
    net.add("conv", net.conv(6, 2, 3, true, ""));
    net.add("fc", net.linear(4, 6 * 9 + 6));
    net.define(R"(
def forward(self, x):
    x = torch.constant_pad_nd(x, [1, 0, 2, 1], 0.5)
    x = torch.leaky_relu(self.conv.forward(x), 0.2)
    a, b = torch.chunk(x, 2, 1)
    c, d = torch.split(x, [2, 4], 1)
    x = torch.cat([a, c, d[:, 1:4], b.narrow(1, 0, 1)], 1)
    x = torch.silu(x[:, ::2, 1:7, 1:7:1])
    y = torch.gelu(torch.max_pool2d(x, [2, 2]), approximate="tanh")
    z = torch.sigmoid(x.mean([2, 3], True)).squeeze(3).squeeze(2)[:, :6]
    z = torch.clamp(z, min=0.4)
    z = z.unsqueeze(2).unsqueeze(3).contiguous().view([-1, z.size(1) * 1])
    y = torch.cat([y, y.detach()[:, :1]], 1)
    y = y[:, :6] if y.size(1) > 6 else y
    y = torch.cat([y, y], 1)[:, :6]
    return self.fc.forward(torch.cat([y.reshape([x.shape[0], -1]), torch.cat([z, z], 1)[:, :6]], 1))
)");
}

/// What is decided by the input's shape, by None, by constants and by evaluation is decided.
void deadBranches(ScriptNet& net)
{
    net.add("conv", net.conv(3, 2, 3, true, ", [1, 1], [1, 1]"));
    net.add("never", net.conv(3, 3, 3, true, ""));
    net.add("fc", net.linear(4, 3));
    net.define(R"(
def check(self, x, size: Optional[List[int]]):
    if size is None:
        size = [x.size(2), int(x.size(3) / 1)]
    n = 1
    for s in x.size()[1:]:
        n *= s
    if n != 2 * 64 or len(size) != 2 or not (size[0] == 8 and size[1] == 8):
        assert False, "wrong size {}".format(size)
    return x
)");
    net.define(R"(
def forward(self, x):
    x = self.conv.forward(self.check(x, None))
    if self.training:
        x = x * torch.rand([1])
    i = 0
    while i < 3:
        if i == 7 and torch.is_floating_point(x):
            x = self.never.forward(x)
        i += 1
    return self.fc.forward(torch.relu(x).mean([-1, -2]))
)");
}

/// Fully connected layers as matrix products.
void products(ScriptNet& net)
{
    net.tensor("w1", at::randn({ 128, 6 }) * 0.1);
    net.tensor("b1", at::randn({ 6 }));
    net.tensor("w2", at::randn({ 5, 6 }));
    net.tensor("b2", at::randn({ 5 }));
    net.define(R"(
def forward(self, x):
    x = torch.relu(torch.matmul(x.view([x.size(0), -1]), self.w1) + self.b1)
    return torch.softmax(torch.addmm(self.b2, x, self.w2.t()), -1)
)");
}

} // namespace

Q_DECLARE_METATYPE(Maker)

class TestTorchScript : public QObject {
    Q_OBJECT

private slots:
    void blocksComputeWhatTheirFilesDo_data()
    {
        QTest::addColumn<Maker>("make");
        QTest::addColumn<int>("layers");
        QTest::newRow("vgg") << Maker(vgg) << 3;
        QTest::newRow("residual") << Maker(residual) << 4;
        QTest::newRow("inverted residual") << Maker(invertedResidual) << 4;
        QTest::newRow("squeeze and excite") << Maker(squeezeExcite) << 4;
        QTest::newRow("squeeze and excite by hand") << Maker(squeezeByHand) << 4;
        QTest::newRow("fire") << Maker(fire) << 4;
        QTest::newRow("dense") << Maker(dense) << 3;
        QTest::newRow("pieces") << Maker(pieces) << 2;
        QTest::newRow("dead branches") << Maker(deadBranches) << 2;
        QTest::newRow("products") << Maker(products) << 2;
    }

    void blocksComputeWhatTheirFilesDo()
    {
        QFETCH(Maker, make);
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
