// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/export_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace bitscape::ui {
namespace {

/// What bitscape-cli exports to, with what a person wants to know before choosing.
struct Format {
    const char* name; ///< as --to takes it
    const char* ending;
    bool ofNetwork; ///< else of any run's figures
    const char* words;
};

constexpr std::array kFormats {
    Format { "onnx", ".onnx", true,
        QT_TRANSLATE_NOOP(
            "bitscape::ui::ExportDialog", "ONNX, opset 13: integers with a scale per filter. For ONNX Runtime and its like.") },
    Format { "qonnx", "-qonnx.onnx", true,
        QT_TRANSLATE_NOOP("bitscape::ui::ExportDialog", "QONNX: a Quant node per bit-width of a layer. For qonnx, FINN and hls4ml.") },
    Format { "packed", ".packed", true,
        QT_TRANSLATE_NOOP(
            "bitscape::ui::ExportDialog", "Every filter's integers at their own bit-width, and nothing else. For programs in C.") },
    Format { "torchscript", ".pt", true,
        QT_TRANSLATE_NOOP("bitscape::ui::ExportDialog", "A TorchScript module whose weights lie on their grids. For PyTorch.") },
    Format { "csv", ".csv", false,
        QT_TRANSLATE_NOOP("bitscape::ui::ExportDialog", "Tables of filters, layers, trajectory and epochs, each in a file of its own.") },
    Format { "json", ".json", false,
        QT_TRANSLATE_NOOP("bitscape::ui::ExportDialog", "All that is known of the run, with what every filter costs.") },
};

const Format& formatNamed(const QString& name)
{
    return *std::ranges::find_if(kFormats, [&](const Format& each) { return name == QLatin1String(each.name); });
}

} // namespace

ExportDialog::ExportDialog(ProjectDocument& document, RunId run, QWidget* parent)
    : CliDialog(document, tr("&Export"), parent)
    , m_run(run)
    , m_format(new QComboBox)
    , m_words(new QLabel)
    , m_file(new QLineEdit)
    , m_subnets(new QCheckBox(tr("A file for each &subnet")))
    , m_replace(new QCheckBox(tr("Re&place a file that is there")))
    , m_result(new QLabel)
{
    setWindowTitle(tr("Export run %1").arg(run.value));
    setObjectName(QStringLiteral("export"));
    setMinimumWidth(560);
    m_format->setObjectName(QStringLiteral("export-format"));
    m_file->setObjectName(QStringLiteral("export-file"));
    m_subnets->setObjectName(QStringLiteral("export-subnets"));
    m_replace->setObjectName(QStringLiteral("export-replace"));
    m_words->setObjectName(QStringLiteral("muted"));
    m_words->setWordWrap(true);
    m_result->setObjectName(QStringLiteral("export-result"));
    m_result->setWordWrap(true);
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_result->hide();
    QFormLayout* form = makeForm();
    form->addRow(tr("&Format:"), m_format);
    form->addRow(QString(), m_words);
    addPath(
        *form, tr("Fi&le:"), *m_file,
        [this] {
            auto* dialog = new QFileDialog(this, tr("Where to?"), QFileInfo(m_file->text()).path());
            dialog->setAcceptMode(QFileDialog::AcceptSave);
            dialog->setOption(QFileDialog::DontConfirmOverwrite); // asked here
            dialog->selectFile(QFileInfo(m_file->text()).fileName());
            return dialog;
        },
        [this](const QString& path) {
            m_fileTyped = true;
            m_file->setText(path);
        });
    form->addRow(QString(), m_subnets);
    form->addRow(QString(), m_replace);
    rows().addLayout(form);
    rows().addWidget(m_result);
    offerFormats();
    offerSubnets();
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportDialog::describe);
    connect(m_file, &QLineEdit::textEdited, this, [this] { m_fileTyped = true; });
    connect(m_file, &QLineEdit::textChanged, this, [this] { check(); });
    describe();
}

void ExportDialog::offerFormats()
{
    const auto record = document().run(m_run);
    const bool hasNetwork = record && record->run.kind != RunKind::Score;
    for (const Format& each : kFormats) {
        if (hasNetwork || !each.ofNetwork)
            m_format->addItem(QString::fromLatin1(each.name));
    }
}

/// A step run has nothing but subnets.
void ExportDialog::offerSubnets()
{
    const auto record = document().run(m_run);
    const bool isStep = record && record->run.kind == RunKind::Step;
    const bool hasSubnets = isStep || (record && record->metrics.contains("subnet_accuracy_1"));
    m_subnets->setVisible(hasSubnets);
    m_subnets->setChecked(hasSubnets);
    m_subnets->setEnabled(!isStep);
    m_subnets->setToolTip(
        tr("NAME.s1, NAME.s2 and so on beside the name above; in ONNX also a file for each step from one subnet to the next"));
}

QString ExportDialog::format() const
{
    return m_format->currentText();
}

/// Beside the project, until the person has chosen.
void ExportDialog::suggestFile()
{
    if (m_fileTyped)
        return;
    const QFileInfo project(document().path());
    m_file->setText(project.path() + QLatin1Char('/') + project.completeBaseName() + QStringLiteral("-run%1").arg(m_run.value)
        + QString::fromLatin1(formatNamed(format()).ending));
}

void ExportDialog::describe()
{
    m_words->setText(tr(formatNamed(format()).words));
    m_result->hide();
    suggestFile();
    check();
}

QString ExportDialog::complaint() const
{
    const auto record = document().run(m_run);
    if (!record)
        return tr("Run %1 is not there any more.").arg(m_run.value);
    if (formatNamed(format()).ofNetwork && record->run.state != RunState::Finished)
        return tr("Run %1 has not finished: its network cannot be exported yet.").arg(m_run.value);
    return m_file->text().trimmed().isEmpty() ? tr("Choose a file.") : QString();
}

QStringList ExportDialog::arguments() const
{
    QStringList words { QStringLiteral("export"), document().path(), QString::number(m_run.value), QStringLiteral("--to"), format(),
        QStringLiteral("--out"), m_file->text().trimmed() };
    if (m_subnets->isChecked() && formatNamed(format()).ofNetwork)
        words << QStringLiteral("--subnets");
    if (m_replace->isChecked())
        words << QStringLiteral("--force");
    return words;
}

void ExportDialog::succeed(const QString& answer)
{
    m_result->setText(answer);
    m_result->show();
    findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Cancel)->setText(tr("&Close"));
}

} // namespace bitscape::ui
