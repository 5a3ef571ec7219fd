// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/export/export_torchscript.h"

#include "core/engine/formats/torchscript_export.h"

namespace bitscape {

std::string exportAsTorchScript(const Deployable& network)
{
    TorchScriptExtras extras { {}, activationGrids(network), network.normalisation.mean, network.normalisation.stddev };
    for (std::size_t i = 0; i < network.bits.size(); ++i)
        extras.bits[network.layers[i].name] = { network.bits[i].begin(), network.bits[i].end() };
    return torchScriptBytes(network.graph, network.tensors, extras);
}

} // namespace bitscape
