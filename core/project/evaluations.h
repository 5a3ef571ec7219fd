// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/project.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// What an evaluation found. Whole numbers, so that a cached one equals a new one.
struct Evaluation {
    std::int64_t correct = 0;
    std::int64_t images = 0;
    std::vector<std::uint16_t> predictions; ///< the class answered per image of the split; empty where not kept
    bool operator==(const Evaluation&) const = default;
};

/// The project's evaluation cache. `key` is the SHA-256 of everything that decides the outcome (model, weights, data, split, bits,
/// quantizer, ...). Predictions are stored compressed. Putting a key again keeps the more complete one: that of more images, then that with
/// more predictions. Throws Error(BadArgument) unless 0 <= correct <= images.
void putEvaluation(Project& project, const std::string& key, const Evaluation& evaluation);
/// What is stored under the key, if anything.
std::optional<Evaluation> evaluation(Project& project, const std::string& key);

} // namespace bitscape
