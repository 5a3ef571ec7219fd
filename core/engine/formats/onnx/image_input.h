// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/imported_network.h"
#include "core/engine/formats/onnx/sizes.h"

#include <onnx/onnx_pb.h>

namespace bitscape {

/// The images that a model reads.
struct ImageInput {
    Shape shape;
    Sizes sizes;               ///< as the file sees them: batch first, 1 where it is not fixed
    bool isOverridden = false; ///< by the options, so that the file's own shapes do not hold
};

/// From the file's declaration and what was asked for. Throws Error(BadInput) where neither tells the shape.
ImageInput imageOf(const onnx::ValueInfoProto& input, const ImportOptions& options);

} // namespace bitscape
