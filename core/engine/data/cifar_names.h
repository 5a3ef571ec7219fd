// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace bitscape {

/// The ten class names of CIFAR-10, by label.
std::span<const std::string_view> cifar10Names();

/// The hundred fine class names of CIFAR-100, by label.
std::span<const std::string_view> cifar100Names();

} // namespace bitscape
