// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/runs.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// What a parameter's value looks like, in JSON and on the command line.
enum class ParameterType {
    Integer, ///< 12
    Real,    ///< 0.5
    Flag,    ///< true, false
    Choice,  ///< one word of `choices`
    Split,   ///< "train[0:55000]"
    Bits,    ///< a list of bit-widths: "0,1,2,3,4"
    Reals,   ///< a list of numbers: "1,1,2.5"; may be empty
    Edits    ///< a history of edits as JSON (bit_edits_json.h); may be empty
};

/// The one declaration of a parameter: flags, forms, validation, stored JSON, help and the report's table come from it.
struct ParameterSpec {
    std::string name;
    ParameterType type = ParameterType::Real;
    nlohmann::json fallback;                ///< the default; null: "none", where `optional`
    std::optional<double> minimum, maximum; ///< for Integer, Real and each of Bits and Reals; inclusive unless said otherwise below
    std::string unit;                       ///< "images", "bits", "s", ...; empty: none
    std::string help;                       ///< one line
    std::string source;                     ///< where it comes from: "methods.md 3", "CQ"
    std::vector<std::string> choices;
    bool optional = false;         ///< "none" is allowed
    std::string noneMeaning;       ///< what "none" stands for: "as in the search run"; empty where not optional
    bool minimumExclusive = false; ///< values must be above `minimum`
    bool maximumExclusive = false; ///< values must be below `maximum`
    std::size_t minimumCount = 0;  ///< entries, for Bits and Reals
    bool rising = false;           ///< Bits and Reals: every entry above the one before it
    bool operator==(const ParameterSpec&) const = default;
};

/// The type as one word: "integer", "real", "flag", "choice", "split", "bits", "reals", "edits".
std::string toString(ParameterType type);

/// The parameters of a run kind, in the order in which a form shows them.
const std::vector<ParameterSpec>& parametersOf(RunKind kind);

/// The declaration of one parameter of a run kind. Throws Error(BadArgument) for an unknown name, and says what may have been meant.
const ParameterSpec& parameterOf(RunKind kind, const std::string& name);

/// One value from its text, checked; the same in every locale: "none" where optional, "true yes on false no off" for a flag,
/// "1e-3" for a real, "0,1,2" for a list, nothing for an empty list. Throws Error(BadArgument) that names parameter, value and what is
/// allowed.
nlohmann::json parseParameter(const ParameterSpec& spec, const std::string& text);

/// One value as text that parseParameter() reads back. Throws Error(BadArgument) for JSON that is no parameter's value.
std::string parameterText(const nlohmann::json& value);

/// Checks types, ranges, names and the relations between parameters, and fills in every default. `given` is an object, or null for none.
/// An integer is taken where a real is declared. Throws Error(BadArgument) that names the parameter; an unknown name is answered with
/// the nearest known one, or the run kinds that do know it.
nlohmann::json completeParameters(RunKind kind, const nlohmann::json& given);

/// `name=value` texts as the command line gives them (--set), parsed and completed; they go before the values of `preset`, an object, and
/// those before the defaults. Throws Error(BadArgument), for a name given twice too.
nlohmann::json parametersFromTexts(
    RunKind kind, const std::vector<std::string>& settings, const nlohmann::json& preset = nlohmann::json::object());

/// One line for --help: "epochs  integer 1..10000, default 3: passes over the training split (methods.md 5)".
std::string describe(const ParameterSpec& spec);

/// The declaration as data, for forms and man pages: an object with `name`, `type`, `default`, `optional`, `help`, `source`, and where they
/// say something `minimum`, `maximum`, `minimum_exclusive`, `maximum_exclusive`, `minimum_count`, `rising`, `unit`, `choices`,
/// `none_meaning`.
nlohmann::json toJson(const ParameterSpec& spec);

} // namespace bitscape
