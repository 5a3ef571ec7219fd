// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/figures.h"

#include <QCoreApplication>
#include <QDateTime>

#include <array>
#include <cmath>

namespace bitscape::ui {
namespace {

constexpr QChar kThinSpace(0x2009);
constexpr QChar kNarrowNoBreakSpace(0x202f);
constexpr QChar kMinus(0x2212);
constexpr QChar kPlusMinus(0x00b1);
constexpr QChar kNone(0x2013);
/// What is written without an exponent.
constexpr double kMostExact = 1e15;
/// Above this share of a prefix, three digits round up to it: 999.5 k is 1.00 M.
constexpr double kRoundsUp = 0.9995;

/// Thin spaces between the thousands of a text that begins with digits.
QString grouped(QString text)
{
    const qsizetype dot = text.indexOf(QLatin1Char('.'));
    for (qsizetype at = (dot < 0 ? text.size() : dot) - 3; at > 0; at -= 3)
        text.insert(at, kThinSpace);
    return text;
}

QString withSign(double value, const QString& magnitude)
{
    return value < 0 ? kMinus + magnitude : magnitude;
}

/// Whether nothing but zeros is written.
bool isNothing(const QString& magnitude)
{
    for (const QChar c : magnitude) {
        if (c != QLatin1Char('0') && c != QLatin1Char('.') && c != kThinSpace)
            return false;
    }
    return true;
}

/// A positive number in three digits: "950", "1.23", "12.3".
QString threeDigits(double value)
{
    const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return QString::number(value, 'f', decimals);
}

QString unitText(const QString& number, const QString& unit)
{
    return number + kNarrowNoBreakSpace + unit;
}

} // namespace

QString countText(std::int64_t count)
{
    const auto magnitude = count < 0 ? std::uint64_t(0) - static_cast<std::uint64_t>(count) : static_cast<std::uint64_t>(count);
    return withSign(count < 0 ? -1 : 1, grouped(QString::number(magnitude)));
}

QString fixedText(double value, int decimals)
{
    if (!std::isfinite(value))
        return kNone;
    if (std::abs(value) >= kMostExact)
        return withSign(value, QString::number(std::abs(value), 'g', 4));
    const QString magnitude = grouped(QString::number(std::abs(value), 'f', decimals));
    return isNothing(magnitude) ? magnitude : withSign(value, magnitude);
}

QString numberText(double value, int decimals)
{
    QString text = fixedText(value, decimals);
    if (text.contains(QLatin1Char('.')) && !text.contains(QLatin1Char('e'))) {
        while (text.endsWith(QLatin1Char('0')))
            text.chop(1);
        if (text.endsWith(QLatin1Char('.')))
            text.chop(1);
    }
    return text;
}

QString percentText(double share, int decimals)
{
    return std::isfinite(share) ? unitText(fixedText(share * 100, decimals), QStringLiteral("%")) : QString(kNone);
}

QString pointsText(double difference, int decimals)
{
    if (!std::isfinite(difference))
        return kNone;
    const QString magnitude = fixedText(std::abs(difference) * 100, decimals);
    const QChar sign = isNothing(magnitude) ? kPlusMinus : difference < 0 ? kMinus : QChar(QLatin1Char('+'));
    return unitText(sign + magnitude, QCoreApplication::translate("Figures", "points"));
}

QString scaledText(double value)
{
    if (!std::isfinite(value))
        return kNone;
    const double magnitude = std::abs(value);
    if (magnitude < 999.5)
        return numberText(value, magnitude < 99.95 ? 1 : 0);
    const Scale scale = scaleFor(magnitude / kRoundsUp * (1 + 1e-12));
    return withSign(value, unitText(threeDigits(magnitude / scale.divisor), scale.prefix));
}

QString sizeText(double bits)
{
    if (!std::isfinite(bits))
        return kNone;
    const double bytes = std::abs(bits) / 8;
    if (bytes < 999.5)
        return withSign(bits, unitText(numberText(bytes, 0), QStringLiteral("B")));
    const Scale scale = scaleFor(bytes / kRoundsUp * (1 + 1e-12));
    return withSign(bits, unitText(threeDigits(bytes / scale.divisor), scale.prefix + QLatin1Char('B')));
}

QString bitsText(double bits)
{
    const QString number = numberText(bits);
    return unitText(number,
        number == QLatin1String("1") ? QCoreApplication::translate("Figures", "bit") : QCoreApplication::translate("Figures", "bits"));
}

QString durationText(double seconds)
{
    if (!std::isfinite(seconds) || seconds < 0)
        return kNone;
    if (seconds < 9.95)
        return unitText(QString::number(seconds, 'f', 1), QStringLiteral("s"));
    if (seconds >= kMostExact)
        return kNone;
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    const auto two = [](std::int64_t n) { return QStringLiteral("%1").arg(n, 2, 10, QLatin1Char('0')); };
    const std::int64_t hours = whole / 3600, minutes = whole / 60 % 60;
    if (hours > 0)
        return countText(hours) + QLatin1Char(':') + two(minutes) + QLatin1Char(':') + two(whole % 60);
    return QString::number(minutes) + QLatin1Char(':') + two(whole % 60);
}

QString timeText(const QString& utc)
{
    QDateTime time = QDateTime::fromString(utc, Qt::ISODateWithMs);
    if (!time.isValid())
        return {};
    if (time.timeSpec() == Qt::LocalTime) // no zone was written
        time.setTimeSpec(Qt::UTC);
    return time.toLocalTime().toString(QStringLiteral("yyyy-MM-dd HH:mm"));
}

Scale scaleFor(double largest)
{
    static const std::array<Scale, 5> scales { { { 1, {} }, { 1e3, QStringLiteral("k") }, { 1e6, QStringLiteral("M") },
        { 1e9, QStringLiteral("G") }, { 1e12, QStringLiteral("T") } } };
    std::size_t best = 0;
    while (best + 1 < scales.size() && std::abs(largest) >= scales.at(best + 1).divisor)
        ++best;
    return scales.at(best);
}

} // namespace bitscape::ui
