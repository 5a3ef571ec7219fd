// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <string_view>

namespace bitscape {

/// JSON from whoever may have written it: nothing that is nested deeper than `deepest` is built, which the library would follow
/// down when it copies. Throws Error(BadInput): "this is not JSON (...)" or "this is nested too deeply", for the end of a sentence.
nlohmann::json shallowJson(std::string_view text, int deepest = 8);

} // namespace bitscape
