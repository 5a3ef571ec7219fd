// SPDX-License-Identifier: GPL-3.0-or-later
// What the what-if view consists of.
#include "ui/plots/bit_map.h"
#include "ui/plots/chart.h"
#include "ui/plots/figure_frame.h"
#include "ui/views/view_parts.h"
#include "ui/whatif/class_effects.h"
#include "ui/whatif/edit_controls.h"
#include "ui/whatif/paint_controls.h"
#include "ui/whatif/what_if_figures.h"
#include "ui/whatif/what_if_view.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QUndoView>
#include <QVBoxLayout>

namespace bitscape::ui {

QWidget* WhatIfView::makeHead()
{
    auto* head = new QWidget;
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 10, 0);
    row->addWidget(m_figures, 1);
    const auto offer = [&](QPushButton* button, const char* name, const QString& help, auto slot) {
        button->setObjectName(QLatin1String(name));
        button->setToolTip(help);
        row->addWidget(button);
        connect(button, &QPushButton::clicked, this, slot);
    };
    offer(m_undo, "undoEdit", tr("Take the last change back (Ctrl+Z)"), [this] { m_session->undo().undo(); });
    offer(m_redo, "redoEdit", tr("Make it again (Ctrl+Shift+Z)"), [this] { m_session->undo().redo(); });
    offer(m_keep, "keepEdit", tr("Evaluate these bits in full and keep them as a run, with the history of changes"), [this] { keep(); });
    m_message->setObjectName(QStringLiteral("whatIfMessage"));
    return head;
}

QWidget* WhatIfView::makeHistogram()
{
    auto* frame = new FigureFrame(tr("Scores: drag a threshold"), m_histogram, context().theme);
    m_histogram->setObjectName(QStringLiteral("thresholdHistogram"));
    m_histogram->setAccessibleName(tr("Histogram of filter scores with thresholds to drag"));
    connect(m_histogram, &Chart::handleDragged, this, &WhatIfView::dragThreshold);
    connect(m_histogram, &Chart::handleDropped, this, [this] { m_gesture = 0; });
    return frame;
}

QWidget* WhatIfView::makeMap()
{
    auto* frame = new FigureFrame(tr("Bits per filter"), m_map, context().theme);
    m_map->setObjectName(QStringLiteral("editedMap"));
    m_map->setAccessibleName(tr("Bit map of the edit"));
    setUpChoice(m_order, QStringLiteral("editOrder"), tr("Order of the filters within a layer"));
    m_order->addItem(tr("By index"), static_cast<int>(BitMapOrder::Index));
    m_order->addItem(tr("By score"), static_cast<int>(BitMapOrder::Score));
    frame->addTool(m_order);
    connect(m_order, &QComboBox::activated, this, &WhatIfView::showMap);
    connect(m_map, &BitMap::filterClicked, this, &WhatIfView::pickFilter);
    connect(m_map, &BitMap::painted, this, &WhatIfView::paint);
    connect(m_map, &BitMap::strokeEnded, this, [this] { m_gesture = 0; });
    connect(m_brush, &PaintControls::paintingChanged, m_map, &BitMap::setPainting);
    connect(m_brush, &PaintControls::paintingChanged, this, &WhatIfView::showMap);
    return frame;
}

QWidget* WhatIfView::makeSide()
{
    connect(m_brush, &PaintControls::applyWanted, this, &WhatIfView::applyBrush);
    connect(m_brush, &PaintControls::runWanted, this, &WhatIfView::loadBits);
    connect(m_classes, &ClassEffects::weightWanted, this, &WhatIfView::weigh);
    m_classTable->setModel(m_classes);
    m_classTable->setObjectName(QStringLiteral("classEffects"));
    m_classTable->setAccessibleName(tr("Effect on each class"));
    m_classTable->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed | QAbstractItemView::AnyKeyPressed);
    m_classTable->verticalHeader()->hide();
    m_classTable->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_classTable->horizontalHeader()->setStretchLastSection(true);
    m_history->setObjectName(QStringLiteral("editHistory"));
    m_history->setEmptyLabel(tr("as the run has them"));
    m_history->setAccessibleName(tr("History of changes"));
    auto* tabs = new QTabWidget;
    tabs->setDocumentMode(true);
    tabs->addTab(m_classTable, tr("Classes"));
    tabs->addTab(m_history, tr("History"));
    auto* side = new QWidget;
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_controls);
    layout->addWidget(m_brush);
    layout->addWidget(tabs, 1);
    return side;
}

} // namespace bitscape::ui
