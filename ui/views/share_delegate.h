// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QStyledItemDelegate>

namespace bitscape::ui {

/// Of a table's cell: a share 0..1 that is drawn as a bar behind the writing.
constexpr int kShareRole = Qt::UserRole + 100;
/// What a table's cell is sorted by.
constexpr int kSortRole = Qt::UserRole + 101;
/// What a table's cell is in a file or on the clipboard: plain digits, '.' as the point.
constexpr int kExportRole = Qt::UserRole + 102;

/// Draws a bar behind cells that have a share.
class ShareDelegate final : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit ShareDelegate(const Theme& theme, QObject* parent = nullptr);
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const Theme& m_theme;
};

} // namespace bitscape::ui
