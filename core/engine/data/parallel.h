// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <exception>
#include <thread>
#include <vector>

namespace bitscape {

/// Calls job(i) for first <= i < last on up to `threads` threads, each with a share of neighbours. Of what the calls throw, that of the
/// lowest i is thrown here, whatever the number of threads; the calls behind it may or may not have been made.
template <class Job> void parallelFor(std::size_t first, std::size_t last, std::size_t threads, const Job& job)
{
    const std::size_t shares = std::clamp<std::size_t>(threads, 1, std::max<std::size_t>(last - first, 1));
    std::vector<std::exception_ptr> failures(shares);
    const auto work = [&](std::size_t share) {
        try {
            const std::size_t end = first + (last - first) * (share + 1) / shares;
            for (std::size_t i = first + (last - first) * share / shares; i < end; ++i)
                job(i);
        } catch (...) {
            failures[share] = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> helpers;
        for (std::size_t share = 1; share < shares; ++share)
            helpers.emplace_back(work, share);
        work(0);
    }
    for (const std::exception_ptr& failure : failures) {
        if (failure)
            std::rethrow_exception(failure);
    }
}

} // namespace bitscape
