// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/script_parameter.h"

#include "core/network/graph.h"

#include <ATen/ATen.h>

namespace bitscape::script {
namespace {

/// Sizes and strides come from the file, and LibTorch takes them as they are.
bool liesInItsMemory(const at::Tensor& tensor)
{
    std::int64_t last = tensor.storage_offset();
    if (last < 0)
        return false;
    for (std::int64_t i = 0; i < tensor.dim(); ++i) {
        std::int64_t reach = 0;
        if (tensor.size(i) < 1 || tensor.stride(i) < 0 || __builtin_mul_overflow(tensor.size(i) - 1, tensor.stride(i), &reach)
            || __builtin_add_overflow(last, reach, &last))
            return false;
    }
    const auto room = static_cast<std::int64_t>(tensor.storage().nbytes() / tensor.element_size());
    return last < room && tensor.numel() <= room;
}

std::optional<c10::Scalar> scalarOf(const Parameter& parameter)
{
    const at::Tensor& tensor = parameter.tensor;
    if (!tensor.defined() || tensor.layout() != at::kStrided || tensor.dim() != 0 || !tensor.device().is_cpu() || !liesInItsMemory(tensor)
        || tensor.is_complex() || tensor.is_quantized())
        return std::nullopt;
    return tensor.item();
}

} // namespace

std::string faultOf(const at::Tensor& tensor)
{
    if (!tensor.defined() || tensor.layout() != at::kStrided || !tensor.device().is_cpu())
        return "is not stored as plain numbers";
    if (!tensor.is_floating_point())
        return std::string("holds ") + c10::toString(tensor.scalar_type()) + " values: only floating-point networks are understood";
    if (!isPossibleShape(tensor.sizes().vec()) || !liesInItsMemory(tensor))
        return "says a shape that its stored numbers do not fill";
    return {};
}

std::optional<std::int64_t> integerOf(const Value& value)
{
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return *number;
    if (const auto* truth = std::get_if<bool>(&value))
        return *truth ? 1 : 0;
    if (const auto* parameter = std::get_if<Parameter>(&value)) {
        const auto scalar = scalarOf(*parameter);
        if (scalar && !scalar->isFloatingPoint())
            return scalar->toLong();
    }
    return std::nullopt;
}

std::optional<double> numberOf(const Value& value)
{
    if (const auto* number = std::get_if<double>(&value))
        return *number;
    if (const auto* parameter = std::get_if<Parameter>(&value)) {
        const auto scalar = scalarOf(*parameter);
        return scalar ? std::optional(scalar->toDouble()) : std::nullopt;
    }
    const auto whole = integerOf(value);
    return whole ? std::optional(static_cast<double>(*whole)) : std::nullopt;
}

bool isWhole(const Value& value)
{
    return integerOf(value).has_value();
}

} // namespace bitscape::script
