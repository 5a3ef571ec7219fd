// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/network/graph.h"

#include <functional>
#include <optional>
#include <vector>

namespace bitscape {

/// A function of one number, known by its values at fixed points. Exporters write an activation in many ways (a hard swish as Add, Clip,
/// Mul and Div, a GELU around Erf): whichever way, its values tell which one it is.
using ScalarFunction = std::vector<double>;

/// x itself.
ScalarFunction identityFunction();

ScalarFunction applied(const std::function<double(double)>& outer, const ScalarFunction& inner);

/// Point by point.
ScalarFunction combined(const std::function<double(double, double)>& join, const ScalarFunction& a, const ScalarFunction& b);

/// The operator that computes it, as a node without name and inputs: Identity, Relu, Relu6, Sigmoid, HardSigmoid, Silu, HardSwish or Gelu.
std::optional<Node> activationOf(const ScalarFunction& function);

} // namespace bitscape
