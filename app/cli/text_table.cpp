// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/text_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace bitscape {
namespace {

/// Columns on the screen: bytes that do not continue a UTF-8 sequence.
std::size_t widthOf(const std::string& text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool isNumber(const std::string& text)
{
    return !text.empty() && text.find_first_not_of("0123456789.+-%±*e kMGTP") == std::string::npos;
}

} // namespace

TextTable::TextTable(std::vector<std::string> header)
{
    m_rows.push_back(std::move(header));
}

void TextTable::add(std::vector<std::string> row)
{
    m_rows.push_back(std::move(row));
}

std::string TextTable::text() const
{
    std::vector<std::size_t> widths(m_rows.front().size());
    std::vector<bool> right(widths.size(), m_rows.size() > 1);
    for (std::size_t r = 0; r < m_rows.size(); ++r) {
        for (std::size_t c = 0; c < widths.size(); ++c) {
            widths[c] = std::max(widths[c], widthOf(m_rows[r][c]));
            right[c] = right[c] && (r == 0 || m_rows[r][c].empty() || isNumber(m_rows[r][c]));
        }
    }
    std::string text;
    for (const auto& row : m_rows) {
        std::string line;
        for (std::size_t c = 0; c < row.size(); ++c) {
            const std::string padding(widths[c] - widthOf(row[c]), ' ');
            line += (c > 0 ? "  " : "") + (right[c] ? padding + row[c] : row[c] + padding);
        }
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return text;
}

std::string fixed(double value, int digits)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

std::string percent(double share)
{
    return fixed(share * 100, 2);
}

std::string joined(const std::vector<double>& values)
{
    std::string text;
    for (const double value : values)
        text += (text.empty() ? "" : ", ") + fixed(value, 4);
    return text;
}

std::string engineering(double value)
{
    static constexpr const char* kUnits[] = { "", " k", " M", " G", " T", " P" };
    std::size_t unit = 0;
    if (std::fabs(value) < 10000)
        return fixed(value, value == std::floor(value) ? 0 : 2);
    while (std::fabs(value) >= 1000 && unit + 1 < std::size(kUnits)) {
        value /= 1000;
        ++unit;
    }
    return fixed(value, 2) + kUnits[unit];
}

std::string clockTime(double seconds)
{
    const long whole = std::lround(std::max(0.0, seconds));
    char text[64];
    if (whole >= 3600)
        std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
    else
        std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
    return text;
}

} // namespace bitscape
