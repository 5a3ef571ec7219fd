// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/script_value.h"

#include <ATen/ATen.h>

namespace bitscape::script {
namespace {

template <typename Items> Value listFrom(const Items& items, const std::string& name)
{
    std::vector<Value> values;
    for (const c10::IValue& item : items)
        values.push_back(valueFrom(item, name + "." + std::to_string(values.size())));
    return listOf(std::move(values));
}

template <class... Cases> struct Overloaded : Cases... {
    using Cases::operator()...;
};
template <class... Cases> Overloaded(Cases...) -> Overloaded<Cases...>;

} // namespace

Value valueFrom(const c10::IValue& value, const std::string& name)
{
    if (value.isNone())
        return std::monostate {};
    if (value.isBool())
        return value.toBool();
    if (value.isInt())
        return value.toInt();
    if (value.isDouble())
        return value.toDouble();
    if (value.isString())
        return value.toStringRef();
    if (value.isDevice())
        return value.toDevice().str();
    if (value.isTensor())
        return Parameter { name, value.toTensor() };
    if (value.isObject())
        return Module { name, value.toObject() };
    if (value.isTuple())
        return listFrom(value.toTupleRef().elements(), name);
    if (value.isList())
        return listFrom(value.toListRef(), name);
    return Unknown { "a value of type " + value.tagKind() };
}

std::string kindOf(const Value& value)
{
    return std::visit(Overloaded {
                          [](std::monostate) -> std::string { return "None"; },
                          [](bool truth) -> std::string { return truth ? "True" : "False"; },
                          [](std::int64_t number) { return "the number " + std::to_string(number); },
                          [](double number) { return "the number " + std::to_string(number); },
                          [](const std::string&) -> std::string { return "a string"; },
                          [](BatchSize) -> std::string { return "the number of images in a batch"; },
                          [](const Unknown& unknown) { return unknown.what; },
                          [](const ActivationPtr&) -> std::string { return "a tensor that the network computes"; },
                          [](const PartialSwish&) -> std::string { return "a tensor that the network computes"; },
                          [](const PartialQuantizer&) -> std::string { return "a tensor that the network computes"; },
                          [](const Parameter& parameter) {
                              return parameter.name.empty() ? std::string("a constant tensor") : "the tensor '" + parameter.name + "'";
                          },
                          [](const Module& module) { return "the module '" + module.path + "'"; },
                          [](const ListPtr&) -> std::string { return "a list"; },
                      },
        value);
}

} // namespace bitscape::script
