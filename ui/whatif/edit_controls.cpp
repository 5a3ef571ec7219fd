// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/whatif/edit_controls.h"

#include "ui/whatif/what_if_charts.h"

#include <QCheckBox>
#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>

#include <algorithm>
#include <cmath>

namespace bitscape::ui {
namespace {

constexpr int kPerBit = 20; ///< places of the slider
constexpr int kMostBits = 8;

QLabel* hint(const QString& text)
{
    auto* label = new QLabel(text);
    label->setObjectName(QStringLiteral("muted"));
    label->setWordWrap(true);
    return label;
}

} // namespace

EditControls::EditControls(QWidget* parent)
    : QWidget(parent)
    , m_slider(new QSlider(Qt::Horizontal))
    , m_target(new QDoubleSpinBox)
    , m_targetHint(hint(tr("Needs a sensitivity table: search this training with strategy fisher once.")))
    , m_thresholdHint(hint(tr("Needs scores: start from a score run or from a search of one.")))
    , m_thresholdRow(new QWidget)
{
    auto* form = new QFormLayout(this);
    form->setContentsMargins(10, 8, 10, 8);
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    makeTarget(*form);
    auto* row = new QHBoxLayout(m_thresholdRow);
    row->setContentsMargins({});
    row->setSpacing(4);
    form->addRow(tr("Thresholds"), m_thresholdRow);
    form->addRow(m_thresholdHint);
    makeAllowed(*form);
}

void EditControls::makeTarget(QFormLayout& form)
{
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins({});
    layout->addWidget(m_slider, 1);
    layout->addWidget(m_target);
    m_slider->setObjectName(QStringLiteral("targetSlider"));
    m_slider->setRange(0, kMostBits * kPerBit);
    m_slider->setAccessibleName(tr("Target average bits"));
    m_slider->setToolTip(tr("Average bits that the filters are allocated anew for, those that cost most accuracy first (fisher)"));
    m_target->setObjectName(QStringLiteral("targetBits"));
    m_target->setRange(0, kMostBits);
    m_target->setDecimals(2);
    m_target->setSingleStep(1.0 / kPerBit);
    m_target->setKeyboardTracking(false);
    m_target->setAccessibleName(tr("Target average bits"));
    m_target->setToolTip(m_slider->toolTip());
    form.addRow(tr("Target bits"), row);
    form.addRow(m_targetHint);
    connect(m_slider, &QSlider::sliderPressed, this, [this] { m_gesture = m_session ? m_session->newGesture() : 0; });
    connect(m_slider, &QSlider::sliderReleased, this, [this] { m_gesture = 0; });
    connect(m_slider, &QSlider::valueChanged, this, [this](int place) { setTarget(static_cast<double>(place) / kPerBit, m_gesture); });
    connect(m_target, &QDoubleSpinBox::valueChanged, this, [this](double bits) { setTarget(bits, 0); });
}

void EditControls::makeAllowed(QFormLayout& form)
{
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins({});
    layout->setSpacing(5);
    for (int bits = 0; bits <= kMostBits; ++bits) {
        auto* box = new QCheckBox(QString::number(bits));
        box->setObjectName(QStringLiteral("allow%1").arg(bits));
        box->setToolTip(tr("Whether filters may have %n bit(s)", nullptr, bits));
        box->setAccessibleName(box->toolTip());
        layout->addWidget(box);
        m_allowed.push_back(box);
        connect(box, &QCheckBox::clicked, this, &EditControls::allow);
    }
    layout->addStretch(1);
    form.addRow(tr("Allowed bits"), row);
}

void EditControls::setSession(EditSession* session)
{
    if (m_session)
        m_session->disconnect(this);
    m_session = session;
    if (m_session)
        connect(m_session, &EditSession::changed, this, &EditControls::show);
    show();
}

void EditControls::show()
{
    if (!m_session)
        return;
    m_showing = true;
    const EditState& state = m_session->state();
    const bool hasTable = m_session->sources().sensitivity.has_value(), hasScores = !m_session->sources().scores.empty();
    m_slider->setEnabled(hasTable);
    m_target->setEnabled(hasTable);
    m_targetHint->setVisible(!hasTable);
    m_slider->setValue(static_cast<int>(std::lround(state.targetBits * kPerBit)));
    m_target->setValue(state.targetBits);
    for (int bits = 0; bits <= kMostBits; ++bits) {
        QCheckBox& box = *m_allowed[static_cast<std::size_t>(bits)];
        box.setChecked(std::ranges::find(state.choice.allowed, bits) != state.choice.allowed.end());
        box.setEnabled(!box.isChecked() || state.choice.allowed.size() > 1);
    }
    m_thresholdHint->setVisible(!hasScores);
    m_thresholdRow->setEnabled(hasScores);
    showThresholds();
    m_showing = false;
}

void EditControls::showThresholds()
{
    const std::vector<double> values = handlesOf(m_session->state());
    while (m_thresholds.size() > values.size()) {
        delete m_thresholds.back();
        m_thresholds.pop_back();
    }
    while (m_thresholds.size() < values.size()) {
        const std::size_t k = m_thresholds.size();
        auto* box = new QDoubleSpinBox;
        box->setObjectName(QStringLiteral("threshold%1").arg(k + 1));
        box->setDecimals(2);
        box->setSingleStep(0.05);
        box->setButtonSymbols(QAbstractSpinBox::NoButtons);
        box->setKeyboardTracking(false);
        box->setMaximumWidth(64);
        box->setAccessibleName(tr("Threshold p%1").arg(k + 1));
        box->setToolTip(tr("Score from which on filters get the next more bits (p%1)").arg(k + 1));
        m_thresholdRow->layout()->addWidget(box);
        m_thresholds.push_back(box);
        connect(box, &QDoubleSpinBox::valueChanged, this, [this, k](double value) { setThreshold(k, value); });
    }
    for (std::size_t k = 0; k < values.size(); ++k) {
        m_thresholds[k]->setMaximum(m_session->base().classes() + 1);
        m_thresholds[k]->setValue(values[k]);
    }
}

void EditControls::setTarget(double bits, int gesture)
{
    if (m_session && !m_showing)
        m_session->apply(TargetEdit { bits, std::nullopt }, gesture);
}

void EditControls::setThreshold(std::size_t k, double value)
{
    if (m_session && !m_showing)
        m_session->apply(ThresholdsEdit { movedThresholds(handlesOf(m_session->state()), k, value, m_session->base().classes()) });
}

void EditControls::allow()
{
    AllowEdit edit;
    for (int bits = 0; bits <= kMostBits; ++bits) {
        if (m_allowed[static_cast<std::size_t>(bits)]->isChecked())
            edit.bits.push_back(bits);
    }
    if (m_session && !edit.bits.empty())
        m_session->apply(edit);
}

} // namespace bitscape::ui
