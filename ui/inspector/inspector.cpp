// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/inspector.h"

#include "ui/inspector/filter_part.h"
#include "ui/inspector/info_table.h"
#include "ui/inspector/layer_info.h"
#include "ui/inspector/section.h"

#include <QKeySequence>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedLayout>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace bitscape::ui {
namespace {

RunNames namesAround(const ProjectDocument& document, const Run& run)
{
    RunNames names { document.modelName(run.model), document.datasetName(run.dataset), {} };
    if (run.parent) {
        const auto parent = document.run(*run.parent);
        names.parent
            = QString::number(run.parent->value) + QLatin1Char(' ') + (parent ? QString::fromStdString(parent->run.name) : QString());
    }
    return names;
}

} // namespace

struct Inspector::Parts {
    QStackedLayout* stack;
    QLabel* nothing;
    QScrollArea* scroll;
    Section *run, *figures, *layer, *filter, *parameters, *versions;
    InfoTable *runTable, *figureTable, *layerTable, *parameterTable, *versionTable;
    QLabel *figureHint, *layerHint;
    FilterPart* filterPart;
    std::vector<QToolButton*> steps;
};

Inspector::Inspector(const ViewContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_parts(std::make_unique<Parts>())
{
    setObjectName(QStringLiteral("inspector"));
    build();
    connectAll();
    followRun();
}

Inspector::~Inspector()
{
    if (m_watched)
        m_context.loader.unwatch(*m_watched);
}

void Inspector::build()
{
    const Theme& theme = m_context.theme;
    Parts& p = *m_parts;
    const auto hint = [](const QString& name) {
        auto* label = new QLabel;
        label->setObjectName(name);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
        return label;
    };
    auto* column = new QWidget;
    auto* layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    const auto section = [&](const QString& title, const QString& name, std::initializer_list<QWidget*> contents) {
        auto* made = new Section(title, QStringLiteral("inspector.head.") + name, theme);
        for (QWidget* content : contents)
            made->addContent(content);
        layout->addWidget(made);
        return made;
    };
    const auto table = [&](InfoTable*& made, const QString& name) {
        made = new InfoTable(theme);
        made->setObjectName(QStringLiteral("inspector.") + name);
        return made;
    };
    p.run = section(tr("Run"), QStringLiteral("run"), { table(p.runTable, QStringLiteral("run")) });
    p.figureHint = hint(QStringLiteral("muted"));
    p.figures = section(tr("Figures"), QStringLiteral("figures"), { p.figureHint, table(p.figureTable, QStringLiteral("figures")) });
    p.layerHint = hint(QStringLiteral("muted"));
    p.layer = section(tr("Layer"), QStringLiteral("layer"), { p.layerHint, table(p.layerTable, QStringLiteral("layer")) });
    p.filterPart = new FilterPart(m_context);
    p.filter = section(tr("Filter"), QStringLiteral("filter"), { p.filterPart });
    p.parameters = section(tr("Parameters"), QStringLiteral("parameters"), { table(p.parameterTable, QStringLiteral("parameters")) });
    p.versions = section(tr("Versions"), QStringLiteral("versions"), { table(p.versionTable, QStringLiteral("versions")) });
    p.versions->setOpen(false);
    layout->addStretch();

    p.scroll = new QScrollArea;
    p.scroll->setWidgetResizable(true);
    p.scroll->setFrameShape(QFrame::NoFrame);
    p.scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    p.scroll->setWidget(column);
    p.nothing = hint(QStringLiteral("hint"));
    p.nothing->setAlignment(Qt::AlignCenter);
    p.nothing->setText(tr("Nothing is selected. Pick a run or a model to see its figures here."));
    p.stack = new QStackedLayout(this);
    p.stack->addWidget(p.nothing);
    p.stack->addWidget(p.scroll);
}

QToolButton* Inspector::stepButton(
    const QString& name, const QString& icon, const QString& help, const QKeySequence& keys, int filters, int layers)
{
    auto* button = new QToolButton;
    button->setObjectName(QStringLiteral("inspector.") + name);
    button->setIcon(m_context.theme.icon(icon));
    button->setIconSize({ 14, 14 });
    button->setAutoRaise(true);
    button->setAccessibleName(help);
    button->setShortcut(keys);
    button->setToolTip(tr("%1 (%2)").arg(help, keys.toString(QKeySequence::NativeText)));
    connect(button, &QToolButton::clicked, this, [this, filters, layers] { step(filters, layers); });
    return button;
}

void Inspector::connectAll()
{
    Parts& p = *m_parts;
    const QString up = QStringLiteral("up"), down = QStringLiteral("down");
    p.steps = { stepButton(QStringLiteral("layer.up"), up, tr("Previous layer"), { Qt::ALT | Qt::Key_PageUp }, 0, -1),
        stepButton(QStringLiteral("layer.down"), down, tr("Next layer"), { Qt::ALT | Qt::Key_PageDown }, 0, 1),
        stepButton(QStringLiteral("filter.up"), up, tr("Previous filter"), { Qt::ALT | Qt::Key_Up }, -1, 0),
        stepButton(QStringLiteral("filter.down"), down, tr("Next filter"), { Qt::ALT | Qt::Key_Down }, 1, 0) };
    p.layer->addTool(p.steps[0]);
    p.layer->addTool(p.steps[1]);
    p.filter->addTool(p.steps[2]);
    p.filter->addTool(p.steps[3]);

    const Selection& selection = m_context.selection;
    connect(&selection, &Selection::runChanged, this, &Inspector::followRun);
    connect(&selection, &Selection::modelChanged, this, &Inspector::followRun);
    connect(&selection, &Selection::filterChanged, this, [this] {
        showLayer();
        showFilter();
        scrollToFilter();
    });
    connect(&m_context.loader, &ResultsLoader::loaded, this, &Inspector::take);
    connect(&m_context.document, &ProjectDocument::runsChanged, this, [this](const std::vector<RunId>& changed) {
        if (m_watched && std::ranges::find(changed, *m_watched) != changed.end())
            showRun();
    });
    connect(&m_context.document, &ProjectDocument::runsRemoved, this, &Inspector::followRun);
    connect(&m_context.document, &ProjectDocument::modelsChanged, this, &Inspector::followRun);
}

/// Of the network that is shown.
FilterRef Inspector::selected() const
{
    return m_results ? m_context.selection.filterIn(m_results->run.model) : FilterRef {};
}

void Inspector::step(int filters, int layers)
{
    if (!m_results)
        return;
    const FilterRef now = selected();
    m_context.selection.selectFilter(
        filters != 0 ? steppedFilter(m_results->layers, now, filters) : steppedLayer(m_results->layers, now, layers), m_results->run.model);
}

void Inspector::followRun()
{
    const auto run = m_context.selection.run();
    const auto known = run && m_context.document.run(*run) ? run : std::nullopt;
    if (known != m_watched) {
        if (m_watched)
            m_context.loader.unwatch(*m_watched);
        m_watched = known;
        m_results = known ? m_context.loader.watch(*known) : nullptr;
    }
    const auto model = m_context.selection.model();
    const ModelEntry* entry = !known && model ? m_context.document.model(*model) : nullptr;
    if (!known)
        m_results = entry ? std::make_shared<const RunResults>(resultsOf(*entry)) : nullptr;
    m_parts->stack->setCurrentWidget(known || entry ? static_cast<QWidget*>(m_parts->scroll) : m_parts->nothing);
    showRun();
    showLayer();
    showFilter();
}

void Inspector::take(RunId id, const ResultsPtr& results)
{
    if (id != m_watched)
        return;
    m_results = results;
    showLayer();
    showFilter();
}

void Inspector::showRun()
{
    Parts& p = *m_parts;
    const auto record = m_watched ? m_context.document.run(*m_watched) : nullptr;
    for (Section* section : { p.run, p.figures, p.parameters, p.versions })
        section->setVisible(record != nullptr);
    if (!record)
        return;
    p.runTable->setRows(runRows(record->run, namesAround(m_context.document, record->run)));
    const InfoRows figures = figureRows(*record);
    p.figureTable->setRows(figures);
    p.figureTable->setVisible(!figures.empty());
    p.figureHint->setVisible(figures.empty());
    p.figureHint->setText(tr("The run has no figures yet. They appear as it goes on."));
    p.parameterTable->setRows(parameterRows(record->run));
    p.versionTable->setRows(versionRows(record->run));
    p.versions->setVisible(!record->run.versions.empty());
}

QString Inspector::missingNetwork() const
{
    if (!m_results)
        return tr("The run's results are being read.");
    return m_results->layers.empty() ? tr("The run has no network to look into.") : QString();
}

void Inspector::showLayer()
{
    Parts& p = *m_parts;
    const FilterRef ref = selected();
    const bool has = m_results && hasLayer(*m_results, ref);
    if (has)
        p.layerTable->setRows(layerRows(*m_results, static_cast<std::size_t>(ref.layer)));
    const QString missing = missingNetwork();
    p.layerTable->setVisible(has);
    p.layerHint->setVisible(!has);
    p.layerHint->setText(
        missing.isEmpty() ? tr("No layer is selected. Pick one in a view, or step to one with the arrows above.") : missing);
    for (QToolButton* button : p.steps)
        button->setEnabled(missing.isEmpty());
}

void Inspector::showFilter()
{
    const FilterRef ref = selected();
    const QString missing = missingNetwork();
    if (m_results && hasFilter(*m_results, ref))
        m_parts->filterPart->show(m_results, ref);
    else if (missing.isEmpty())
        m_parts->filterPart->showHint(tr("No filter is selected. Pick one in the bit map, or step to one with the arrows above."));
    else
        m_parts->filterPart->showHint(missing);
}

/// What was just picked is to be seen; what is in view already stays where it is.
void Inspector::scrollToFilter()
{
    const Section* section = m_parts->filter;
    QScrollBar* bar = m_parts->scroll->verticalScrollBar();
    const int top = section->mapTo(m_parts->scroll->widget(), QPoint()).y();
    const int from = bar->value(), to = from + m_parts->scroll->viewport()->height();
    constexpr int kEnough = 160;
    if (section->isVisible() && (top < from - section->height() + kEnough || top + kEnough > to))
        bar->setValue(top);
}

} // namespace bitscape::ui
