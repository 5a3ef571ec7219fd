// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/serve_protocol.h"

#include "core/jobs/shallow_json.h"
#include "core/network/bit_edits_json.h"

#include "core/base/error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace bitscape {
namespace {

using Json = nlohmann::json;
using Ordered = nlohmann::ordered_json;

constexpr auto kForms
    = R"(a request is {"id": 7, "evaluate": {"run": 4, "bits": [[...], ...]}} or with "edits": [...], {"id": 7, "prepare": {"run": 4}}, {"cancel": 7} or {"quit": true})";

[[noreturn]] void refuse(const std::string& sentence)
{
    throw Error(ErrorCode::BadArgument, sentence);
}

std::optional<std::int64_t> wholeIn(const Json& value)
{
    const bool tooLarge
        = value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return value.is_number_integer() && !tooLarge ? std::optional(value.get<std::int64_t>()) : std::nullopt;
}

std::optional<std::int64_t> memberIn(const Json& object, const char* name)
{
    const auto found = object.find(name);
    return found == object.end() ? std::nullopt : wholeIn(*found);
}

std::int64_t memberOf(const Json& object, const char* name)
{
    const auto value = memberIn(object, name);
    if (!value)
        refuse(std::string("This request needs a whole number as '") + name + "'.");
    return *value;
}

LayerBits bitsFrom(const Json& json)
{
    static constexpr auto kWanted = "The bits are a list of layers, each a list of whole numbers from 0 to 8, one per filter.";
    LayerBits bits;
    if (!json.is_array())
        refuse(kWanted);
    for (const Json& layer : json) {
        if (!layer.is_array())
            refuse(kWanted);
        auto& own = bits.emplace_back();
        for (const Json& filter : layer) {
            const auto value = wholeIn(filter);
            if (!value || *value < 0 || *value > 8)
                refuse(kWanted);
            own.push_back(static_cast<std::uint8_t>(*value));
        }
    }
    return bits;
}

EvaluateRequest evaluationFrom(std::int64_t id, const Json& json)
{
    if (!json.is_object() || json.contains("bits") == json.contains("edits"))
        refuse("An evaluation has a run, and either bits or edits.");
    EvaluateRequest request { id, { memberOf(json, "run") }, LayerBits {} };
    if (json.contains("bits"))
        request.change = bitsFrom(json.at("bits"));
    else
        request.change = editsFromJson(json.at("edits"));
    return request;
}

ServeRequest parsed(const Json& json)
{
    const auto words = { "evaluate", "prepare", "cancel", "quit" };
    if (std::ranges::count_if(words, [&](const char* word) { return json.contains(word); }) != 1)
        refuse(std::string("This is no request: ") + kForms + ".");
    if (json.contains("cancel"))
        return CancelRequest { memberOf(json, "cancel") };
    if (json.contains("quit")) {
        if (json.at("quit") != true)
            refuse("To quit, write {\"quit\": true}.");
        return QuitRequest {};
    }
    const std::int64_t id = memberOf(json, "id");
    if (json.contains("evaluate"))
        return evaluationFrom(id, json.at("evaluate"));
    if (!json.at("prepare").is_object())
        refuse("A preparation has a run.");
    return PrepareRequest { id, { memberOf(json.at("prepare"), "run") } };
}

std::string textOf(const Ordered& json)
{
    return json.dump(-1, ' ', false, Ordered::error_handler_t::replace);
}

ServedEstimate estimateFrom(const Json& json)
{
    ServedEstimate estimate;
    estimate.images = json.at("images").get<std::int64_t>();
    estimate.right = json.at("right").get<std::int64_t>();
    estimate.estimate = { json.at("accuracy").get<double>(), json.at("low").get<double>(), json.at("high").get<double>() };
    estimate.classRight = json.at("per_class").get<std::vector<std::int64_t>>();
    estimate.classImages = json.at("per_class_images").get<std::vector<std::int64_t>>();
    estimate.done = json.at("done").get<bool>();
    return estimate;
}

} // namespace

ServeRequest requestFrom(std::string_view line)
{
    std::optional<std::int64_t> id;
    try {
        const Json json = shallowJson(line);
        if (!json.is_object())
            refuse(std::string("This is no request: ") + kForms + ".");
        id = memberIn(json, "id");
        return parsed(json);
    } catch (const Error& error) {
        std::string sentence = error.what();
        if (error.code() == ErrorCode::BadInput)
            sentence = "The line cannot be read: " + sentence + ".";
        return BadRequest { id, sentence };
    }
}

std::string toLine(const EvaluateRequest& request)
{
    Ordered evaluate { { "run", request.run.value } };
    if (const auto* bits = std::get_if<LayerBits>(&request.change))
        evaluate["bits"] = *bits;
    else
        evaluate["edits"] = Ordered(toJson(std::get<std::vector<BitEdit>>(request.change)));
    return textOf({ { "id", request.id }, { "evaluate", evaluate } });
}

std::string toLine(const PrepareRequest& request)
{
    return textOf({ { "id", request.id }, { "prepare", { { "run", request.run.value } } } });
}

std::string toLine(const CancelRequest& request)
{
    return textOf({ { "cancel", request.id } });
}

std::string toLine(const QuitRequest&)
{
    return textOf({ { "quit", true } });
}

std::string toLine(std::int64_t id, const ServedEstimate& estimate)
{
    return textOf({ { "id", id }, { "images", estimate.images }, { "right", estimate.right }, { "accuracy", estimate.estimate.accuracy },
        { "low", estimate.estimate.low }, { "high", estimate.estimate.high }, { "per_class", estimate.classRight },
        { "per_class_images", estimate.classImages }, { "done", estimate.done } });
}

std::string toLine(std::int64_t id, ServedEnd end)
{
    const char* word = end == ServedEnd::Ready ? "ready" : end == ServedEnd::Superseded ? "superseded" : "cancelled";
    return textOf({ { "id", id }, { word, true } });
}

std::string errorLine(std::optional<std::int64_t> id, const std::string& sentence)
{
    Ordered json = Ordered::object();
    if (id)
        json["id"] = *id;
    json["error"] = sentence;
    return textOf(json);
}

std::optional<ServedAnswer> answerFrom(std::string_view line)
{
    try {
        const Json json = shallowJson(line);
        if (!json.is_object())
            return std::nullopt;
        ServedAnswer answer { memberIn(json, "id"), {} };
        if (json.contains("error"))
            answer.what = json.at("error").get<std::string>();
        else if (json.contains("ready"))
            answer.what = ServedEnd::Ready;
        else if (json.contains("superseded"))
            answer.what = ServedEnd::Superseded;
        else if (json.contains("cancelled"))
            answer.what = ServedEnd::Cancelled;
        else
            answer.what = estimateFrom(json);
        return answer;
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

std::vector<std::optional<std::string>> LineCutter::add(std::string_view piece)
{
    std::vector<std::optional<std::string>> lines;
    for (std::size_t end = piece.find('\n'); end != std::string_view::npos; end = piece.find('\n')) {
        append(piece.substr(0, end));
        lines.push_back(taken());
        piece.remove_prefix(end + 1);
    }
    append(piece);
    return lines;
}

std::vector<std::optional<std::string>> LineCutter::rest()
{
    if (m_line.empty() && !m_tooLong)
        return {};
    return { taken() };
}

std::optional<std::string> LineCutter::taken()
{
    if (std::exchange(m_tooLong, false))
        return std::nullopt;
    return std::exchange(m_line, {});
}

void LineCutter::append(std::string_view part)
{
    if (m_tooLong)
        return;
    m_tooLong = m_line.size() + part.size() > m_longest;
    if (m_tooLong)
        std::string().swap(m_line);
    else
        m_line += part;
}

} // namespace bitscape
