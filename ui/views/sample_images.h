// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage> // first: moc 6.4 trips over <compare> where nothing of the standard library stands before it

#include "core/project/datasets.h"

#include <cstddef>
#include <vector>

namespace bitscape::ui {

/// The first images of each class of a data set.
struct SampleImages {
    std::vector<std::vector<QImage>> classes; ///< as many of each
    bool operator==(const SampleImages&) const = default;
};

/// From the data set's blob, [classes, n, C, H, W] bytes: three channels are red, green and blue, of any other number the first is shown
/// grey. Throws Error(BadInput) where the bytes do not have the data set's shape. For any thread.
SampleImages sampleImages(const Dataset& dataset, const std::vector<std::byte>& bytes);

} // namespace bitscape::ui
