// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/network_filter.h"

#include "ui/views/share_delegate.h"

#include <algorithm>
#include <array>

namespace bitscape::ui {

NetworkFilter::NetworkFilter(NetworkModel& model, QObject* parent)
    : QSortFilterProxyModel(parent)
    , m_model(model)
{
    setSourceModel(&model);
    setSortRole(kSortRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
}

void NetworkFilter::setText(const QString& text)
{
    m_text = text.trimmed();
    invalidateFilter();
}

void NetworkFilter::setWeightedOnly(bool only)
{
    m_weightedOnly = only;
    invalidateFilter();
}

bool NetworkFilter::filterAcceptsRow(int row, const QModelIndex&) const
{
    const NetworkRow& node = m_model.rows()[static_cast<std::size_t>(row)];
    if (m_weightedOnly && node.layer < 0)
        return false;
    const std::array<const QString*, 3> searched { &node.name, &node.operation, &node.inputs };
    return m_text.isEmpty()
        || std::ranges::any_of(searched, [this](const QString* text) { return text->contains(m_text, Qt::CaseInsensitive); });
}

} // namespace bitscape::ui
