// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/shallow_json.h"

#include "core/base/error.h"

#include <string>

namespace bitscape {

nlohmann::json shallowJson(std::string_view text, int deepest)
{
    try {
        return nlohmann::json::parse(text, [deepest](int depth, nlohmann::json::parse_event_t, const nlohmann::json&) {
            if (depth > deepest)
                throw Error(ErrorCode::BadInput, "this is nested too deeply");
            return true;
        });
    } catch (const nlohmann::json::exception& error) {
        const std::string what
            = error.what(); // "[json.exception.parse_error.101] parse error at line 1, column 2: ... - ...; last read: ..."
        const auto begin = what.find("] ");
        std::string sentence = "this is not JSON (";
        sentence += what.substr(begin == std::string::npos ? 0 : begin + 2, 40);
        sentence = sentence.substr(0, sentence.find(": "));
        sentence += ")";
        throw Error(ErrorCode::BadInput, sentence);
    }
}

} // namespace bitscape
