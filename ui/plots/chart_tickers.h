// SPDX-License-Identifier: GPL-3.0-or-later
// Where the ticks of an axis stand: as many as their labels leave room for; not for other folders.
#pragma once

#include <qcustomplot.h>

#include <vector>

namespace bitscape::ui {

/// How long an axis will be drawn, in pixels, at the plot's present size and with the margins of the time before.
double axisLength(const QCPAxis& axis);

/// What of a category's name is written at the axis.
QString categoryText(const QString& name, const QFontMetrics& metrics);

/// Ticks at 1, 2, 2.5 or 5 times a power of ten.
class NumberTicker final : public QCPAxisTicker {
public:
    NumberTicker(const QCPAxis& axis, bool whole);

protected:
    double getTickStep(const QCPRange& range) override;
    int getSubTickCount(double step) override;
    QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override;

private:
    const QCPAxis& m_axis;
    bool m_whole;
    double m_step = 1;
};

/// Powers of ten and, where there is room, multiples of them; sub ticks at all multiples.
class LogTicker final : public QCPAxisTicker {
public:
    explicit LogTicker(const QCPAxis& axis);

protected:
    double getTickStep(const QCPRange& range) override;
    int getSubTickCount(double step) override;
    QVector<double> createTickVector(double step, const QCPRange& range) override;
    QVector<double> createSubTickVector(int count, const QVector<double>& ticks) override;
    QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override;

private:
    bool fits(const QVector<double>& ticks, const QCPRange& range) const;

    const QCPAxis& m_axis;
    QCPRange m_range;
};

/// The names of 0, 1, 2, ..., or of every n-th where there is no room for more.
class CategoryTicker final : public QCPAxisTicker {
public:
    CategoryTicker(const QCPAxis& axis, std::vector<QString> names);

protected:
    double getTickStep(const QCPRange& range) override;
    int getSubTickCount(double step) override;
    QVector<double> createTickVector(double step, const QCPRange& range) override;
    QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override;

private:
    const QCPAxis& m_axis;
    std::vector<QString> m_names;
};

} // namespace bitscape::ui
