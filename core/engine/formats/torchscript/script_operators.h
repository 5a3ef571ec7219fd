// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/torchscript/script_call.h"

#include <string>

namespace bitscape::script {

/// By name without "aten::" and without the underscore of those that work in place; nullptr where it is not understood.
Operator operatorNamed(const std::string& name);

/// Those that make a network, in alphabetical order, for a message.
std::string understoodOperators();

} // namespace bitscape::script
