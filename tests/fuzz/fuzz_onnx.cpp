// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer on the ONNX importer: any bytes make a network that can be worked with, or an Error.
#include "core/base/error.h"
#include "core/engine/formats/onnx/import_onnx.h"
#include "core/network/cost.h"
#include "core/network/graph_json.h"
#include "core/network/layers.h"
#include "tests/fuzz/memory_file.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

using namespace bitscape;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const fuzz::MemoryFile file(data, size);
    SilentContext context;
    try {
        const ImportedNetwork network = importOnnx(file.path(), {}, context);
        if (static_cast<std::int64_t>(network.weights.size()) != 4 * parameterCount(network.graph))
            abort();
        if (graphFromJson(graphToJson(network.graph)) != network.graph)
            abort();
        const auto layers = layersOf(network.graph);
        if (costOf(network.graph, layers, uniformBits(layers, 2, 8)).macs < 0)
            abort();
    } catch (const Error&) {
    }
    return 0;
}
