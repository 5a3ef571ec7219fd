// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/script_call.h"

#include "core/base/error.h"
#include "core/engine/formats/torchscript/script_parameter.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/ir/ir.h>

#include <algorithm>

namespace bitscape::script {
namespace {

/// Whether a module has none inside: a layer or an activation of its own.
bool isLeaf(const Module& module)
{
    return module.object && std::ranges::none_of(module.object->type()->getAttributes(), [](const c10::ClassAttribute& attribute) {
        return attribute.getType()->cast<c10::ClassType>() && attribute.getType()->cast<c10::ClassType>()->is_module();
    });
}

Shape shapeOf(const std::vector<std::int64_t>& dims)
{
    return dims.size() == 1 ? Shape { dims[0], 1, 1, true } : Shape { dims[0], dims[1], dims[2], false };
}

std::vector<std::int64_t> dimsOf(const Shape& shape)
{
    return shape.flat ? std::vector { shape.channels } : std::vector { shape.channels, shape.height, shape.width };
}

} // namespace

std::string placeOf(const torch::jit::Node& node, const Module& self)
{
    std::string place = self.path.empty() ? "in the network's own forward" : "in module '" + self.path + "'";
    if (const auto where = node.sourceRange().file_line_col())
        place += ", line " + std::to_string(std::get<1>(*where)) + " of " + std::get<0>(*where);
    return place;
}

Call::Call(
    const torch::jit::Node& node, const Module& self, std::vector<Value> values, NetworkDraft& draft, std::vector<std::string>& notes)
    : m_node(node)
    , m_self(self)
    , m_values(std::move(values))
    , m_draft(draft)
    , m_notes(notes)
{
}

void Call::note(const std::string& sentence) const
{
    if (std::ranges::find(m_notes, sentence) == m_notes.end())
        m_notes.push_back(sentence);
}

const Value* Call::find(std::string_view name) const
{
    const c10::FunctionSchema* schema = m_node.maybeSchema();
    if (!schema)
        return nullptr;
    for (std::size_t i = 0; i < schema->arguments().size() && i < m_values.size(); ++i) {
        if (schema->arguments()[i].name() == name)
            return &m_values[i];
    }
    return nullptr;
}

const Value& Call::at(std::string_view name) const
{
    const Value* value = find(name);
    if (!value)
        refuse("has no input '" + std::string(name) + "' in this form");
    return *value;
}

bool Call::isNone(std::string_view name) const
{
    const Value* value = find(name);
    return !value || std::holds_alternative<std::monostate>(*value);
}

ActivationPtr Call::activation(std::string_view name) const
{
    return activation(at(name), name);
}

ActivationPtr Call::activation(const Value& value, std::string_view name) const
{
    const auto* x = std::get_if<ActivationPtr>(&value);
    if (x && (*x)->expanded)
        refuse("reads a tensor that was expanded over positions, which is understood only as a factor");
    return checked(value, name);
}

ActivationPtr Call::factor(std::string_view name) const
{
    return checked(at(name), name);
}

ActivationPtr Call::checked(const Value& value, std::string_view name) const
{
    if (std::holds_alternative<PartialSwish>(value))
        refuse("reads a sum with a number, which is understood only as part of a hard-swish, x * relu6(x + 3) / 6");
    if (std::holds_alternative<PartialQuantizer>(value))
        refuse("reads a tensor divided by a number, which is understood only as part of a quantizer or a hard-swish");
    const auto* x = std::get_if<ActivationPtr>(&value);
    if (!x)
        refuse("has " + kindOf(value) + " as '" + std::string(name) + "' where what the network computes is needed");
    if (!(*x)->softmax.empty())
        refuse("stands behind a " + (*x)->softmax + ", which is understood only at the network's end");
    if ((*x)->version != *(*x)->storage)
        refuse("reads a tensor that was changed in place through another view of it");
    return *x;
}

std::int64_t Call::integer(std::string_view name) const
{
    const auto value = integerOf(at(name));
    if (!value)
        refuse("has " + kindOf(at(name)) + " as '" + std::string(name) + "' where a whole number is needed");
    return *value;
}

double Call::number(std::string_view name) const
{
    const auto value = numberOf(at(name));
    if (!value)
        refuse("has " + kindOf(at(name)) + " as '" + std::string(name) + "' where a number is needed");
    return *value;
}

bool Call::flag(std::string_view name) const
{
    const auto value = integerOf(at(name));
    if (!value)
        refuse("has " + kindOf(at(name)) + " as '" + std::string(name) + "' where True or False is needed");
    return *value != 0;
}

std::vector<std::int64_t> Call::integers(std::string_view name) const
{
    const auto* list = std::get_if<ListPtr>(&at(name));
    if (!list)
        return { integer(name) };
    std::vector<std::int64_t> numbers;
    for (const Value& item : (*list)->items) {
        const auto number = integerOf(item);
        if (!number)
            refuse("has " + kindOf(item) + " in '" + std::string(name) + "' where a whole number is needed");
        numbers.push_back(*number);
    }
    return numbers;
}

Pair Call::pair(std::string_view name) const
{
    const auto numbers = integers(name);
    if (numbers.empty() || numbers.size() > 2)
        refuse("has " + std::to_string(numbers.size()) + " numbers as '" + std::string(name) + "' where height and width are needed");
    return { numbers.front(), numbers.back() };
}

std::optional<Parameter> Call::parameter(std::string_view name) const
{
    if (isNone(name))
        return std::nullopt;
    const auto* parameter = std::get_if<Parameter>(&at(name));
    if (!parameter)
        refuse("has " + kindOf(at(name)) + " as '" + std::string(name) + "' where a tensor of the file is needed");
    const std::string fault = faultOf(parameter->tensor);
    if (!fault.empty())
        refuse("has a tensor '" + parameter->name + "' as '" + std::string(name) + "' that " + fault);
    if (parameter->tensor.scalar_type() != at::kFloat)
        note("Weights of other precisions were turned into float32.");
    return Parameter { parameter->name, parameter->tensor.detach().to(at::kFloat).contiguous() };
}

std::string Call::name(const std::string& word) const
{
    if (m_self.path.empty())
        return word;
    return isLeaf(m_self) ? m_self.path : m_self.path + "." + word;
}

std::string Call::layerName(const Parameter& parameter, const std::string& word) const
{
    const auto dot = parameter.name.rfind('.');
    return dot == std::string::npos ? name(word) : parameter.name.substr(0, dot);
}

std::string Call::operatorName() const
{
    return m_node.kind().toQualString();
}

void Call::refuse(const std::string& what) const
{
    throw Error(ErrorCode::Unsupported, "Operator '" + operatorName() + "' " + placeOf(m_node, m_self) + " " + what + ".");
}

Value Call::add(NetworkDraft::Entry entry, const std::vector<ActivationPtr>& inputs) const
{
    for (const ActivationPtr& input : inputs) {
        if (input->dims.size() != 1 && input->dims.size() != 3)
            refuse("reads a tensor of " + std::to_string(input->dims.size() + 1)
                + " dimensions: only images [N,C,H,W] and vectors [N,F] are understood");
        entry.node.inputs.push_back(input->node);
    }
    auto output = std::make_shared<Activation>();
    try {
        output->node = m_draft.add(std::move(entry));
    } catch (const Error& error) {
        std::string message = error.what();
        message.pop_back();
        throw Error(error.code(), message + ", " + placeOf(m_node, m_self) + ".");
    }
    output->dims = dimsOf(m_draft.shape(output->node));
    return output;
}

Value Call::addInPlace(Node node, const std::vector<ActivationPtr>& inputs) const
{
    const Value output = add({ std::move(node), {}, {}, {}, {} }, inputs);
    if (!operatorName().ends_with('_'))
        return output;
    const ActivationPtr& self = inputs.front();
    const auto& made = std::get<ActivationPtr>(output);
    if (made->dims != self->dims)
        refuse("changes a tensor in place to another size");
    self->node = made->node;
    self->dims = made->dims;
    self->version = ++*self->storage;
    return self;
}

ActivationPtr Call::view(const ActivationPtr& x, const std::vector<std::int64_t>& dims) const
{
    if (dims.empty())
        refuse("leaves nothing but the batch's dimension");
    auto seen = std::make_shared<Activation>(*x);
    seen->dims = dims;
    if ((dims.size() != 1 && dims.size() != 3) || shapeOf(dims) == m_draft.shape(x->node))
        return seen;
    Node node;
    node.op = dims.size() == 1 ? Op::Flatten : Op::Reshape;
    node.name = name(dims.size() == 1 ? "flatten" : "reshape");
    node.inputs = { x->node };
    node.shape = shapeOf(dims);
    seen->node = m_draft.add(std::move(node));
    return seen;
}

ActivationPtr Call::image(std::string_view name) const
{
    const ActivationPtr x = activation(name);
    if (x->dims.size() == 2)
        return view(x, { x->dims[0], x->dims[1], 1 });
    if (x->dims.size() != 3)
        refuse("needs an image [N,C,H,W] but reads a tensor of " + std::to_string(x->dims.size() + 1) + " dimensions");
    return x;
}

} // namespace bitscape::script
