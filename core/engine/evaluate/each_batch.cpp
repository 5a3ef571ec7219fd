// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/evaluate/each_batch.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <chrono>

namespace bitscape {
namespace {

constexpr double kWaveSeconds = 0.15;

/// Works on batches[begin .. end).
void wave(const std::vector<std::size_t>& batches, std::size_t begin, std::size_t end, const std::function<void(std::size_t)>& work)
{
    std::atomic<std::size_t> next { begin };
    const auto threads = std::min<std::int64_t>(at::get_num_threads(), static_cast<std::int64_t>(end - begin));
    at::parallel_for(0, threads, 1, [&](std::int64_t, std::int64_t) {
        for (std::size_t i = next++; i < end; i = next++)
            work(batches[i]);
    });
}

} // namespace

void eachBatch(const std::vector<std::size_t>& batches, const at::Device& device, JobContext& context,
    const std::function<void(std::size_t batch)>& work)
{
    const bool together = device.is_cpu();
    std::size_t size = together ? static_cast<std::size_t>(at::get_num_threads()) : 1;
    for (std::size_t begin = 0; begin < batches.size();) {
        context.checkpoint();
        const auto started = std::chrono::steady_clock::now();
        const std::size_t end = std::min(batches.size(), begin + size);
        if (together) {
            wave(batches, begin, end, work);
        } else {
            work(batches[begin]);
        }
        const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
        if (together && seconds < kWaveSeconds / 2)
            size *= 2;
        begin = end;
    }
}

} // namespace bitscape
