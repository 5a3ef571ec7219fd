// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/graph.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <utility>

namespace bitscape {
namespace {

constexpr auto kOps = std::to_array<std::pair<Op, const char*>>({
    { Op::Input, "input" },
    { Op::Conv2d, "conv2d" },
    { Op::Linear, "linear" },
    { Op::BatchNorm, "batch_norm" },
    { Op::Relu, "relu" },
    { Op::Relu6, "relu6" },
    { Op::Clip, "clip" },
    { Op::LeakyRelu, "leaky_relu" },
    { Op::Sigmoid, "sigmoid" },
    { Op::HardSigmoid, "hard_sigmoid" },
    { Op::Silu, "silu" },
    { Op::HardSwish, "hard_swish" },
    { Op::Gelu, "gelu" },
    { Op::MaxPool, "max_pool" },
    { Op::AveragePool, "average_pool" },
    { Op::AdaptiveAveragePool, "adaptive_average_pool" },
    { Op::GlobalAveragePool, "global_average_pool" },
    { Op::GlobalMaxPool, "global_max_pool" },
    { Op::Flatten, "flatten" },
    { Op::Reshape, "reshape" },
    { Op::Slice, "slice" },
    { Op::Pad, "pad" },
    { Op::Concat, "concat" },
    { Op::Add, "add" },
    { Op::Multiply, "multiply" },
    { Op::Identity, "identity" },
});

} // namespace

std::string toString(Op op)
{
    return std::find_if(kOps.begin(), kOps.end(), [&](const auto& entry) { return entry.first == op; })->second;
}

Op opFrom(const std::string& word)
{
    for (const auto& [op, name] : kOps) {
        if (word == name)
            return op;
    }
    throw Error(ErrorCode::Unsupported, "Operator '" + word + "' is not one that Bitscape knows.");
}

bool isActivation(Op op)
{
    switch (op) {
    case Op::Relu:
    case Op::Relu6:
    case Op::Clip:
    case Op::LeakyRelu:
    case Op::Sigmoid:
    case Op::HardSigmoid:
    case Op::Silu:
    case Op::HardSwish:
    case Op::Gelu:
        return true;
    default:
        return false;
    }
}

bool keepsZero(const Node& activation)
{
    if (activation.op == Op::Clip)
        return activation.low <= 0 && activation.high >= 0;
    return activation.op != Op::Sigmoid && activation.op != Op::HardSigmoid;
}

bool isUnsigned(const Node& activation)
{
    if (activation.op == Op::Clip)
        return activation.low >= 0;
    return activation.op == Op::Relu || activation.op == Op::Relu6 || activation.op == Op::Sigmoid || activation.op == Op::HardSigmoid;
}

} // namespace bitscape
