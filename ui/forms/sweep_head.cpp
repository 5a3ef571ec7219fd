// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/sweep_head.h"

#include "core/jobs/parameters.h"
#include "ui/forms/run_choices.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>

namespace bitscape::ui {
namespace {

QString words(const char* text)
{
    return QCoreApplication::translate("SweepHead", text);
}

void add(QFormLayout& form, const QString& label, QWidget* field, const char* name, const QString& help)
{
    field->setObjectName(QString::fromLatin1(name));
    field->setToolTip(help);
    if (auto* box = qobject_cast<QComboBox*>(field)) { // a long name must not make the dialog wide
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(12);
    }
    form.addRow(label, field);
}

QString helpOfSweep(const char* name)
{
    return QString::fromStdString(parameterOf(RunKind::Sweep, name).help);
}

} // namespace

SweepHead makeSweepHead(const ProjectDocument& document, int workers)
{
    SweepHead head { new QWidget, new QComboBox, new QComboBox, new QComboBox, new QComboBox, new QLineEdit,
        new QLineEdit(QStringLiteral("0")), new QLineEdit, new QSpinBox };
    auto* form = new QFormLayout(head.all);
    form->setContentsMargins(0, 0, 0, 0);
    form->setLabelAlignment(Qt::AlignRight | Qt::AlignVCenter);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    add(*form, words("&Kind:"), head.kind, "sweep-kind", words("What every run of the sweep computes"));
    add(*form, words("Starts &from:"), head.parent, "sweep-parent", words("The finished run whose results they start from"));
    add(*form, words("&Model:"), head.model, "sweep-model", words("That of the run they start from, where there is one"));
    add(*form, words("D&ata set:"), head.data, "sweep-data", words("That of the run they start from, where there is one"));
    add(*form, words("&Name:"), head.name, "sweep-name", words("What the sweep is called"));
    add(*form, words("See&ds:"), head.seeds, "sweep-seeds", words("Every setting is run with each: 1-3, 7"));
    add(*form, words("&Time budget (s):"), head.budget, "sweep-budget", helpOfSweep("max_seconds"));
    add(*form, words("&Workers:"), head.workers, "sweep-workers", helpOfSweep("workers"));
    head.budget->setPlaceholderText(words("no limit"));
    head.workers->setRange(1, 64);
    head.workers->setValue(workers);
    for (const RunKind each : offeredKinds())
        head.kind->addItem(helpOf(each));
    for (const ModelEntry& entry : document.models())
        head.model->addItem(QString::fromStdString(entry.model.name));
    for (const Dataset& dataset : document.datasets())
        head.data->addItem(QString::fromStdString(dataset.name));
    return head;
}

} // namespace bitscape::ui
