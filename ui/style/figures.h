// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>

namespace bitscape::ui {

// How the studio writes figures, everywhere the same and in every locale: '.' as the decimal point, thin spaces between thousands, a real
// minus. What is not finite is an en dash.

/// "1 234 567"
QString countText(std::int64_t count);
/// With at most `decimals` places and no zeros at their end: "2", "1.98", "-0.25" with a real minus.
QString numberText(double value, int decimals = 2);
/// With exactly `decimals` places: "1.98".
QString fixedText(double value, int decimals);

/// A share 0..1: "97.05 %".
QString percentText(double share, int decimals = 2);
/// A difference of two shares, signed: "+1.25 points", "-4.10 points", "±0.00 points" where it rounds to nothing.
QString pointsText(double difference, int decimals = 2);

/// Three digits and a prefix: "950", "1.23 k", "12.3 M", "4.56 G". MACs, BitOps, parameters.
QString scaledText(double value);
/// A number of bits as bytes of 8 bits, 1 kB = 1000 B: "16.0 kB", "512 B".
QString sizeText(double bits);
/// "1.98 bits", "1 bit"
QString bitsText(double bits);
/// "0.4 s", "0:42", "3:12", "1:02:03"
QString durationText(double seconds);
/// UTC in ISO 8601, as the project has it, in the person's time zone: "2026-11-24 23:06". Empty for what is no time.
QString timeText(const QString& utc);

/// What an axis is divided by so that its numbers stay short.
struct Scale {
    double divisor = 1;
    QString prefix; ///< "", "k", "M", "G", "T"
    bool operator==(const Scale&) const = default;
};

/// The scale at which `largest` is at least 1 and under 1000.
Scale scaleFor(double largest);

} // namespace bitscape::ui
