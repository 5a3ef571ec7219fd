// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// The operator set (design.md section 4).
enum class Op {
    Input,
    Conv2d,
    Linear,
    BatchNorm,
    Relu,
    Relu6,
    Clip,      ///< to low..high
    LeakyRelu, ///< negative values times `slope`
    Sigmoid,
    HardSigmoid, ///< relu6(x + 3) / 6
    Silu,        ///< x * sigmoid(x)
    HardSwish,   ///< x * relu6(x + 3) / 6
    Gelu,        ///< exact, or with tanh
    MaxPool,
    AveragePool,
    AdaptiveAveragePool, ///< to `target` positions
    GlobalAveragePool,
    GlobalMaxPool,
    Flatten,
    Reshape, ///< to the node's own shape, elements in row-major order
    Slice,   ///< of one axis: begin, begin + step, ... below end
    Pad,     ///< positions around an image, filled with `value`
    Concat,  ///< along one axis
    Add,
    Multiply, ///< element by element; an input of Cx1x1 counts for all positions
    Identity
};

/// Axis of a slice or a concatenation; a vector has channels only.
enum class Axis { Channels, Height, Width };

std::string toString(Op op);
/// Element by element and of one input: ReLU and its relatives, which belong to the tap of the layer in front of them (methods.md section
/// 1).
bool isActivation(Op op);
/// Throws Error(Unsupported) for an unknown word.
Op opFrom(const std::string& word);

/// Shape of one activation without its batch dimension: [C,H,W], or [F] (flat: channels = F, height = width = 1).
struct Shape {
    std::int64_t channels = 0;
    std::int64_t height = 1;
    std::int64_t width = 1;
    bool flat = false;
    std::int64_t positions() const { return height * width; }
    std::int64_t size() const { return channels * positions(); }
    bool operator==(const Shape&) const = default;
};

/// "32x8x8" or "120".
std::string toString(const Shape& shape);

/// Height and width of a window, or of its step.
using Pair = std::array<std::int64_t, 2>;

/// One operation. Which fields count depends on `op`; the others keep their defaults.
struct Node {
    std::string name; ///< unique in the graph
    Op op = Op::Input;
    std::vector<int> inputs;  ///< positions in Graph::nodes, all smaller than the node's own
    Shape shape;              ///< of the output
    std::int64_t filters = 0; ///< Conv2d, Linear: output channels or neurons
    Pair kernel { 1, 1 };     ///< Conv2d, pools
    Pair stride { 1, 1 };
    Pair padding { 0, 0 };    ///< Conv2d, pools: on both sides; Pad: above and left
    Pair paddingEnd { 0, 0 }; ///< Pad: below and right
    Pair dilation { 1, 1 };
    int groups = 1;                            ///< Conv2d
    bool ceilMode = false;                     ///< pools
    bool countPadding = true;                  ///< AveragePool
    Pair target { 1, 1 };                      ///< AdaptiveAveragePool: output height and width
    double low = 0, high = 6;                  ///< Clip; the lowest and the largest float stand for no bound
    double slope = 0.01;                       ///< LeakyRelu
    double value = 0;                          ///< Pad
    bool tanh = false;                         ///< Gelu: the approximation with tanh
    Axis axis = Axis::Channels;                ///< Slice, Concat
    std::int64_t begin = 0, end = 0, step = 1; ///< Slice
    double epsilon = 1e-5;                     ///< BatchNorm
    double momentum = 0.1;                     ///< BatchNorm, of the running statistics in training
    std::string weight, bias;   ///< tensor names; Conv2d [F,C/g,kh,kw], Linear [F,in], BatchNorm scale and shift [C]; bias may be empty
    std::string mean, variance; ///< BatchNorm: tensor names of the running statistics [C]
    bool operator==(const Node&) const = default;
};

/// A named float32 tensor that the graph refers to.
struct TensorInfo {
    std::string name;
    std::vector<std::int64_t> shape;
    std::int64_t elements() const;
    bool operator==(const TensorInfo&) const = default;
};

/// A network as data: nodes in an order in which they can run, one input, one output [classes].
/// Its weights are kept beside it as raw little-endian float32, tensor after tensor in the order of `tensors`.
struct Graph {
    std::vector<Node> nodes;
    std::vector<TensorInfo> tensors;
    int output = -1;
    /// Of a network of subnets (methods.md section 7): the nodes that make the logits of S_1, S_2, ..., the output last. Else empty.
    std::vector<int> subnets;

    const Shape& inputShape() const { return nodes.front().shape; }
    std::int64_t classes() const { return nodes[static_cast<std::size_t>(output)].shape.channels; }
    bool operator==(const Graph&) const = default;
};

/// Whether a channel that is zero everywhere stays so behind this activation.
bool keepsZero(const Node& activation);

/// Whether nothing below zero comes out of this activation.
bool isUnsigned(const Node& activation);

/// Whether all sizes are at least 1 and their product is no more than a network can have.
bool isPossibleShape(const std::vector<std::int64_t>& sizes);

/// Output shape of a node for given input shapes. Throws Error(BadInput) that names the node if they do not fit.
Shape outputShape(const Node& node, const std::vector<Shape>& inputs);

/// The tensors that a node needs, for its input's shape, in a fixed order: weight, bias, mean, variance.
std::vector<TensorInfo> tensorsOf(const Node& node, const Shape& input);

/// Checks everything that the other functions rely on: order, names, shapes, tensors, one flat output. Throws Error(BadInput).
void checkGraph(const Graph& graph);

/// Which nodes read each node's output.
std::vector<std::vector<int>> readersOf(const Graph& graph);

/// Sum of all tensors' elements.
std::int64_t parameterCount(const Graph& graph);

} // namespace bitscape
