// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/settings_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
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

/// Where models and data sets are looked for, typed or chosen.
QLineEdit* SettingsDialog::makeFolder(Settings& settings, QFormLayout& form, QLabel* label)
{
    auto* folder = new QLineEdit(settings.dataFolder());
    folder->setObjectName(QStringLiteral("settings-data-folder"));
    folder->setPlaceholderText(tr("the home folder"));
    folder->setToolTip(tr("Where dialogs look for data sets and models first"));
    connect(folder, &QLineEdit::textChanged, this, [&settings](const QString& path) { settings.setDataFolder(path.trimmed()); });
    auto* browse = new QPushButton(tr("&Browse…"));
    browse->setAutoDefault(false);
    connect(browse, &QPushButton::clicked, this, [this, folder] {
        auto* dialog = new QFileDialog(this, tr("Choose the data folder"), folder->text());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::Directory);
        connect(dialog, &QFileDialog::fileSelected, folder, &QLineEdit::setText);
        dialog->open();
    });
    auto* line = new QHBoxLayout;
    line->addWidget(folder, 1);
    line->addWidget(browse);
    form.addRow(label, line);
    return folder;
}

SettingsDialog::SettingsDialog(Settings& settings, QWidget* parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Settings"));
    setObjectName(QStringLiteral("settings"));
    setMinimumWidth(460);
    auto* form = new QFormLayout;
    form->setLabelAlignment(Qt::AlignRight | Qt::AlignVCenter);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    auto* theme = choiceOf<Theme::Choice>(
        { { Theme::Choice::System, tr("As the system") }, { Theme::Choice::Light, tr("Light") }, { Theme::Choice::Dark, tr("Dark") } },
        settings.theme(), [&settings](Theme::Choice choice) { settings.setTheme(choice); });
    theme->setObjectName(QStringLiteral("settings-theme"));
    form->addRow(tr("&Theme:"), theme);
    auto* workers = new QSpinBox;
    workers->setObjectName(QStringLiteral("settings-workers"));
    workers->setRange(1, 64);
    workers->setValue(settings.workers());
    workers->setToolTip(tr("How many runs are computed at the same time; the machine's threads are shared out evenly among them"));
    connect(workers, &QSpinBox::valueChanged, this, [&settings](int count) { settings.setWorkers(count); });
    form->addRow(tr("&Workers at once:"), workers);
    auto* close
        = choiceOf<Settings::OnClose>({ { Settings::OnClose::Ask, tr("Ask") }, { Settings::OnClose::GoOn, tr("Go on in the background") },
                                          { Settings::OnClose::Cancel, tr("Are cancelled, to be resumed later") } },
            settings.onClose(), [&settings](Settings::OnClose what) { settings.setOnClose(what); });
    close->setObjectName(QStringLiteral("settings-on-close"));
    close->setToolTip(tr("What happens to runs that are under way when their window closes"));
    form->addRow(tr("&Runs when a window closes:"), close);
    auto* recent = new QSpinBox;
    recent->setObjectName(QStringLiteral("settings-recent"));
    recent->setRange(0, 50);
    recent->setValue(settings.recentProjects());
    recent->setToolTip(tr("How many projects the welcome page tells of"));
    connect(recent, &QSpinBox::valueChanged, this, [&settings](int count) { settings.setRecentProjects(count); });
    form->addRow(tr("Recent &projects:"), recent);
    auto* label = new QLabel(tr("&Data folder:"));
    label->setBuddy(makeFolder(settings, *form, label));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* rows = new QVBoxLayout(this);
    rows->addLayout(form);
    rows->addStretch(1);
    rows->addWidget(buttons);
}

} // namespace bitscape::ui
