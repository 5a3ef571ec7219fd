// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/serve_session.h"

#include "core/engine/runs/run_job.h"
#include "core/jobs/edit_sources.h"
#include "core/project/runs.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <unistd.h>
#include <utility>

namespace bitscape {
namespace {

constexpr int kTickMs = 100;
constexpr auto kPatience = std::chrono::seconds(2); ///< for what is being computed when it is over
constexpr std::size_t kMostWaiting = 10000;

/// Whether nobody reads standard output any more.
bool isUnread()
{
    pollfd output { STDOUT_FILENO, 0, 0 };
    return poll(&output, 1, 0) > 0 && (output.revents & (POLLERR | POLLNVAL)) != 0;
}

} // namespace

/// A base run is loaded whole, whatever is asked meanwhile.
class ServeSession::Loading : public JobContext {
public:
    explicit Loading(ServeSession& session)
        : m_session(session)
    {
    }
    void checkpoint() override
    {
        if (m_session.isOver())
            throw Cancelled {};
    }
    void progress(const Progress&) final { }
    void log(const std::string&) final { }
    void resultsChanged() final { }

protected:
    ServeSession& m_session;
};

class ServeSession::Evaluating final : public Loading {
public:
    using Loading::Loading;
    void checkpoint() override
    {
        Loading::checkpoint();
        const std::lock_guard lock(m_session.m_mutex);
        if (m_session.m_now->superseded || m_session.m_now->cancelled)
            throw Cancelled {};
    }
};

ServeSession::ServeSession(Project project, const WhatIf::Pace& pace)
    : m_project(std::move(project))
    , m_pace(pace)
{
    std::signal(SIGPIPE, SIG_IGN); // answer() notices
}

ServeSession::~ServeSession() = default;

ExitCode ServeSession::run()
{
    m_reader = std::jthread([this](const std::stop_token& stop) { read(stop); });
    while (const auto item = next())
        serve(*item);
    const std::lock_guard lock(m_mutex);
    m_done = true;
    m_changed.notify_all();
    return kDone;
}

/// Until the computing thread is done; one that does not end is left where it is, which loses nothing.
void ServeSession::read(const std::stop_token& stop)
{
    bool open = true;
    while (!stop.stop_requested() && !isOver()) {
        if (open)
            open = readPiece();
        else
            poll(nullptr, 0, kTickMs); // what was asked is still answered, while somebody reads
        if (isUnread()) {
            const std::lock_guard lock(m_mutex);
            m_over = true;
            m_changed.notify_all();
        }
    }
    std::unique_lock lock(m_mutex);
    if (!m_changed.wait_for(lock, kPatience, [this] { return m_done; }))
        _exit(kDone);
}

/// False once standard input is closed.
bool ServeSession::readPiece()
{
    pollfd input { STDIN_FILENO, POLLIN, 0 };
    if (poll(&input, 1, kTickMs) <= 0)
        return true;
    static constexpr std::size_t kPiece = std::size_t { 64 } << 10;
    std::string piece(kPiece, '\0');
    const ssize_t size = ::read(STDIN_FILENO, piece.data(), piece.size());
    if (size < 0 && (errno == EINTR || errno == EAGAIN))
        return true;
    auto lines = m_lines.add({ piece.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)) });
    if (size <= 0)
        lines = m_lines.rest();
    for (const auto& line : lines) {
        if (!line)
            take(BadRequest { {}, "The line is longer than 16 MiB and was skipped." });
        else if (line->find_first_not_of(" \t\r") != std::string::npos)
            take(requestFrom(*line));
    }
    const std::lock_guard lock(m_mutex);
    m_ended = m_ended || size <= 0;
    m_changed.notify_all();
    return size > 0;
}

void ServeSession::take(ServeRequest request)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_items.size() < kMostWaiting || m_over; });
    if (std::holds_alternative<QuitRequest>(request))
        m_over = true;
    if (const auto* given = std::get_if<CancelRequest>(&request))
        cancel(given->id);
    else if (!m_over) {
        if (std::holds_alternative<EvaluateRequest>(request))
            supersede();
        m_items.push_back({ ++m_number, Clock::now(), std::move(request) });
    }
    m_changed.notify_all();
}

void ServeSession::cancel(std::int64_t id)
{
    const auto mark = [id](Item& item) {
        const auto* evaluation = std::get_if<EvaluateRequest>(&item.request);
        item.cancelled = item.cancelled || (evaluation && evaluation->id == id);
    };
    std::ranges::for_each(m_items, mark);
    if (m_now)
        mark(*m_now);
}

/// By an evaluation that has just come: what those before it asked for is let go of.
void ServeSession::supersede()
{
    const auto mark = [](Item& item) {
        if (auto* evaluation = std::get_if<EvaluateRequest>(&item.request)) {
            item.superseded = true;
            evaluation->change = LayerBits {};
        }
    };
    std::ranges::for_each(m_items, mark);
    if (m_now)
        m_now->superseded = true;
}

std::optional<ServeSession::Item> ServeSession::next()
{
    std::unique_lock lock(m_mutex);
    m_now.reset();
    m_changed.wait(lock, [this] { return !m_items.empty() || m_ended || m_over; });
    if (m_items.empty() || m_over)
        return std::nullopt;
    m_now = std::move(m_items.front());
    m_items.pop_front();
    m_changed.notify_all();
    return m_now;
}

void ServeSession::serve(const Item& item)
{
    std::optional<std::int64_t> id;
    try {
        wrapped([&] {
            if (const auto* bad = std::get_if<BadRequest>(&item.request)) {
                answer(errorLine(bad->id, bad->sentence));
            } else if (const auto* preparation = std::get_if<PrepareRequest>(&item.request)) {
                id = preparation->id;
                prepared(preparation->run);
                answer(toLine(preparation->id, ServedEnd::Ready));
            } else if (const auto* evaluation = std::get_if<EvaluateRequest>(&item.request)) {
                id = evaluation->id;
                evaluate(item, *evaluation);
            }
        });
    } catch (const Cancelled&) {
        const bool cancelled = [this] {
            const std::lock_guard lock(m_mutex);
            return m_now->cancelled;
        }();
        if (id && !isOver())
            answer(toLine(*id, cancelled ? ServedEnd::Cancelled : ServedEnd::Superseded));
    } catch (const std::exception& error) {
        answer(errorLine(id, error.what()));
    }
}

void ServeSession::evaluate(const Item& item, const EvaluateRequest& request)
{
    if (item.superseded || item.cancelled)
        throw Cancelled {};
    WhatIf& whatIf = prepared(request.run);
    Evaluating context(*this);
    context.checkpoint(); // before the bits of a request that came to nothing while the run was loaded are looked at
    const auto tell = [&](const ServedEstimate& estimate) { answer(toLine(request.id, estimate)); };
    whatIf.evaluate(bitsOf(request), item.arrived, m_pace, tell, context);
}

WhatIf& ServeSession::prepared(RunId id)
{
    const Run base = bitscape::run(m_project, id);
    if (m_whatIf && m_whatIf->base().id == id && m_whatIf->base().created == base.created)
        return *m_whatIf;
    editSources(m_project, id); // refuses what cannot be edited before the run that is loaded is given up
    std::optional<ImageSet> images;
    if (m_whatIf)
        images = m_whatIf->takeImages();
    m_whatIf.reset();
    Loading context(*this);
    m_whatIf = std::make_unique<WhatIf>(m_project, base, std::move(images), context);
    return *m_whatIf;
}

LayerBits ServeSession::bitsOf(const EvaluateRequest& request)
{
    if (const auto* bits = std::get_if<LayerBits>(&request.change))
        return *bits;
    const auto& edits = std::get<std::vector<BitEdit>>(request.change);
    EditSources sources = editSources(m_project, request.run); // anew: a search may have left a table since
    addOtherBits(m_project, sources, edits);
    return replay(sources, edits).bits;
}

void ServeSession::answer(const std::string& line)
{
    const std::string whole = line + "\n";
    for (std::size_t written = 0; written < whole.size();) {
        const ssize_t size = ::write(STDOUT_FILENO, whole.data() + written, whole.size() - written);
        if (size < 0 && errno == EINTR)
            continue;
        if (size <= 0) { // whoever asked has gone
            const std::lock_guard lock(m_mutex);
            m_over = true;
            m_changed.notify_all();
            return;
        }
        written += static_cast<std::size_t>(size);
    }
}

bool ServeSession::isOver()
{
    const std::lock_guard lock(m_mutex);
    return m_over;
}

} // namespace bitscape
