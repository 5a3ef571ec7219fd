// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/base/layer_bits.h"
#include "core/base/random.h"
#include "core/network/graph.h"
#include "core/network/graph_builder.h"
#include "core/network/layers.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bitscape::test {

/// What a call refused, or nothing. Anything but an Error leaves the test as it is: a failure.
template <typename Call> std::optional<Error> refusalOf(const Call& call)
{
    try {
        call();
    } catch (const Error& error) {
        return error;
    }
    return std::nullopt;
}

/// Whether the call throws an Error of this code whose message has all these words.
template <typename Call> bool refuses(const Call& call, ErrorCode code, const std::vector<std::string>& words = {})
{
    const auto error = refusalOf(call);
    if (!error || error->code() != code)
        return false;
    for (const std::string& word : words) {
        if (std::string(error->what()).find(word) == std::string::npos)
            return false;
    }
    return true;
}

/// A node that GraphBuilder has no function of its own for.
inline Node plainNode(const std::string& name, Op op, std::vector<int> inputs)
{
    Node node;
    node.name = name;
    node.op = op;
    node.inputs = std::move(inputs);
    return node;
}

/// A pool of either kind with a square window.
inline Node poolNode(const std::string& name, Op op, int from, int kernel, int stride, int padding = 0)
{
    Node node = plainNode(name, op, { from });
    node.kernel = { kernel, kernel };
    node.stride = { stride, stride };
    node.padding = { padding, padding };
    return node;
}

/// A square convolution with groups.
inline Node groupedConv(const std::string& name, int from, std::int64_t filters, int groups, int kernel, int padding = 0)
{
    Node node = poolNode(name, Op::Conv2d, from, kernel, 1, padding);
    node.filters = filters;
    node.groups = groups;
    node.weight = name + ".weight";
    node.bias = name + ".bias";
    return node;
}

inline int positionOf(const Graph& graph, const std::string& name)
{
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        if (graph.nodes[i].name == name)
            return static_cast<int>(i);
    }
    return -1;
}

/// Bits of every filter dealt at random from `choices`.
inline LayerBits randomBits(const std::vector<Layer>& layers, const std::vector<int>& choices, Random& random)
{
    LayerBits bits;
    for (const Layer& layer : layers) {
        bits.emplace_back();
        for (std::int64_t f = 0; f < layer.filters; ++f)
            bits.back().push_back(static_cast<std::uint8_t>(choices[random.below(choices.size())]));
    }
    return bits;
}

/// Small versions of all built-in networks: quick enough for plain loops.
inline std::vector<std::string> smallZoo()
{
    return { "zoo:mlp?hidden=12x9&input=2x4x5&classes=5", "zoo:lenet5?width=0.5", "zoo:lenet-3c1l?width=0.2&input=3x16x16",
        "zoo:vgg-small?width=0.05&input=3x8x8&classes=4", "zoo:vgg16?width=0.05", "zoo:resnet20?width=0.3&input=3x12x12" };
}

/// A bit of everything that the built-in networks lack: groups, depthwise, average pools, ReLU6, identity, a sum of three, a layer with two
/// readers, a normalisation in front of the first layer, behind a pool and behind a sum.
inline Graph mixture()
{
    GraphBuilder g({ 2, 9, 9, false });
    const int first = g.add(plainNode("six", Op::Relu6, { g.conv("first", g.batchNorm("bn0", 0), 6, 3, 1, 1) }));
    const int depthwise = g.relu("relu", g.batchNorm("bn1", g.add(groupedConv("depthwise", first, 6, 6, 3, 1))));
    const int grouped = g.add(groupedConv("grouped", depthwise, 6, 3, 1));
    const int sum = g.add(plainNode("add3", Op::Add, { first, g.batchNorm("bn2", grouped), depthwise }));
    const int pool = g.add(poolNode("average", Op::AveragePool, g.add(plainNode("drop", Op::Identity, { sum })), 3, 2, 1));
    const int split = g.conv("split", pool, 4, 1);
    const int both = g.sum("add", g.batchNorm("bn3", split), split);
    const int image = g.batchNorm("bn4", g.maxPool("max", g.relu("relu4", g.conv("dilated", both, 5, 3)), 2, 1));
    const int hidden = g.relu("relu5", g.batchNorm("bn5", g.linear("hidden", g.flatten("flat", image), 7)));
    return g.finish(g.linear("fc", hidden, 3));
}

/// Every operator that only imported networks have: squeeze-and-excite, all activations, joins, slices and pads along every axis.
inline Graph imported()
{
    GraphBuilder g({ 2, 8, 6, false });
    const auto add = [&](const char* name, Op op, std::vector<int> inputs, auto change) {
        Node node = plainNode(name, op, std::move(inputs));
        change(node);
        return g.add(node);
    };
    const auto plain = [](Node&) {};
    const int stem = add("swish", Op::HardSwish, { g.batchNorm("bn0", g.conv("stem", 0, 4, 3, 1, 1)) }, plain);
    const int squeezed = add("clip", Op::Clip, { g.conv("squeeze", g.globalAveragePool("gap", stem), 3, 1) }, [](Node& n) { n.low = -1; });
    const int gate = add("gate", Op::HardSigmoid, { g.conv("excite", squeezed, 4, 1) }, plain);
    const int excited = add("excited", Op::Multiply, { gate, stem }, plain);
    const int dense = add("silu", Op::Silu, { g.conv("dense", excited, 3, 1) }, plain);
    const int same = add("gelu", Op::Gelu, { g.conv("same", excited, 3, 1) }, [](Node& n) { n.tanh = true; });
    const int product = add("product", Op::Multiply, { dense, same }, plain);
    const int joined = add("joined", Op::Concat, { stem, product, dense }, plain);
    const int some = add("some", Op::Slice, { joined }, [](Node& n) { n.begin = 1, n.end = 9, n.step = 2; });
    const int rows = add("rows", Op::Slice, { some }, [](Node& n) { n.axis = Axis::Height, n.begin = 2, n.end = 7; });
    const int zeros = add("zeros", Op::Pad, { rows }, [](Node& n) { n.padding = { 1, 0 }, n.paddingEnd = { 0, 2 }; });
    const int ones = add("ones", Op::Pad, { some }, [](Node& n) { n.paddingEnd = { 1, 2 }, n.value = 1; });
    const int columns = add("columns", Op::Slice, { ones }, [](Node& n) { n.axis = Axis::Width, n.end = 8, n.step = 3; });
    const int head = add("leaky", Op::LeakyRelu, { g.conv("head", zeros, 4, 3, 1, 1) }, [](Node& n) { n.slope = 0.2; });
    const int tall = add("tall", Op::AdaptiveAveragePool, { head }, [](Node& n) { n.target = { 9, 3 }; });
    const int wide = add("wide", Op::Concat, { tall, columns }, [](Node& n) { n.axis = Axis::Width; });
    const int high = add("high", Op::Concat, { wide, wide }, [](Node& n) { n.axis = Axis::Height; });
    const int raised = add("raised", Op::Clip, { g.conv("last", high, 4, 1) }, [](Node& n) { n.low = 0.5, n.high = 1e9; });
    const int halves = add("halves", Op::Reshape, { g.conv("deep", raised, 4, 1) }, [](Node& n) { n.shape = { 2, 18, 12, false }; });
    const int most = add("most", Op::GlobalMaxPool, { add("sigmoid", Op::Sigmoid, { g.conv("out", halves, 5, 1) }, plain) }, plain);
    const int vector = g.flatten("flat", add("both", Op::Concat, { most, g.globalAveragePool("mean", halves) }, plain));
    return g.finish(g.linear("fc", vector, 3));
}

} // namespace bitscape::test
