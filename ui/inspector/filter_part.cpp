// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/filter_part.h"

#include "ui/inspector/filter_charts.h"
#include "ui/inspector/info_table.h"
#include "ui/inspector/kernel_picture.h"
#include "ui/inspector/layer_info.h"
#include "ui/plots/chart.h"
#include "ui/plots/figure_frame.h"

#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

namespace bitscape::ui {
namespace {

constexpr int kProfileHeight = 180, kHistogramHeight = 220;

QLabel* newHint(const QString& name)
{
    auto* hint = new QLabel;
    hint->setObjectName(name);
    hint->setWordWrap(true);
    hint->setForegroundRole(QPalette::WindowText);
    hint->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    return hint;
}

/// A frame in line with the figures around it, without the tools that do nothing for what it shows.
void fit(const FigureFrame& frame, const QStringList& useless)
{
    frame.layout()->setContentsMargins(0, 0, 0, 0);
    for (const QString& name : useless) {
        if (auto* tool = frame.findChild<QToolButton*>(name))
            tool->hide();
    }
}

} // namespace

FilterPart::FilterPart(const ViewContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_weights(context.document)
    , m_hint(newHint(QStringLiteral("muted")))
    , m_table(new InfoTable(context.theme))
    , m_profile(new Chart(context.theme))
    , m_profileFrame(new FigureFrame(tr("Classes"), m_profile, context.theme))
    , m_weightTable(new InfoTable(context.theme))
    , m_histogram(new Chart(context.theme))
    , m_histogramFrame(new FigureFrame(tr("Weights"), m_histogram, context.theme))
    , m_kernel(new KernelPicture(context.theme))
    , m_kernelFrame(new FigureFrame(tr("Kernel"), m_kernel, context.theme))
    , m_weightHint(newHint(QStringLiteral("muted")))
{
    m_table->setObjectName(QStringLiteral("inspector.filter"));
    m_weightTable->setObjectName(QStringLiteral("inspector.weights"));
    m_profile->setObjectName(QStringLiteral("inspector.profile"));
    m_histogram->setObjectName(QStringLiteral("inspector.histogram"));
    m_kernel->setObjectName(QStringLiteral("inspector.kernel"));
    m_profile->setMinimumHeight(kProfileHeight);
    m_histogram->setMinimumHeight(kHistogramHeight);
    fit(*m_profileFrame, { QStringLiteral("figure-legend") });
    fit(*m_histogramFrame, {});
    fit(*m_kernelFrame, { QStringLiteral("figure-legend"), QStringLiteral("figure-reset") });
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    for (QWidget* part :
        std::initializer_list<QWidget*> { m_hint, m_table, m_profileFrame, m_weightHint, m_histogramFrame, m_weightTable, m_kernelFrame })
        layout->addWidget(part);
    connect(&m_weights, &WeightsSource::ready, this, &FilterPart::showWeights);
    connect(&m_weights, &WeightsSource::missing, this, &FilterPart::showMissingWeights);
    connect(
        m_profile, &Chart::pointClicked, this, [this](int, std::int64_t key) { m_context.selection.selectClass(static_cast<int>(key)); });
    connect(&context.selection, &Selection::classChanged, this, &FilterPart::highlightClass);
    showHint({});
}

void FilterPart::showHint(const QString& hint)
{
    m_weights.forget();
    m_results = nullptr;
    m_hint->setText(hint);
    m_hint->setVisible(true);
    for (QWidget* part :
        std::initializer_list<QWidget*> { m_table, m_profileFrame, m_weightTable, m_weightHint, m_histogramFrame, m_kernelFrame })
        part->hide();
}

void FilterPart::show(const ResultsPtr& results, const FilterRef& filter)
{
    const auto layer = static_cast<std::size_t>(filter.layer), at = static_cast<std::size_t>(filter.filter);
    m_results = results;
    m_hint->hide();
    m_table->setRows(filterRows(*results, layer, at));
    m_table->show();
    const ChartSpec profile = classProfileSpec(*results, layer, at);
    m_profile->setSpec(profile);
    m_profileFrame->setVisible(!profile.series.empty());
    highlightClass();
    m_weights.request(results, filter);
}

void FilterPart::showWeights(const FilterRef& filter, const FilterWeights& weights)
{
    if (!m_results)
        return;
    const auto layer = static_cast<std::size_t>(filter.layer), at = static_cast<std::size_t>(filter.filter);
    const QString name = tr("%1 filter %2").arg(QString::fromStdString(m_results->layers[layer].name)).arg(filter.filter);
    m_weightTable->setRows(weightRows(weights));
    m_histogram->setSpec(weightsSpec(weights, name));
    m_kernel->setSpec(kernelSpecOf(*m_results, layer, at, weights));
    m_weightHint->setText(tr("The run gives no bits: weights are shown as they are stored."));
    m_weightHint->setVisible(weights.quantized.empty() && m_results->run.kind != RunKind::Step);
    for (QWidget* part : std::initializer_list<QWidget*> { m_weightTable, m_histogramFrame, m_kernelFrame })
        part->show();
}

void FilterPart::showMissingWeights(const QString& sentence)
{
    m_weightHint->setText(sentence);
    m_weightHint->show();
    for (QWidget* part : std::initializer_list<QWidget*> { m_weightTable, m_histogramFrame, m_kernelFrame })
        part->hide();
}

void FilterPart::highlightClass()
{
    m_profile->highlight(m_context.selection.classNumber());
}

} // namespace bitscape::ui
