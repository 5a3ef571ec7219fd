// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "network_test_support.h"

#include <algorithm>
#include <array>
#include <functional>

namespace bitscape::test {

/// A network that is really run, by plain loops in double, with 0-bit filters really zeroed, and that counts its multiplications.
/// Image, weights, scales and shifts are random and positive, running means negative: whatever is not pruned is above zero everywhere, so
/// that a channel is exactly zero if and only if pruning makes it so. Live filters have a bias here, whether the network has one or not: a
/// filter is not pruned for having nothing but pruned inputs.
class PlainNetwork final {
public:
    PlainNetwork(const Graph& graph, const LayerBits& bits, int activationBits, std::uint64_t seed)
        : m_graph(graph)
        , m_activationBits(activationBits)
        , m_random(seed)
    {
        for (const Node& node : graph.nodes) {
            const bool weighted = node.op == Op::Conv2d || node.op == Op::Linear;
            m_bits.push_back(weighted ? bits[m_layers++] : std::vector<std::uint8_t> {});
            m_values.emplace_back(static_cast<std::size_t>(node.shape.size()));
            m_seenImage.push_back(node.op == Op::Input || (isRearrangement(node.op) && m_seenImage[input(node)]));
            run(m_values.size() - 1);
        }
    }

    /// Whether all values of a channel are exactly zero.
    bool isZero(std::size_t node, std::int64_t channel) const
    {
        const std::int64_t positions = m_graph.nodes[node].shape.positions();
        const auto begin = m_values[node].begin() + channel * positions;
        return std::all_of(begin, begin + positions, [](double value) { return value == 0; });
    }

    /// Per weighted layer: multiplications by weights of live filters with inputs of live channels, and the same times both bit-widths.
    std::vector<std::int64_t> macs, bitops;

private:
    using Values = std::vector<double>;

    static bool isRearrangement(Op op)
    {
        return op == Op::Flatten || op == Op::Identity || op == Op::Reshape || op == Op::Slice || op == Op::Pad;
    }
    static std::size_t input(const Node& node) { return static_cast<std::size_t>(node.inputs.front()); }
    double positive() { return m_random.uniform(0.1, 1.0); }

    void run(std::size_t index)
    {
        const Node& node = m_graph.nodes[index];
        Values& out = m_values[index];
        switch (node.op) {
        case Op::Input:
            std::ranges::generate(out, [this] { return positive(); });
            break;
        case Op::Conv2d:
            weigh(index, &PlainNetwork::convolved);
            break;
        case Op::Linear:
            weigh(index, &PlainNetwork::multiplied);
            break;
        case Op::BatchNorm:
            normalise(index);
            break;
        case Op::MaxPool:
        case Op::AveragePool:
            pool(index);
            break;
        case Op::GlobalAveragePool:
            average(index);
            break;
        case Op::Add:
            for (const int addend : node.inputs)
                std::ranges::transform(out, m_values[static_cast<std::size_t>(addend)], out.begin(), std::plus<>());
            break;
        case Op::Relu:
            std::ranges::transform(m_values[input(node)], out.begin(), [](double x) { return std::max(x, 0.0); });
            break;
        case Op::Relu6:
            std::ranges::transform(m_values[input(node)], out.begin(), [](double x) { return std::clamp(x, 0.0, 6.0); });
            break;
        case Op::Flatten:
        case Op::Identity:
        case Op::Reshape:
            out = m_values[input(node)];
            break;
        default:
            runImported(index);
        }
    }

    void runImported(std::size_t index)
    {
        const Node& node = m_graph.nodes[index];
        const Shape& in = m_graph.nodes[input(node)].shape;
        switch (node.op) {
        case Op::AdaptiveAveragePool: // any mixture of the channel's values will do
        case Op::GlobalMaxPool:
            eachOutput(index, [&](std::int64_t c, std::int64_t, std::int64_t) {
                const auto first = m_values[input(node)].begin() + c * in.positions();
                return *std::max_element(first, first + in.positions());
            });
            break;
        case Op::Slice:
            eachOutput(index, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
                std::int64_t& along = node.axis == Axis::Channels ? c : node.axis == Axis::Height ? y : x;
                along = node.begin + along * node.step;
                return m_values[input(node)][at(in, c, y * in.width + x)];
            });
            break;
        case Op::Pad:
            eachOutput(index, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
                y -= node.padding[0], x -= node.padding[1];
                const bool inside = y >= 0 && y < in.height && x >= 0 && x < in.width;
                return inside ? m_values[input(node)][at(in, c, y * in.width + x)] : node.value;
            });
            break;
        case Op::Multiply:
            eachOutput(index, [&](std::int64_t c, std::int64_t y, std::int64_t x) {
                double product = 1;
                for (const int factor : node.inputs) {
                    const Shape& shape = m_graph.nodes[static_cast<std::size_t>(factor)].shape;
                    const std::int64_t position = shape.positions() == 1 ? 0 : y * shape.width + x;
                    product *= m_values[static_cast<std::size_t>(factor)][at(shape, c, position)];
                }
                return product;
            });
            break;
        case Op::Concat:
            eachOutput(index, [&](std::int64_t c, std::int64_t y, std::int64_t x) { return joined(node, { c, y, x }); });
            break;
        default:
            std::ranges::transform(m_values[input(node)], m_values[index].begin(), [&](double value) { return activated(node, value); });
        }
    }

    double joined(const Node& node, std::array<std::int64_t, 3> place) const
    {
        const auto axis = static_cast<std::size_t>(node.axis);
        for (const int part : node.inputs) {
            const Shape& shape = m_graph.nodes[static_cast<std::size_t>(part)].shape;
            const std::int64_t length = std::array { shape.channels, shape.height, shape.width }[axis];
            if (place[axis] < length)
                return m_values[static_cast<std::size_t>(part)][at(shape, place[0], place[1] * shape.width + place[2])];
            place[axis] -= length;
        }
        throw std::logic_error("nothing there to join");
    }

    /// Zero stays zero and what is above stays above, but for those that lift everything.
    static double activated(const Node& node, double value)
    {
        switch (node.op) {
        case Op::Clip:
            return std::min(std::max(value, node.low), node.high);
        case Op::LeakyRelu:
        case Op::Silu:
        case Op::HardSwish:
        case Op::Gelu:
            return value / 2;
        case Op::Sigmoid:
        case Op::HardSigmoid:
            return 0.5 + value / 100;
        default:
            throw std::logic_error("no plain " + toString(node.op));
        }
    }

    template <typename Value> void eachOutput(std::size_t index, Value value)
    {
        const Shape& shape = m_graph.nodes[index].shape;
        for (std::int64_t c = 0; c < shape.channels; ++c)
            for (std::int64_t y = 0; y < shape.height; ++y)
                for (std::int64_t x = 0; x < shape.width; ++x)
                    m_values[index][at(shape, c, y * shape.width + x)] = value(c, y, x);
    }

    /// One filter after the other: a 0-bit filter leaves zeros, bias included; the others count.
    void weigh(std::size_t index, void (PlainNetwork::*filter)(std::size_t, std::int64_t))
    {
        const Node& node = m_graph.nodes[index];
        macs.push_back(0);
        bitops.push_back(0);
        for (std::int64_t f = 0; f < node.filters; ++f) {
            const int bits = m_bits[index][static_cast<std::size_t>(f)];
            if (bits == 0)
                continue;
            const std::int64_t before = macs.back();
            (this->*filter)(index, f);
            bitops.back() += (macs.back() - before) * bits * (m_seenImage[input(node)] ? 8 : m_activationBits);
            const double bias = positive();
            for (std::int64_t p = 0; p < node.shape.positions(); ++p)
                m_values[index][static_cast<std::size_t>(f * node.shape.positions() + p)] += bias;
        }
    }

    void multiplied(std::size_t index, std::int64_t filter)
    {
        const Values& in = m_values[input(m_graph.nodes[index])];
        for (const double x : in) {
            macs.back() += x != 0 ? 1 : 0;
            m_values[index][static_cast<std::size_t>(filter)] += x * positive() / static_cast<double>(in.size());
        }
    }

    void convolved(std::size_t index, std::int64_t filter)
    {
        const Node& node = m_graph.nodes[index];
        const Shape& in = m_graph.nodes[input(node)].shape;
        const std::int64_t perGroup = in.channels / node.groups;
        const std::int64_t first = filter / (node.filters / node.groups) * perGroup;
        for (std::int64_t c = first; c < first + perGroup; ++c) {
            const bool live = !isZero(input(node), c);
            const double weight = positive() / static_cast<double>(perGroup);
            slide(node, in, [&](std::int64_t position, std::int64_t from) { // padding is multiplied, too
                macs.back() += live ? 1 : 0;
                if (from >= 0)
                    m_values[index][at(node.shape, filter, position)] += m_values[input(node)][at(in, c, from)] * weight;
            });
        }
    }

    void normalise(std::size_t index)
    {
        const Node& node = m_graph.nodes[index];
        const auto& layerBits = m_bits[input(node)];
        std::size_t readers = 0;
        for (const Node& other : m_graph.nodes)
            readers += static_cast<std::size_t>(std::ranges::count(other.inputs, node.inputs.front()));
        for (std::int64_t c = 0; c < node.shape.channels; ++c) {
            const bool silenced = readers == 1 && !layerBits.empty() && layerBits[static_cast<std::size_t>(c)] == 0;
            const double scale = positive(), mean = silenced ? 0 : -positive(), shift = silenced ? 0 : positive();
            for (std::int64_t p = 0; p < node.shape.positions(); ++p)
                m_values[index][at(node.shape, c, p)] = (m_values[input(node)][at(node.shape, c, p)] - mean) * scale + shift;
        }
    }

    /// Whether largest or average does not matter for what is zero.
    void pool(std::size_t index)
    {
        const Node& node = m_graph.nodes[index];
        const Shape& in = m_graph.nodes[input(node)].shape;
        for (std::int64_t c = 0; c < in.channels; ++c) {
            slide(node, in, [&](std::int64_t position, std::int64_t from) {
                double& out = m_values[index][at(node.shape, c, position)];
                out = from < 0 ? out : std::max(out, m_values[input(node)][at(in, c, from)]);
            });
        }
    }

    void average(std::size_t index)
    {
        const Shape& in = m_graph.nodes[input(m_graph.nodes[index])].shape;
        for (std::int64_t c = 0; c < in.channels; ++c)
            for (std::int64_t p = 0; p < in.positions(); ++p)
                m_values[index][static_cast<std::size_t>(c)]
                    += m_values[input(m_graph.nodes[index])][at(in, c, p)] / static_cast<double>(in.positions());
    }

    static std::size_t at(const Shape& shape, std::int64_t channel, std::int64_t position)
    {
        return static_cast<std::size_t>(channel * shape.positions() + position);
    }

    /// Calls visit(output position, input position or -1 in the padding) for every element of every window.
    template <typename Visit> static void slide(const Node& node, const Shape& in, Visit visit)
    {
        for (std::int64_t y = 0; y < node.shape.height; ++y)
            for (std::int64_t x = 0; x < node.shape.width; ++x)
                for (std::int64_t i = 0; i < node.kernel[0]; ++i)
                    for (std::int64_t j = 0; j < node.kernel[1]; ++j) {
                        const std::int64_t row = y * node.stride[0] - node.padding[0] + i * node.dilation[0];
                        const std::int64_t column = x * node.stride[1] - node.padding[1] + j * node.dilation[1];
                        const bool inside = row >= 0 && row < in.height && column >= 0 && column < in.width;
                        visit(y * node.shape.width + x, inside ? row * in.width + column : -1);
                    }
    }

    const Graph& m_graph;
    int m_activationBits;
    Random m_random;
    std::size_t m_layers = 0;
    std::vector<std::vector<std::uint8_t>> m_bits; ///< per node
    std::vector<Values> m_values;                  ///< per node
    std::vector<bool> m_seenImage;                 ///< per node: the image itself
};

} // namespace bitscape::test
