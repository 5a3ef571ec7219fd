// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever a file says, importTorchScript() makes a network of it or throws an Error.
#include "core/base/error.h"
#include "core/engine/formats/torchscript_import.h"

#include "tests/fuzz/memory_file.h"
#include "tests/fuzz/stored_zip.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

using namespace bitscape;

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t maxSize);

namespace {

/// Mostly the pickle and the script: tensors are numbers of any kind.
std::size_t chosenRecord(const fuzz::Records& records, unsigned int seed)
{
    std::vector<std::size_t> telling;
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (records[i].first.ends_with(".pkl") || records[i].first.ends_with(".py") || records[i].first.ends_with(".json"))
            telling.push_back(i);
    }
    return telling.empty() || seed % 16 == 0 ? seed / 16 % records.size() : telling[seed / 16 % telling.size()];
}

} // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t maxSize, unsigned int seed)
{
    fuzz::Records records = fuzz::recordsOf({ reinterpret_cast<const char*>(data), size });
    if (records.empty() || seed % 8 == 0)
        return LLVMFuzzerMutate(data, size, maxSize);
    std::string& content = records[chosenRecord(records, seed / 8)].second;
    std::string room = content + std::string(256, '\0');
    const std::size_t mutated = LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(room.data()), content.size(), room.size());
    content = room.substr(0, mutated);
    const std::string zip = fuzz::zipOf(records);
    if (zip.size() > maxSize)
        return size;
    std::copy(zip.begin(), zip.end(), data);
    return zip.size();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const fuzz::MemoryFile file(data, size);
    SilentContext context;
    try {
        const ImportedNetwork network = importTorchScript(file.path(), { Shape { 2, 8, 8, false } }, context);
        checkGraph(network.graph);
        if (network.weights.size() != static_cast<std::size_t>(parameterCount(network.graph)) * sizeof(float))
            std::abort();
    } catch (const Error& error) {
        if (error.code() != ErrorCode::BadInput && error.code() != ErrorCode::Unsupported) {
            std::fprintf(stderr, "%s\n", error.what());
            std::abort();
        }
    }
    return 0;
}
