// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>
#include <nlohmann/json.hpp>

#include <string>

namespace bitscape {

/// "cpu", "cuda" or "auto" (CUDA where there is one). Throws Error(Device) for cuda where there is none, BadArgument for another word.
at::Device deviceFrom(const std::string& word);

/// The word that a run stores: "auto" resolved.
std::string deviceWord(const std::string& word);

/// Sets LibTorch's threads; 0 is one per hardware thread. Answers how many there are now.
int useThreads(int threads);

/// {"bitscape": ..., "libtorch": ..., "compiler": ..., "processor": ...}: what a run's results may depend on besides its parameters.
nlohmann::json versions();

} // namespace bitscape
