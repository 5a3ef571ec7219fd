// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

class QTextDocument;

namespace bitscape::ui {

/// Makes a document that was just read from Markdown look like the studio, and gives every heading its anchor (guideAnchor()). Pictures are
/// `width` pixels wide at most.
void dressGuide(QTextDocument& document, const Colours& colours, int width);

} // namespace bitscape::ui
