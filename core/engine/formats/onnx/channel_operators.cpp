// SPDX-License-Identifier: GPL-3.0-or-later
// Channels put together, chosen and put in order. QONNX has one bit-width per operator, so that a layer is written as one operator per
// bit-width, whose channels are put together and back in order: these become one layer again.
#include "core/engine/formats/onnx/operators.h"
#include "core/engine/formats/onnx/translation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

namespace bitscape::onnx_operators {
namespace {

bool isLayer(const Node& node)
{
    return node.op == Op::Conv2d || node.op == Op::Linear;
}

int addSlice(OnnxTranslation& translation, const NodeView& node, int from, std::int64_t begin, std::int64_t end)
{
    if (begin == 0 && end == translation.draft().shape(from).channels)
        return from;
    Node slice;
    slice.name = node.name() + ".slice";
    slice.op = Op::Slice;
    slice.inputs = { from };
    slice.begin = begin;
    slice.end = end;
    return translation.draft().add(std::move(slice));
}

/// Channels of one node of the draft.
struct Channels {
    int node = -1;
    std::vector<std::int64_t> which;
};

/// What a slice of channels is taken of; anything else is all channels of itself.
Channels sliceSource(const Draft& draft, int node)
{
    const Node& slice = draft.node(node);
    Channels channels { node, std::vector<std::int64_t>(static_cast<std::size_t>(slice.shape.channels)) };
    std::iota(channels.which.begin(), channels.which.end(), 0);
    if (slice.op == Op::Slice && slice.axis == Axis::Channels && slice.step == 1) {
        channels.node = slice.inputs.front();
        for (std::int64_t& channel : channels.which)
            channel += slice.begin;
    }
    return channels;
}

/// Where the channels of a concatenation of slices, of a slice or of anything else come from.
Channels sourceOf(const Draft& draft, int node)
{
    const Node& concat = draft.node(node);
    if (concat.op != Op::Concat || concat.axis != Axis::Channels)
        return sliceSource(draft, node);
    Channels all;
    for (const int input : concat.inputs) {
        const Channels part = sliceSource(draft, input);
        if (all.node >= 0 && all.node != part.node)
            return sliceSource(draft, node);
        all.node = part.node;
        all.which.insert(all.which.end(), part.which.begin(), part.which.end());
    }
    return all;
}

bool isPermutation(std::vector<std::int64_t> order)
{
    std::ranges::sort(order);
    for (std::size_t i = 0; i < order.size(); ++i) {
        if (order[i] != static_cast<std::int64_t>(i))
            return false;
    }
    return true;
}

/// Operators that make up one layer when they are put together.
class LayerParts final {
public:
    LayerParts(const Draft& draft, const std::vector<int>& parts)
        : m_draft(draft)
        , m_parts(parts)
        , m_node(draft.node(parts.front()))
    {
    }

    /// The layer with its filters in this order; nothing where there is none such.
    std::optional<std::pair<Node, NodeTensors>> inOrder(const std::vector<std::int64_t>& order)
    {
        if (!isPermutation(order) || !fitTogether())
            return std::nullopt;
        const auto filters = static_cast<std::int64_t>(order.size());
        const std::int64_t inputs = m_draft.shape(m_source).channels, groups = inputs / m_reads;
        if (inputs % m_reads != 0 || filters % groups != 0 || (groups > 1 && m_node.op != Op::Conv2d))
            return std::nullopt;
        const auto first = firstChannels();
        for (std::int64_t place = 0; place < filters; ++place) {
            const std::int64_t channel = first[static_cast<std::size_t>(order[static_cast<std::size_t>(place)])];
            if (channel != -1 && channel != place / (filters / groups) * m_reads)
                return std::nullopt;
        }
        m_node.inputs = { m_source };
        m_node.filters = filters;
        m_node.groups = static_cast<int>(groups);
        m_node.weight.clear();
        m_node.bias.clear();
        return std::pair { m_node, tensorsInOrder(at::tensor(order, at::kLong)) };
    }

private:
    /// Without a look at the weights, which may be large.
    bool fitTogether()
    {
        for (const int position : m_parts) {
            const Node& part = m_draft.node(position);
            const bool alike = isLayer(part) && part.op == m_node.op && part.kernel == m_node.kernel && part.stride == m_node.stride
                && part.padding == m_node.padding && part.dilation == m_node.dilation;
            if (!alike)
                return false;
            m_sources.push_back(sourceOf(m_draft, part.inputs.front()));
            const std::int64_t reads = m_draft.tensors(position).weight.size(1);
            if (m_sources.size() == 1) {
                m_source = m_sources.front().node;
                m_reads = reads;
            }
            if (m_sources.back().node != m_source || reads != m_reads)
                return false;
        }
        return true;
    }

    /// By filter, of the channels that it reads; -1 of a filter without weights, which reads none, -2 where they do not lie side by side.
    std::vector<std::int64_t> firstChannels() const
    {
        std::vector<std::int64_t> first;
        for (std::size_t i = 0; i < m_parts.size(); ++i) {
            const Node& part = m_draft.node(m_parts[i]);
            const at::Tensor silent = m_draft.tensors(m_parts[i]).weight.flatten(1).eq(0).all(1);
            const std::int64_t perGroup = part.op == Op::Conv2d ? part.filters / part.groups : part.filters;
            for (std::int64_t filter = 0; filter < part.filters; ++filter) {
                const auto begin = m_sources[i].which.begin() + filter / perGroup * m_reads;
                const bool together
                    = std::ranges::adjacent_find(begin, begin + m_reads, [](auto a, auto b) { return b != a + 1; }) == begin + m_reads;
                first.push_back(silent[filter].item<bool>() ? -1 : together ? *begin : -2);
            }
        }
        return first;
    }

    NodeTensors tensorsInOrder(const at::Tensor& order) const
    {
        std::vector<at::Tensor> weights, biases;
        bool isBiased = false;
        for (const int position : m_parts) {
            const NodeTensors& tensors = m_draft.tensors(position);
            weights.push_back(tensors.weight.to(at::kFloat));
            const bool has = tensors.bias.defined();
            biases.push_back(has ? tensors.bias.to(at::kFloat) : at::zeros({ m_draft.node(position).filters }));
            isBiased = isBiased || (has && weights.back().any().item<bool>()) || biases.back().any().item<bool>();
        }
        NodeTensors tensors { at::cat(weights).index_select(0, order), at::cat(biases).index_select(0, order), {}, {} };
        if (!isBiased)
            tensors.bias = at::Tensor();
        return tensors;
    }

    const Draft& m_draft;
    const std::vector<int>& m_parts;
    Node m_node;                     ///< the first
    int m_source = -1;               ///< what all parts read from
    std::int64_t m_reads = 0;        ///< input channels per filter
    std::vector<Channels> m_sources; ///< by part
};

/// Numbers that stand beside a layer's filters: filters without weights.
int constantFilters(OnnxTranslation& translation, const NodeView& node, const at::Tensor& values, int sibling)
{
    Draft& draft = translation.draft();
    Node layer = draft.node(sibling);
    const std::int64_t rank = layer.shape.flat ? 2 : 4;
    const bool fits = isLayer(layer) && at::isFloatingType(values.scalar_type()) && values.dim() == rank && values.size(0) == 1
        && (rank == 2 || (values.size(2) == layer.shape.height && values.size(3) == layer.shape.width));
    const at::Tensor flat = fits ? values.reshape({ values.size(1), -1 }) : values;
    if (!fits || flat.numel() == 0 || !flat.eq(flat.slice(1, 0, 1)).all().item<bool>())
        node.refuse("puts a constant beside activations; Bitscape takes one number per channel beside the filters of a layer only.");
    Sizes sizes = draft.tensors(sibling).weight.sizes().vec();
    sizes.front() = values.size(1);
    layer.name = node.name() + ".constant";
    layer.inputs = { addSlice(translation, node, sourceOf(draft, layer.inputs.front()).node, 0, sizes[1]) };
    layer.filters = sizes.front();
    layer.groups = 1;
    layer.weight.clear();
    layer.bias.clear();
    return draft.add(std::move(layer), { at::zeros(sizes), flat.select(1, 0).contiguous(), {}, {} });
}

/// Channels side by side as often as they are.
int chosenChannels(OnnxTranslation& translation, const NodeView& node, int from, const std::vector<std::int64_t>& which)
{
    Node concat;
    concat.name = node.name();
    concat.op = Op::Concat;
    for (std::size_t begin = 0, end = 0; begin < which.size(); begin = end) {
        for (end = begin + 1; end < which.size() && which[end] == which[end - 1] + 1;)
            ++end;
        concat.inputs.push_back(addSlice(translation, node, from, which[begin], which[end - 1] + 1));
    }
    const bool single = concat.inputs.size() == 1;
    return single ? concat.inputs.front() : translation.draft().add(std::move(concat));
}

} // namespace

void concat(OnnxTranslation& translation, const NodeView& node)
{
    int first = 0;
    while (first < node.inputs() && translation.value(node, first).isConstant())
        ++first;
    const OnnxValue& known = translation.activation(node, std::min(first, node.inputs() - 1));
    Node concat;
    concat.name = node.name();
    concat.op = Op::Concat;
    concat.axis = axisFrom(node, axisOf(node, node.integer("axis", 1), known.sizes.size()), known.sizes.size());
    const int sibling = translation.nodeOf(node, known);
    for (int k = 0; k < node.inputs(); ++k) {
        const OnnxValue& value = translation.value(node, k);
        if (value.isConstant() && concat.axis != Axis::Channels)
            node.refuse("puts the constant '" + node.input(k) + "' beside an activation.");
        concat.inputs.push_back(
            value.isConstant() ? constantFilters(translation, node, value.constant, sibling) : translation.nodeOf(node, value));
    }
    const bool single = concat.inputs.size() == 1;
    translation.define(node, 0, single ? concat.inputs.front() : translation.draft().add(std::move(concat)));
}

void gather(OnnxTranslation& translation, const NodeView& node)
{
    const OnnxValue& input = translation.activation(node, 0);
    const at::Tensor& chosen = translation.constant(node, 1);
    if (axisFrom(node, axisOf(node, node.integer("axis", 0), input.sizes.size()), input.sizes.size()) != Axis::Channels || chosen.dim() != 1
        || chosen.numel() == 0)
        node.refuse("chooses otherwise than from the channels of an activation.");
    Sizes which = integersOf(node, chosen);
    for (std::int64_t& channel : which) {
        channel += channel < 0 ? input.sizes[1] : 0;
        if (channel < 0 || channel >= input.sizes[1])
            node.refuse(ErrorCode::BadInput, "takes a channel that is not there.");
    }
    const int from = translation.nodeOf(node, input);
    const Node& concat = translation.draft().node(from);
    const bool joins = concat.op == Op::Concat && concat.axis == Axis::Channels;
    auto layer = joins ? LayerParts(translation.draft(), concat.inputs).inOrder(which) : std::nullopt;
    if (!layer) {
        translation.define(node, 0, chosenChannels(translation, node, from, which));
        return;
    }
    layer->first.name = node.name();
    const int position = translation.draft().add(std::move(layer->first), std::move(layer->second));
    translation.alias(node, position);
    translation.define(node, 0, position);
}

} // namespace bitscape::onnx_operators
