// SPDX-License-Identifier: GPL-3.0-or-later
// What a script may not do: each refusal says what, where, and what to do.
#include "tests/core/engine/script_fixture.h"

#include <QTest>

#include <limits>

using namespace bitscape;
using namespace bitscape::test;

class TestTorchScriptRefusals : public QObject {
    Q_OBJECT

private slots:
    void scripts_data()
    {
        QTest::addColumn<QString>("body");
        QTest::addColumn<QStringList>("words");
        const auto row
            = [](const char* name, const char* body, const QStringList& words) { QTest::newRow(name) << QString(body) << words; };
        row("unknown operator", "return torch.tanh(x).mean([2, 3])",
            { "'aten::tanh'", "in the network's own forward, line 7 of code/__torch__.py", "conv2d", "max_pool2d" });
        row("branch on the image", "if bool(x.sum() > 0):\n        x = torch.relu(x)\n    return x.mean([2, 3])",
            { "branch", "what the network computes", "of code/__torch__.py" });
        row("branch on the batch", "if x.size(0) > 4:\n        x = torch.relu(x)\n    return x.mean([2, 3])",
            { "branch", "number of images in a batch" });
        row("loop on the image", "for i in range(int(x.max())):\n        x = torch.relu(x)\n    return x.mean([2, 3])",
            { "what the network computes" });
        row("loop on a condition", "while bool(x.sum() > 0):\n        x = torch.relu(x)\n    return x.mean([2, 3])", { "loop" });
        row("no end", "i = 0\n    while i < 2:\n        i = 1\n    return x.mean([2, 3])", { "1000000 steps" });
        row("an error of its own", "assert x.size(2) == 9, \"size\"\n    return x.mean([2, 3])",
            { "ends with an error", "of code/__torch__.py" });
        row("softmax inside", "return torch.softmax(x, 1).mean([2, 3])", { "aten::softmax", "end" });
        row("softmax over positions", "return torch.softmax(x, 2)", { "dimension 2" });
        row("sum with a factor", "return torch.add(x, x, alpha=2).mean([2, 3])", { "aten::add", "alpha" });
        row("sum with a number", "return (x + 1).mean([2, 3])", { "aten::add", "hard-swish" });
        row("half a hard-swish", "return torch.relu6(x + 3).mean([2, 3])", { "hard-swish" });
        row("product with a number", "return (x * 2).mean([2, 3])", { "aten::mul", "2" });
        row("quotient with a number", "return torch.relu(x / 2).mean([2, 3])", { "divided by a number" });
        row("changed through a view", "y = x.flatten(2)\n    torch.relu_(x)\n    return y.reshape([-1, 128])", { "changed in place" });
        row("other padding", "return torch.pad(x, [1, 1, 1, 1], \"reflect\").mean([2, 3])", { "aten::pad", "constant" });
        row("channel padding", "return torch.constant_pad_nd(x, [0, 0, 0, 0, 1, 1]).mean([2, 3])", { "height and width" });
        row("images mixed", "return x.view([8, -1])", { "aten::view", "mix images" });
        row("images joined", "return x.flatten(0)", { "aten::flatten", "mixes images" });
        row("sizes swapped", "return x.permute([0, 2, 3, 1]).mean([2, 3])", { "aten::permute" });
        row("mean over channels", "return x.mean([1, 2])", { "aten::mean", "height and width" });
        row("sizes that do not fit", "return (x + x.mean([2, 3], True)).mean([2, 3])", { "aten::add", "different sizes" });
        row("expanded", "return torch.relu(x.mean([2, 3], True).expand_as(x)).mean([2, 3])", { "factor" });
        row("two answers", "return x.mean([2, 3]), x", { "a list", "one vector of scores" });
        row("an image answered", "return torch.relu(x)", { "2x8x8", "scores" });
        row("a number answered", "return x.size(1)", { "the number 2" });
        row("other precision", "return x.to(7).mean([2, 3])", { "precision" });
        row("own divisor", "return torch.avg_pool2d(x, [2, 2], [2, 2], [0, 0], False, True, 3).mean([2, 3])", { "divisor" });
        row("window too large", "return torch.max_pool2d(x, [9, 9]).mean([2, 3])", { "max_pool", "window of 9", "of code/__torch__.py" });
        row("slice of nothing", "return x[:, 2:2].mean([2, 3])", { "takes nothing" });
        row("pieces left over", "return torch.split_with_sizes(x, [1], 1)[0].mean([2, 3])", { "leaves 1 over" });
        row("asked too far", "return x.mean([2, x.size()[7]])", { "number 7 of 4" });
        row("division by zero", "return x.mean([2, 3 // (x.size(1) - 2)])", { "too large" });
    }

    void scripts()
    {
        QFETCH(QString, body);
        QFETCH(QStringList, words);
        ScriptNet net;
        net.define("def forward(self, x):\n    " + body.toStdString() + "\n");
        const QString message = QString::fromStdString(refusalOf(net.module()));
        QVERIFY2(!message.isEmpty(), "accepted");
        for (const QString& word : words)
            QVERIFY2(message.contains(word), qPrintable(message));
        QVERIFY2(message.count('\n') == 0, qPrintable(message));
    }

    void layers_data()
    {
        QTest::addColumn<QString>("body");
        QTest::addColumn<QStringList>("words");
        const auto row
            = [](const char* name, const char* body, const QStringList& words) { QTest::newRow(name) << QString(body) << words; };
        row("transposed", "return torch.convolution(x, self.weight, None, [1, 1], [0, 0], [1, 1], True, [0, 0], 1)",
            { "aten::convolution", "transposed" });
        row("other channels", "return torch.conv2d(torch.cat([x, x], 1), self.weight)", { "for 2 input channels", "4x8x8", "input shape" });
        row("no groups", "return torch.conv2d(x, self.weight, None, [1, 1], [0, 0], [1, 1], 0)", { "0 groups" });
        row("stride", "return torch.conv2d(x, self.weight, None, [0, 1])", { "stride" });
        row("one dimension", "return torch.conv1d(x.flatten(2), self.three)", { "aten::conv1d" });
        row("image into a matrix", "return torch.linear(x, self.matrix)", { "aten::linear", "vectors of 8" });
        row("image as weights", "return torch.conv2d(x, x)", { "tensor of the file" });
        row("own statistics", "return torch.batch_norm(x, self.vector, self.vector, self.vector, self.vector, True, 0.1, 1e-5, True)",
            { "eval()" });
        row("no statistics", "return torch.batch_norm(x, self.vector, self.vector, None, None, False, 0.1, 1e-5, True)", { "statistics" });
        row("statistics of others",
            "return torch.batch_norm(torch.cat([x, x], 1), self.vector, self.vector, self.vector, self.vector, False, 0.1, 1e-5, True)",
            { "2 channels", "4" });
        row("whole numbers", "return torch.linear(x.flatten(1), self.whole)", { "'whole'", "Char" });
        row("not a number", "return torch.linear(x.flatten(1), self.broken)", { "'broken'", "finite" });
        row("attention", "return torch.matmul(x, x)", { "aten::matmul" });
        row("sum with a tensor", "return (x + self.vector).mean([2, 3])", { "'vector'", "bias" });
    }

    void layers()
    {
        QFETCH(QString, body);
        QFETCH(QStringList, words);
        ScriptNet net;
        net.tensor("weight", at::randn({ 3, 2, 3, 3 }));
        net.tensor("three", at::randn({ 3, 2, 3 }));
        net.tensor("matrix", at::randn({ 3, 8 }));
        net.tensor("vector", at::rand({ 2 }));
        net.tensor("whole", at::zeros({ 3, 128 }, at::kChar));
        net.tensor("broken", at::full({ 3, 128 }, std::numeric_limits<float>::quiet_NaN()));
        net.define("def forward(self, x):\n    " + body.toStdString() + "\n");
        const QString message = QString::fromStdString(refusalOf(net.module()));
        QVERIFY2(!message.isEmpty(), "accepted");
        for (const QString& word : words)
            QVERIFY2(message.contains(word), qPrintable(message));
    }

    void placesAreModules()
    {
        ScriptNet net, part;
        torch::jit::Module block = net.part(), layer = net.part("def forward(self, x):\n    return torch.erf(x)\n");
        block.register_module("0", layer);
        block.define("def forward(self, x):\n    return getattr(self, \"0\").forward(x)\n");
        net.add("block", block);
        net.define("def forward(self, x):\n    return self.block.forward(x).mean([2, 3])\n");
        const std::string message = refusalOf(net.module());
        QVERIFY2(message.find("in module 'block.0', line ") != std::string::npos, message.c_str());
    }

    void theInputShapeIsAskedFor()
    {
        ScriptNet net;
        net.add("conv", net.conv(3, 2, 3, true, ""));
        net.define("def forward(self, x):\n    return self.conv.forward(x).mean([2, 3])\n");
        const std::string message = refusalOf(net.module(), std::nullopt);
        QVERIFY2(message.find("--input 2,H,W") != std::string::npos, message.c_str());
    }

    void impossibleInputShapesAreRefused()
    {
        ScriptNet net;
        net.define("def forward(self, x):\n    return x.mean([2, 3])\n");
        for (const Shape& shape : { Shape { 0, 8, 8 }, Shape { 3, -1, 8 }, Shape { 1 << 20, 1 << 20, 1 << 20 } })
            QVERIFY(!refusalOf(net.module(), shape).empty());
    }

    void moreInputsThanOneAreRefused()
    {
        ScriptNet net;
        net.define("def forward(self, x, y):\n    return (x + y).mean([2, 3])\n");
        QVERIFY(refusalOf(net.module()).find("2 inputs") != std::string::npos);
        ScriptNet without;
        without.define("def other(self, x):\n    return x\n");
        QVERIFY(refusalOf(without.module()).find("no forward") != std::string::npos);
    }

    /// Twice as many calls on every level: only the steps are counted.
    void doublingCallsAreRefused()
    {
        ScriptNet net;
        net.define("def f0(self, x):\n    return torch.relu(x)\n");
        for (int i = 1; i <= 40; ++i) {
            const std::string below = "self.f" + std::to_string(i - 1);
            net.define("def f" + std::to_string(i) + "(self, x):\n    return " + below + "(" + below + "(x))\n");
        }
        net.define("def forward(self, x):\n    return self.f40(x).mean([2, 3])\n");
        QVERIFY(refusalOf(net.module()).find("steps") != std::string::npos);
    }

    void cancellingEndsIt()
    {
        struct Context final : JobContext {
            void checkpoint() override
            {
                if (++count == 3)
                    throw Cancelled {};
            }
            void progress(const Progress&) override { }
            void log(const std::string&) override { }
            void resultsChanged() override { }
            int count = 0;
        } context;
        ScriptNet net;
        net.define("def forward(self, x):\n    return x.mean([2, 3])\n");
        const TemporaryFile file;
        net.module().save(file.path().string());
        QVERIFY_EXCEPTION_THROWN(importTorchScript(file.path(), { Shape { 2, 8, 8 } }, context), Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestTorchScriptRefusals)
#include "tst_engine_torchscript_refusals.moc"
