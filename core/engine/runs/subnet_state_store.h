// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/stepping/subnet_trainer.h"

#include <cstddef>
#include <span>
#include <vector>

namespace bitscape {

/// A state as one blob: a JSON head of its length in 8 bytes, little-endian, then float32 tensors.
std::vector<std::byte> subnetStateToBytes(const SubnetState& state, SubnetKind kind);

/// The inverse. Throws Error(Store) for what is no such blob, or one of another kind of subnets.
SubnetState subnetStateFromBytes(std::span<const std::byte> bytes, SubnetKind kind);

} // namespace bitscape
