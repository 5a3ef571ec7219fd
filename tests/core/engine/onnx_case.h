// SPDX-License-Identifier: GPL-3.0-or-later
// One way of writing an operator into a file, put into a small network and compared with ATen.
#pragma once

#include "tests/core/engine/onnx_networks.h"

#include "core/engine/formats/import_model.h"

#include <QString>
#include <QTemporaryDir>

#include <algorithm>
#include <optional>

namespace bitscape::test {

using Writing = std::function<std::string(OnnxWriter& file, const std::string& x)>;

/// What stands between a convolution to 4x6x6 and the end, what it computes, and the one node that it is to be.
struct OnnxCase {
    const char* name;
    std::int64_t opset;
    Writing write;
    Layer2d reference;
    std::optional<Op> op;
};

constexpr std::int64_t kOne = 1;

inline std::string s(OnnxWriter& file, double value)
{
    return file.scalar("c" + std::to_string(file.graph().initializer_size()), value);
}

inline std::string n(OnnxWriter& file, const Numbers& values)
{
    return file.numbers("n" + std::to_string(file.graph().initializer_size()), values);
}

/// What is wrong with how it comes in; empty if nothing.
inline QString flawOf(const OnnxCase& tested)
{
    OnnxWriter file(tested.opset);
    Blocks add { file };
    std::string x = file.input({ 0, 2, 6, 6 });
    const auto conv = add.conv(x, "conv", 2, 4, 3, 1, 1, true);
    x = tested.write(file, x);
    const at::Tensor images = randomTensor({ 3, 2, 6, 6 }, 4, 2);
    const at::Tensor wanted = tested.reference(conv(images)).flatten(1);
    file.output(file.node("Flatten", { x }, {}, "end"));
    const QTemporaryDir folder;
    SilentContext context;
    const ImportedNetwork network = importModel(file.save(folder.filePath("model.onnx").toStdString()), {}, context);
    const at::NoGradGuard noGradients;
    const at::Tensor found = execute(network.graph, tensorsFromBytes(network.graph, network.weights), images);
    if (found.sizes() != wanted.sizes())
        return "another shape";
    const double apart = (found - wanted).abs().max().item<double>();
    if (!(apart < 2e-5)) // float32 around 10
        return QString("apart by %1").arg(apart);
    const Node& last = network.graph.nodes[static_cast<std::size_t>(network.graph.nodes.back().inputs.front())];
    if (tested.op && last.op != *tested.op)
        return QString::fromStdString("it ends with " + toString(last.op));
    const auto activations = std::ranges::count_if(network.graph.nodes, [](const Node& node) { return isActivation(node.op); });
    return tested.op && isActivation(last.op) && activations != 1 ? QString("%1 activations").arg(activations) : QString();
}

} // namespace bitscape::test
