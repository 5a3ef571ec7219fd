// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/fuzzy_match.h"

#include <algorithm>

namespace bitscape::ui {
namespace {

constexpr int kHit = 4, kWordStart = 12, kConsecutive = 10, kTextStart = 8, kMostGap = 6;

bool startsWord(const QString& text, int at)
{
    return at == 0 || !text[at - 1].isLetterOrNumber() || (text[at].isUpper() && text[at - 1].isLower());
}

/// The gain of matching position `at` after `previous` (-1: none).
int gain(const QString& text, int at, int previous)
{
    int score = kHit + (startsWord(text, at) ? kWordStart : 0) + (at == 0 ? kTextStart : 0);
    if (previous >= 0)
        score += at == previous + 1 ? kConsecutive : -std::min(kMostGap, at - previous - 1);
    return score;
}

} // namespace

/// Dynamic programming over (typed character, its place in the text): the best way to lay the characters out.
std::optional<Match> fuzzyMatch(const QString& typed, const QString& text)
{
    QString wanted = typed;
    wanted.remove(QLatin1Char(' '));
    if (wanted.isEmpty())
        return Match {};
    const int m = static_cast<int>(wanted.size()), n = static_cast<int>(text.size());
    if (m > n)
        return std::nullopt;
    constexpr int kNone = -1'000'000;
    const auto cell = [n](int i, int j) { return static_cast<std::size_t>(i) * static_cast<std::size_t>(n) + static_cast<std::size_t>(j); };
    std::vector<int> best(static_cast<std::size_t>(m) * static_cast<std::size_t>(n), kNone), from(best.size(), -1);
    for (int i = 0; i < m; ++i) {
        for (int j = i; j < n; ++j) {
            if (text[j].toLower() != wanted[i].toLower())
                continue;
            if (i == 0) {
                best[cell(0, j)] = gain(text, j, -1);
                continue;
            }
            for (int k = i - 1; k < j; ++k) {
                const int before = best[cell(i - 1, k)];
                if (before > kNone && before + gain(text, j, k) > best[cell(i, j)]) {
                    best[cell(i, j)] = before + gain(text, j, k);
                    from[cell(i, j)] = k;
                }
            }
        }
    }
    int last = m - 1;
    for (int j = m - 1; j < n; ++j)
        last = best[cell(m - 1, j)] > best[cell(m - 1, last)] ? j : last;
    if (best[cell(m - 1, last)] <= kNone)
        return std::nullopt;
    Match match { best[cell(m - 1, last)] - n / 8, {} };
    for (int i = m - 1, j = last; i >= 0; j = from[cell(i, j)], --i)
        match.positions.push_back(j);
    std::ranges::reverse(match.positions);
    return match;
}

} // namespace bitscape::ui
