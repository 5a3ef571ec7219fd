// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/bit_map_spec.h"
#include "ui/style/theme.h"

#include <QString>
#include <QWidget>

#include <vector>

namespace bitscape::ui {

class BitMap;
class FigureFrame;

/// Bit maps of the same layers side by side on linked axes: moving or zooming one moves all, a filter picked in one is marked in all. All
/// have one size, so that a filter lies at the same place in each.
class LinkedMaps final : public QWidget {
    Q_OBJECT
public:
    explicit LinkedMaps(const Theme& theme, QWidget* parent = nullptr);

    struct Entry {
        QString title;
        BitMapSpec spec;
    };
    /// Draws these; what is in view stays. `linked`: their layers are the same.
    void show(const std::vector<Entry>& entries, bool linked);
    void select(const FilterRef& filter);
    const std::vector<BitMap*>& maps() const { return m_maps; }

signals:
    void filterClicked(const bitscape::ui::FilterRef& filter);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void add();
    void layOut();

    const Theme& m_theme;
    std::vector<BitMap*> m_maps;
    std::vector<FigureFrame*> m_frames;
    std::size_t m_shown = 0;
    bool m_linked = true;
};

} // namespace bitscape::ui
