// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/project.h"
#include "core/project/runs.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace bitscape {

/// Images of class `row` answered as class `column`, [classes][classes].
using Confusion = std::vector<std::vector<std::int64_t>>;

/// `labels` and `answers`: true and answered class of the same images, each below `classes`.
Confusion confusionOf(std::span<const std::uint16_t> labels, std::span<const std::uint16_t> answers, int classes);

/// The share of each class's images that was answered right, 0..1; 0 for a class without images.
std::vector<double> perClassAccuracy(const Confusion& confusion);

/// What the accuracy that a run reports was counted from: the classes of its test split's images, in file order.
struct KeptAnswers {
    std::vector<std::uint16_t> labels;  ///< true class per image
    std::vector<std::uint16_t> answers; ///< of the run's network
    std::vector<std::uint16_t> full;    ///< of the full-precision network to the same images; empty where none is beside it
    bool operator==(const KeptAnswers&) const = default;
};

/// Kept with a run as attachments "labels", "answers" and "full_answers": two bytes per image, the lower first. Runs on the same images
/// share the blob of their labels.
void keepAnswers(Project& project, RunId id, const KeptAnswers& kept);

/// Nothing for a run that reports no accuracy, has not come so far, or was made before answers were kept. Throws Error(Store) for answers
/// that Bitscape cannot have written: odd lengths, or a class that is not below `classes`.
std::optional<KeptAnswers> keptAnswers(Project& project, RunId id, int classes);

} // namespace bitscape
