// SPDX-License-Identifier: GPL-3.0-or-later
// Operators of a script that see the same numbers with other sizes, or change nothing at all.
#include "core/engine/formats/torchscript/script_call.h"
#include "core/engine/formats/torchscript/script_parameter.h"

#include <algorithm>
#include <functional>
#include <numeric>

namespace bitscape::script {
namespace {

std::int64_t productOf(const std::vector<std::int64_t>& dims)
{
    return std::accumulate(dims.begin(), dims.end(), std::int64_t { 1 }, std::multiplies<>());
}

/// Position among the dimensions without the batch; `last`: the largest dimension that may be named.
std::size_t axisOf(const Call& call, std::string_view name, std::int64_t last)
{
    std::int64_t dim = call.integer(name);
    dim += dim < 0 ? last + 1 : 0;
    if (dim < 1 || dim > last)
        call.refuse("works along dimension " + std::to_string(dim) + ", which mixes images or does not exist");
    return static_cast<std::size_t>(dim - 1);
}

std::int64_t rankOf(const ActivationPtr& x)
{
    return static_cast<std::int64_t>(x->dims.size());
}

Value flatten(const Call& call)
{
    const ActivationPtr x = call.activation("self");
    const std::size_t from = axisOf(call, "start_dim", rankOf(x)), to = axisOf(call, "end_dim", rankOf(x));
    if (from > to)
        call.refuse("ends before it starts");
    std::vector<std::int64_t> dims(x->dims.begin(), x->dims.begin() + static_cast<std::ptrdiff_t>(from));
    dims.push_back(
        productOf({ x->dims.begin() + static_cast<std::ptrdiff_t>(from), x->dims.begin() + static_cast<std::ptrdiff_t>(to) + 1 }));
    dims.insert(dims.end(), x->dims.begin() + static_cast<std::ptrdiff_t>(to) + 1, x->dims.end());
    return call.view(x, dims);
}

/// The sizes behind the batch's, with a -1 worked out. A first size that is a number was the batch of the trace.
std::vector<std::int64_t> wantedSizes(const Call& call, const ActivationPtr& x, const std::vector<Value>& sizes)
{
    if (sizes.size() < 2)
        call.refuse("joins all images of a batch");
    std::vector<std::int64_t> dims;
    std::int64_t known = 1;
    std::size_t open = 0;
    for (std::size_t i = 1; i < sizes.size(); ++i) {
        const auto size = integerOf(sizes[i]);
        if (!size || *size == 0 || *size < -1 || (*size > 0 && __builtin_mul_overflow(known, *size, &known)))
            call.refuse("has " + kindOf(sizes[i]) + " as a size");
        open += *size == -1 ? 1 : 0;
        dims.push_back(*size);
    }
    const std::int64_t all = productOf(x->dims);
    if (open > 1 || all % known != 0)
        call.refuse("makes sizes that do not fit one image");
    std::ranges::replace(dims, -1, all / known);
    const auto batch = integerOf(sizes[0]);
    const bool isBatch
        = std::holds_alternative<BatchSize>(sizes[0]) || (batch && (*batch == 1 || (open == 0 && (*batch > 1 || *batch == -1))));
    if (!isBatch || productOf(dims) != all)
        call.refuse("makes sizes that mix images, or that do not fit one: check the input shape");
    if (batch && *batch > 0)
        call.note("The file's batches have " + std::to_string(*batch) + " images each; any number is taken here.");
    return dims;
}

Value reshape(const Call& call)
{
    const ActivationPtr x = call.activation("self");
    const auto* sizes = std::get_if<ListPtr>(&call.at(call.find("size") ? "size" : "shape"));
    if (!sizes)
        call.refuse("has no list of sizes");
    return call.view(x, wantedSizes(call, x, (*sizes)->items));
}

Value unsqueeze(const Call& call)
{
    const ActivationPtr x = call.activation("self");
    auto dims = x->dims;
    dims.insert(dims.begin() + static_cast<std::ptrdiff_t>(axisOf(call, "dim", rankOf(x) + 1)), 1);
    return call.view(x, dims);
}

/// Without a dimension: every size of 1 but the batch's.
Value squeeze(const Call& call)
{
    const ActivationPtr x = call.activation("self");
    auto dims = x->dims;
    if (!call.find("dim"))
        std::erase(dims, 1);
    else if (const std::size_t axis = axisOf(call, "dim", rankOf(x)); dims[axis] == 1)
        dims.erase(dims.begin() + static_cast<std::ptrdiff_t>(axis));
    return call.view(x, dims);
}

/// A Cx1x1 to the size of an image, as squeeze-and-excite does before it multiplies.
Value expanded(const Call& call, const ActivationPtr& x, const std::vector<std::int64_t>& dims)
{
    if (dims == x->dims)
        return x;
    if (x->dims.size() != 3 || dims.size() != 3 || x->dims != std::vector<std::int64_t> { dims[0], 1, 1 })
        call.refuse("expands something else than one position per channel");
    auto copy = std::make_shared<Activation>(*x);
    copy->dims = dims;
    copy->expanded = true;
    return copy;
}

Value expandAs(const Call& call)
{
    return expanded(call, call.activation("self"), call.activation("other")->dims);
}

Value expand(const Call& call)
{
    const ActivationPtr x = call.activation("self");
    const auto* sizes = std::get_if<ListPtr>(&call.at("size"));
    if (!sizes || (*sizes)->items.size() != x->dims.size() + 1)
        call.refuse("has sizes of other dimensions than its input");
    auto dims = x->dims;
    for (std::size_t i = 0; i < dims.size(); ++i) {
        const auto size = integerOf((*sizes)->items[i + 1]);
        if (!size)
            call.refuse("has " + kindOf((*sizes)->items[i + 1]) + " as a size");
        dims[i] = *size == -1 ? dims[i] : *size;
    }
    return expanded(call, x, dims);
}

/// The input as it is, whatever it is.
Value same(const Call& call)
{
    return call.values().front();
}

/// Left out: it does nothing once a network is trained.
Value dropout(const Call& call)
{
    if (call.flag("train"))
        call.note("Dropout that the file keeps switched on was left out.");
    return call.activation(call.values().front(), "input");
}

Value clone(const Call& call)
{
    if (!std::holds_alternative<ActivationPtr>(call.values().front()))
        return call.values().front();
    auto copy = std::make_shared<Activation>(*call.activation("self"));
    copy->storage = std::make_shared<int>(0);
    copy->version = 0;
    return copy;
}

/// float32 on the processor is what everything here is.
Value convert(const Call& call)
{
    constexpr std::int64_t kFloat = 6;
    if (!call.isNone("dtype") && call.integer("dtype") != kFloat && std::holds_alternative<ActivationPtr>(call.values().front()))
        call.refuse("computes in another precision than float32");
    return call.values().front();
}

} // namespace

OperatorList viewOperators()
{
    return { { "flatten", flatten }, { "view", reshape }, { "reshape", reshape }, { "unsqueeze", unsqueeze }, { "squeeze", squeeze },
        { "expand", expand }, { "expand_as", expandAs }, { "dropout", dropout }, { "feature_dropout", dropout },
        { "alpha_dropout", dropout }, { "contiguous", same }, { "detach", same }, { "alias", same }, { "type_as", same }, { "cpu", same },
        { "clone", clone }, { "to", convert } };
}

} // namespace bitscape::script
