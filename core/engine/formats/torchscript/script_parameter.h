// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/torchscript/script_value.h"

#include <optional>
#include <string>

namespace bitscape::script {

/// What keeps a tensor of a file from being a weight, e.g. "holds int8 values", or "" if nothing does. Also finds sizes that
/// reach past the tensor's memory.
std::string faultOf(const at::Tensor& tensor);

/// A number, also one in a tensor of no dimension; a bool counts as 0 or 1. Nothing for anything else.
std::optional<std::int64_t> integerOf(const Value& value);
std::optional<double> numberOf(const Value& value);

/// numberOf() or, for a whole one, an integer.
bool isWhole(const Value& value);

} // namespace bitscape::script
