// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/share_delegate.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>

namespace bitscape::ui {
namespace {

constexpr int kPadding = 3;       ///< what is written stands under its head
constexpr double kStrength = 0.3; ///< the writing stays readable

} // namespace

ShareDelegate::ShareDelegate(const Theme& theme, QObject* parent)
    : QStyledItemDelegate(parent)
    , m_theme(theme)
{
}

void ShareDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QStyle* style = option.widget ? option.widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &cell, painter, option.widget);
    const QVariant share = index.data(kShareRole);
    if (share.isValid() && !(option.state & QStyle::State_Selected)) {
        QRectF bar = QRectF(option.rect).adjusted(2, 3, -2, -3);
        bar.setWidth(bar.width() * std::clamp(share.toDouble(), 0.0, 1.0));
        QColor colour = m_theme.colours().series.front();
        colour.setAlphaF(static_cast<float>(kStrength));
        painter->fillRect(bar, colour);
    }
    cell.rect.adjust(kPadding, 0, -kPadding, 0);
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, option.widget);
}

} // namespace bitscape::ui
