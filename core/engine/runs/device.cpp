// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/device.h"

#include "core/base/error.h"

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <torch/csrc/api/include/torch/version.h>

#include <algorithm>
#include <fstream>
#include <thread>

namespace bitscape {
namespace {

std::string processorName()
{
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        if (line.starts_with("model name"))
            return line.substr(std::min(line.find(": ") + 2, line.size()));
    }
    return "unknown";
}

} // namespace

at::Device deviceFrom(const std::string& word)
{
    const at::Device device(deviceWord(word));
    if (device.is_cuda()) { // float32 as it is written, and the same bits for the same run
        at::globalContext().setAllowTF32CuDNN(false);
        at::globalContext().setDeterministicCuDNN(true);
        at::globalContext().setBenchmarkCuDNN(false);
    }
    return device;
}

std::string deviceWord(const std::string& word)
{
    if (word == "auto")
        return at::hasCUDA() ? "cuda" : "cpu";
    if (word == "cuda" && !at::hasCUDA())
        throw Error(ErrorCode::Device, "There is no CUDA device that this LibTorch can use: run with --device cpu.");
    if (word != "cpu" && word != "cuda")
        throw Error(ErrorCode::BadArgument, "device is cpu, cuda or auto, not '" + word + "'.");
    return word;
}

int useThreads(int threads)
{
    const int wanted = threads > 0 ? threads : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    at::set_num_threads(wanted);
    return wanted;
}

nlohmann::json versions()
{
    return { { "bitscape", BITSCAPE_VERSION }, { "libtorch", TORCH_VERSION }, { "compiler", __VERSION__ },
        { "processor", processorName() } };
}

} // namespace bitscape
