// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/model_preview_panel.h"

#include "core/base/error.h"
#include "ui/style/figures.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace bitscape::ui {
namespace {

constexpr int kMomentMs = 250; ///< of a person who types
constexpr int kSteps = 1000;
constexpr int kShownRows = 8;

enum Column { Name, Operation, Output, Filters, Macs, Quantizable, Bits, Columns };

QString shapeText(const Shape& shape)
{
    return QString::fromStdString(toString(shape)).replace(QLatin1Char('x'), QStringLiteral("×"));
}

/// "ONNX, opset 13, made by pytorch 1.13.1"
QString originText(const ModelOrigin& origin)
{
    const QString format = QString::fromStdString(origin.format);
    QStringList parts { format == QLatin1String("onnx") ? QStringLiteral("ONNX")
            : format == QLatin1String("torchscript")    ? QStringLiteral("TorchScript")
                                                        : format };
    if (!origin.opset.empty())
        parts << ModelPreviewPanel::tr("opset %1").arg(QString::fromStdString(origin.opset));
    if (!origin.producer.empty())
        parts << ModelPreviewPanel::tr("made by %1").arg(QString::fromStdString(origin.producer));
    return parts.join(QStringLiteral(", "));
}

QString bitsOf(const PreviewLayer& layer)
{
    double sum = 0;
    for (const int bits : layer.bits)
        sum += bits;
    return layer.bits.empty() ? QStringLiteral("–") : fixedText(sum / static_cast<double>(layer.bits.size()), 2);
}

QLabel* line(const char* name)
{
    auto* label = new QLabel;
    label->setObjectName(QLatin1String(name));
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

ModelPreviewPanel::ModelPreviewPanel(QWidget* parent)
    : QWidget(parent)
    , m_pages(new QStackedWidget)
    , m_reading(new QLabel)
    , m_bar(new QProgressBar)
    , m_head(line("heading"))
    , m_facts(line("preview-facts"))
    , m_kept(line("preview-kept"))
    , m_layers(new QTreeWidget)
    , m_notes(line("preview-notes"))
{
    auto* box = new QVBoxLayout(this);
    box->setContentsMargins(0, 0, 0, 0);
    box->addWidget(m_pages);
    m_pages->addWidget(readingPage());
    m_pages->addWidget(previewPage());
    m_soon.setSingleShot(true);
    m_soon.setInterval(kMomentMs);
    connect(&m_soon, &QTimer::timeout, this, &ModelPreviewPanel::start);
    hide();
}

QWidget* ModelPreviewPanel::readingPage()
{
    auto* page = new QWidget;
    m_reading->setObjectName(QStringLiteral("preview-reading"));
    m_bar->setRange(0, kSteps);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("How far the file is read"));
    auto* stop = new QPushButton(tr("S&top reading"));
    stop->setObjectName(QStringLiteral("preview-cancel"));
    stop->setAutoDefault(false);
    stop->setToolTip(tr("Give up the preview; the file can be added without it"));
    connect(stop, &QPushButton::clicked, this, &ModelPreviewPanel::cancel);
    auto* row = new QHBoxLayout;
    row->addWidget(m_bar, 1);
    row->addWidget(stop);
    auto* box = new QVBoxLayout(page);
    box->setContentsMargins(0, 0, 0, 0);
    box->addWidget(m_reading);
    box->addLayout(row);
    box->addStretch(1);
    return page;
}

QWidget* ModelPreviewPanel::previewPage()
{
    auto* page = new QWidget;
    m_layers->setObjectName(QStringLiteral("preview-layers"));
    m_layers->setAccessibleName(tr("The file's layers"));
    m_layers->setColumnCount(Columns);
    m_layers->setHeaderLabels({ tr("Layer"), tr("Operation"), tr("Output"), tr("Filters"), tr("MACs"), tr("Quantizable"), tr("Bits") });
    m_layers->headerItem()->setToolTip(Bits, tr("Mean of the filters' bit-widths, as the file says them"));
    m_layers->setRootIsDecorated(false);
    m_layers->setUniformRowHeights(true);
    m_layers->setAlternatingRowColors(true);
    m_layers->setMinimumHeight(kShownRows * fontMetrics().lineSpacing() * 3 / 2);
    m_layers->header()->setStretchLastSection(false);
    m_layers->header()->setSectionResizeMode(Name, QHeaderView::Stretch);
    auto* box = new QVBoxLayout(page);
    box->setContentsMargins(0, 0, 0, 0);
    box->addWidget(m_head);
    box->addWidget(m_facts);
    box->addWidget(m_kept);
    box->addWidget(m_layers, 1);
    box->addWidget(m_notes);
    return page;
}

/// The process goes on its own way to its end.
void ModelPreviewPanel::drop()
{
    m_soon.stop();
    if (CliProcess* process = std::exchange(m_process, nullptr)) {
        process->disconnect(this);
        connect(process, &CliProcess::finished, process, &QObject::deleteLater);
        process->cancel();
    }
}

void ModelPreviewPanel::cancel()
{
    drop();
    hide();
    emit changed();
}

void ModelPreviewPanel::read(const QString& file, const QString& input)
{
    drop();
    m_preview.reset();
    m_refusal.clear();
    m_file = file;
    m_input = input;
    setVisible(!file.isEmpty());
    if (!file.isEmpty()) {
        m_reading->setText(tr("Reading %1…").arg(QFileInfo(file).fileName()));
        m_bar->setValue(0);
        m_pages->setCurrentIndex(0);
        m_soon.start();
    }
    emit changed();
}

void ModelPreviewPanel::start()
{
    m_output.clear();
    m_process = new CliProcess(this);
    connect(m_process, &CliProcess::event, this, [this](const Event& event) {
        if (event.kind == EventKind::Progress && event.progress.total > 0)
            m_bar->setValue(static_cast<int>(std::clamp(event.progress.done / event.progress.total, 0.0, 1.0) * kSteps));
    });
    connect(m_process, &CliProcess::text, this, [this](const QByteArray& text) { m_output += text + '\n'; });
    connect(m_process, &CliProcess::finished, this, &ModelPreviewPanel::ended);
    QStringList words { QStringLiteral("model"), QStringLiteral("preview"), m_file };
    if (!m_input.isEmpty())
        words << QStringLiteral("--input") << m_input;
    m_process->start(words << QStringLiteral("--json") << QStringLiteral("--events"));
}

void ModelPreviewPanel::ended(int exitCode, const QString& failure)
{
    std::exchange(m_process, nullptr)->deleteLater();
    m_refusal = failure;
    if (exitCode == 0) {
        try {
            m_preview = modelPreviewFrom(m_output.toStdString());
        } catch (const Error& error) {
            m_refusal = QString::fromUtf8(error.what());
        }
    }
    if (m_preview)
        present(*m_preview);
    setVisible(m_preview.has_value());
    emit changed();
}

void ModelPreviewPanel::present(const ModelPreview& preview)
{
    m_head->setText(originText(preview.origin));
    m_facts->setText(tr("Reads %1, tells %2 classes apart: %3 layers with weights, %4 parameters, %5 MACs per image.")
                         .arg(shapeText(preview.input), countText(preview.classes), countText(static_cast<qint64>(preview.layers.size())),
                             scaledText(static_cast<double>(preview.parameters)), scaledText(static_cast<double>(preview.macs))));
    const QString bits
        = averageBits(preview) > 0 ? tr(" An export of Bitscape, with %1 per weight.").arg(bitsText(averageBits(preview))) : QString();
    m_kept->setText(tr("%1 filters can be quantized; the %2 of the first and the last layer are kept.")
                        .arg(countText(filtersOf(preview, true)), countText(filtersOf(preview, false)))
        + bits);
    presentLayers(preview);
    QStringList notes;
    for (const std::string& note : preview.notes)
        notes << QStringLiteral("• ") + QString::fromStdString(note);
    m_notes->setText(notes.mid(0, kShownRows).join(QLatin1Char('\n'))
        + (notes.size() > kShownRows ? tr("\n… and %1 more").arg(notes.size() - kShownRows) : QString()));
    m_notes->setToolTip(notes.join(QLatin1Char('\n')));
    m_notes->setVisible(!notes.isEmpty());
    m_pages->setCurrentIndex(1);
}

void ModelPreviewPanel::presentLayers(const ModelPreview& preview)
{
    m_layers->clear();
    QList<QTreeWidgetItem*> items;
    for (const PreviewLayer& layer : preview.layers) {
        auto* item = new QTreeWidgetItem(
            { QString::fromStdString(layer.name), QString::fromStdString(layer.op), shapeText(layer.output), countText(layer.filters),
                scaledText(static_cast<double>(layer.macs)), layer.quantizable ? tr("yes") : tr("edge, kept"), bitsOf(layer) });
        item->setToolTip(Name, item->text(Name));
        for (const int column : { Filters, Macs, Bits })
            item->setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
        items << item;
    }
    m_layers->addTopLevelItems(items);
    m_layers->setColumnHidden(Bits, averageBits(preview) <= 0);
    for (int column = Operation; column < Columns; ++column)
        m_layers->resizeColumnToContents(column);
}

} // namespace bitscape::ui
