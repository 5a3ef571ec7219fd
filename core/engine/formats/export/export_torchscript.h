// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/export/deployable.h"

#include <string>

namespace bitscape {

/// The bytes of a TorchScript module with the fake-quantized weights, quantizers of activations where there are any, bits and
/// normalisation beside it (torchscript_export.h).
std::string exportAsTorchScript(const Deployable& network);

} // namespace bitscape
