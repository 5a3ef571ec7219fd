// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/export/export_qonnx.h"

#include "core/engine/formats/export/filter_groups.h"
#include "core/engine/formats/export/onnx_network.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

namespace bitscape {
namespace {

constexpr const char* kDomain = "qonnx.custom_op.general";

/// Quant with all its attributes: qonnx wants each of them.
std::string quant(OnnxModel& model, const std::string& name, const std::vector<std::string>& inputs, bool isSigned, bool narrow)
{
    onnx::NodeProto& added = model.node("Quant", name, inputs);
    added.set_domain(kDomain);
    with(added, "signed", std::int64_t { isSigned });
    with(added, "narrow", std::int64_t { narrow });
    return with(added, "rounding_mode", std::string("ROUND")).output(0);
}

/// One layer being written.
class LayerWriter final {
public:
    LayerWriter(OnnxModel& model, const Deployable& network, std::size_t layer, std::string input)
        : m_model(model)
        , m_network(network)
        , m_layer(network.layers[layer])
        , m_node(network.graph.nodes[static_cast<std::size_t>(m_layer.node)])
        , m_weights(network.weights[layer])
        , m_input(std::move(input))
        , m_weight(network.tensors.at(m_node.weight).contiguous())
        , m_bias(m_node.bias.empty() ? at::zeros({ m_layer.filters }) : network.tensors.at(m_node.bias).contiguous())
    {
    }

    std::string write()
    {
        const auto groups = filterGroups(m_layer, m_weights);
        if (groups.size() == 1 && std::ranges::is_sorted(groups.front().filters))
            return part(groups.front(), m_node.name);
        std::vector<std::string> parts;
        std::vector<std::int64_t> order(static_cast<std::size_t>(m_layer.filters));
        std::int64_t place = 0;
        for (const FilterGroup& group : groups) {
            parts.push_back(part(group, m_node.name + "." + std::to_string(group.bits) + "bit"));
            for (const std::int64_t filter : group.filters)
                order[static_cast<std::size_t>(filter)] = place++;
        }
        onnx::NodeProto& all = with(m_model.node("Concat", m_node.name + ".groups", parts), "axis", std::int64_t { 1 });
        const std::string indices = m_model.int64s(m_node.name + ".order", order);
        return with(m_model.node("Gather", m_node.name, { all.output(0), indices }), "axis", std::int64_t { 1 }).output(0);
    }

private:
    std::string part(const FilterGroup& group, const std::string& name)
    {
        if (group.bits == 0)
            return constant(group, name);
        return group.bits == 1 ? bipolar(group, name) : several(group, name);
    }

    /// [1, filters, H, W]: the bias, which is 0 of a 0-bit filter.
    std::string constant(const FilterGroup& group, const std::string& name)
    {
        const Shape& out = m_node.shape;
        std::vector<std::int64_t> shape { 1, static_cast<std::int64_t>(group.filters.size()), out.height, out.width };
        if (out.flat)
            shape.resize(2);
        std::vector<float> values;
        for (const float bias : biases(group))
            values.insert(values.end(), static_cast<std::size_t>(out.positions()), bias);
        return m_model.node("Identity", name, { m_model.floats(name + ".values", shape, values) }).output(0);
    }

    std::string bipolar(const FilterGroup& group, const std::string& name)
    {
        const std::string signs = m_model.floats(name + ".signs", weightShape(group), values(group, true));
        onnx::NodeProto& weight = m_model.node("BipolarQuant", name + ".weight", { signs, m_model.scalar(name + ".unit", 1) });
        weight.set_domain(kDomain);
        const bool biased = !m_node.bias.empty();
        const std::string sums = addLayer(m_model, m_node, name + ".sums", { read(group, name), weight.output(0) }, group.groups).output(0);
        const std::string scaled = m_model
                                       .node("Mul", biased ? name + ".scaled" : name,
                                           { sums, m_model.floats(name + ".scales", perChannel(group), scales(group)) })
                                       .output(0);
        if (!biased)
            return scaled;
        return m_model.node("Add", name, { scaled, m_model.floats(name + ".bias", perChannel(group), biases(group)) }).output(0);
    }

    std::string several(const FilterGroup& group, const std::string& name)
    {
        const bool midrise = m_network.quantizer.grid == Grid::Midrise;
        std::vector<float> steps = scales(group);
        std::ranges::transform(steps, steps.begin(), [&](float scale) { return midrise ? 2 * scale : scale; });
        std::vector<std::int64_t> shape(static_cast<std::size_t>(m_weight.dim()), 1);
        shape[0] = static_cast<std::int64_t>(group.filters.size());
        const float zero = midrise ? static_cast<float>((1 << group.bits) - 1) / 2 : 0.0F;
        const std::string weight = quant(m_model, name + ".weight",
            { m_model.floats(name + ".values", weightShape(group), values(group, false)), m_model.floats(name + ".scales", shape, steps),
                m_model.scalar(name + ".zero", zero), m_model.scalar(name + ".bits", static_cast<float>(group.bits)) },
            !midrise, !midrise);
        std::vector<std::string> inputs { read(group, name), weight };
        if (!m_node.bias.empty())
            inputs.push_back(m_model.floats(name + ".bias", { shape[0] }, biases(group)));
        return addLayer(m_model, m_node, name, inputs, group.groups).output(0);
    }

    std::string read(const FilterGroup& group, const std::string& name)
    {
        if (group.inputs.empty())
            return m_input;
        const std::string channels = m_model.int64s(name + ".channels", group.inputs);
        return with(m_model.node("Gather", name + ".input", { m_input, channels }), "axis", std::int64_t { 1 }).output(0);
    }

    std::vector<std::int64_t> weightShape(const FilterGroup& group) const
    {
        std::vector<std::int64_t> shape = m_weight.sizes().vec();
        shape[0] = static_cast<std::int64_t>(group.filters.size());
        return shape;
    }

    std::vector<std::int64_t> perChannel(const FilterGroup& group) const
    {
        std::vector<std::int64_t> shape(static_cast<std::size_t>(m_weight.dim()), 1);
        shape[1] = static_cast<std::int64_t>(group.filters.size());
        return shape;
    }

    /// The quantized weights, or their levels.
    std::vector<float> values(const FilterGroup& group, bool levels) const
    {
        std::vector<float> all;
        const std::size_t count = m_weights.perFilter();
        for (const std::int64_t filter : group.filters) {
            for (std::size_t i = static_cast<std::size_t>(filter) * count; i < static_cast<std::size_t>(filter + 1) * count; ++i)
                all.push_back(levels ? static_cast<float>(m_weights.levels[i]) : m_weight.data_ptr<float>()[i]);
        }
        return all;
    }

    std::vector<float> scales(const FilterGroup& group) const
    {
        std::vector<float> all;
        for (const std::int64_t filter : group.filters)
            all.push_back(m_weights.scales[static_cast<std::size_t>(filter)]);
        return all;
    }

    std::vector<float> biases(const FilterGroup& group) const
    {
        std::vector<float> all;
        for (const std::int64_t filter : group.filters)
            all.push_back(m_bias.data_ptr<float>()[filter]);
        return all;
    }

    OnnxModel& m_model;
    const Deployable& m_network;
    const Layer& m_layer;
    const Node& m_node;
    const IntegerWeights& m_weights;
    std::string m_input;
    at::Tensor m_weight, m_bias;
};

std::string layerOf(OnnxModel& model, const Deployable& network, std::size_t layer, const std::string& input)
{
    if (network.isQuantized())
        return LayerWriter(model, network, layer, input).write();
    const Node& node = network.graph.nodes[static_cast<std::size_t>(network.layers[layer].node)];
    std::vector<std::string> inputs { input, addTensor(model, network, node.weight) };
    if (!node.bias.empty())
        inputs.push_back(addTensor(model, network, node.bias));
    return addLayer(model, node, node.name, inputs, node.groups).output(0);
}

/// A tap that is never anything but zero has no scale: clipping says so.
std::string quantized(OnnxModel& model, const std::string& value, const ActivationGrid& grid, int bits, bool isUnsigned)
{
    std::string from = value;
    if (grid.scale <= 0)
        from = model.node("Clip", value + ".clipped", { value, model.scalar(value + ".low", 0), model.scalar(value + ".high", 0) })
                   .output(0);
    const int width = isUnsigned ? bits : std::max(bits, 2);
    return quant(model, value + ".quantized",
        { from, model.scalar(value + ".scale", grid.scale > 0 ? grid.scale : 1.0F), model.scalar(value + ".zero", 0),
            model.scalar(value + ".bits", static_cast<float>(width)) },
        !isUnsigned, !isUnsigned);
}

} // namespace

std::string exportQonnx(const Deployable& network)
{
    OnnxModel model;
    if (network.isQuantized() || !network.ranges.empty())
        model.use(kDomain, 1);
    OnnxDialect dialect;
    dialect.batch = 1;
    dialect.layer = [&](OnnxModel& to, std::size_t layer, const std::string& input) { return layerOf(to, network, layer, input); };
    dialect.activation = [&](OnnxModel& to, const std::string& value, const ActivationGrid& grid, bool isUnsigned) {
        return quantized(to, value, grid, network.activationBits, isUnsigned);
    };
    writeOnnxNetwork(network, dialect, model);
    return model.bytes();
}

} // namespace bitscape
