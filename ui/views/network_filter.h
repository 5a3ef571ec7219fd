// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/network_model.h"

#include <QSortFilterProxyModel>

namespace bitscape::ui {

/// The nodes that are shown: those whose name, operation or inputs hold the text, weighted layers alone if wanted; sorted by figures.
class NetworkFilter final : public QSortFilterProxyModel {
    Q_OBJECT
public:
    explicit NetworkFilter(NetworkModel& model, QObject* parent = nullptr);

    void setText(const QString& text);
    void setWeightedOnly(bool only);

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    NetworkModel& m_model;
    QString m_text;
    bool m_weightedOnly = false;
};

} // namespace bitscape::ui
