// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string>

namespace bitscape::ui {

/// The guide's page of all parameters, made from their declarations: a heading for each, which is its anchor.
QString parameterPage();

/// The page that explains where a parameter comes from: "methods.md 3" -> "cq-search". Empty where the guide has none.
QString pageOfSource(const std::string& source);

} // namespace bitscape::ui
