// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/linked_maps.h"

#include "ui/plots/bit_map.h"
#include "ui/plots/bit_map_layout.h"
#include "ui/plots/figure_frame.h"

#include <algorithm>

namespace bitscape::ui {
namespace {

constexpr int kLeastWidth = 300, kLeastHeight = 200, kGap = 6;

} // namespace

LinkedMaps::LinkedMaps(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
}

void LinkedMaps::add()
{
    auto* map = new BitMap(m_theme);
    map->setMinimumSize(0, 0);
    map->leaveOutLegend(); // legends of several heights would give maps of several sizes
    map->setObjectName(QStringLiteral("linkedMap%1").arg(m_maps.size()));
    auto* frame = new FigureFrame({}, map, m_theme, this);
    connect(map, &BitMap::filterClicked, this, &LinkedMaps::filterClicked);
    connect(map, &BitMap::windowChanged, this, [this, map](const BitMapWindow& window) {
        for (BitMap* other : m_maps) {
            if (m_linked && other != map)
                other->showWindow(window);
        }
    });
    m_maps.push_back(map);
    m_frames.push_back(frame);
}

void LinkedMaps::show(const std::vector<Entry>& entries, bool linked)
{
    m_linked = linked;
    m_shown = entries.size();
    while (m_maps.size() < entries.size())
        add();
    for (std::size_t i = 0; i < m_maps.size(); ++i) {
        m_frames[i]->setVisible(i < m_shown);
        if (i >= m_shown)
            continue;
        m_frames[i]->setTitle(entries[i].title);
        m_maps[i]->setAccessibleName(entries[i].title);
        m_maps[i]->setSpec(entries[i].spec);
    }
    layOut();
}

void LinkedMaps::select(const FilterRef& filter)
{
    for (std::size_t i = 0; i < m_shown; ++i)
        m_maps[i]->select(filter);
}

void LinkedMaps::resizeEvent(QResizeEvent*)
{
    layOut();
}

/// As many columns as fit; rows share the height, or scroll where they would be too low.
void LinkedMaps::layOut()
{
    if (m_shown == 0)
        return;
    const int count = static_cast<int>(m_shown);
    const int columns = std::clamp(width() / kLeastWidth, 1, count == 4 ? 2 : std::min(count, 3));
    const int rows = (count + columns - 1) / columns;
    setMinimumHeight(rows * kLeastHeight + (rows - 1) * kGap);
    const QSize each((width() - (columns - 1) * kGap) / columns, (std::max(height(), minimumHeight()) - (rows - 1) * kGap) / rows);
    for (int i = 0; i < count; ++i)
        m_frames[static_cast<std::size_t>(i)]->setGeometry(
            QRect(QPoint(i % columns * (each.width() + kGap), i / columns * (each.height() + kGap)), each));
}

} // namespace bitscape::ui
