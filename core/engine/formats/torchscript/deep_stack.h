// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

namespace bitscape {

/// Runs `work` in a thread with 256 MiB of stack and waits for it: LibTorch's compiler calls itself for every class that a class
/// refers to. What `work` throws comes out here. Throws Error(Device) where no such thread can be had.
void onDeepStack(const std::function<void()>& work);

} // namespace bitscape
