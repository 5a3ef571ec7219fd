// SPDX-License-Identifier: GPL-3.0-or-later
// Writes ONNX models with libonnx's own classes.
#pragma once

#include <ATen/ATen.h>

#include <onnx/onnx_pb.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <variant>
#include <vector>

namespace bitscape::test {

using Numbers = std::vector<std::int64_t>;

/// An attribute of a node.
struct With {
    std::string name;
    std::variant<std::int64_t, float, std::string, Numbers> value;
};

class OnnxWriter final {
public:
    explicit OnnxWriter(std::int64_t opset = 13)
    {
        model.set_ir_version(opset > 17 ? 9 : 8);
        model.set_producer_name("tests");
        model.set_producer_version("1.0");
        model.add_opset_import()->set_version(opset);
        model.mutable_graph()->set_name("network");
    }

    /// The image; a size of 0 is not fixed.
    std::string input(const Numbers& sizes, const std::string& name = "image") { return value(*graph().add_input(), name, sizes); }
    void output(const std::string& name, const Numbers& sizes = { 0, 0 }) { value(*graph().add_output(), name, sizes); }
    void says(const std::string& name, const Numbers& sizes) { value(*graph().add_value_info(), name, sizes); }

    /// Answers its first output, which is called as the node is.
    std::string node(const std::string& type, const std::vector<std::string>& inputs, const std::vector<With>& attributes = {},
        const std::string& name = {}, int outputs = 1)
    {
        onnx::NodeProto& node = *graph().add_node();
        node.set_op_type(type);
        node.set_name(name.empty() ? type + "_" + std::to_string(graph().node_size()) : name);
        for (const std::string& input : inputs)
            node.add_input(input);
        for (int k = 0; k < outputs; ++k)
            node.add_output(k == 0 ? node.name() : node.name() + "_" + std::to_string(k));
        for (const With& attribute : attributes)
            add(*node.add_attribute(), attribute);
        return node.name();
    }

    /// An initialiser with raw data, of the tensor's own type.
    std::string tensor(const std::string& name, const at::Tensor& values) { return fill(*graph().add_initializer(), name, values); }
    std::string numbers(const std::string& name, const Numbers& values) { return tensor(name, at::tensor(values, at::kLong)); }
    std::string scalar(const std::string& name, double value) { return tensor(name, at::scalar_tensor(value, at::kFloat)); }

    /// The same as a Constant node.
    std::string constant(const std::string& name, const at::Tensor& values)
    {
        onnx::NodeProto& node = *graph().add_node();
        node.set_op_type("Constant");
        node.set_name(name);
        node.add_output(name);
        onnx::AttributeProto& attribute = *node.add_attribute();
        attribute.set_name("value");
        attribute.set_type(onnx::AttributeProto::TENSOR);
        fill(*attribute.mutable_t(), name + "_value", values);
        return name;
    }

    void note(const std::string& key, const std::string& value)
    {
        auto& entry = *model.add_metadata_props();
        entry.set_key(key);
        entry.set_value(value);
    }

    onnx::GraphProto& graph() { return *model.mutable_graph(); }
    std::string bytes() const { return model.SerializeAsString(); }

    std::filesystem::path save(const std::filesystem::path& file) const
    {
        std::ofstream(file, std::ios::binary) << bytes();
        return file;
    }

    onnx::ModelProto model;

private:
    static std::string value(onnx::ValueInfoProto& info, const std::string& name, const Numbers& sizes)
    {
        info.set_name(name);
        auto& type = *info.mutable_type()->mutable_tensor_type();
        type.set_elem_type(onnx::TensorProto::FLOAT);
        for (std::size_t i = 0; i < sizes.size(); ++i) {
            auto& dimension = *type.mutable_shape()->add_dim();
            if (sizes[i] > 0)
                dimension.set_dim_value(sizes[i]);
            else
                dimension.set_dim_param(name + std::to_string(i));
        }
        return name;
    }

    static void add(onnx::AttributeProto& attribute, const With& with)
    {
        attribute.set_name(with.name);
        if (const auto* integer = std::get_if<std::int64_t>(&with.value)) {
            attribute.set_type(onnx::AttributeProto::INT);
            attribute.set_i(*integer);
        } else if (const auto* real = std::get_if<float>(&with.value)) {
            attribute.set_type(onnx::AttributeProto::FLOAT);
            attribute.set_f(*real);
        } else if (const auto* text = std::get_if<std::string>(&with.value)) {
            attribute.set_type(onnx::AttributeProto::STRING);
            attribute.set_s(*text);
        } else {
            attribute.set_type(onnx::AttributeProto::INTS);
            for (const std::int64_t number : std::get<Numbers>(with.value))
                attribute.add_ints(number);
        }
    }

    static int typeOf(const at::Tensor& values)
    {
        switch (values.scalar_type()) {
        case at::kHalf:
            return onnx::TensorProto::FLOAT16;
        case at::kBFloat16:
            return onnx::TensorProto::BFLOAT16;
        case at::kDouble:
            return onnx::TensorProto::DOUBLE;
        case at::kLong:
            return onnx::TensorProto::INT64;
        case at::kInt:
            return onnx::TensorProto::INT32;
        case at::kChar:
            return onnx::TensorProto::INT8;
        case at::kByte:
            return onnx::TensorProto::UINT8;
        default:
            return onnx::TensorProto::FLOAT;
        }
    }

    static std::string fill(onnx::TensorProto& tensor, const std::string& name, const at::Tensor& values)
    {
        const at::Tensor plain = values.contiguous();
        tensor.set_name(name);
        tensor.set_data_type(typeOf(values));
        for (const std::int64_t size : values.sizes())
            tensor.add_dims(size);
        tensor.set_raw_data(plain.data_ptr(), plain.nbytes());
        return name;
    }
};

} // namespace bitscape::test
