// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/whatif/what_if_figures.h"

#include "ui/style/figures.h"

#include <QGridLayout>
#include <QLabel>

namespace bitscape::ui {
namespace {

/// "−12.5 %"; nothing where nothing changed.
QString shareOfChange(double now, double before)
{
    if (before == 0 || now == before)
        return WhatIfFigures::tr("as before");
    const QString text = percentText(now / before - 1, 1);
    return now > before ? QLatin1Char('+') + text : text;
}

} // namespace

WhatIfFigures::WhatIfFigures(QWidget* parent)
    : QWidget(parent)
{
    const std::array<QString, Count> titles { tr("accuracy"), tr("average bits"), tr("MACs"), tr("BitOps"), tr("size") };
    const std::array<const char*, Count> names { "accuracyFigure", "bitsFigure", "macsFigure", "bitopsFigure", "sizeFigure" };
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(10, 6, 10, 6);
    grid->setHorizontalSpacing(18);
    grid->setVerticalSpacing(1);
    for (std::size_t i = 0; i < Count; ++i) {
        const int column = static_cast<int>(i);
        auto* title = new QLabel(titles[i]);
        title->setObjectName(QStringLiteral("muted"));
        m_cells[i] = { new QLabel(QStringLiteral("–")), new QLabel };
        m_cells[i].value->setObjectName(QLatin1String(names[i]));
        m_cells[i].value->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        m_cells[i].value->setAccessibleName(titles[i]);
        QFont bold = m_cells[i].value->font();
        bold.setBold(true);
        m_cells[i].value->setFont(bold);
        m_cells[i].note->setObjectName(QStringLiteral("muted"));
        grid->addWidget(title, 0, column);
        grid->addWidget(m_cells[i].value, 1, column);
        grid->addWidget(m_cells[i].note, 2, column);
        grid->setColumnStretch(column, column == 0 ? 3 : 2);
    }
}

void WhatIfFigures::set(Place place, const QString& value, const QString& note)
{
    m_cells[place].value->setText(value);
    m_cells[place].note->setText(note);
}

void WhatIfFigures::setCost(const Cost& cost, const Cost& base)
{
    const auto change
        = [](std::int64_t now, std::int64_t before) { return shareOfChange(static_cast<double>(now), static_cast<double>(before)); };
    set(Bits, fixedText(cost.averageBits, 2), shareOfChange(cost.averageBits, base.averageBits));
    set(Macs, scaledText(static_cast<double>(cost.macs)), change(cost.macs, base.macs));
    set(BitOps, scaledText(static_cast<double>(cost.bitops)), change(cost.bitops, base.bitops));
    set(Size, sizeText(static_cast<double>(cost.sizeBits)), change(cost.sizeBits, base.sizeBits));
}

void WhatIfFigures::setAccuracy(const ServedEstimate& estimate, std::optional<double> before)
{
    const AccuracyEstimate& found = estimate.estimate;
    const QString change = before ? pointsText(found.accuracy - *before) : QString();
    if (estimate.done)
        return set(Accuracy, percentText(found.accuracy), change.isEmpty() ? tr("exact") : tr("%1, exact").arg(change));
    set(Accuracy, tr("%1 to %2").arg(percentText(found.low, 1), percentText(found.high, 1)),
        tr("%1 images, 95 % sure").arg(countText(estimate.images)));
}

void WhatIfFigures::setAccuracyText(const QString& text)
{
    set(Accuracy, QStringLiteral("–"), text);
}

} // namespace bitscape::ui
