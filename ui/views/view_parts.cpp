// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/view_parts.h"

#include <QComboBox>
#include <QLabel>
#include <QList>
#include <QSplitter>

namespace bitscape::ui {
namespace {

constexpr int kShareUnit = 1000; ///< a splitter scales sizes to the room that there is

} // namespace

QLabel* mutedLine()
{
    auto* line = new QLabel;
    line->setObjectName(QStringLiteral("muted"));
    line->setWordWrap(true);
    line->setContentsMargins(10, 6, 10, 4);
    line->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return line;
}

void setUpChoice(QComboBox* box, const QString& objectName, const QString& help)
{
    box->setObjectName(objectName);
    box->setToolTip(help);
    box->setAccessibleName(help);
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
}

QSplitter* splitterOf(Qt::Orientation orientation, const std::vector<SplitterPart>& parts)
{
    auto* splitter = new QSplitter(orientation);
    splitter->setChildrenCollapsible(false);
    QList<int> sizes;
    for (const SplitterPart& part : parts) {
        splitter->addWidget(part.widget);
        splitter->setStretchFactor(splitter->count() - 1, part.share);
        sizes.append(part.share * kShareUnit);
    }
    splitter->setSizes(sizes);
    return splitter;
}

} // namespace bitscape::ui
