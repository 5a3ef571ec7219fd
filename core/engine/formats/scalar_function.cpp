// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/scalar_function.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace bitscape {
namespace {

constexpr int kPoints = 97; ///< from -12 to 12, a quarter apart: 0, 3 and 6 are among them
/// What single precision makes of the constants in a file, and far less than what tells exact and approximate GELU apart.
constexpr double kTolerance = 2e-5;

double sigmoid(double x)
{
    return 1 / (1 + std::exp(-x));
}

double hardSigmoid(double x)
{
    return std::clamp(x + 3, 0.0, 6.0) / 6;
}

double gelu(double x)
{
    return 0.5 * x * (1 + std::erf(x / std::numbers::sqrt2));
}

double tanhGelu(double x)
{
    return 0.5 * x * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
}

Node nodeOf(Op op, bool tanh = false)
{
    Node node;
    node.op = op;
    node.tanh = tanh;
    return node;
}

std::vector<std::pair<ScalarFunction, Node>> knownFunctions()
{
    const auto known = [](const std::function<double(double)>& function, const Node& node) {
        return std::pair { applied(function, identityFunction()), node };
    };
    return {
        known([](double x) { return x; }, nodeOf(Op::Identity)),
        known([](double x) { return std::max(x, 0.0); }, nodeOf(Op::Relu)),
        known([](double x) { return std::clamp(x, 0.0, 6.0); }, nodeOf(Op::Relu6)),
        known(sigmoid, nodeOf(Op::Sigmoid)),
        known(hardSigmoid, nodeOf(Op::HardSigmoid)),
        known([](double x) { return x * sigmoid(x); }, nodeOf(Op::Silu)),
        known([](double x) { return x * hardSigmoid(x); }, nodeOf(Op::HardSwish)),
        known(gelu, nodeOf(Op::Gelu)),
        known(tanhGelu, nodeOf(Op::Gelu, true)),
    };
}

} // namespace

ScalarFunction identityFunction()
{
    ScalarFunction function;
    for (int i = 0; i < kPoints; ++i)
        function.push_back((i - kPoints / 2) / 4.0);
    return function;
}

ScalarFunction applied(const std::function<double(double)>& outer, const ScalarFunction& inner)
{
    ScalarFunction function(inner.size());
    std::ranges::transform(inner, function.begin(), outer);
    return function;
}

ScalarFunction combined(const std::function<double(double, double)>& join, const ScalarFunction& a, const ScalarFunction& b)
{
    ScalarFunction function(a.size());
    std::ranges::transform(a, b, function.begin(), join);
    return function;
}

std::optional<Node> activationOf(const ScalarFunction& function)
{
    static const auto all = knownFunctions();
    for (const auto& [values, node] : all) {
        const bool same = std::ranges::equal(function, values,
            [](double found, double wanted) { return std::fabs(found - wanted) <= kTolerance * (1 + std::fabs(wanted)); });
        if (same)
            return node;
    }
    return std::nullopt;
}

} // namespace bitscape
