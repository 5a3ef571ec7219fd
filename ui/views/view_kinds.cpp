// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/view_kinds.h"

#include "ui/views/bit_map_view.h"
#include "ui/views/confusion_view.h"
#include "ui/views/curves_view.h"
#include "ui/views/dataset_view.h"
#include "ui/views/importance_view.h"
#include "ui/views/network_view.h"
#include "ui/views/search_view.h"
#include "ui/views/stepping_view.h"
#include "ui/views/sweep_view.h"
#include "ui/views/training_view.h"
#include "ui/whatif/what_if_view.h"

#include <QCoreApplication>

namespace bitscape::ui {
namespace {

template <typename View> ViewKind kind(const char* id, const char* icon, const char* title, const char* help)
{
    return { QString::fromLatin1(id), QCoreApplication::translate("ViewKind", title), QString::fromLatin1(icon),
        QCoreApplication::translate("ViewKind", help), [](const ViewContext& context) -> QWidget* { return new View(context); }, {} };
}

/// With its tab only there for sweeps and their runs: beside both docks there is no room for one more title.
ViewKind sweepKind()
{
    ViewKind sweep = kind<SweepView>("sweep", "run-sweep", QT_TRANSLATE_NOOP("ViewKind", "Sweep"),
        QT_TRANSLATE_NOOP("ViewKind", "The children of a sweep: a table, and mean and spread over seeds"));
    sweep.shownFor = [](const Run& run) { return run.kind == RunKind::Sweep || run.sweep.has_value(); };
    return sweep;
}

} // namespace

std::vector<ViewKind> viewKinds()
{
    return {
        kind<NetworkView>("network", "network", QT_TRANSLATE_NOOP("ViewKind", "Network"),
            QT_TRANSLATE_NOOP("ViewKind", "The network's layers with shapes, parameters and MACs")),
        kind<DatasetView>("dataset", "dataset", QT_TRANSLATE_NOOP("ViewKind", "Data set"),
            QT_TRANSLATE_NOOP("ViewKind", "Images of every class, counts and normalisation")),
        kind<TrainingView>("training", "training", QT_TRANSLATE_NOOP("ViewKind", "Training"),
            QT_TRANSLATE_NOOP("ViewKind", "Loss and accuracy per epoch")),
        kind<ImportanceView>("importance", "importance", QT_TRANSLATE_NOOP("ViewKind", "Importance"),
            QT_TRANSLATE_NOOP("ViewKind", "For how many classes, and for which, every filter matters")),
        kind<BitMapView>(
            "bitmap", "bitmap", QT_TRANSLATE_NOOP("ViewKind", "Bit map"), QT_TRANSLATE_NOOP("ViewKind", "The bit-width of every filter")),
        kind<WhatIfView>("whatif", "whatif", QT_TRANSLATE_NOOP("ViewKind", "What if"),
            QT_TRANSLATE_NOOP("ViewKind", "Try other bits: cost at once, accuracy in a moment, every change undone with Ctrl+Z")),
        kind<SearchView>("search", "search-view", QT_TRANSLATE_NOOP("ViewKind", "Search"),
            QT_TRANSLATE_NOOP("ViewKind", "Accuracy, average bits and thresholds, evaluation by evaluation")),
        kind<SteppingView>("stepping", "stepping", QT_TRANSLATE_NOOP("ViewKind", "Stepping"),
            QT_TRANSLATE_NOOP("ViewKind", "Subnets of one network: their filters, accuracy and MACs, beside baselines")),
        kind<CurvesView>("curves", "curves", QT_TRANSLATE_NOOP("ViewKind", "Curves"),
            QT_TRANSLATE_NOOP("ViewKind", "Accuracy against cost, all runs of the model")),
        kind<ConfusionView>("confusion", "confusion", QT_TRANSLATE_NOOP("ViewKind", "Confusion"),
            QT_TRANSLATE_NOOP("ViewKind", "Which classes are mistaken for which, against full precision")),
        sweepKind(),
    };
}

} // namespace bitscape::ui
