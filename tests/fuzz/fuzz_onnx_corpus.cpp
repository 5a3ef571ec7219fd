// SPDX-License-Identifier: GPL-3.0-or-later
// fuzz_onnx_corpus FOLDER: the networks of the tests as files for the fuzzer to start from.
#include "tests/core/engine/onnx_networks.h"

#include <filesystem>

int main(int count, char** arguments)
{
    if (count != 2)
        return 2;
    const std::filesystem::path folder(arguments[1]);
    std::filesystem::create_directories(folder);
    for (const auto& network : bitscape::test::onnxNetworks()) {
        for (const int opset : { 0, 18, 21 }) { // as it is, and without libonnx's checker
            bitscape::test::OnnxWriter file = network.file;
            if (opset > 0)
                file.model.mutable_opset_import(0)->set_version(opset);
            file.save(folder / (std::string(network.name) + std::to_string(opset) + ".onnx"));
        }
    }
    return 0;
}
