// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/script_interpreter.h"

#include "core/base/error.h"
#include "core/engine/formats/torchscript/script_call.h"
#include "core/engine/formats/torchscript/script_operators.h"
#include "core/engine/formats/torchscript/script_parameter.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/api/function_impl.h>
#include <torch/csrc/jit/ir/constants.h>
#include <torch/csrc/jit/ir/ir.h>

#include <algorithm>

namespace bitscape::script {
namespace {

using torch::jit::Node;

constexpr int kMostSteps = 1000000;
constexpr int kDeepestCall = 200;

[[noreturn]] void refuse(const Node& node, const Module& self, const std::string& what)
{
    throw Error(ErrorCode::Unsupported, what + " " + placeOf(node, self) + ".");
}

template <typename Map> const Value& valueOf(const Map& values, const torch::jit::Value* name)
{
    const auto found = values.find(name);
    if (found == values.end())
        throw Error(ErrorCode::BadInput, "The script reads '" + name->debugName() + "' before it has a value.");
    return found->second;
}

template <typename Map> std::vector<Value> inputsOf(const Node& node, const Map& values)
{
    std::vector<Value> inputs;
    for (const torch::jit::Value* input : node.inputs())
        inputs.push_back(valueOf(values, input));
    return inputs;
}

/// True or False, or a refusal of what hangs on it.
bool decided(const Value& condition, const Node& node, const Module& self, const std::string& what)
{
    const auto truth = integerOf(condition);
    if (!truth)
        refuse(node, self, what + " depends on " + kindOf(condition) + ", so that the network is not the same for every image:");
    return *truth != 0;
}

const torch::jit::Graph& graphOf(torch::jit::Function& function)
{
    auto* script = dynamic_cast<torch::jit::GraphFunction*>(&function);
    if (!script)
        throw Error(ErrorCode::Unsupported, "Function '" + function.name() + "' has no script.");
    script->ensure_defined();
    return *script->graph();
}

std::string attributePath(const Module& owner, const std::string& name)
{
    return owner.path.empty() ? name : owner.path + "." + name;
}

/// A network is taken as it is in evaluation, whatever the file was saved in.
Value attribute(const Node& node, const Value& owner, const Module& self)
{
    const auto* module = std::get_if<Module>(&owner);
    const std::string& name = node.s(c10::attr::name);
    if (!module)
        refuse(node, self, "Attribute '" + name + "' is asked of " + kindOf(owner));
    if (name == "training")
        return false;
    const auto slot = module->object->type()->findAttributeSlot(name);
    if (!slot)
        refuse(node, self, "Module '" + module->path + "' has no attribute '" + name + "'");
    return valueFrom(module->object->getSlot(*slot), attributePath(*module, name));
}

Value constant(const Node& node)
{
    const auto value = torch::jit::toIValue(node.output());
    return value ? valueFrom(*value, "") : Value(Unknown { "a function" });
}

const List& listAt(const Node& node, const Value& value, const Module& self)
{
    const auto* list = std::get_if<ListPtr>(&value);
    if (!list)
        refuse(node, self, "A list or tuple is needed where " + kindOf(value) + " stands");
    return **list;
}

} // namespace

Interpreter::Interpreter(NetworkDraft& draft, std::vector<std::string>& notes, JobContext& context)
    : m_draft(draft)
    , m_notes(notes)
    , m_context(context)
{
}

Value Interpreter::forward(const Module& network)
{
    auto* method = network.object->type()->findMethod("forward");
    if (!method)
        throw Error(ErrorCode::Unsupported, "The file's module has no forward: save the network itself, not a part without one.");
    const torch::jit::Graph& graph = graphOf(*method);
    if (graph.inputs().size() != 2)
        throw Error(ErrorCode::Unsupported,
            "The network's forward takes " + std::to_string(graph.inputs().empty() ? 0 : graph.inputs().size() - 1)
                + " inputs: only networks of one image are understood.");
    auto image = std::make_shared<Activation>();
    const Shape& shape = m_draft.shape(0);
    image->dims = { shape.channels, shape.height, shape.width };
    return run(graph, network, { network, image });
}

Value Interpreter::run(const torch::jit::Graph& graph, const Module& self, std::vector<Value> arguments)
{
    if (graph.inputs().size() != arguments.size() || graph.outputs().size() != 1)
        throw Error(ErrorCode::BadInput, "A function of the script is called with a wrong number of values.");
    if (m_depth >= kDeepestCall)
        throw Error(ErrorCode::Unsupported, "The script's functions call each other more than " + std::to_string(kDeepestCall) + " deep.");
    ++m_depth;
    Frame frame { self, {} };
    for (std::size_t i = 0; i < arguments.size(); ++i)
        frame.values[graph.inputs()[i]] = std::move(arguments[i]);
    runBlock(*graph.block(), frame);
    --m_depth;
    return valueOf(frame.values, graph.outputs()[0]);
}

void Interpreter::step()
{
    if (++m_steps > kMostSteps)
        throw Error(ErrorCode::Unsupported, "The script takes more than " + std::to_string(kMostSteps) + " steps.");
    if (m_steps % 1000 == 0)
        m_context.checkpoint();
}

void Interpreter::runBlock(const torch::jit::Block& block, Frame& frame)
{
    for (const Node* node : block.nodes()) {
        step();
        runNode(*node, frame);
    }
}

void Interpreter::runNode(const Node& node, Frame& frame)
{
    switch (node.kind()) {
    case c10::prim::If:
        return runIf(node, frame);
    case c10::prim::Loop:
        return runLoop(node, frame);
    case c10::prim::RaiseException:
        refuse(node, frame.self, "The script ends with an error for an image of this shape");
    case c10::prim::TupleUnpack:
    case c10::prim::ListUnpack: {
        const List list = listAt(node, valueOf(frame.values, node.input(0)), frame.self);
        if (list.items.size() != node.outputs().size())
            refuse(node, frame.self,
                "A list of " + std::to_string(list.items.size()) + " is taken for " + std::to_string(node.outputs().size()));
        for (std::size_t i = 0; i < list.items.size(); ++i)
            frame.values[node.output(i)] = list.items[i];
        return;
    }
    default:
        break;
    }
    const Value result = resultOf(node, frame);
    if (node.outputs().size() == 1) {
        frame.values[node.output()] = result;
    } else if (node.outputs().size() > 1) {
        const List& list = listAt(node, result, frame.self);
        for (std::size_t i = 0; i < std::min(list.items.size(), node.outputs().size()); ++i)
            frame.values[node.output(i)] = list.items[i];
    }
}

void Interpreter::runIf(const Node& node, Frame& frame)
{
    const bool condition = decided(valueOf(frame.values, node.input(0)), node, frame.self, "A branch of the script");
    const torch::jit::Block& taken = *node.blocks().at(condition ? 0 : 1);
    runBlock(taken, frame);
    for (std::size_t i = 0; i < node.outputs().size(); ++i)
        frame.values[node.output(i)] = Value(valueOf(frame.values, taken.outputs()[i]));
}

void Interpreter::runLoop(const Node& node, Frame& frame)
{
    const torch::jit::Block& body = *node.blocks().at(0);
    auto carried = inputsOf(node, frame.values);
    const auto most = integerOf(carried.at(0));
    if (!most)
        refuse(node, frame.self,
            "A loop of the script depends on " + kindOf(carried[0]) + ", so that the network is not the same for every image:");
    for (std::int64_t turn = 0; turn < *most; ++turn) {
        if (!decided(carried.at(1), node, frame.self, "A loop of the script"))
            break;
        frame.values[body.inputs()[0]] = turn;
        for (std::size_t i = 1; i < body.inputs().size(); ++i)
            frame.values[body.inputs()[i]] = carried.at(i + 1);
        step();
        runBlock(body, frame);
        for (std::size_t i = 0; i < body.outputs().size(); ++i)
            carried.at(i + 1) = valueOf(frame.values, body.outputs()[i]);
    }
    for (std::size_t i = 0; i < node.outputs().size(); ++i)
        frame.values[node.output(i)] = carried.at(i + 2);
}

Value Interpreter::resultOf(const Node& node, Frame& frame)
{
    switch (node.kind()) {
    case c10::prim::Constant:
        return constant(node);
    case c10::prim::Uninitialized:
        return Unknown { "a value that was never set" };
    case c10::prim::GetAttr:
        return attribute(node, valueOf(frame.values, node.input(0)), frame.self);
    case c10::prim::CallMethod:
        return callMethod(node, frame);
    case c10::prim::CallFunction:
        return callFunction(node, frame);
    case c10::prim::ListConstruct:
    case c10::prim::TupleConstruct:
        return listOf(inputsOf(node, frame.values));
    case c10::prim::TupleIndex: {
        const List& list = listAt(node, valueOf(frame.values, node.input(0)), frame.self);
        auto index = integerOf(valueOf(frame.values, node.input(1))).value_or(0);
        index += index < 0 ? static_cast<std::int64_t>(list.items.size()) : 0;
        if (index < 0 || index >= static_cast<std::int64_t>(list.items.size()))
            refuse(node, frame.self, "A tuple is too short");
        return list.items[static_cast<std::size_t>(index)];
    }
    default:
        return callOperator(node, frame);
    }
}

Value Interpreter::callMethod(const Node& node, Frame& frame)
{
    auto values = inputsOf(node, frame.values);
    const auto* module = std::get_if<Module>(&values.at(0));
    const std::string& name = node.s(c10::attr::name);
    if (!module)
        refuse(node, frame.self, "Method '" + name + "' is called on " + kindOf(values[0]));
    auto* method = module->object->type()->findMethod(name);
    if (!method)
        refuse(node, frame.self, "Module '" + module->path + "' has no method '" + name + "'");
    const Module self = *module;
    return run(graphOf(*method), self, std::move(values));
}

Value Interpreter::callFunction(const Node& node, Frame& frame)
{
    const auto type = node.input(0)->type()->cast<c10::FunctionType>();
    if (!type)
        refuse(node, frame.self, "Something that is no function is called");
    std::vector<Value> values;
    for (std::size_t i = 1; i < node.inputs().size(); ++i)
        values.push_back(valueOf(frame.values, node.input(i)));
    return run(graphOf(*type->function()), frame.self, std::move(values));
}

Value Interpreter::callOperator(const Node& node, Frame& frame)
{
    std::string name = node.kind().toUnqualString();
    if (name.ends_with('_') && !name.ends_with("__"))
        name.pop_back();
    const Operator found = operatorNamed(name);
    if (!found)
        throw Error(ErrorCode::Unsupported,
            "Operator '" + std::string(node.kind().toQualString()) + "' " + placeOf(node, frame.self)
                + " is not understood. Understood are: " + understoodOperators() + ".");
    return found(Call(node, frame.self, inputsOf(node, frame.values), m_draft, m_notes));
}

} // namespace bitscape::script
