// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QImage>
#include <QUrl>

#include <functional>

class QTextDocument;

namespace bitscape::ui {

/// Where pictures come from and how much room they have.
struct GuidePictures {
    std::function<QImage(const QUrl&)> load;
    int width = 0;      ///< at most, in pixels of the interface
    double scale = 1.0; ///< pixels of the screen for each of them
};

/// Makes a document that was just read from Markdown look like the studio, and gives every heading its anchor (guideAnchor()). May be done
/// again when the room or the colours have changed.
void dressGuide(QTextDocument& document, const Colours& colours, const GuidePictures& pictures);

} // namespace bitscape::ui
