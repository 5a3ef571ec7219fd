// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/run_view.h"

#include <functional>
#include <vector>

namespace bitscape::ui {

/// A kind of view, as tabs and menus offer it.
struct ViewKind {
    QString id;                                       ///< "bitmap", for settings and object names
    QString title;                                    ///< "Bit map"
    QString icon;                                     ///< for Theme::icon()
    QString help;                                     ///< one line
    std::function<QWidget*(const ViewContext&)> make; ///< a RunView is given results; any other follows the selection by itself
    std::function<bool(const Run&)> shownFor;         ///< the runs that its tab is there for; empty: all, and none
};

/// Every view that there is, in the order of the tabs.
std::vector<ViewKind> viewKinds();

} // namespace bitscape::ui
