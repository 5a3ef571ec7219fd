// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/export/deployable.h"

#include <cstddef>
#include <string>
#include <vector>

namespace bitscape {

/// Subnet `subnet` (0 is S_1) of a network of subnets (Graph::subnets), as a network by itself.
Deployable subnetOf(const Deployable& network, std::size_t subnet);

/// One ONNX file per step (opset 13, as exportOnnx() writes it). The first reads the image; each computes what its subnet adds to the one
/// before, puts out that subnet's logits first, and then what later steps read; these read it under the same names. The metadata say which
/// step it is of how many (`bitscape.step`, `bitscape.steps`) and what it multiplies for one image (`bitscape.macs`).
std::vector<std::string> exportOnnxSteps(const Deployable& network);

} // namespace bitscape
