// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/save_preset_dialog.h"

#include "core/base/error.h"
#include "core/jobs/own_presets.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace bitscape::ui {

SavePresetDialog::SavePresetDialog(RunKind kind, const QString& values, const QStringList& taken, const QString& name, QWidget* parent)
    : QDialog(parent)
    , m_kind(kind)
    , m_taken(taken)
    , m_name(new QLineEdit(name))
    , m_words(new QLabel)
{
    setWindowTitle(tr("Save as preset"));
    setObjectName(QStringLiteral("save-preset"));
    setMinimumWidth(420);
    m_name->setObjectName(QStringLiteral("preset-name"));
    m_name->setToolTip(tr("The command line finds it by this name: --preset NAME"));
    m_name->selectAll();
    auto* kept = new QLabel(values);
    kept->setObjectName(QStringLiteral("muted"));
    kept->setWordWrap(true);
    m_words->setObjectName(QStringLiteral("bad"));
    m_words->setWordWrap(true);
    m_words->setMinimumHeight(2 * fontMetrics().lineSpacing());
    m_words->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Cancel)->setAutoDefault(false);
    m_save = buttons->addButton(tr("&Save"), QDialogButtonBox::AcceptRole);
    m_save->setObjectName(QStringLiteral("accept"));
    auto* form = new QFormLayout;
    form->setLabelAlignment(Qt::AlignRight | Qt::AlignTop);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("&Name:"), m_name);
    form->addRow(tr("Keeps:"), kept);
    auto* rows = new QVBoxLayout(this);
    rows->addLayout(form);
    rows->addWidget(m_words);
    rows->addStretch(1);
    rows->addWidget(buttons);
    m_save->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &SavePresetDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &SavePresetDialog::reject);
    connect(m_name, &QLineEdit::textChanged, this, &SavePresetDialog::check);
    check();
}

QString SavePresetDialog::name() const
{
    return m_name->text().trimmed();
}

void SavePresetDialog::check()
{
    QString sentence;
    if (!name().isEmpty()) { // nothing typed yet is no mistake
        try {
            checkPresetName(m_kind, name().toStdString());
        } catch (const Error& error) {
            sentence = QString::fromUtf8(error.what());
        }
    }
    const bool replaces = m_taken.contains(name());
    m_save->setEnabled(sentence.isEmpty() && !name().isEmpty());
    m_save->setText(replaces ? tr("&Replace") : tr("&Save"));
    if (replaces)
        sentence = tr("There is a preset of this name: its values are replaced.");
    m_words->setText(sentence.isEmpty() ? QString() : QStringLiteral("⚠ ") + sentence);
}

void SavePresetDialog::accept()
{
    if (!m_save->isEnabled())
        return;
    emit chosen(name());
    QDialog::accept();
}

} // namespace bitscape::ui
