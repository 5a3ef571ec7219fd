// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/script_writer.h"

#include "core/base/numbered.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <set>
#include <string_view>

namespace bitscape {
namespace {

/// Words that no attribute can be called in a script.
constexpr auto kTaken = std::to_array<std::string_view>(
    { "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else",
        "except", "finally", "for", "forward", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass",
        "raise", "return", "self", "training", "try", "while", "with", "yield", "weight", "bias", "running_mean", "running_var" });

std::string attributeName(std::string_view word)
{
    std::string name;
    for (const char c : word)
        name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
    if (name.empty() || std::ranges::find(kTaken, name) != kTaken.end())
        name += '_';
    return name;
}

AttributePath pathOf(const std::string& name)
{
    constexpr std::size_t kMostParts = 16;
    AttributePath path;
    for (std::size_t at = 0; at <= name.size();) {
        const std::size_t dot = path.size() + 1 < kMostParts ? std::min(name.find('.', at), name.size()) : name.size();
        path.push_back(attributeName(std::string_view(name).substr(at, dot - at)));
        at = dot + 1;
    }
    return path;
}

/// The shortest number that reads back as the same double, with the point that makes it one.
std::string real(double number)
{
    std::array<char, 40> text {};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
    const std::string written(text.data(), end);
    return written.find_first_of(".e") == std::string::npos ? written + "." : written;
}

std::string list(const Pair& pair)
{
    return numbered("[", pair[0]) + numbered(", ", pair[1]) + "]";
}

std::string truth(bool value)
{
    return value ? "True" : "False";
}

std::string variable(int node)
{
    return numbered("x", node);
}

/// self.layer1.0.weight, as it can be written where a part is no identifier.
std::string attribute(AttributePath path, const std::string& tensor)
{
    path.push_back(tensor);
    std::string text = "self";
    for (const std::string& part : path)
        text = std::isdigit(static_cast<unsigned char>(part[0])) ? "getattr(" + text + ", \"" + part + "\")" : text + "." + part;
    return text;
}

std::string activation(const Node& node, const std::string& x)
{
    switch (node.op) {
    case Op::Relu:
        return "torch.relu(" + x + ")";
    case Op::Relu6:
        return "torch.hardtanh(" + x + ", 0, 6)";
    case Op::Clip:
        return "torch.clamp(" + x + ", " + real(node.low) + ", " + real(node.high) + ")";
    case Op::LeakyRelu:
        return "torch.leaky_relu(" + x + ", " + real(node.slope) + ")";
    case Op::Gelu:
        return "torch.gelu(" + x + (node.tanh ? ", approximate=\"tanh\")" : ")"); // PyTorch before 1.12 knows no other
    case Op::Sigmoid:
        return "torch.sigmoid(" + x + ")";
    case Op::HardSigmoid:
        return "torch.hardsigmoid(" + x + ")";
    case Op::Silu:
        return "torch.silu(" + x + ")";
    default:
        return "torch.hardswish(" + x + ")";
    }
}

std::string layer(const Node& node, const std::string& x, const AttributePath& path)
{
    const std::string tensors = "(" + x + ", " + attribute(path, "weight") + ", " + (node.bias.empty() ? "None" : attribute(path, "bias"));
    if (node.op == Op::Linear)
        return "torch.linear" + tensors + ")";
    return "torch.conv2d" + tensors + ", " + list(node.stride) + ", " + list(node.padding) + ", " + list(node.dilation) + ", "
        + std::to_string(node.groups) + ")";
}

std::string batchNorm(const Node& node, const std::string& x, const AttributePath& path)
{
    std::string text = "torch.batch_norm(" + x;
    for (const char* tensor : { "weight", "bias", "running_mean", "running_var" })
        text += ", " + attribute(path, tensor);
    return text + ", False, " + real(node.momentum) + ", " + real(node.epsilon) + ", False)";
}

std::string pool(const Node& node, const std::string& x)
{
    const std::string window = x + ", " + list(node.kernel) + ", " + list(node.stride) + ", " + list(node.padding) + ", ";
    if (node.op == Op::MaxPool)
        return "torch.max_pool2d(" + window + list(node.dilation) + ", " + truth(node.ceilMode) + ")";
    return "torch.avg_pool2d(" + window + truth(node.ceilMode) + ", " + truth(node.countPadding) + ")";
}

std::string reshape(const Node& node, const std::string& x)
{
    if (node.op == Op::Flatten || node.shape.flat)
        return "torch.flatten(" + x + ", 1)";
    return "torch.reshape(" + x + ", [torch.size(" + x + ", 0), " + std::to_string(node.shape.channels) + ", "
        + std::to_string(node.shape.height) + ", " + std::to_string(node.shape.width) + "])";
}

std::string joinedInputs(const Node& node, const std::string& between)
{
    std::string text;
    for (const int input : node.inputs)
        text += (text.empty() ? "" : between) + variable(input);
    return text;
}

std::string dimension(const Node& node)
{
    return std::to_string(1 + static_cast<int>(node.axis));
}

/// Operators that take activations apart, put them together or surround them.
std::string pieces(const Node& node, const std::string& x)
{
    switch (node.op) {
    case Op::Slice:
        return "torch.slice(" + x + ", " + dimension(node) + ", " + std::to_string(node.begin) + ", " + std::to_string(node.end) + ", "
            + std::to_string(node.step) + ")";
    case Op::Pad:
        return "torch.constant_pad_nd(" + x + ", [" + std::to_string(node.padding[1]) + ", " + std::to_string(node.paddingEnd[1]) + ", "
            + std::to_string(node.padding[0]) + ", " + std::to_string(node.paddingEnd[0]) + "], " + real(node.value) + ")";
    case Op::Concat:
        return "torch.cat([" + joinedInputs(node, ", ") + "], " + dimension(node) + ")";
    case Op::Add:
        return joinedInputs(node, " + ");
    case Op::Multiply:
        return joinedInputs(node, " * ");
    default:
        return x;
    }
}

std::string expression(const Node& node, const AttributePath& path)
{
    const std::string x = variable(node.inputs.front());
    if (isActivation(node.op))
        return activation(node, x);
    switch (node.op) {
    case Op::Conv2d:
    case Op::Linear:
        return layer(node, x, path);
    case Op::BatchNorm:
        return batchNorm(node, x, path);
    case Op::MaxPool:
    case Op::AveragePool:
        return pool(node, x);
    case Op::AdaptiveAveragePool:
        return "torch.adaptive_avg_pool2d(" + x + ", " + list(node.target) + ")";
    case Op::GlobalAveragePool:
        return node.shape.flat ? x : "torch.adaptive_avg_pool2d(" + x + ", [1, 1])";
    case Op::GlobalMaxPool:
        return node.shape.flat ? x : "torch.amax(" + x + ", [2, 3], True)";
    case Op::Flatten:
    case Op::Reshape:
        return reshape(node, x);
    default:
        return pieces(node, x);
    }
}

std::string quantized(const ActivationGrid& grid, const std::string& x)
{
    const std::string scale = real(static_cast<double>(grid.scale));
    if (grid.scale <= 0)
        return "torch.zeros_like(" + x + ")";
    return "torch.mul(torch.clamp(torch.round(torch.div(" + x + ", " + scale + ")), " + real(static_cast<double>(grid.lowest)) + ", "
        + real(static_cast<double>(grid.highest)) + "), " + scale + ")";
}

} // namespace

std::string joined(const AttributePath& path)
{
    std::string text;
    for (const std::string& part : path)
        text += (text.empty() ? "" : ".") + part;
    return text;
}

std::vector<AttributePath> modulePaths(const Graph& graph)
{
    std::vector<AttributePath> paths(graph.nodes.size());
    std::set<AttributePath> taken;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const Node& node = graph.nodes[i];
        if (node.weight.empty())
            continue;
        paths[i] = pathOf(node.name);
        const std::string last = paths[i].back();
        for (int number = 2; !taken.insert(paths[i]).second; ++number)
            paths[i].back() = last + "_" + std::to_string(number);
    }
    return paths;
}

std::string scriptOf(const Graph& graph, const std::vector<AttributePath>& paths, const std::map<int, ActivationGrid>& activations)
{
    std::string text = "def forward(self, x0: Tensor) -> Tensor:\n";
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const int node = static_cast<int>(i);
        if (i > 0)
            text += "    " + variable(node) + " = " + expression(graph.nodes[i], paths[i]) + "\n";
        if (const auto grid = activations.find(node); grid != activations.end())
            text += "    " + variable(node) + " = " + quantized(grid->second, variable(node)) + "\n";
    }
    return text + "    return " + variable(graph.output) + "\n";
}

} // namespace bitscape
