// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/onnx/model_checks.h"

#include "core/base/error.h"
#include "core/engine/formats/onnx/constant_folding.h"
#include "core/engine/formats/onnx/node_view.h"
#include "core/engine/formats/onnx/operators.h"
#include "core/engine/formats/onnx/tensor_values.h"

#include <onnx/checker.h>
#include <onnx/shape_inference/implementation.h>

#include <algorithm>
#include <set>

namespace bitscape {
namespace {

constexpr std::int64_t kNewestSchemas = 17; ///< of Debian's libonnx 1.12
constexpr std::int64_t kNewestIr = 8;
constexpr std::int64_t kLargestWindow = std::int64_t { 1 } << 20;
constexpr std::int64_t kSmallTensor = 1024; ///< elements: what shapes may depend on

void checkOperator(const NodeView& node, const std::string& domain)
{
    const std::string& type = node.type();
    const bool isQonnx = type == "Quant" || type == "BipolarQuant";
    const bool isHome = isQonnx ? domain == "qonnx.custom_op.general" || domain == "onnx.brevitas" : isOnnxDomain(domain);
    if (isHome && (isTranslated(type) || isFoldable(type)))
        return;
    const std::string shown = isOnnxDomain(domain) ? type : domain + "." + type;
    node.refuse("is an operator that Bitscape does not have: '" + shown + "'. It reads " + translatedOperators() + ".");
}

/// ONNX's shape inference divides by strides and multiplies sizes without a look at them.
void checkWindow(const NodeView& node)
{
    for (const char* attribute : { "strides", "dilations", "kernel_shape" }) {
        const auto values = node.integers(attribute).value_or(std::vector<std::int64_t> {});
        if (std::ranges::any_of(values, [](std::int64_t value) { return value < 1 || value > kLargestWindow; }))
            node.refuse(ErrorCode::BadInput, std::string("has ") + attribute + " that no window has.");
    }
    const auto pads = node.integers("pads").value_or(std::vector<std::int64_t> {});
    if (std::ranges::any_of(pads, [](std::int64_t value) { return value < -kLargestWindow || value > kLargestWindow; }))
        node.refuse(ErrorCode::BadInput, "has pads that no image has.");
}

/// Every value once, and before it is read: so there is no cycle.
void checkOrder(const OnnxModelFile& file)
{
    std::set<std::string> known;
    for (const auto& input : file.model.graph().input())
        known.insert(input.name());
    for (const auto& [name, tensor] : file.initializers)
        known.insert(name);
    for (const auto& proto : file.model.graph().node()) {
        const NodeView node(proto);
        checkOperator(node, proto.domain());
        checkWindow(node);
        for (int k = 0; k < node.inputs(); ++k) {
            if (node.has(k) && !known.contains(node.input(k)))
                node.refuse(
                    ErrorCode::BadInput, "reads '" + node.input(k) + "', which nothing before it makes: the graph has a gap or a cycle.");
        }
        for (int k = 0; k < node.outputs(); ++k) {
            if (!node.output(k).empty() && !known.insert(node.output(k)).second)
                node.refuse(ErrorCode::BadInput, "makes '" + node.output(k) + "', which is there already.");
        }
    }
    const std::string& output = file.model.graph().output(0).name();
    if (!known.contains(output))
        throw Error(ErrorCode::BadInput, "Nothing in the model makes its output '" + output + "'.");
}

void checkTensors(const OnnxModelFile& file)
{
    for (const auto& [name, tensor] : file.initializers)
        checkTensor(tensor, file.folder);
    for (const auto& proto : file.model.graph().node()) {
        for (const auto& attribute : proto.attribute()) {
            if (attribute.type() == onnx::AttributeProto::TENSOR)
                checkTensor(attribute.t(), file.folder);
        }
    }
}

/// The model with its large tensors as inputs: all that schemas ask of them is type and shape.
onnx::ModelProto skeletonOf(const OnnxModelFile& file)
{
    onnx::ModelProto skeleton = file.model;
    skeleton.set_ir_version(std::min(skeleton.ir_version(), kNewestIr));
    onnx::GraphProto& graph = *skeleton.mutable_graph();
    std::set<std::string> inputs;
    for (const auto& input : graph.input())
        inputs.insert(input.name());
    for (const auto& [name, tensor] : file.initializers) {
        if (tensor.data_location() != onnx::TensorProto::EXTERNAL && elementsOf(tensor) <= kSmallTensor) {
            *graph.add_initializer() = tensor;
            if (skeleton.ir_version() >= 4 || inputs.contains(name))
                continue;
        } else if (inputs.contains(name)) {
            continue;
        }
        onnx::ValueInfoProto& input = *graph.add_input();
        input.set_name(name);
        auto& type = *input.mutable_type()->mutable_tensor_type();
        type.set_elem_type(tensor.data_type());
        type.mutable_shape();
        for (const std::int64_t size : tensor.dims())
            type.mutable_shape()->add_dim()->set_dim_value(size);
    }
    return skeleton;
}

/// The first line says it; what follows repeats the graph.
std::string firstLine(const std::string& text)
{
    return text.substr(0, text.find('\n'));
}

void noteShape(const onnx::ValueInfoProto& value, DeclaredShapes& shapes)
{
    if (!value.type().has_tensor_type() || !value.type().tensor_type().has_shape())
        return;
    std::vector<std::int64_t> sizes;
    for (const auto& dimension : value.type().tensor_type().shape().dim())
        sizes.push_back(dimension.has_dim_value() ? dimension.dim_value() : -1);
    shapes.emplace(value.name(), std::move(sizes));
}

DeclaredShapes shapesIn(const onnx::GraphProto& graph)
{
    DeclaredShapes shapes;
    for (const auto& value : graph.value_info())
        noteShape(value, shapes);
    for (const auto& value : graph.output())
        noteShape(value, shapes);
    return shapes;
}

} // namespace

DeclaredShapes checkOnnxModel(const OnnxModelFile& file)
{
    checkOrder(file);
    checkTensors(file);
    if (file.opset > kNewestSchemas)
        return shapesIn(file.model.graph());
    onnx::ModelProto skeleton = skeletonOf(file);
    try {
        onnx::checker::check_model(skeleton);
        onnx::shape_inference::InferShapes(skeleton);
    } catch (const std::exception& error) {
        throw Error(ErrorCode::BadInput, "ONNX's own checker refuses the model: " + firstLine(error.what()));
    }
    return shapesIn(skeleton.graph());
}

} // namespace bitscape
