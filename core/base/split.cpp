// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/split.h"

#include "core/base/error.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace bitscape {

namespace {

constexpr std::int64_t kMillionthsOfWhole = 100'000'000; // a percentage is kept in millionths of a percent: exact in decimals
constexpr std::size_t kMostDecimals = 6;
constexpr std::size_t kMostDigits = 15;

/// One end of a slice as written.
struct Bound {
    std::string text;
    std::int64_t value = 0; ///< images, or millionths of a percent
    bool percent = false;
};

struct SplitText {
    std::string part;
    std::optional<Bound> first;
    std::optional<Bound> last;
};

[[noreturn]] void refuse(const std::string& text, const std::string& what)
{
    throw Error(ErrorCode::BadArgument, "The split \"" + text + "\" " + what);
}

[[noreturn]] void refuseBound(const std::string& text, std::string_view bound)
{
    refuse(text,
        "has the bound \"" + std::string(bound)
            + "\"; write a number of images such as 500 or -500, or a percentage from 0% to 100% such as 12.5%.");
}

bool isNumber(std::string_view text)
{
    return !text.empty() && text.size() <= kMostDigits
        && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::int64_t numberOf(std::string_view digits)
{
    std::int64_t value = 0;
    for (const char digit : digits)
        value = value * 10 + (digit - '0');
    return value;
}

/// "12.5" to 12500000; nothing if it is no percentage.
std::optional<std::int64_t> parsePercentage(std::string_view text)
{
    const std::size_t dot = std::min(text.find('.'), text.size());
    std::string decimals(text.substr(std::min(dot + 1, text.size())));
    if (!isNumber(text.substr(0, dot)) || (dot < text.size() && !isNumber(decimals)) || decimals.size() > kMostDecimals)
        return std::nullopt;
    decimals.resize(kMostDecimals, '0');
    const std::int64_t whole = numberOf(text.substr(0, dot));
    const std::int64_t value = whole <= 100 ? whole * 1'000'000 + numberOf(decimals) : kMillionthsOfWhole + 1;
    return value <= kMillionthsOfWhole ? std::optional(value) : std::nullopt;
}

std::optional<Bound> parseBound(const std::string& split, std::string_view text)
{
    if (text.empty())
        return std::nullopt;
    if (text.ends_with('%')) {
        const auto value = parsePercentage(text.substr(0, text.size() - 1));
        if (!value)
            refuseBound(split, text);
        return Bound { std::string(text), *value, true };
    }
    const bool negative = text.starts_with('-');
    const std::string_view digits = text.substr(negative ? 1 : 0);
    if (!isNumber(digits))
        refuseBound(split, text);
    return Bound { std::string(text), negative ? -numberOf(digits) : numberOf(digits), false };
}

SplitText parseSplit(const std::string& text)
{
    static constexpr const char* kForm
        = "is not understood; write a part and, if it is not the whole, a slice of it, such as train, test[:2000] or train[90%:].";
    const std::size_t open = std::min(text.find('['), text.size());
    SplitText split { text.substr(0, open), {}, {} };
    if (split.part != "train" && split.part != "test")
        refuse(text,
            split.part.empty() || open == text.size() ? kForm : "names the part \"" + split.part + "\"; the parts are train and test.");
    if (open == text.size())
        return split;
    const std::size_t colon = text.find(':', open);
    if (text.back() != ']' || colon == std::string::npos)
        refuse(text, kForm);
    const std::string_view view = text;
    split.first = parseBound(text, view.substr(open + 1, colon - open - 1));
    split.last = parseBound(text, view.substr(colon + 1, text.size() - colon - 2));
    return split;
}

std::int64_t resolveBound(const std::string& text, const Bound& bound, const std::string& part, std::int64_t count)
{
    if (bound.percent)
        return count / kMillionthsOfWhole * bound.value + count % kMillionthsOfWhole * bound.value / kMillionthsOfWhole;
    const std::int64_t value = bound.value < 0 ? count + bound.value : bound.value;
    if (value < 0 || value > count)
        refuse(text, "has the bound " + bound.text + ", but " + part + " has only " + std::to_string(count) + " images.");
    return value;
}

} // namespace

void checkSplitText(const std::string& text)
{
    parseSplit(text);
}

Split resolveSplit(const std::string& text, std::int64_t trainImages, std::int64_t testImages)
{
    const SplitText parsed = parseSplit(text);
    const std::int64_t count = parsed.part == "train" ? trainImages : testImages;
    Split split { parsed.part, 0, count };
    if (parsed.first)
        split.first = resolveBound(text, *parsed.first, split.part, count);
    if (parsed.last)
        split.last = resolveBound(text, *parsed.last, split.part, count);
    if (split.first >= split.last) {
        refuse(text,
            "is empty: it goes from image " + std::to_string(split.first) + " to before image " + std::to_string(split.last) + " of the "
                + std::to_string(count) + " in " + split.part + ".");
    }
    return split;
}

} // namespace bitscape
