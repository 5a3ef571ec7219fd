// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/cli_dialog.h"

#include "ui/style/figures.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>
#include <vector>

namespace bitscape::ui {
namespace {

constexpr int kSteps = 1000;

} // namespace

CliDialog::CliDialog(ProjectDocument& document, const QString& acceptText, QWidget* parent)
    : QDialog(parent)
    , m_document(document)
    , m_questions(new QWidget)
    , m_bar(new QProgressBar)
    , m_words(new QLabel)
    , m_complaint(new QLabel)
    , m_acceptText(acceptText)
{
    m_rows = new QVBoxLayout(m_questions);
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_bar->setRange(0, kSteps);
    m_bar->hide();
    m_words->setObjectName(QStringLiteral("muted"));
    m_words->hide();
    m_complaint->setObjectName(QStringLiteral("bad"));
    m_complaint->setWordWrap(true);
    m_complaint->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Cancel)->setAutoDefault(false);
    m_accept = buttons->addButton(acceptText, QDialogButtonBox::AcceptRole);
    m_accept->setObjectName(QStringLiteral("accept"));
    connect(buttons, &QDialogButtonBox::accepted, this, &CliDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &CliDialog::reject);
    auto* outer = new QVBoxLayout(this);
    outer->addWidget(m_questions, 1);
    outer->addWidget(m_bar);
    outer->addWidget(m_words);
    outer->addWidget(m_complaint);
    outer->addWidget(buttons);
    m_accept->setDefault(true); // once it is in the dialog, which does not hear of it before
}

QFormLayout* CliDialog::makeForm(QWidget* parent)
{
    auto* form = new QFormLayout(parent);
    form->setContentsMargins(0, 0, 0, 0);
    form->setLabelAlignment(Qt::AlignRight | Qt::AlignVCenter);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    return form;
}

CliDialog::Optional CliDialog::addOptional(const QString& prefix, const QString& mean, const QString& deviation)
{
    const Optional lines { new QLineEdit, new QLineEdit, new QLineEdit };
    lines.name->setObjectName(prefix + QStringLiteral("-name"));
    lines.mean->setObjectName(prefix + QStringLiteral("-mean"));
    lines.deviation->setObjectName(prefix + QStringLiteral("-std"));
    lines.mean->setPlaceholderText(mean);
    lines.deviation->setPlaceholderText(deviation);
    QFormLayout* form = makeForm();
    form->addRow(tr("&Name:"), lines.name);
    form->addRow(tr("&Mean per channel:"), lines.mean);
    form->addRow(tr("&Deviation per channel:"), lines.deviation);
    m_rows->addLayout(form);
    return lines;
}

QStringList CliDialog::flagsOf(const Optional& lines)
{
    QStringList flags;
    for (const auto& [flag, line] :
        { std::pair("--name", lines.name), std::pair("--mean", lines.mean), std::pair("--std", lines.deviation) }) {
        if (const QString text = line->text().trimmed(); !text.isEmpty())
            flags << QString::fromLatin1(flag) << text;
    }
    return flags;
}

void CliDialog::addPath(QFormLayout& form, const QString& label, QLineEdit& path, const std::function<QFileDialog*()>& ask,
    const std::function<void(const QString&)>& chosen)
{
    auto* browse = new QPushButton(tr("B&rowse…"));
    browse->setAutoDefault(false);
    connect(browse, &QPushButton::clicked, this, [this, ask, chosen] {
        QFileDialog* dialog = ask();
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &QFileDialog::fileSelected, this, chosen);
        dialog->open();
    });
    auto* line = new QHBoxLayout;
    line->addWidget(&path, 1);
    line->addWidget(browse);
    auto* title = new QLabel(label);
    title->setBuddy(&path);
    form.addRow(title, line);
}

/// As wide as the widest label, once fonts and style are known.
void CliDialog::showEvent(QShowEvent* event)
{
    std::vector<QLabel*> labels;
    int width = 0;
    for (const QFormLayout* form : findChildren<QFormLayout*>()) {
        for (int row = 0; row < form->rowCount(); ++row) {
            const QLayoutItem* item = form->itemAt(row, QFormLayout::LabelRole);
            if (auto* label = item ? qobject_cast<QLabel*>(item->widget()) : nullptr) {
                labels.push_back(label);
                label->ensurePolished();
                width = std::max(width, label->sizeHint().width());
            }
        }
    }
    for (QLabel* label : labels) {
        label->setMinimumWidth(width);
        label->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    }
    QDialog::showEvent(event);
}

void CliDialog::check()
{
    const QString sentence = complaint();
    complain(sentence);
    m_accept->setEnabled(sentence.isEmpty() && !m_process);
}

void CliDialog::accept()
{
    if (m_process || !complaint().isEmpty())
        return;
    m_process = new CliProcess(this);
    connect(m_process, &CliProcess::event, this, &CliDialog::take);
    connect(m_process, &CliProcess::finished, this, &CliDialog::ended);
    m_questions->setEnabled(false);
    m_accept->setEnabled(false);
    m_accept->setText(tr("Working…"));
    m_bar->setValue(0);
    m_bar->show();
    complain({});
    m_process->start(arguments() << QStringLiteral("--events"));
}

void CliDialog::reject()
{
    if (m_process)
        return m_process->cancel();
    QDialog::reject();
}

void CliDialog::take(const Event& event)
{
    if (event.kind == EventKind::Progress) {
        const double share = event.progress.total > 0 ? event.progress.done / event.progress.total : 0;
        m_bar->setValue(static_cast<int>(std::clamp(share, 0.0, 1.0) * kSteps));
        const QString left = event.secondsLeft ? tr(", %1 left").arg(durationText(*event.secondsLeft)) : QString();
        m_words->setText(QString::fromStdString(event.progress.stage) + left);
    } else if (event.kind == EventKind::Log) {
        m_answer = QString::fromStdString(event.text);
        m_words->setText(m_answer);
    }
    m_words->setVisible(!m_words->text().isEmpty());
}

void CliDialog::ended(int exitCode, const QString& failure)
{
    m_process->deleteLater();
    m_process = nullptr;
    m_questions->setEnabled(true);
    m_accept->setText(m_acceptText);
    m_accept->setEnabled(true);
    m_bar->hide();
    m_words->hide();
    m_document.refresh();
    if (exitCode == 0) {
        emit done();
        return succeed(m_answer);
    }
    complain(failure.isEmpty() ? tr("Cancelled: the project is as it was.") : failure);
}

void CliDialog::succeed(const QString&)
{
    QDialog::accept();
}

void CliDialog::complain(const QString& sentence)
{
    m_complaint->setText(sentence.isEmpty() ? QString() : QStringLiteral("⚠ ") + sentence);
    m_complaint->setVisible(!sentence.isEmpty());
}

} // namespace bitscape::ui
