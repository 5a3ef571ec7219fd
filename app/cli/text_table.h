// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace bitscape {

/// Lines up columns for a terminal: the first column to the left, numbers to the right.
class TextTable final {
public:
    explicit TextTable(std::vector<std::string> header);
    void add(std::vector<std::string> row);
    std::string text() const;

private:
    std::vector<std::vector<std::string>> m_rows;
};

/// "12.34" for 0.1234.
std::string percent(double share);
/// With `digits` behind the point.
std::string fixed(double value, int digits);
/// "0.5000, 0.2500"
std::string joined(const std::vector<double>& values);
/// "1.23 M" and the like; whole numbers below 10000.
std::string engineering(double value);
/// "3:12", "1:02:07".
std::string clockTime(double seconds);

} // namespace bitscape
