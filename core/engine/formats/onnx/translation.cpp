// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/onnx/translation.h"

#include "core/engine/formats/onnx/constant_folding.h"
#include "core/engine/formats/onnx/image_input.h"
#include "core/engine/formats/onnx/operators.h"
#include "core/engine/formats/onnx/tensor_values.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

namespace bitscape {
namespace {

constexpr std::int64_t kFoldedFloor = std::int64_t { 16 } << 20;

/// Elements that weights may grow to by casts, transposes and the like, and by being used again.
std::int64_t foldBudget(const OnnxModelFile& file)
{
    std::int64_t elements = kFoldedFloor;
    for (const auto& [name, tensor] : file.initializers)
        elements += 4 * elementsOf(tensor);
    return elements;
}

std::map<std::string, int> readersOf(const onnx::GraphProto& graph)
{
    std::map<std::string, int> readers;
    for (const auto& node : graph.node()) {
        for (const auto& input : node.input())
            ++readers[input];
    }
    ++readers[graph.output(0).name()];
    return readers;
}

/// The nodes that lead to the output.
std::vector<bool> neededNodes(const onnx::GraphProto& graph)
{
    std::set<std::string> values { graph.output(0).name() };
    std::vector<bool> needed(static_cast<std::size_t>(graph.node_size()), false);
    for (int i = graph.node_size(); i-- > 0;) {
        const auto& node = graph.node(i);
        const bool wanted = std::ranges::any_of(node.output(), [&](const std::string& output) { return values.contains(output); });
        needed[static_cast<std::size_t>(i)] = wanted;
        if (wanted)
            values.insert(node.input().begin(), node.input().end());
    }
    return needed;
}

Shape shapeOf(const Sizes& sizes)
{
    return sizes.size() == 2 ? Shape { sizes[1], 1, 1, true } : Shape { sizes[1], sizes[2], sizes[3], false };
}

} // namespace

OnnxTranslation::OnnxTranslation(
    const OnnxModelFile& file, DeclaredShapes declared, const ImportOptions& options, std::vector<std::string>& notes)
    : m_file(file)
    , m_declared(std::move(declared))
    , m_notes(notes)
    , m_foldBudget(foldBudget(file))
    , m_image(imageOf(imageInput(file), options))
    , m_draft(m_image.shape, m_foldBudget)
    , m_readers(readersOf(file.model.graph()))
{
    if (m_image.isOverridden)
        m_declared.clear();
    OnnxValue image { {}, elementOf(0), m_image.sizes, {}, {} };
    if (m_readers[imageInput(file).name()] != 1)
        m_shared.insert(0);
    m_values.emplace(imageInput(file).name(), std::move(image));
}

int OnnxTranslation::run(JobContext& context)
{
    const onnx::GraphProto& graph = m_file.model.graph();
    const auto needed = neededNodes(graph);
    for (int i = 0; i < graph.node_size(); ++i) {
        if (!needed[static_cast<std::size_t>(i)])
            continue;
        context.checkpoint();
        context.progress({ static_cast<double>(i), static_cast<double>(graph.node_size()), "operators", {} });
        const NodeView node(graph.node(i));
        if (!fold(node))
            translate(*this, node);
    }
    const auto found = m_values.find(graph.output(0).name());
    if (found == m_values.end() || found->second.isConstant())
        throw Error(ErrorCode::BadInput, "The model's output does not depend on the image.");
    const OnnxValue& output = found->second;
    const bool isVector = output.sizes.size() == 2 || (output.sizes.size() == 4 && output.sizes[2] == 1 && output.sizes[3] == 1);
    if (!isVector)
        throw Error(ErrorCode::Unsupported,
            "The model's output is " + toString(output.sizes) + "; Bitscape takes classifiers, whose output is one score per class.");
    if (output.sizes.size() == 4)
        note("The output's positions, of which there is one, are taken off it.");
    const std::string& name = output.reshapedBy.empty() ? graph.output(0).name() : output.reshapedBy;
    return shaped(name, nodeOf(*output.element), { output.sizes[1], 1, 1, true });
}

const OnnxValue& OnnxTranslation::value(const NodeView& node, int k) const
{
    if (!node.has(k))
        node.refuse(ErrorCode::BadInput, "lacks input " + std::to_string(k + 1) + ".");
    const auto found = m_values.find(node.input(k));
    if (found != m_values.end())
        return found->second;
    const auto tensor = m_file.initializers.find(node.input(k));
    if (tensor == m_file.initializers.end())
        node.refuse("reads '" + node.input(k) + "', an output that Bitscape does not compute.");
    OnnxValue loaded;
    loaded.constant = valuesOf(tensor->second, m_file.folder);
    loaded.sizes = sizesOf(loaded.constant);
    return m_values.emplace(node.input(k), std::move(loaded)).first->second;
}

const OnnxValue& OnnxTranslation::activation(const NodeView& node, int k) const
{
    const OnnxValue& found = value(node, k);
    if (found.isConstant())
        node.refuse("reads the constant '" + node.input(k) + "' where Bitscape wants what depends on the image.");
    return found;
}

const at::Tensor& OnnxTranslation::constant(const NodeView& node, int k) const
{
    const OnnxValue& found = value(node, k);
    if (!found.isConstant())
        node.refuse("reads '" + node.input(k) + "', which depends on the image, where Bitscape wants a constant.");
    return found.constant;
}

std::optional<Sizes> OnnxTranslation::integers(const NodeView& node, int k) const
{
    return node.has(k) ? std::optional(integersOf(node, constant(node, k))) : std::nullopt;
}

int OnnxTranslation::nodeOf(const NodeView& reader, const OnnxValue& value)
{
    if (value.sizes.size() != 2 && value.sizes.size() != 4)
        reader.refuse("reads " + toString(value.sizes) + "; Bitscape works on images [N,C,H,W] and vectors [N,F].");
    if (!value.expandedFrom.empty())
        reader.refuse("reads what has been expanded to " + toString(value.sizes) + "; Bitscape multiplies with such only.");
    return shaped(value.reshapedBy, nodeOf(*value.element), shapeOf(value.sizes));
}

int OnnxTranslation::nodeOf(Elementwise& element)
{
    if (element.made >= 0)
        return element.made;
    const bool isDirect = element.own && element.parts.front()->made >= 0;
    const auto known = isDirect ? std::nullopt : activationOf(element.function);
    if (known && known->op == Op::Identity)
        return element.made = element.base;
    Node node = known ? *known : element.own.value_or(Node {});
    if (known) {
        node.inputs = { element.base };
    } else if (element.own || element.join != Op::Identity) {
        node.op = element.own ? node.op : element.join;
        for (const auto& part : element.parts)
            node.inputs.push_back(nodeOf(*part));
    } else {
        throw Error(ErrorCode::Unsupported,
            "Node '" + element.name + "' (" + element.type
                + ") computes what no operator of Bitscape does: such arithmetic is read as part of ReLU6, hard sigmoid, hard swish, SiLU "
                  "and "
                  "GELU, or directly behind a layer.");
    }
    node.name = element.name;
    return element.made = m_draft.add(std::move(node));
}

void OnnxTranslation::define(const NodeView& node, int k, int draftNode)
{
    const Shape& shape = m_draft.shape(draftNode);
    Sizes sizes { m_image.sizes.front(), shape.channels };
    if (!shape.flat)
        sizes.insert(sizes.end(), { shape.height, shape.width });
    define(node, k, OnnxValue { {}, elementOf(draftNode), std::move(sizes), {}, {} });
}

void OnnxTranslation::define(const NodeView& node, int k, OnnxValue value)
{
    const std::string& name = node.output(k);
    if (!value.isConstant()) {
        if (value.sizes.empty() || value.sizes.front() != m_image.sizes.front())
            node.refuse("moves images into another axis than the first.");
        compare(node, k, value.sizes);
        if (m_readers[name] != 1)
            m_shared.insert(value.element->base);
    }
    m_values.insert_or_assign(name, std::move(value));
}

void OnnxTranslation::defineConstant(const NodeView& node, const at::Tensor& constant)
{
    define(node, 0, OnnxValue { constant, {}, sizesOf(constant), {}, {} });
}

bool OnnxTranslation::fold(const NodeView& node)
{
    if (!isFoldable(node.type()) || node.outputs() != 1)
        return false;
    std::vector<at::Tensor> inputs;
    for (int k = 0; k < node.inputs(); ++k) {
        inputs.push_back(node.has(k) ? value(node, k).constant : at::Tensor());
        if (node.has(k) && !inputs.back().defined())
            return false;
    }
    const at::Tensor result = folded(node, inputs, m_file.folder, m_foldBudget);
    m_foldBudget -= result.numel();
    defineConstant(node, result);
    return true;
}

void OnnxTranslation::compare(const NodeView& node, int k, const Sizes& sizes) const
{
    const auto found = m_declared.find(node.output(k));
    if (found == m_declared.end())
        return;
    bool fits = found->second.size() == sizes.size();
    for (std::size_t i = 1; fits && i < sizes.size(); ++i)
        fits = found->second[i] < 0 || found->second[i] == sizes[i];
    if (!fits)
        node.refuse(ErrorCode::BadInput,
            "makes " + toString(sizes) + " where the file says " + toString(found->second) + ": export the model again.");
}

int OnnxTranslation::shaped(const std::string& name, int draftNode, const Shape& shape)
{
    if (m_draft.shape(draftNode) == shape)
        return draftNode;
    const auto [place, isNew] = m_reshaped.try_emplace({ draftNode, bitscape::toString(shape) });
    if (isNew) {
        Node node;
        node.name = name;
        node.op = shape.flat ? Op::Flatten : Op::Reshape;
        node.inputs = { draftNode };
        node.shape = shape;
        place->second = m_draft.add(std::move(node));
    }
    return place->second;
}

std::shared_ptr<Elementwise> elementOf(int draftNode)
{
    auto element = std::make_shared<Elementwise>();
    element->base = element->made = draftNode;
    element->function = identityFunction();
    return element;
}

std::string toString(const Sizes& sizes)
{
    std::string text;
    for (const std::int64_t size : sizes)
        text += (text.empty() ? "[" : ", ") + (size < 0 ? std::string("?") : std::to_string(size));
    return text.empty() ? "[]" : text + "]";
}

} // namespace bitscape
