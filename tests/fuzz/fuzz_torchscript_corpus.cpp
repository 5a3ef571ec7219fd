// SPDX-License-Identifier: GPL-3.0-or-later
// fuzz_torchscript_corpus FOLDER: the blocks that the tests import, and exports of ours, as files without compression.
#include "tests/core/engine/script_blocks.h"

#include "core/engine/formats/torchscript_export.h"
#include "core/network/zoo.h"

#include "tests/fuzz/stored_zip.h"

#include <caffe2/serialize/inline_container.h>

#include <fstream>

using namespace bitscape;

namespace {

void store(const std::filesystem::path& from, const std::filesystem::path& to)
{
    caffe2::serialize::PyTorchStreamReader reader(from.string());
    fuzz::Records records;
    for (const std::string& name : reader.getAllRecords()) {
        const auto [data, size] = reader.getRecord(name);
        if (!name.ends_with(".debug_pkl"))
            records.emplace_back("net/" + name, std::string(static_cast<const char*>(data.get()), size));
    }
    const std::string zip = fuzz::zipOf(records);
    std::ofstream(to, std::ios::binary).write(zip.data(), static_cast<std::streamsize>(zip.size()));
}

} // namespace

int main(int count, char** arguments)
{
    if (count != 2)
        return 2;
    const std::filesystem::path folder(arguments[1]);
    std::filesystem::create_directories(folder);
    for (const test::Block& block : test::kBlocks) {
        test::ScriptNet net;
        block.make(net);
        const test::TemporaryFile file;
        net.module().save(file.path().string());
        store(file.path(), folder / block.name);
    }
    const Graph graph = zooGraph(zooRequestFrom("zoo:mlp?input=2x8x8&hidden=3"));
    const test::TemporaryFile file;
    exportTorchScript(graph, freshTensors(graph, 1), file.path(), { { { "fc1", { 1, 2, 3 } } }, {}, { 0, 0 }, { 1, 1 } });
    store(file.path(), folder / "export");
    return 0;
}
