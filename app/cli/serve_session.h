// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/exit_codes.h"

#include "core/engine/runs/what_if.h"
#include "core/jobs/serve_protocol.h"
#include "core/project/project.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace bitscape {

/// Answers requests on standard input with lines on standard output (serve.md) until either is closed or it is told to quit. A thread of
/// its own reads, so that a newer evaluation ends an older one within a batch. One base run is kept loaded, the last one asked for.
class ServeSession final {
public:
    ServeSession(Project project, const WhatIf::Pace& pace);
    ~ServeSession();

    /// Returns when it is over.
    ExitCode run();

private:
    using Clock = std::chrono::steady_clock;

    struct Item {
        std::uint64_t number = 0; ///< in the order of arrival
        Clock::time_point arrived;
        ServeRequest request;
        bool cancelled = false;
        bool superseded = false;
    };
    class Loading;
    class Evaluating;

    // The reading thread's.
    void read(const std::stop_token& stop);
    bool readPiece();
    void take(ServeRequest request);
    void cancel(std::int64_t id);
    void supersede();

    // The computing thread's.
    std::optional<Item> next();
    void serve(const Item& item);
    void evaluate(const Item& item, const EvaluateRequest& request);
    WhatIf& prepared(RunId run);
    LayerBits bitsOf(const EvaluateRequest& request);
    void answer(const std::string& line);
    bool isOver();

    Project m_project;
    WhatIf::Pace m_pace;
    std::unique_ptr<WhatIf> m_whatIf;
    LineCutter m_lines; ///< the reading thread's

    std::mutex m_mutex; ///< guards what follows
    std::condition_variable m_changed;
    std::deque<Item> m_items;   ///< what waits
    std::optional<Item> m_now;  ///< what is being served
    std::uint64_t m_number = 0; ///< of the last item
    bool m_ended = false;       ///< nothing more will be asked
    bool m_over = false;        ///< nothing more is to be answered
    bool m_done = false;        ///< run() is returning
    std::jthread m_reader;      ///< last: it uses all of the above
};

} // namespace bitscape
