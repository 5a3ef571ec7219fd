// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/add_subnets_dialog.h"

#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

namespace bitscape::ui {

AddSubnetsDialog::AddSubnetsDialog(ProjectDocument& document, RunId run, QWidget* parent)
    : CliDialog(document, tr("&Add"), parent)
    , m_run(run)
    , m_name(new QLineEdit(tr("subnets of run %1").arg(run.value)))
{
    setWindowTitle(tr("Subnets of run %1 as a network").arg(run.value));
    setObjectName(QStringLiteral("add-subnets"));
    setMinimumWidth(480);
    m_name->setObjectName(QStringLiteral("subnets-name"));
    auto* words
        = new QLabel(tr("Every group of filters becomes a layer of its own. Score the network and search its bits like any other: a "
                        "filter has the same bits in all subnets, and each subnet's accuracy and BitOps are told."));
    words->setObjectName(QStringLiteral("muted"));
    words->setWordWrap(true);
    QFormLayout* form = makeForm();
    form->addRow(tr("&Name:"), m_name);
    rows().addWidget(words);
    rows().addLayout(form);
    connect(m_name, &QLineEdit::textChanged, this, [this] { check(); });
    check();
}

QString AddSubnetsDialog::complaint() const
{
    return m_name->text().trimmed().isEmpty() ? tr("Give the network a name.") : QString();
}

QStringList AddSubnetsDialog::arguments() const
{
    return { QStringLiteral("model"), QStringLiteral("add"), document().path(), QStringLiteral("run:%1").arg(m_run.value),
        QStringLiteral("--name"), m_name->text().trimmed() };
}

} // namespace bitscape::ui
