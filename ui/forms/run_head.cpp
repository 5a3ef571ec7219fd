// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/run_head.h"

#include "ui/forms/preset_picker.h"
#include "ui/forms/run_choices.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QToolButton>

#include <algorithm>

namespace bitscape::ui {
namespace {

constexpr int kMostRepeats = 100;

QString words(const char* text)
{
    return QCoreApplication::translate("RunHead", text);
}

QLayout* seedLine(const RunHead& head)
{
    head.seed->setObjectName(QStringLiteral("run-seed"));
    head.seed->setToolTip(words("Decides everything random: the same seed gives the same result"));
    head.dice->setObjectName(QStringLiteral("run-dice"));
    head.dice->setText(QStringLiteral("⚄"));
    head.dice->setToolTip(words("A random seed"));
    head.dice->setAccessibleName(words("A random seed"));
    head.repeat->setObjectName(QStringLiteral("run-repeat"));
    head.repeat->setRange(1, kMostRepeats);
    head.repeat->setToolTip(words("Starts this many runs that differ in their seeds only: this seed and those after it"));
    auto* label = new QLabel(words("&Runs with seeds in a row:"));
    label->setBuddy(head.repeat);
    auto* line = new QHBoxLayout;
    line->addWidget(head.seed, 1);
    line->addWidget(head.dice);
    line->addSpacing(12);
    line->addWidget(label);
    line->addWidget(head.repeat);
    return line;
}

} // namespace

bool offer(QComboBox& combo, const Offers& offers)
{
    Offers before;
    for (int i = 0; i < combo.count(); ++i)
        before.emplace_back(combo.itemText(i), combo.itemData(i).toLongLong());
    if (before == offers)
        return false;
    const QVariant chosen = combo.currentData();
    const QSignalBlocker quiet(&combo);
    combo.clear();
    for (const auto& [text, id] : offers)
        combo.addItem(text, id);
    combo.setCurrentIndex(chosen.isValid() ? std::max(0, combo.findData(chosen)) : 0);
    return true;
}

bool offerSubjects(const RunHead& head, const ProjectDocument& document)
{
    Offers models, datasets;
    for (const ModelEntry& entry : document.models())
        models.emplace_back(QString::fromStdString(entry.model.name), static_cast<qlonglong>(entry.model.id.value));
    for (const Dataset& dataset : document.datasets())
        datasets.emplace_back(QString::fromStdString(dataset.name), static_cast<qlonglong>(dataset.id.value));
    const bool news = offer(*head.model, models);
    return offer(*head.data, datasets) || news;
}

RunHead makeRunHead(const ProjectDocument& document)
{
    RunHead head { new QWidget, new QComboBox, new QComboBox, new QComboBox, new QComboBox, new PresetPicker, new QLineEdit,
        new QLineEdit(QStringLiteral("0")), new QToolButton, new QSpinBox };
    auto* form = new QFormLayout(head.all);
    form->setContentsMargins(0, 0, 0, 0);
    form->setLabelAlignment(Qt::AlignRight | Qt::AlignVCenter);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    const auto add = [form](const QString& label, QWidget* field, const char* name, const QString& help) {
        field->setObjectName(QString::fromLatin1(name));
        field->setToolTip(help);
        if (auto* combo = qobject_cast<QComboBox*>(field)) { // a long name must not make the dialog wide
            combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
            combo->setMinimumContentsLength(12);
        }
        form->addRow(label, field);
    };
    add(words("&Kind:"), head.kind, "run-kind", words("What is computed"));
    add(words("Starts &from:"), head.parent, "run-parent", words("The run whose results this one starts from"));
    add(words("&Model:"), head.model, "run-model", words("That of the run it starts from, where there is one"));
    add(words("D&ata set:"), head.data, "run-data", words("That of the run it starts from, where there is one"));
    form->addRow(words("&Preset:"), head.preset);
    add(words("&Name:"), head.name, "run-name", words("What the run is called"));
    auto* seedLabel = new QLabel(words("See&d:"));
    seedLabel->setBuddy(head.seed);
    form->addRow(seedLabel, seedLine(head));
    for (const RunKind each : offeredKinds())
        head.kind->addItem(helpOf(each));
    offerSubjects(head, document);
    return head;
}

} // namespace bitscape::ui
