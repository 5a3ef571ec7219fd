// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/add_model_dialog.h"

#include "core/base/error.h"
#include "core/network/layers.h"
#include "core/network/zoo.h"
#include "ui/forms/model_preview_panel.h"
#include "ui/style/figures.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include <map>

namespace bitscape::ui {
namespace {

constexpr int kPageMargin = 9;
constexpr const char* kPlainMean = QT_TRANSLATE_NOOP("AddModelDialog", "the data set's; m1,m2,… of pixels scaled to 0..1");
constexpr const char* kPlainDeviation = QT_TRANSLATE_NOOP("AddModelDialog", "the data set's");

/// What a built-in network is, in a line.
QString wordsOn(const QString& network)
{
    static const std::map<QString, const char*> kWords {
        { QStringLiteral("mlp"), QT_TRANSLATE_NOOP("AddModelDialog", "Linear layers only: the smallest, for 28 x 28 grey images.") },
        { QStringLiteral("lenet5"),
            QT_TRANSLATE_NOOP("AddModelDialog", "Two convolutions and three linear layers: trains within a minute.") },
        { QStringLiteral("lenet-3c1l"),
            QT_TRANSLATE_NOOP("AddModelDialog", "Three convolutions and one linear layer, for 32 x 32 colour images.") },
        { QStringLiteral("vgg-small"),
            QT_TRANSLATE_NOOP("AddModelDialog", "Six convolutions and one linear layer, for 32 x 32 colour images.") },
        { QStringLiteral("vgg16"), QT_TRANSLATE_NOOP("AddModelDialog", "Thirteen convolutions and three linear layers: the largest.") },
        { QStringLiteral("resnet20"),
            QT_TRANSLATE_NOOP("AddModelDialog", "Nineteen convolutions with shortcuts around pairs of them, and one linear layer.") },
    };
    const auto found = kWords.find(network);
    return found == kWords.end() ? QString() : AddModelDialog::tr(found->second);
}

} // namespace

AddModelDialog::AddModelDialog(ProjectDocument& document, const QString& file, const QString& folder, QWidget* parent)
    : CliDialog(document, tr("&Add"), parent)
    , m_pages(new QTabWidget)
    , m_network(new QComboBox)
    , m_width(new QDoubleSpinBox)
    , m_classes(new QSpinBox)
    , m_input(new QLineEdit)
    , m_hidden(new QLineEdit)
    , m_summary(new QLabel)
    , m_file(new QLineEdit(file))
    , m_fileInput(new QLineEdit)
    , m_preview(new ModelPreviewPanel)
{
    setWindowTitle(tr("Add a model"));
    setObjectName(QStringLiteral("add-model"));
    setMinimumWidth(660);           // room for a file's layers
    m_pages->setDocumentMode(true); // no frame, which would shift its pages' columns
    m_pages->tabBar()->setDrawBase(false);
    m_pages->addTab(builtIn(), tr("&Built-in"));
    m_pages->addTab(fromFile(folder), tr("From a &file"));
    m_pages->setCurrentIndex(file.isEmpty() ? 0 : 1);
    rows().addWidget(m_pages);
    m_optional = addOptional(QStringLiteral("model"), tr(kPlainMean), tr(kPlainDeviation));
    for (const auto tell : { &AddModelDialog::describe, &AddModelDialog::describeFile })
        connect(m_pages, &QTabWidget::currentChanged, this, tell);
    describe();
    readFile();
}

QWidget* AddModelDialog::builtIn()
{
    auto* page = new QWidget;
    QFormLayout* form = makeForm(page);
    form->setContentsMargins(0, kPageMargin, 0, kPageMargin);
    for (const std::string& name : zooNames())
        m_network->addItem(QString::fromStdString(name));
    m_network->setObjectName(QStringLiteral("zoo-network"));
    m_network->setCurrentText(QStringLiteral("lenet5"));
    m_width->setRange(0.05, 16);
    m_width->setValue(1);
    m_width->setSingleStep(0.25);
    m_width->setToolTip(tr("Factor on the number of filters of every hidden layer"));
    m_classes->setRange(2, 10000);
    m_classes->setValue(10);
    m_input->setPlaceholderText(tr("what the network was made for; C,H,W"));
    m_hidden->setPlaceholderText(QStringLiteral("300x100"));
    m_hidden->setToolTip(tr("Hidden layers of mlp"));
    m_classes->setObjectName(QStringLiteral("zoo-classes"));
    m_width->setObjectName(QStringLiteral("zoo-width"));
    m_input->setObjectName(QStringLiteral("zoo-input"));
    m_hidden->setObjectName(QStringLiteral("zoo-hidden"));
    if (!document().datasets().empty())
        m_classes->setValue(static_cast<int>(document().datasets().back().classNames.size()));
    fitInput();
    m_summary->setWordWrap(true);
    m_summary->setObjectName(QStringLiteral("muted"));
    m_summary->setMinimumHeight(3 * fontMetrics().lineSpacing());
    form->addRow(tr("Net&work:"), m_network);
    form->addRow(tr("W&idth:"), m_width);
    form->addRow(tr("&Classes:"), m_classes);
    form->addRow(tr("Image sha&pe:"), m_input);
    form->addRow(tr("&Hidden layers:"), m_hidden);
    form->addRow(m_summary);
    connect(m_network, &QComboBox::currentIndexChanged, this, [this] {
        if (!m_inputTyped)
            fitInput();
        describe();
    });
    connect(m_input, &QLineEdit::textEdited, this, [this] { m_inputTyped = true; });
    connect(m_width, &QDoubleSpinBox::valueChanged, this, &AddModelDialog::describe);
    connect(m_classes, &QSpinBox::valueChanged, this, &AddModelDialog::describe);
    for (QLineEdit* line : { m_input, m_hidden })
        connect(line, &QLineEdit::textChanged, this, &AddModelDialog::describe);
    return page;
}

/// The image shape of the newest data set, where the network was made for another one.
void AddModelDialog::fitInput()
{
    if (document().datasets().empty())
        return;
    const Dataset& newest = document().datasets().back();
    const Shape shape = zooGraph({ m_network->currentText().toStdString(), 1, 10, {}, { 300, 100 } }).inputShape();
    const bool fits = shape.channels == newest.channels && shape.height == newest.height && shape.width == newest.width;
    m_input->setText(fits ? QString() : QStringLiteral("%1,%2,%3").arg(newest.channels).arg(newest.height).arg(newest.width));
}

QWidget* AddModelDialog::fromFile(const QString& folder)
{
    auto* page = new QWidget;
    QFormLayout* form = makeForm(page);
    form->setContentsMargins(0, kPageMargin, 0, kPageMargin);
    m_file->setObjectName(QStringLiteral("model-file"));
    m_file->setToolTip(tr("A network with its weights: TorchScript (.pt, .pth, .ts) or ONNX (.onnx)"));
    const auto ask = [this, folder] {
        return new QFileDialog(this, tr("Choose a model"), folder, tr("Models (*.pt *.pth *.ts *.onnx);;All files (*)"));
    };
    addPath(*form, tr("Network fi&le:"), *m_file, ask, [this](const QString& path) { m_file->setText(path); });
    m_fileInput->setObjectName(QStringLiteral("model-input"));
    m_fileInput->setToolTip(tr("Shape of one image, where the file does not say it or another one is wanted"));
    form->addRow(tr("Image sha&pe:"), m_fileInput);
    form->addRow(m_preview);
    connect(m_file, &QLineEdit::textChanged, this, &AddModelDialog::describe);
    for (QLineEdit* line : { m_file, m_fileInput })
        connect(line, &QLineEdit::textChanged, this, &AddModelDialog::readFile);
    connect(m_preview, &ModelPreviewPanel::changed, this, &AddModelDialog::describeFile);
    return page;
}

void AddModelDialog::readFile()
{
    m_preview->read(m_file->text().trimmed(), m_fileInput->text().trimmed());
}

/// What the file says stands in the lines that are left empty.
void AddModelDialog::describeFile()
{
    const auto& preview = m_preview->preview();
    const auto listed = [](const std::vector<double>& values) {
        QStringList texts;
        for (const double value : values)
            texts << QString::number(value, 'g', 4);
        return tr("the file's: %1").arg(texts.join(QLatin1Char(',')));
    };
    const bool isNormalised = !isBuiltIn() && preview && !preview->mean.empty();
    m_optional.mean->setPlaceholderText(isNormalised ? listed(preview->mean) : tr(kPlainMean));
    m_optional.deviation->setPlaceholderText(isNormalised ? listed(preview->stddev) : tr(kPlainDeviation));
    m_fileInput->setPlaceholderText(preview
            ? tr("the file's: %1").arg(QString::fromStdString(toString(preview->input)).replace(QLatin1Char('x'), QLatin1Char(',')))
            : tr("what the file says; C,H,W"));
    check();
}

void AddModelDialog::accept()
{
    if (m_preview->isReading())
        m_preview->cancel(); // adding reads the file itself
    CliDialog::accept();
}

bool AddModelDialog::isBuiltIn() const
{
    return m_pages->currentIndex() == 0;
}

QString AddModelDialog::zooSource() const
{
    QStringList options;
    const QString network = m_network->currentText();
    if (m_width->isEnabled() && m_width->value() != 1) // NOLINT: exactly as chosen
        options << QStringLiteral("width=%1").arg(m_width->value());
    if (m_classes->value() != 10)
        options << QStringLiteral("classes=%1").arg(m_classes->value());
    if (!m_input->text().trimmed().isEmpty())
        options << QStringLiteral("input=%1").arg(m_input->text().trimmed().replace(QLatin1Char(','), QLatin1Char('x')));
    if (network == QLatin1String("mlp") && !m_hidden->text().trimmed().isEmpty())
        options << QStringLiteral("hidden=%1").arg(m_hidden->text().trimmed());
    return QStringLiteral("zoo:") + network + (options.isEmpty() ? QString() : QLatin1Char('?') + options.join(QLatin1Char('&')));
}

void AddModelDialog::describe()
{
    m_hidden->setEnabled(m_network->currentText() == QLatin1String("mlp"));
    m_optional.name->setPlaceholderText(isBuiltIn() ? m_network->currentText() : QFileInfo(m_file->text()).completeBaseName());
    try {
        const Graph graph = zooGraph(zooRequestFrom(zooSource().toStdString()));
        std::int64_t macs = 0;
        const auto layers = layersOf(graph);
        for (const Layer& layer : layers)
            macs += layer.macs();
        m_summary->setText(wordsOn(m_network->currentText()) + QLatin1Char('\n')
            + tr("Reads %1, tells %2 classes apart: %3 layers with weights, %4 parameters, %5 MACs per image.")
                  .arg(QString::fromStdString(toString(graph.inputShape())))
                  .arg(graph.classes())
                  .arg(layers.size())
                  .arg(scaledText(static_cast<double>(parameterCount(graph))), scaledText(static_cast<double>(macs))));
    } catch (const Error&) { // told below
        m_summary->clear();
    }
    check();
}

QString AddModelDialog::complaint() const
{
    if (!isBuiltIn())
        return m_file->text().trimmed().isEmpty() ? tr("Choose a file.") : m_preview->refusal();
    try {
        zooGraph(zooRequestFrom(zooSource().toStdString()));
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

QStringList AddModelDialog::arguments() const
{
    QStringList words { QStringLiteral("model"), QStringLiteral("add"), document().path(),
        isBuiltIn() ? zooSource() : m_file->text().trimmed() };
    if (const QString input = m_fileInput->text().trimmed(); !isBuiltIn() && !input.isEmpty())
        words << QStringLiteral("--input") << input;
    return words + flagsOf(m_optional);
}

} // namespace bitscape::ui
