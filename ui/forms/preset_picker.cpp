// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/preset_picker.h"

#include "core/jobs/own_presets.h"
#include "ui/forms/preset_store.h"
#include "ui/forms/save_preset_dialog.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace bitscape::ui {
namespace {

QToolButton* button(const QString& text, const char* name, const QString& help)
{
    auto* made = new QToolButton;
    made->setText(text);
    made->setProperty("framed", true);
    made->setObjectName(QString::fromLatin1(name));
    made->setToolTip(help);
    return made;
}

} // namespace

PresetPicker::PresetPicker(QWidget* parent)
    : QWidget(parent)
    , m_store(new PresetStore(ownPresetsFile(), this))
    , m_combo(new QComboBox)
    , m_save(button(tr("Sa&ve…"), "preset-save", tr("Keep the values below as a preset of your own")))
    , m_remove(button(tr("R&emove…"), "preset-remove", tr("Forget this preset of your own")))
    , m_words(new QLabel)
{
    m_combo->setObjectName(QStringLiteral("run-preset"));
    m_combo->setToolTip(tr("Sets all parameters below; each can be changed after"));
    m_combo->setPlaceholderText(tr("Own values"));
    m_combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_combo->setMinimumContentsLength(12);
    m_words->setObjectName(QStringLiteral("bad"));
    m_words->setWordWrap(true);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    setFocusProxy(m_combo);
    auto* line = new QHBoxLayout;
    line->addWidget(m_combo, 1);
    line->addWidget(m_save);
    line->addWidget(m_remove);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->addLayout(line);
    rows->addWidget(m_words);
    connect(m_combo, &QComboBox::activated, this, &PresetPicker::pick);
    connect(m_combo, &QComboBox::currentIndexChanged, this, &PresetPicker::updateButtons);
    connect(m_save, &QToolButton::clicked, this, &PresetPicker::askName);
    connect(m_remove, &QToolButton::clicked, this, &PresetPicker::askToRemove);
    connect(m_store, &PresetStore::refused, this, &PresetPicker::tell);
    connect(m_store, &PresetStore::changed, this, [this] {
        tell({});
        fill();
    });
    connect(m_store, &PresetStore::saved, this, [this](RunKind kind, const QString& name) {
        const auto found = std::ranges::find(m_choices, name, &ParameterChoice::own);
        if (kind == m_kind && found != m_choices.end() && found->values == m_values)
            m_combo->setCurrentIndex(static_cast<int>(found - m_choices.begin()));
    });
    tell({});
    updateButtons();
}

void PresetPicker::offer(RunKind kind, const RunMap& runs)
{
    m_kind = kind;
    m_others = parameterChoices(kind, runs);
    fill();
}

bool PresetPicker::event(QEvent* event)
{
    if (event->type() == QEvent::WindowActivate)
        m_store->reload();
    return QWidget::event(event);
}

void PresetPicker::fill()
{
    const auto before = current() ? std::optional(*current()) : std::nullopt;
    std::vector<ParameterChoice> choices = withOwn(m_others, m_kind, m_store->presets(m_kind));
    if (choices == m_choices) // an open list stays as it is
        return mark(m_values, m_valid);
    m_choices = std::move(choices);
    const QSignalBlocker quiet(m_combo);
    m_combo->clear();
    for (const ParameterChoice& choice : m_choices) {
        m_combo->addItem(choice.title);
        m_combo->setItemData(m_combo->count() - 1, choice.help, Qt::ToolTipRole);
    }
    const auto same = before ? std::ranges::find(m_choices, *before) : m_choices.end();
    m_combo->setCurrentIndex(same == m_choices.end() ? -1 : static_cast<int>(same - m_choices.begin()));
    mark(m_values, m_valid);
}

const ParameterChoice* PresetPicker::current() const
{
    const int index = m_combo->currentIndex();
    return index < 0 ? nullptr : &m_choices[static_cast<std::size_t>(index)];
}

void PresetPicker::mark(const nlohmann::json& values, bool valid)
{
    m_values = values;
    m_valid = valid;
    if (!current() || current()->values != values) {
        const auto same = std::ranges::find(m_choices, values, &ParameterChoice::values);
        m_combo->setCurrentIndex(same == m_choices.end() ? -1 : static_cast<int>(same - m_choices.begin()));
    }
    updateButtons();
}

/// One whose values do not fit stays chosen, so that it can be removed, and changes nothing.
void PresetPicker::pick()
{
    const ParameterChoice* choice = current();
    if (!choice)
        return;
    tell(choice->unfit);
    if (!choice->unfit.isEmpty())
        return;
    const int index = m_combo->currentIndex();
    emit picked(choice->values);
    m_combo->setCurrentIndex(index); // where several have the same values
}

void PresetPicker::askName()
{
    QStringList taken;
    for (const Preset& preset : m_store->presets(m_kind))
        taken << QString::fromStdString(preset.name);
    const QString values = QString::fromStdString(settingsText({ {}, {}, {}, m_values }));
    auto* dialog = new SavePresetDialog(m_kind, values, taken, current() ? current()->own : QString(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SavePresetDialog::chosen, this,
        [this, kind = m_kind, kept = m_values](const QString& name) { m_store->save(kind, name.toStdString(), kept); });
    dialog->open();
}

void PresetPicker::askToRemove()
{
    if (!current() || current()->own.isEmpty())
        return;
    const QString name = current()->own;
    auto* box = new QMessageBox(QMessageBox::Question, tr("Remove a preset"),
        tr("Remove your preset '%1'? Runs made from it stay as they are.").arg(name), QMessageBox::Cancel, this);
    box->setObjectName(QStringLiteral("remove-preset"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton* remove = box->addButton(tr("&Remove"), QMessageBox::DestructiveRole);
    remove->setObjectName(QStringLiteral("remove-preset-yes"));
    connect(remove, &QPushButton::clicked, this, [this, kind = m_kind, name] { m_store->remove(kind, name.toStdString()); });
    box->open();
}

void PresetPicker::tell(const QString& sentence)
{
    m_words->setText(sentence.isEmpty() ? QString() : QStringLiteral("⚠ ") + sentence);
    m_words->setVisible(!sentence.isEmpty());
}

void PresetPicker::updateButtons()
{
    m_save->setEnabled(m_valid && !m_values.empty());
    m_remove->setEnabled(current() && !current()->own.isEmpty());
}

} // namespace bitscape::ui
