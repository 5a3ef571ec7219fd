// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/events.h"

#include "core/base/error.h"
#include "core/project/runs.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace bitscape {

using nlohmann::json;
using nlohmann::ordered_json; // figures keep their order

namespace {

/// Cut where a character ends, so that no line grows past kMaxEventLineBytes however it is escaped.
std::string cut(const std::string& text)
{
    std::size_t end = 64 * 1024;
    if (text.size() <= end)
        return text;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    return text.substr(0, end);
}

void putNumber(ordered_json& object, const std::string& name, double value)
{
    if (std::isfinite(value))
        object[name] = value;
}

void putProgress(ordered_json& object, const Event& event)
{
    object["event"] = "progress";
    putNumber(object, "done", event.progress.done);
    putNumber(object, "total", event.progress.total);
    object["stage"] = cut(event.progress.stage);
    if (event.secondsLeft)
        putNumber(object, "seconds_left", *event.secondsLeft);
    ordered_json figures = ordered_json::object();
    for (const auto& [name, value] : event.progress.figures)
        putNumber(figures, name, value);
    object["figures"] = std::move(figures);
}

// Reading. Each answers false where the member is there and is of another type; an absent one leaves the default.

bool take(const ordered_json& object, const char* name, double& value)
{
    const auto found = object.find(name);
    if (found == object.end())
        return true;
    if (!found->is_number())
        return false;
    value = found->get<double>();
    return std::isfinite(value);
}

bool take(const ordered_json& object, const char* name, std::string& value)
{
    const auto found = object.find(name);
    if (found == object.end())
        return true;
    if (!found->is_string())
        return false;
    value = found->get<std::string>();
    return true;
}

bool takeFigures(const ordered_json& object, std::vector<std::pair<std::string, double>>& figures)
{
    const auto found = object.find("figures");
    if (found == object.end())
        return true;
    if (!found->is_object())
        return false;
    for (const auto& item : found->items()) {
        if (!item.value().is_number())
            return false;
        figures.emplace_back(item.key(), item.value().get<double>());
    }
    return true;
}

bool takeProgress(const ordered_json& object, Event& event)
{
    Progress& progress = event.progress;
    if (!take(object, "done", progress.done) || !take(object, "total", progress.total) || !take(object, "stage", progress.stage)
        || !takeFigures(object, progress.figures) || progress.total <= 0)
        return false;
    progress.done = std::clamp(progress.done, 0.0, progress.total);
    double left = -1;
    if (!take(object, "seconds_left", left))
        return false;
    if (left >= 0)
        event.secondsLeft = left;
    return true;
}

bool isState(const std::string& word)
{
    try {
        runStateFrom(word);
        return true;
    } catch (const Error&) { // not an error here: a worker may print anything
        return false;
    }
}

std::optional<Event> eventOf(const ordered_json& object)
{
    Event event;
    std::string kind;
    bool good = take(object, "event", kind);
    if (kind == "progress") {
        event.kind = EventKind::Progress;
        good = good && takeProgress(object, event);
    } else if (kind == "log") {
        event.kind = EventKind::Log;
        good = good && object.contains("line") && take(object, "line", event.text);
    } else if (kind == "results") {
        event.kind = EventKind::Results;
    } else if (kind == "state") {
        event.kind = EventKind::State;
        good = good && take(object, "state", event.text) && take(object, "failure", event.failure) && isState(event.text);
    } else {
        good = false;
    }
    return good ? std::optional(std::move(event)) : std::nullopt;
}

} // namespace

std::string toLine(const Event& event)
{
    ordered_json object;
    switch (event.kind) {
    case EventKind::Progress:
        putProgress(object, event);
        break;
    case EventKind::Log:
        object = { { "event", "log" }, { "line", cut(event.text) } };
        break;
    case EventKind::Results:
        object["event"] = "results";
        break;
    case EventKind::State:
        object = { { "event", "state" }, { "state", cut(event.text) }, { "failure", cut(event.failure) } };
        break;
    }
    return object.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::optional<Event> eventFrom(const std::string& line)
{
    if (line.size() > kMaxEventLineBytes || line.find('\0') != std::string::npos) // the parser would stop at the zero
        return std::nullopt;
    // Only what an event can hold is built: members, and members of members, and no more of them than a worker sends.
    constexpr int deepest = 2, mostMembers = 1000;
    int members = 0;
    const auto wanted = [&members](int depth, ordered_json::parse_event_t what, ordered_json&) {
        return depth <= deepest && (what != ordered_json::parse_event_t::key || ++members <= mostMembers);
    };
    const ordered_json object = ordered_json::parse(line, wanted, false);
    return object.is_object() ? eventOf(object) : std::nullopt;
}

std::optional<Command> commandFrom(const std::string& line)
{
    constexpr const char* blanks = " \t\r\n";
    const std::size_t first = line.find_first_not_of(blanks);
    if (first == std::string::npos)
        return std::nullopt;
    const std::string word = line.substr(first, line.find_last_not_of(blanks) - first + 1);
    for (const Command command : { Command::Pause, Command::Resume, Command::Cancel }) {
        if (word == toLine(command))
            return command;
    }
    return std::nullopt;
}

std::string toLine(Command command)
{
    switch (command) {
    case Command::Pause:
        return "pause";
    case Command::Resume:
        return "resume";
    case Command::Cancel:
        return "cancel";
    }
    throw Error(ErrorCode::Internal, "command " + std::to_string(static_cast<int>(command)) + " has no word: give it one in events.cpp");
}

} // namespace bitscape
