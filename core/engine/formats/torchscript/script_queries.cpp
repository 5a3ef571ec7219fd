// SPDX-License-Identifier: GPL-3.0-or-later
// What a script asks about its tensors, and its lists.
#include "core/engine/formats/torchscript/script_call.h"
#include "core/engine/formats/torchscript/script_parameter.h"
#include "core/engine/formats/torchscript/script_scalars.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace bitscape::script {
namespace {

constexpr std::int64_t kFloat = 6; ///< LibTorch's number for float32
constexpr std::size_t kLongestList = 100000;

/// Size of every dimension, the batch's among them.
std::vector<Value> sizesOf(const Call& call, const Value& tensor)
{
    std::vector<Value> sizes;
    if (const auto* parameter = std::get_if<Parameter>(&tensor)) {
        for (const std::int64_t size : parameter->tensor.sizes())
            sizes.emplace_back(size);
        return sizes;
    }
    sizes.emplace_back(BatchSize {});
    for (const std::int64_t size : call.activation(tensor, "self")->dims)
        sizes.emplace_back(size);
    return sizes;
}

const Value& item(const Call& call, const std::vector<Value>& items, std::int64_t index)
{
    const auto size = static_cast<std::int64_t>(items.size());
    index += index < 0 ? size : 0;
    if (index < 0 || index >= size)
        call.refuse("asks for number " + std::to_string(index) + " of " + std::to_string(size));
    return items[static_cast<std::size_t>(index)];
}

Value size(const Call& call)
{
    auto sizes = sizesOf(call, call.values().front());
    return call.find("dim") ? item(call, sizes, call.integer("dim")) : listOf(std::move(sizes));
}

Value rank(const Call& call)
{
    return static_cast<std::int64_t>(sizesOf(call, call.values().front()).size());
}

const ListPtr& list(const Call& call)
{
    const auto* found = std::get_if<ListPtr>(&call.values().at(0));
    if (!found)
        call.refuse("has " + kindOf(call.values()[0]) + " where a list is needed");
    return *found;
}

Value length(const Call& call)
{
    if (std::holds_alternative<ListPtr>(call.values().front()))
        return static_cast<std::int64_t>(list(call)->items.size());
    return sizesOf(call, call.values().front()).front();
}

Value element(const Call& call)
{
    return item(call, list(call)->items, call.integer("idx"));
}

Value append(const Call& call)
{
    if (list(call)->items.size() >= kLongestList)
        call.refuse("makes a list that is too long");
    list(call)->items.push_back(call.values().at(1));
    return call.values().front();
}

Value copyOfList(const Call& call)
{
    return listOf(list(call)->items);
}

/// Whether a list of plain values holds one.
Value contains(const Call& call)
{
    const Value& wanted = call.values().at(1);
    return std::ranges::any_of(list(call)->items, [&](const Value& value) {
        const auto *a = std::get_if<std::string>(&value), *b = std::get_if<std::string>(&wanted);
        const auto x = numberOf(value), y = numberOf(wanted);
        if ((!a || !b) && (!x || !y))
            call.refuse("looks for " + kindOf(wanted) + " among " + kindOf(value) + ", which is not understood");
        return a ? *a == *b : *x == *y;
    });
}

/// The number of turns of range(start, stop, step).
Value rangeLength(const Call& call)
{
    for (const Value& value : call.values()) {
        if (std::holds_alternative<BatchSize>(value) || std::holds_alternative<Unknown>(value))
            return Unknown { "the number of images in a batch" };
    }
    const std::int64_t start = call.integer("lo"), stop = call.integer("hi"), step = call.integer("step");
    constexpr std::int64_t kFar = std::int64_t { 1 } << 60;
    if (step == 0 || std::max({ std::abs(start >> 1), std::abs(stop >> 1), std::abs(step >> 1) }) > kFar / 2)
        call.refuse("has a range that is too long");
    const std::int64_t span = step > 0 ? stop - start : start - stop;
    return span <= 0 ? 0 : (span - 1) / std::abs(step) + 1;
}

/// start + index * step, the value of a turn.
Value rangeValue(const Call& call)
{
    const std::int64_t index = call.integer("index"), start = call.integer("start"), step = call.integer("step");
    std::int64_t value = 0;
    if (__builtin_mul_overflow(index, step, &value) || __builtin_add_overflow(value, start, &value))
        call.refuse("makes a number that is too large");
    return value;
}

Value truthOfFloat(const Call& call)
{
    const Value& value = call.values().front();
    if (const auto* parameter = std::get_if<Parameter>(&value))
        return parameter->tensor.is_floating_point();
    return !isWhole(value) && !std::holds_alternative<BatchSize>(value);
}

Value precision(const Call& call)
{
    const auto* parameter = std::get_if<Parameter>(&call.values().front());
    return parameter ? static_cast<std::int64_t>(parameter->tensor.scalar_type()) : kFloat;
}

Value no(const Call&)
{
    return false;
}

Value processor(const Call&)
{
    return std::string("cpu");
}

Value zero(const Call&)
{
    return std::int64_t { 0 };
}

Value text(const Call&)
{
    return std::string();
}

/// A number made of an activation: whatever depends on it is known only when the network runs.
Value computed(const Call& call)
{
    call.activation(call.values().front(), "self");
    return Unknown { "what the network computes" };
}

Value nothing(const Call&)
{
    return std::monostate {};
}

Value same(const Call& call)
{
    return call.values().front();
}

} // namespace

Value sliceOfList(const Call& call)
{
    const auto& items = list(call)->items;
    const auto size = static_cast<std::int64_t>(items.size());
    const std::int64_t step = call.integer("step");
    const auto within = [&](std::int64_t at) { return std::clamp<std::int64_t>(at < 0 ? at + size : at, 0, size); };
    const std::int64_t begin = call.isNone("start") ? 0 : within(call.integer("start"));
    const std::int64_t end = call.isNone("end") ? size : within(call.integer("end"));
    if (step < 1)
        call.refuse("goes through a list in steps of " + std::to_string(step));
    std::vector<Value> taken;
    for (std::int64_t i = begin; i < end; i += std::min(step, size))
        taken.push_back(items[static_cast<std::size_t>(i)]);
    return listOf(std::move(taken));
}

OperatorList queryOperators()
{
    return { { "size", size }, { "shape", size }, { "dim", rank }, { "len", length }, { "__getitem__", element }, { "append", append },
        { "__contains__", contains }, { "list", copyOfList }, { "copy", copyOfList }, { "__range_length", rangeLength },
        { "__derive_index", rangeValue }, { "is_floating_point", truthOfFloat }, { "dtype", precision }, { "requires_grad", no },
        { "is_cuda", no }, { "is_quantized", no }, { "is_scripting", no }, { "device", processor }, { "layout", zero }, { "format", text },
        { "percentFormat", text }, { "str", text }, { "warn", nothing }, { "NumToTensor", same }, { "ScalarImplicit", same },
        { "unchecked_cast", same }, { "unchecked_unwrap_optional", same }, { "_unwrap_optional", same }, { "data", same },
        { "sum", computed }, { "any", computed }, { "all", computed }, { "item", computed }, { "norm", computed }, { "numel", computed } };
}

} // namespace bitscape::script
