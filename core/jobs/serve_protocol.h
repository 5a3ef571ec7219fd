// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/layer_bits.h"
#include "core/jobs/accuracy_interval.h"
#include "core/network/bit_edits.h"
#include "core/project/ids.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bitscape {

/// What `bitscape-cli serve` reads and writes: one JSON object per line (app/cli/serve.md).

/// A longer line is no request.
inline constexpr std::size_t kMaxRequestBytes = std::size_t { 16 } << 20;

/// How accurate is a run's network with other bits?
struct EvaluateRequest {
    std::int64_t id = 0;
    RunId run;
    std::variant<LayerBits, std::vector<BitEdit>> change; ///< bits as `show --json` has them, or a history of edits from the run's own
};

/// Loads what evaluations of a run need.
struct PrepareRequest {
    std::int64_t id = 0;
    RunId run;
};

/// Gives an evaluation up.
struct CancelRequest {
    std::int64_t id = 0;
};

struct QuitRequest { };

/// A line that is no request.
struct BadRequest {
    std::optional<std::int64_t> id; ///< where the line has one
    std::string sentence;
};

using ServeRequest = std::variant<EvaluateRequest, PrepareRequest, CancelRequest, QuitRequest, BadRequest>;

/// Throws nothing: what cannot be read is a BadRequest that says why.
ServeRequest requestFrom(std::string_view line);

/// One line each, without the newline, valid UTF-8.
std::string toLine(const EvaluateRequest& request);
std::string toLine(const PrepareRequest& request);
std::string toLine(const CancelRequest& request);
std::string toLine(const QuitRequest& request);

/// What has been found so far.
struct ServedEstimate {
    std::int64_t images = 0; ///< seen
    std::int64_t right = 0;
    AccuracyEstimate estimate;
    std::vector<std::int64_t> classRight, classImages; ///< of the seen images, per true class
    bool done = false;                                 ///< every image was seen: low and high are the accuracy
    bool operator==(const ServedEstimate&) const = default;
};

enum class ServedEnd {
    Ready,      ///< of a PrepareRequest
    Superseded, ///< by a newer evaluation
    Cancelled
};

std::string toLine(std::int64_t id, const ServedEstimate& estimate);
std::string toLine(std::int64_t id, ServedEnd end);
/// `sentence`: any bytes; what is not UTF-8 is replaced.
std::string errorLine(std::optional<std::int64_t> id, const std::string& sentence);

/// An answer as the asking side reads it.
struct ServedAnswer {
    std::optional<std::int64_t> id;
    std::variant<ServedEstimate, ServedEnd, std::string> what; ///< the string: the sentence of an error
};

/// Nothing where the line is no answer.
std::optional<ServedAnswer> answerFrom(std::string_view line);

/// Cuts what comes in pieces into lines. Of a line that grows longer than `longest` nothing is kept: it is told once, as nothing, when it
/// ends.
class LineCutter final {
public:
    explicit LineCutter(std::size_t longest = kMaxRequestBytes)
        : m_longest(longest)
    {
    }

    /// The lines that end within this piece, without their newline; nothing in place of one that was too long.
    std::vector<std::optional<std::string>> add(std::string_view piece);

    /// What is left behind the last newline: at most one line.
    std::vector<std::optional<std::string>> rest();

private:
    std::optional<std::string> taken();
    void append(std::string_view part);

    std::size_t m_longest;
    std::string m_line;
    bool m_tooLong = false;
};

} // namespace bitscape
