// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/whatif/paint_controls.h"

#include <QComboBox>
#include <QGridLayout>
#include <QPushButton>
#include <QSpinBox>

namespace bitscape::ui {
namespace {

void name(QWidget& widget, const char* objectName, const QString& help)
{
    widget.setObjectName(QLatin1String(objectName));
    widget.setToolTip(help);
    widget.setAccessibleName(help);
}

} // namespace

PaintControls::PaintControls(QWidget* parent)
    : QWidget(parent)
    , m_brush(new QComboBox)
    , m_bits(new QSpinBox)
    , m_run(new QComboBox)
    , m_paint(new QPushButton(tr("Paint")))
    , m_onto(new QComboBox)
    , m_apply(new QPushButton(tr("Apply")))
{
    name(*m_brush, "brush", tr("What the brush does"));
    m_brush->addItems(
        { tr("Set to"), tr("At most"), tr("One step more"), tr("One step fewer"), tr("As in run"), tr("Lock"), tr("Unlock") });
    name(*m_bits, "brushBits", tr("Bits of the brush"));
    m_bits->setRange(0, 8);
    m_bits->setValue(2);
    m_bits->setSuffix(tr(" bits"));
    name(*m_run, "brushRun", tr("Run whose bits are taken"));
    m_run->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_run->setMinimumContentsLength(10);
    name(*m_paint, "paint", tr("Paint on the bit map: drag over filters, or click a layer's head"));
    m_paint->setCheckable(true);
    name(*m_onto, "onto", tr("Which filters Apply changes"));
    m_onto->addItems({ tr("selected filter"), tr("selected layer"), tr("highlighted bits"), tr("all filters") });
    name(*m_apply, "applyBrush", tr("Apply the brush to these filters"));
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(10, 4, 10, 8);
    grid->addWidget(m_brush, 0, 0);
    grid->addWidget(m_bits, 0, 1);
    grid->addWidget(m_run, 0, 1);
    grid->addWidget(m_paint, 0, 2);
    grid->addWidget(m_onto, 1, 0, 1, 2);
    grid->addWidget(m_apply, 1, 2);
    grid->setColumnStretch(1, 1);
    connect(m_brush, &QComboBox::currentIndexChanged, this, &PaintControls::showBrush);
    connect(m_paint, &QPushButton::toggled, this, &PaintControls::paintingChanged);
    connect(m_apply, &QPushButton::clicked, this, &PaintControls::applyWanted);
    connect(m_run, &QComboBox::activated, this, &PaintControls::showBrush);
    showBrush();
}

PaintControls::Brush PaintControls::brush() const
{
    return static_cast<Brush>(m_brush->currentIndex());
}

PaintControls::Onto PaintControls::onto() const
{
    return static_cast<Onto>(m_onto->currentIndex());
}

bool PaintControls::isPainting() const
{
    return m_paint->isChecked();
}

void PaintControls::setRuns(const std::vector<std::pair<RunId, QString>>& runs)
{
    if (runs == m_runs)
        return;
    m_runs = runs;
    const QVariant chosen = m_run->currentData();
    m_run->clear();
    for (const auto& [id, text] : runs)
        m_run->addItem(text, static_cast<qlonglong>(id.value));
    m_run->setCurrentIndex(std::max(0, m_run->findData(chosen)));
    showBrush();
}

void PaintControls::showBrush()
{
    m_bits->setVisible(brush() == Set || brush() == AtMost);
    m_run->setVisible(brush() == Like);
    if (brush() == Like && m_run->count() > 0)
        emit runWanted(RunId { m_run->currentData().toLongLong() });
}

BitEdit PaintControls::editOf(const FilterSelection& filters) const
{
    switch (brush()) {
    case Set:
        return SetEdit { filters, m_bits->value() };
    case AtMost:
        return AtMostEdit { filters, m_bits->value() };
    case More:
        return ChangeEdit { filters, 1 };
    case Fewer:
        return ChangeEdit { filters, -1 };
    case Like:
        return LikeEdit { filters, m_run->currentData().toLongLong() };
    case Lock:
        return LockEdit { filters };
    case Unlock:
        break;
    }
    return UnlockEdit { filters };
}

} // namespace bitscape::ui
