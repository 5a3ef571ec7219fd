// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/export/onnx_model.h"

#include "core/base/error.h"

#include <bit>
#include <limits>

namespace bitscape {

static_assert(std::endian::native == std::endian::little, "ONNX keeps raw data little-endian");

namespace {

constexpr std::int64_t kIrVersion = 7; ///< of ONNX 1.7, the first with opset 12 and 13 around it
constexpr std::int64_t kOpset = 13;    ///< the first whose DequantizeLinear has a scale per filter

void describe(onnx::ValueInfoProto& value, const std::string& name, const Shape& shape, std::int64_t batch)
{
    value.set_name(name);
    auto& tensor = *value.mutable_type()->mutable_tensor_type();
    tensor.set_elem_type(onnx::TensorProto::FLOAT);
    auto& sizes = *tensor.mutable_shape();
    if (batch > 0)
        sizes.add_dim()->set_dim_value(batch);
    else
        sizes.add_dim()->set_dim_param("N");
    sizes.add_dim()->set_dim_value(shape.channels);
    if (!shape.flat) {
        sizes.add_dim()->set_dim_value(shape.height);
        sizes.add_dim()->set_dim_value(shape.width);
    }
}

template <typename Stored, typename Value> std::string rawBytes(const std::vector<Value>& data)
{
    std::string raw;
    raw.reserve(data.size() * sizeof(Stored));
    for (const Value value : data) {
        const auto stored = static_cast<Stored>(value);
        raw.append(reinterpret_cast<const char*>(&stored), sizeof stored);
    }
    return raw;
}

onnx::AttributeProto& attribute(onnx::NodeProto& node, const std::string& name, onnx::AttributeProto::AttributeType type)
{
    onnx::AttributeProto& added = *node.add_attribute();
    added.set_name(name);
    added.set_type(type);
    return added;
}

} // namespace

OnnxModel::OnnxModel()
{
    m_model.set_ir_version(kIrVersion);
    m_model.set_producer_name("bitscape");
    m_model.set_producer_version(BITSCAPE_VERSION);
    use("", kOpset);
    m_model.mutable_graph()->set_name("network");
}

std::string OnnxModel::fresh(const std::string& name)
{
    std::string chosen = name;
    for (int number = 2; !m_names.insert(chosen).second; ++number)
        chosen = name + "_" + std::to_string(number);
    return chosen;
}

std::string OnnxModel::input(const std::string& name, const Shape& shape, std::int64_t batch)
{
    const std::string chosen = fresh(name);
    describe(*m_model.mutable_graph()->add_input(), chosen, shape, batch);
    return chosen;
}

void OnnxModel::output(const std::string& value, const Shape& shape, std::int64_t batch)
{
    describe(*m_model.mutable_graph()->add_output(), value, shape, batch);
}

onnx::NodeProto& OnnxModel::node(const std::string& type, const std::string& name, const std::vector<std::string>& inputs)
{
    onnx::NodeProto& added = *m_model.mutable_graph()->add_node();
    const std::string chosen = fresh(name);
    added.set_op_type(type);
    added.set_name(chosen);
    for (const std::string& value : inputs)
        added.add_input(value);
    added.add_output(chosen);
    return added;
}

onnx::TensorProto& OnnxModel::constant(const std::string& name, const std::vector<std::int64_t>& shape, onnx::TensorProto::DataType type)
{
    onnx::TensorProto& tensor = *m_model.mutable_graph()->add_initializer();
    tensor.set_name(fresh(name));
    tensor.set_data_type(type);
    for (const std::int64_t size : shape)
        tensor.add_dims(size);
    return tensor;
}

std::string OnnxModel::floats(const std::string& name, const std::vector<std::int64_t>& shape, const std::vector<float>& data)
{
    onnx::TensorProto& tensor = constant(name, shape, onnx::TensorProto::FLOAT);
    tensor.set_raw_data(rawBytes<float>(data));
    return tensor.name();
}

std::string OnnxModel::int64s(const std::string& name, const std::vector<std::int64_t>& data)
{
    onnx::TensorProto& tensor = constant(name, { static_cast<std::int64_t>(data.size()) }, onnx::TensorProto::INT64);
    tensor.set_raw_data(rawBytes<std::int64_t>(data));
    return tensor.name();
}

std::string OnnxModel::integers(
    const std::string& name, const std::vector<std::int64_t>& shape, const std::vector<int>& data, onnx::TensorProto::DataType type)
{
    onnx::TensorProto& tensor = constant(name, shape, type);
    tensor.set_raw_data(type == onnx::TensorProto::INT8 ? rawBytes<std::int8_t>(data)
            : type == onnx::TensorProto::UINT8          ? rawBytes<std::uint8_t>(data)
                                                        : rawBytes<std::int32_t>(data));
    return tensor.name();
}

void OnnxModel::note(const std::string& key, const std::string& value)
{
    onnx::StringStringEntryProto& entry = *m_model.add_metadata_props();
    entry.set_key(key);
    entry.set_value(value);
}

void OnnxModel::use(const std::string& domain, std::int64_t version)
{
    onnx::OperatorSetIdProto& set = *m_model.add_opset_import();
    set.set_domain(domain);
    set.set_version(version);
}

std::string OnnxModel::bytes() const
{
    std::string all;
    if (m_model.ByteSizeLong() > static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max()) || !m_model.SerializeToString(&all))
        throw Error(ErrorCode::Unsupported,
            "The network has " + std::to_string(m_model.ByteSizeLong() >> 20) + " MiB, and an ONNX file holds up to 2047.");
    return all;
}

onnx::NodeProto& with(onnx::NodeProto& node, const std::string& name, std::int64_t value)
{
    attribute(node, name, onnx::AttributeProto::INT).set_i(value);
    return node;
}

onnx::NodeProto& with(onnx::NodeProto& node, const std::string& name, float value)
{
    attribute(node, name, onnx::AttributeProto::FLOAT).set_f(value);
    return node;
}

onnx::NodeProto& with(onnx::NodeProto& node, const std::string& name, const std::string& value)
{
    attribute(node, name, onnx::AttributeProto::STRING).set_s(value);
    return node;
}

onnx::NodeProto& with(onnx::NodeProto& node, const std::string& name, const std::vector<std::int64_t>& values)
{
    onnx::AttributeProto& added = attribute(node, name, onnx::AttributeProto::INTS);
    for (const std::int64_t value : values)
        added.add_ints(value);
    return node;
}

} // namespace bitscape
