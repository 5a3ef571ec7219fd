// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace bitscape::ui {

/// A page of the guide: resources/help/ID.md, but for "parameters", which is made from the declarations.
struct GuidePage {
    QString id;    ///< "view-bitmap"
    QString group; ///< its part of the contents: "Views"
    bool operator==(const GuidePage&) const = default;
};

/// All pages in reading order.
const std::vector<GuidePage>& guidePages();

/// The page's text in Markdown; empty for an id that there is not.
QString guideText(const QString& id);

/// What stands in the page's first heading.
QString guideTitle(const QString& id);

/// The name that a link to a heading uses: "Scores per class" -> "scores-per-class"; letters, digits, '_' and '-' stay.
QString guideAnchor(const QString& heading);

/// The anchors of all headings of a page.
QStringList guideAnchors(const QString& text);

} // namespace bitscape::ui
