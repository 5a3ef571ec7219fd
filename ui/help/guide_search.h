// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace bitscape::ui {

/// A place of the guide that has what was looked for.
struct GuideHit {
    QString page;   ///< "cq-search"
    QString anchor; ///< of the heading that it stands below
    QString title;  ///< that heading
    QString line;   ///< where it stands, without Markdown's signs
};

/// Sections in which every word stands, case aside, those first in whose heading one does; at most 40.
std::vector<GuideHit> searchGuide(const QStringList& words);

} // namespace bitscape::ui
