// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/export/onnx_execution.h"

#include "core/engine/formats/export/onnx_kernels.h"

#include "core/base/error.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <unordered_map>
#include <unordered_set>

namespace bitscape {
namespace {

using Values = OnnxExecution::Values;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& what)
{
    throw Error(ErrorCode::BadInput, "'" + file.string() + "' " + what + ".");
}

at::ScalarType typeOf(const std::filesystem::path& file, const onnx::TensorProto& tensor)
{
    switch (tensor.data_type()) {
    case onnx::TensorProto::FLOAT:
        return at::kFloat;
    case onnx::TensorProto::INT8:
        return at::kChar;
    case onnx::TensorProto::UINT8:
        return at::kByte;
    case onnx::TensorProto::INT32:
        return at::kInt;
    case onnx::TensorProto::INT64:
        return at::kLong;
    default:
        refuse(file, "has a constant '" + tensor.name() + "' of a type that Bitscape does not write");
    }
}

at::Tensor constant(const std::filesystem::path& file, const onnx::TensorProto& tensor)
{
    const std::string& raw = tensor.raw_data();
    const auto type = typeOf(file, tensor);
    std::int64_t elements = 1;
    for (const std::int64_t size : tensor.dims()) {
        if (size < 0 || (size > 0 && elements > static_cast<std::int64_t>(raw.size()) / size))
            refuse(file, "has a constant '" + tensor.name() + "' that is larger than its data");
        elements *= size;
    }
    if (raw.size() != static_cast<std::size_t>(elements) * at::elementSize(type))
        refuse(file, "has a constant '" + tensor.name() + "' whose data have another size");
    at::Tensor result = at::empty(std::vector<std::int64_t>(tensor.dims().begin(), tensor.dims().end()), type);
    std::memcpy(result.data_ptr(), raw.data(), raw.size());
    return result;
}

} // namespace

struct OnnxExecution::Content {
    onnx::ModelProto model;
    Values constants;
    std::vector<const onnx::NodeProto*> nodes; ///< that depend on the images
};

namespace {

at::Tensor computed(const onnx::NodeProto& node, const Values& constants, const Values& values)
{
    std::vector<at::Tensor> inputs;
    for (const std::string& name : node.input()) {
        const auto own = values.find(name);
        inputs.push_back(name.empty() ? at::Tensor() : own != values.end() ? own->second : constants.at(name));
    }
    return (*onnxKernel(node.op_type()))(node, inputs);
}

} // namespace

OnnxExecution::OnnxExecution(const std::filesystem::path& file)
{
    auto content = std::make_unique<Content>();
    std::ifstream in(file, std::ios::binary);
    if (!in || !content->model.ParseFromIstream(&in) || content->model.graph().input_size() == 0
        || content->model.graph().output_size() == 0)
        refuse(file, "is no ONNX file that Bitscape has written");
    const onnx::GraphProto& graph = content->model.graph();
    for (const onnx::TensorProto& tensor : graph.initializer())
        content->constants[tensor.name()] = constant(file, tensor);
    std::unordered_set<std::string> known;
    for (const onnx::ValueInfoProto& input : graph.input())
        known.insert(input.name());
    for (const onnx::NodeProto& node : graph.node()) {
        if (!onnxKernel(node.op_type()) || node.output_size() != 1)
            throw Error(ErrorCode::Unsupported,
                "'" + file.string() + "' has a node '" + node.name() + "' of type " + node.op_type() + ", which Bitscape does not write.");
        bool fixed = true;
        for (const std::string& name : node.input()) {
            fixed = fixed && (name.empty() || content->constants.contains(name));
            if (!name.empty() && !known.contains(name) && !content->constants.contains(name))
                refuse(file, "has a node '" + node.name() + "' that reads '" + name + "', which nothing makes");
        }
        known.insert(node.output(0));
        if (fixed)
            content->constants[node.output(0)] = computed(node, content->constants, {});
        else
            content->nodes.push_back(&node);
    }
    m_content = std::move(content);
}

OnnxExecution::~OnnxExecution() = default;
OnnxExecution::OnnxExecution(OnnxExecution&&) noexcept = default;

std::vector<std::string> OnnxExecution::inputs() const
{
    std::vector<std::string> names;
    for (const onnx::ValueInfoProto& input : m_content->model.graph().input())
        names.push_back(input.name());
    return names;
}

std::vector<std::string> OnnxExecution::outputs() const
{
    std::vector<std::string> names;
    for (const onnx::ValueInfoProto& output : m_content->model.graph().output())
        names.push_back(output.name());
    return names;
}

at::Tensor OnnxExecution::run(const at::Tensor& images) const
{
    const at::Tensor logits = run(Values { { inputs().front(), images } }).at(outputs().front());
    return logits.expand({ images.size(0), logits.size(1) });
}

Values OnnxExecution::run(const Values& given) const
{
    std::unordered_map<std::string, std::size_t> last; // the node that reads a value last
    for (std::size_t i = 0; i < m_content->nodes.size(); ++i) {
        for (const std::string& name : m_content->nodes[i]->input())
            last[name] = i;
    }
    const std::vector<std::string> wanted = outputs();
    Values values;
    for (const std::string& name : inputs()) {
        if (!given.contains(name))
            throw Error(ErrorCode::BadInput, "The file wants '" + name + "', which no file before it makes.");
        values[name] = given.at(name);
    }
    for (std::size_t i = 0; i < m_content->nodes.size(); ++i) {
        const onnx::NodeProto& node = *m_content->nodes[i];
        values[node.output(0)] = computed(node, m_content->constants, values);
        for (const std::string& name : node.input()) {
            if (last[name] == i && std::ranges::find(wanted, name) == wanted.end())
                values.erase(name);
        }
    }
    Values made;
    for (const std::string& name : wanted) {
        const auto found = values.find(name);
        made[name] = found != values.end() ? found->second : m_content->constants.at(name);
    }
    return made;
}

} // namespace bitscape
