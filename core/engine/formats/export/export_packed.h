// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/export/deployable.h"

#include <string>

namespace bitscape {

/// The network with every filter's integers packed at its own bit-width, as resources/packed/bitscape_packed.h documents and reads it.
/// Batch normalisations directly behind a layer are folded into scales and biases, so that the payload has as many bits as costOf() says.
std::string exportPacked(const Deployable& network);

} // namespace bitscape
