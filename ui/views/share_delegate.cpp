// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/share_delegate.h"

#include <QPainter>

#include <algorithm>

namespace bitscape::ui {
namespace {

constexpr double kStrength = 0.3; ///< the writing stays readable

} // namespace

ShareDelegate::ShareDelegate(const Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
{
}

void ShareDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QVariant share = index.data(kShareRole);
    if (share.isValid()) {
        QRectF bar = QRectF(option.rect).adjusted(2, 3, -2, -3);
        bar.setWidth(bar.width() * std::clamp(share.toDouble(), 0.0, 1.0));
        QColor colour = m_theme.colours().series.front();
        colour.setAlphaF(static_cast<float>(kStrength));
        if (!(option.state & QStyle::State_Selected))
            painter->fillRect(bar, colour);
    }
    QStyledItemDelegate::paint(painter, option, index);
}

} // namespace bitscape::ui
