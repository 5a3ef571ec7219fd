// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>
#include <vector>

namespace bitscape::ui {

/// How well a text answers what was typed.
struct Match {
    int score = 0;              ///< higher is better
    std::vector<int> positions; ///< of the matched characters in the text
};

/// Every character of `typed` must stand in `text` in this order, case aside, blanks aside. Characters at the start of words and those that
/// follow one another count more, skipped ones a little less. Nothing where it does not match; an empty `typed` matches everything with
/// score 0.
std::optional<Match> fuzzyMatch(const QString& typed, const QString& text);

} // namespace bitscape::ui
