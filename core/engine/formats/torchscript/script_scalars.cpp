// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/script_scalars.h"

#include "core/engine/formats/torchscript/script_parameter.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace bitscape::script {
namespace {

constexpr std::size_t kLongestList = 100000;

const Value& first(const Call& call)
{
    return call.values().at(0);
}

const Value& second(const Call& call)
{
    if (call.values().size() < 2)
        call.refuse("has one input where two are needed");
    return call.values()[1];
}

/// Nothing where both are numbers; else what keeps the result from being known.
std::optional<Value> unknownOf(const Call& call)
{
    for (const Value& value : call.values()) {
        if (std::holds_alternative<BatchSize>(value))
            return Unknown { "the number of images in a batch" };
        if (std::holds_alternative<Unknown>(value))
            return value;
        if (std::holds_alternative<ActivationPtr>(value))
            return Unknown { "what the network computes" };
    }
    return std::nullopt;
}

double numberAt(const Call& call, const Value& value)
{
    const auto number = numberOf(value);
    if (!number)
        call.refuse("reckons with " + kindOf(value) + ", which is not understood");
    return *number;
}

using Whole = bool (*)(std::int64_t, std::int64_t, std::int64_t*); ///< true on overflow
using Real = double (*)(double, double);

Value reckon(const Call& call, Whole whole, Real real)
{
    if (const auto unknown = unknownOf(call))
        return *unknown;
    const Value &a = first(call), &b = second(call);
    const double x = numberAt(call, a), y = numberAt(call, b);
    if (!isWhole(a) || !isWhole(b))
        return real(x, y);
    std::int64_t result = 0;
    if (whole(*integerOf(a), *integerOf(b), &result))
        call.refuse("makes a number that is too large");
    return result;
}

bool plusOverflows(std::int64_t a, std::int64_t b, std::int64_t* result)
{
    return __builtin_add_overflow(a, b, result);
}

bool minusOverflows(std::int64_t a, std::int64_t b, std::int64_t* result)
{
    return __builtin_sub_overflow(a, b, result);
}

bool timesOverflows(std::int64_t a, std::int64_t b, std::int64_t* result)
{
    return __builtin_mul_overflow(a, b, result);
}

/// Rounds down, as Python does. A division by zero counts as an overflow.
bool floorOverflows(std::int64_t a, std::int64_t b, std::int64_t* result)
{
    if (b == 0 || b == -1)
        return b == 0 || __builtin_sub_overflow(std::int64_t { 0 }, a, result);
    *result = a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
    return false;
}

bool remainderOverflows(std::int64_t a, std::int64_t b, std::int64_t* result)
{
    if (b == 0)
        return true;
    *result = b == -1 ? 0 : a % b;
    *result += *result != 0 && (*result < 0) != (b < 0) ? b : 0;
    return false;
}

Value minus(const Call& call)
{
    return reckon(call, minusOverflows, [](double a, double b) { return a - b; });
}

Value floorDivided(const Call& call)
{
    return reckon(call, floorOverflows, [](double a, double b) { return std::floor(a / b); });
}

Value remainder(const Call& call)
{
    return reckon(call, remainderOverflows, [](double a, double b) { return a - b * std::floor(a / b); });
}

Value negated(const Call& call)
{
    if (const auto unknown = unknownOf(call))
        return *unknown;
    std::int64_t result = 0;
    if (!isWhole(first(call)))
        return -numberAt(call, first(call));
    if (minusOverflows(0, *integerOf(first(call)), &result))
        call.refuse("makes a number that is too large");
    return result;
}

template <typename Compare> Value compared(const Call& call)
{
    if (const auto unknown = unknownOf(call))
        return *unknown;
    const Value &a = first(call), &b = second(call);
    if (const auto* x = std::get_if<std::string>(&a), *y = std::get_if<std::string>(&b); x && y)
        return Compare()(*x, *y);
    if (isWhole(a) && isWhole(b))
        return Compare()(*integerOf(a), *integerOf(b));
    return Compare()(numberAt(call, a), numberAt(call, b));
}

/// `is` is asked about None only; anything else is itself.
Value isSame(const Call& call)
{
    return std::holds_alternative<std::monostate>(first(call)) == std::holds_alternative<std::monostate>(second(call));
}

Value isOther(const Call& call)
{
    return !std::get<bool>(isSame(call));
}

Value both(const Call& call)
{
    const auto unknown = unknownOf(call);
    return unknown ? *unknown : numberAt(call, first(call)) != 0 && numberAt(call, second(call)) != 0;
}

Value any(const Call& call)
{
    const auto unknown = unknownOf(call);
    return unknown ? *unknown : numberAt(call, first(call)) != 0 || numberAt(call, second(call)) != 0;
}

Value notOf(const Call& call)
{
    const auto unknown = unknownOf(call);
    return unknown ? *unknown : numberAt(call, first(call)) == 0;
}

Value truth(const Call& call)
{
    const auto unknown = unknownOf(call);
    return unknown ? *unknown : numberAt(call, first(call)) != 0;
}

Value real(const Call& call)
{
    const auto unknown = unknownOf(call);
    return unknown ? *unknown : numberAt(call, first(call));
}

/// Towards zero, as int() does; the number of images stays what it is.
Value whole(const Call& call, double (*rounded)(double))
{
    if (std::holds_alternative<BatchSize>(first(call)))
        return first(call);
    if (const auto unknown = unknownOf(call))
        return *unknown;
    if (isWhole(first(call)))
        return *integerOf(first(call));
    const double number = rounded(numberAt(call, first(call)));
    if (!(std::fabs(number) < 9e18))
        call.refuse("makes a number that is too large");
    return static_cast<std::int64_t>(number);
}

Value truncated(const Call& call)
{
    return whole(call, std::trunc);
}

Value floored(const Call& call)
{
    return whole(call, std::floor);
}

Value ceiled(const Call& call)
{
    return whole(call, std::ceil);
}

template <bool larger> Value extreme(const Call& call)
{
    if (const auto unknown = unknownOf(call))
        return *unknown;
    const bool takesFirst = (numberAt(call, first(call)) < numberAt(call, second(call))) != larger;
    return takesFirst ? first(call) : second(call);
}

} // namespace

Value plusOf(const Call& call)
{
    const auto *a = std::get_if<ListPtr>(&first(call)), *b = std::get_if<ListPtr>(&second(call));
    if (!a || !b)
        return reckon(call, plusOverflows, [](double x, double y) { return x + y; });
    auto items = (*a)->items;
    items.insert(items.end(), (*b)->items.begin(), (*b)->items.end());
    if (items.size() > kLongestList)
        call.refuse("makes a list that is too long");
    if (!call.operatorName().ends_with('_'))
        return listOf(std::move(items));
    (*a)->items = std::move(items);
    return *a;
}

Value timesOf(const Call& call)
{
    return reckon(call, timesOverflows, [](double x, double y) { return x * y; });
}

Value dividedOf(const Call& call)
{
    const auto* rounding = call.find("rounding_mode") ? std::get_if<std::string>(&call.at("rounding_mode")) : nullptr;
    if (rounding && *rounding == "floor")
        return floorDivided(call);
    if (const auto unknown = unknownOf(call))
        return *unknown;
    const double quotient = numberAt(call, first(call)) / numberAt(call, second(call));
    return rounding ? std::trunc(quotient) : quotient;
}

OperatorList scalarOperators()
{
    return { { "sub", minus }, { "truediv", dividedOf }, { "floordiv", floorDivided }, { "floor_divide", floorDivided },
        { "remainder", remainder }, { "neg", negated }, { "eq", compared<std::equal_to<>> }, { "ne", compared<std::not_equal_to<>> },
        { "lt", compared<std::less<>> }, { "le", compared<std::less_equal<>> }, { "gt", compared<std::greater<>> },
        { "ge", compared<std::greater_equal<>> }, { "__is__", isSame }, { "__isnot__", isOther }, { "__and__", both }, { "__or__", any },
        { "__not__", notOf }, { "Bool", truth }, { "Float", real }, { "FloatImplicit", real }, { "Int", truncated },
        { "IntImplicit", truncated }, { "floor", floored }, { "ceil", ceiled }, { "min", extreme<false> }, { "max", extreme<true> } };
}

} // namespace bitscape::script
