// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/settings_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>

#include <functional>
#include <utility>
#include <vector>

namespace bitscape::ui {
namespace {

template <typename Enum>
QComboBox* choiceOf(const std::vector<std::pair<Enum, QString>>& choices, Enum now, const std::function<void(Enum)>& chosen)
{
    auto* combo = new QComboBox;
    for (const auto& [value, text] : choices)
        combo->addItem(text, static_cast<int>(value));
    combo->setCurrentIndex(combo->findData(static_cast<int>(now)));
    QObject::connect(combo, &QComboBox::activated, combo, [combo, chosen] { chosen(static_cast<Enum>(combo->currentData().toInt())); });
    return combo;
}

} // namespace

SettingsDialog::SettingsDialog(Settings& settings, QWidget* parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Settings"));
    setObjectName(QStringLiteral("settings"));
    auto* form = new QFormLayout;
    auto* theme = choiceOf<Theme::Choice>(
        { { Theme::Choice::System, tr("As the system") }, { Theme::Choice::Light, tr("Light") }, { Theme::Choice::Dark, tr("Dark") } },
        settings.theme(), [&settings](Theme::Choice choice) { settings.setTheme(choice); });
    theme->setObjectName(QStringLiteral("settings-theme"));
    form->addRow(tr("&Theme:"), theme);
    auto* workers = new QSpinBox;
    workers->setRange(1, 64);
    workers->setValue(settings.workers());
    workers->setToolTip(tr("How many runs are computed at the same time; the machine's threads are shared out evenly among them"));
    connect(workers, &QSpinBox::valueChanged, this, [&settings](int count) { settings.setWorkers(count); });
    form->addRow(tr("&Workers at once:"), workers);
    form->addRow(tr("Runs when a window &closes:"),
        choiceOf<Settings::OnClose>({ { Settings::OnClose::Ask, tr("Ask") }, { Settings::OnClose::GoOn, tr("Go on in the background") },
                                        { Settings::OnClose::Cancel, tr("Are cancelled, to be resumed later") } },
            settings.onClose(), [&settings](Settings::OnClose what) { settings.setOnClose(what); }));
    auto* folder = new QLineEdit(settings.dataFolder());
    folder->setPlaceholderText(tr("the home folder"));
    folder->setToolTip(tr("Where dialogs look for data sets and models first"));
    connect(folder, &QLineEdit::editingFinished, this, [&settings, folder] { settings.setDataFolder(folder->text()); });
    form->addRow(tr("&Data folder:"), folder);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* rows = new QVBoxLayout(this);
    rows->addLayout(form);
    rows->addStretch(1);
    rows->addWidget(buttons);
}

} // namespace bitscape::ui
