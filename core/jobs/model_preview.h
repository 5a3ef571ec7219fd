// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/network/graph.h"
#include "core/project/models.h"

#include <cstdint>
#include <string>
#include <vector>

namespace bitscape {

/// A layer of a model that is not added yet.
struct PreviewLayer {
    std::string name, op; ///< "conv1", "conv2d"
    Shape output;
    std::int64_t filters = 0, weights = 0, macs = 0;
    bool quantizable = true; ///< false for the first and the last layer
    std::vector<int> bits;   ///< per filter, of an export of Bitscape; else empty
    bool operator==(const PreviewLayer&) const = default;
};

/// What is known of a model's file before it is added. As JSON it is what `bitscape-cli model preview --json` prints.
struct ModelPreview {
    ModelOrigin origin; ///< without its bits, which are the layers'
    Shape input;        ///< of one image
    std::int64_t classes = 0, parameters = 0, macs = 0;
    std::vector<PreviewLayer> layers;
    std::vector<std::string> notes;   ///< what was left out or resolved, a sentence each
    std::vector<double> mean, stddev; ///< per channel, where the file or the person says
    bool operator==(const ModelPreview&) const = default;
};

/// `model`: as it would be added; `notes`: of its import. Throws Error(BadInput) for a graph that cannot be read.
ModelPreview previewOf(const Model& model, std::vector<std::string> notes);

/// How many filters of the layers that are quantizable, or of the others.
std::int64_t filtersOf(const ModelPreview& preview, bool quantizable);

/// Mean of all filters' bits, each weighed with its layer's weights per filter; 0 where no layer has bits.
double averageBits(const ModelPreview& preview);

/// Indented JSON, without a newline at its end.
std::string toJson(const ModelPreview& preview);

/// Throws Error(BadInput) where the text is no preview.
ModelPreview modelPreviewFrom(const std::string& json);

} // namespace bitscape
