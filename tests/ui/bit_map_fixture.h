// SPDX-License-Identifier: GPL-3.0-or-later
// A small bit map for the tests of its data, its drawing and its view.
#pragma once

#include "ui/plots/bit_map.h"

#include <QRegularExpression>
#include <QTest>

#include <limits>

namespace fixture {

using namespace bitscape::ui;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

inline BitMapRow row(const QString& name, int filters, int salt, bool quantizable = true)
{
    BitMapRow made;
    made.layer = name;
    made.quantizable = quantizable;
    made.weightsPerFilter = 9 + salt;
    made.macsPerFilter = made.weightsPerFilter * 100;
    for (int i = 0; i < filters; ++i) {
        made.bits.push_back(static_cast<std::uint8_t>(quantizable ? (i * 3 + salt) % 5 : 8));
        made.scores.push_back(i % 7 == 3 ? kNan : (i * 37 + salt) % 11);
    }
    return made;
}

inline BitMapSpec smallMap()
{
    BitMapSpec spec;
    spec.name = QStringLiteral("small");
    spec.rows = { row(QStringLiteral("conv1"), 6, 1, false), row(QStringLiteral("conv2"), 16, 2), row(QStringLiteral("fc1"), 120, 3),
        row(QStringLiteral("fc,2"), 10, 4) };
    return spec;
}

/// The small map on the screen.
class ShownMap final {
public:
    ShownMap()
    {
        theme.choose(Theme::Choice::Light);
        map.resize(900, 600);
        map.setSpec(smallMap());
        map.show();
    }
    Theme theme;
    BitMap map { theme };
};

inline QPoint centreOf(const BitMap& map, const FilterRef& filter)
{
    return map.rectOf(filter).center().toPoint();
}

/// But for what the offscreen platform says of every window with a least size.
inline void failOnWarnings()
{
    QTest::failOnWarning(QRegularExpression(QStringLiteral("^(?!This plugin does not support)")));
}

} // namespace fixture
