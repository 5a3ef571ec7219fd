// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/whatif/what_if_view.h"

#include "ui/jobs/job_queue.h"
#include "ui/plots/bit_map.h"
#include "ui/plots/chart.h"
#include "ui/plots/figure_frame.h"
#include "ui/views/run_words.h"
#include "ui/views/view_parts.h"
#include "ui/whatif/class_effects.h"
#include "ui/whatif/edit_controls.h"
#include "ui/whatif/filter_picks.h"
#include "ui/whatif/paint_controls.h"
#include "ui/whatif/what_if_charts.h"
#include "ui/whatif/what_if_figures.h"

#include "core/jobs/edit_sources.h"
#include "core/network/bit_edits_json.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QUndoView>
#include <QVBoxLayout>

#include <algorithm>

namespace bitscape::ui {
namespace {

constexpr int kRestMs = 60;

bool canBeEdited(RunKind kind)
{
    return kind == RunKind::Score || kind == RunKind::Search || kind == RunKind::Refine || kind == RunKind::Edit;
}

} // namespace

WhatIfView::WhatIfView(const ViewContext& context, QWidget* parent)
    : RunView(context, parent)
    , m_figures(new WhatIfFigures)
    , m_histogram(new Chart(context.theme))
    , m_map(new BitMap(context.theme))
    , m_order(new QComboBox)
    , m_controls(new EditControls)
    , m_brush(new PaintControls)
    , m_classes(new ClassEffects(this))
    , m_classTable(new QTableView)
    , m_history(new QUndoView)
    , m_message(mutedLine())
    , m_undo(new QPushButton(tr("Undo")))
    , m_redo(new QPushButton(tr("Redo")))
    , m_keep(new QPushButton(tr("Keep as run")))
    , m_server(context.document.path())
{
    auto* charts = splitterOf(Qt::Vertical, { { makeHistogram(), 4 }, { makeMap(), 6 } });
    auto* layout = new QVBoxLayout(content());
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(makeHead());
    layout->addWidget(m_message);
    layout->addWidget(splitterOf(Qt::Horizontal, { { charts, 7 }, { makeSide(), 4 } }), 1);
    m_asking.setSingleShot(true);
    m_asking.setInterval(kRestMs);
    connect(&m_asking, &QTimer::timeout, this, &WhatIfView::askAccuracy);
    connect(&m_server, &AccuracyServer::answered, this, &WhatIfView::take);
    connect(&m_server, &AccuracyServer::failed, this, [this](const QString& sentence) { m_figures->setAccuracyText(sentence); });
    connect(&context.selection, &Selection::filterChanged, this, &WhatIfView::showSelection);
    connect(&context.document, &ProjectDocument::runsChanged, this, &WhatIfView::offerRuns);
}

WhatIfView::~WhatIfView() = default;

QWidget* WhatIfView::makeHead()
{
    auto* head = new QWidget;
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 10, 0);
    row->addWidget(m_figures, 1);
    const auto offer = [&](QPushButton* button, const char* name, const QString& help, auto slot) {
        button->setObjectName(QLatin1String(name));
        button->setToolTip(help);
        row->addWidget(button);
        connect(button, &QPushButton::clicked, this, slot);
    };
    offer(m_undo, "undoEdit", tr("Take the last change back (Ctrl+Z)"), [this] { m_session->undo().undo(); });
    offer(m_redo, "redoEdit", tr("Make it again (Ctrl+Shift+Z)"), [this] { m_session->undo().redo(); });
    offer(m_keep, "keepEdit", tr("Evaluate these bits in full and keep them as a run, with the history of changes"), [this] { keep(); });
    m_message->setObjectName(QStringLiteral("whatIfMessage"));
    return head;
}

QWidget* WhatIfView::makeHistogram()
{
    auto* frame = new FigureFrame(tr("Scores: drag a threshold"), m_histogram, context().theme);
    m_histogram->setObjectName(QStringLiteral("thresholdHistogram"));
    m_histogram->setAccessibleName(tr("Histogram of filter scores with thresholds to drag"));
    connect(m_histogram, &Chart::handleDragged, this, &WhatIfView::dragThreshold);
    connect(m_histogram, &Chart::handleDropped, this, [this] { m_gesture = 0; });
    return frame;
}

QWidget* WhatIfView::makeMap()
{
    auto* frame = new FigureFrame(tr("Bits per filter"), m_map, context().theme);
    m_map->setObjectName(QStringLiteral("editedMap"));
    m_map->setAccessibleName(tr("Bit map of the edit"));
    setUpChoice(m_order, QStringLiteral("editOrder"), tr("Order of the filters within a layer"));
    m_order->addItem(tr("By index"), static_cast<int>(BitMapOrder::Index));
    m_order->addItem(tr("By score"), static_cast<int>(BitMapOrder::Score));
    frame->addTool(m_order);
    connect(m_order, &QComboBox::activated, this, &WhatIfView::showState);
    connect(m_map, &BitMap::filterClicked, this, &WhatIfView::pickFilter);
    connect(m_map, &BitMap::painted, this, &WhatIfView::paint);
    connect(m_map, &BitMap::strokeEnded, this, [this] { m_gesture = 0; });
    connect(m_brush, &PaintControls::paintingChanged, m_map, &BitMap::setPainting);
    return frame;
}

QWidget* WhatIfView::makeSide()
{
    connect(m_brush, &PaintControls::applyWanted, this, &WhatIfView::applyBrush);
    connect(m_brush, &PaintControls::runWanted, this, &WhatIfView::loadBits);
    connect(m_classes, &ClassEffects::weightWanted, this, &WhatIfView::weigh);
    m_classTable->setModel(m_classes);
    m_classTable->setObjectName(QStringLiteral("classEffects"));
    m_classTable->setAccessibleName(tr("Effect on each class"));
    m_classTable->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed | QAbstractItemView::AnyKeyPressed);
    m_classTable->verticalHeader()->hide();
    m_classTable->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_classTable->horizontalHeader()->setStretchLastSection(true);
    m_history->setObjectName(QStringLiteral("editHistory"));
    m_history->setEmptyLabel(tr("as the run has them"));
    m_history->setAccessibleName(tr("History of changes"));
    auto* tabs = new QTabWidget;
    tabs->setDocumentMode(true);
    tabs->addTab(m_classTable, tr("Classes"));
    tabs->addTab(m_history, tr("History"));
    auto* side = new QWidget;
    auto* layout = new QVBoxLayout(side);
    layout->setContentsMargins({});
    layout->setSpacing(0);
    layout->addWidget(m_controls);
    layout->addWidget(m_brush);
    layout->addWidget(tabs, 1);
    return side;
}

QString WhatIfView::missing(const RunResults& results) const
{
    if (results.run.state != RunState::Finished && canBeEdited(results.run.kind))
        return nothingYet(results.run);
    if (!canBeEdited(results.run.kind))
        return tr("%1 has no bits to try out others for. Pick a score, a search, a refinement or a kept edit.").arg(runText(results.run));
    return {};
}

/// What the run holds does not change any more once it has finished: a session begun stays.
void WhatIfView::setResults(const ResultsPtr& results)
{
    RunView::setResults(results);
    if (!results || !missing(*results).isEmpty())
        return show(nullptr);
    const RunId id = results->run.id;
    if (const auto known = m_sessions.find(id); known != m_sessions.end())
        return show(known->second.get());
    show(nullptr);
    if (m_loading == id)
        return;
    m_loading = id;
    m_server.prepare(id);
    context().document.library().ask(
        this, [results](Project& project) { return std::make_shared<EditSources>(editSources(project, *results)); },
        [this, results](std::shared_ptr<EditSources> sources) { begin(results, std::move(sources)); },
        [this, id](const QString& sentence) {
            if (m_loading == id)
                m_loading.reset();
            showHint(sentence);
        });
}

void WhatIfView::render(const RunResults&) { }

void WhatIfView::begin(const ResultsPtr& base, std::shared_ptr<EditSources> sources)
{
    if (m_loading == base->run.id)
        m_loading.reset();
    auto session = std::make_unique<EditSession>(base, std::move(sources));
    EditSession* made = session.get();
    m_sessions[base->run.id] = std::move(session);
    connect(made, &EditSession::refused, this, [this](const QString& sentence) {
        m_message->setText(sentence);
        m_message->show();
    });
    connect(made, &EditSession::changed, this, [this, made] {
        if (made == m_session)
            showState();
    });
    if (results() && results()->run.id == base->run.id)
        show(made);
}

void WhatIfView::show(EditSession* session)
{
    if (session == m_session && session)
        return;
    m_server.forget();
    m_session = session;
    m_gesture = 0;
    m_controls->setSession(session);
    m_history->setStack(session ? &session->undo() : nullptr);
    content()->setEnabled(session != nullptr);
    if (!session)
        return;
    const RunResults& base = session->base();
    std::vector<QString> names;
    for (std::size_t m = 0; m < base.classNames.size(); ++m)
        names.push_back(classText(base, m));
    m_classes->setClasses(names, base.confusion.empty() ? std::vector<double>() : perClassAccuracy(base.confusion));
    offerRuns();
    showState();
    showSelection();
}

void WhatIfView::showState()
{
    m_message->hide();
    m_figures->setCost(m_session->cost(), m_session->baseCost());
    m_histogram->setSpec(thresholdHistogram(*m_session, selectedFilter()));
    m_map->setSpec(editedBitMap(*m_session, static_cast<BitMapOrder>(m_order->currentData().toInt())));
    m_classes->setWeights(m_session->state().classWeights, m_session->sources().sensitivity.has_value());
    m_undo->setEnabled(m_session->undo().canUndo());
    m_redo->setEnabled(m_session->undo().canRedo());
    m_keep->setEnabled(!m_session->history().empty() && context().queue);
    m_classes->setEstimate({});
    m_figures->setAccuracyText(tr("evaluating …"));
    m_asking.start();
}

void WhatIfView::showSelection()
{
    if (!m_session)
        return;
    m_histogram->setSpec(thresholdHistogram(*m_session, selectedFilter()));
    m_map->select(selectedFilter());
}

/// Runs of the same model that have bits, the latest first.
void WhatIfView::offerRuns()
{
    if (!m_session)
        return;
    std::vector<std::pair<RunId, QString>> runs;
    for (const auto& [id, record] : context().document.runs()) {
        const Run& run = record->run;
        const bool hasBits = canBeEdited(run.kind) && run.kind != RunKind::Score && run.state == RunState::Finished;
        if (hasBits && run.model == m_session->base().run.model && id != m_session->base().run.id)
            runs.insert(runs.begin(), { id, runText(run) });
    }
    m_brush->setRuns(runs);
}

void WhatIfView::askAccuracy()
{
    if (m_session)
        m_server.ask(m_session->base().run.id, m_session->state().bits);
}

std::optional<double> WhatIfView::accuracyBefore() const
{
    return m_session ? metricOf(m_session->base(), "accuracy") : std::nullopt;
}

void WhatIfView::take(const ServedEstimate& estimate)
{
    if (!m_session)
        return;
    m_figures->setAccuracy(estimate, accuracyBefore());
    m_classes->setEstimate(estimate);
}

void WhatIfView::dragThreshold(int mark, double value)
{
    const std::vector<double> handles = handlesOf(m_session->state());
    const auto k = static_cast<std::size_t>(mark);
    if (k >= handles.size())
        return;
    if (m_gesture == 0)
        m_gesture = m_session->newGesture();
    m_session->apply(ThresholdsEdit { movedThresholds(handles, k, value, m_session->base().classes()) }, m_gesture);
}

/// What a stroke goes over is one edit.
void WhatIfView::paint(const std::vector<FilterRef>& filters)
{
    if (m_gesture == 0) {
        m_gesture = m_session->newGesture();
        m_stroke = {};
    }
    for (const FilterRef& filter : filters)
        addTo(m_stroke, filter);
    m_session->apply(m_brush->editOf(m_stroke), m_gesture);
}

void WhatIfView::applyBrush()
{
    FilterSelection filters;
    const FilterRef selected = selectedFilter();
    const auto onto = m_brush->onto();
    if (onto == PaintControls::Onto::Width && m_map->emphasised())
        filters = filtersOfWidth(m_session->state().bits, *m_map->emphasised());
    else if (onto == PaintControls::Onto::Layer && selected.layer >= 0)
        addTo(filters, { selected.layer, -1 });
    else if (onto == PaintControls::Onto::Filter && selected.filter >= 0)
        addTo(filters, selected);
    if (filters.layers.empty() && onto != PaintControls::Onto::All) {
        m_message->setText(onto == PaintControls::Onto::Width
                ? tr("No bits are highlighted: click an entry of the map's legend first.")
                : tr("Nothing is selected: click a filter or a layer's head in the map first."));
        return m_message->show();
    }
    m_session->apply(m_brush->editOf(filters));
}

void WhatIfView::weigh(int classNumber, double weight)
{
    std::vector<double> weights = m_classes->weights();
    weights[static_cast<std::size_t>(classNumber)] = weight;
    m_session->apply(TargetEdit { m_session->state().targetBits, weights });
}

void WhatIfView::loadBits(RunId run)
{
    if (!m_session || m_session->sources().otherBits.contains(run.value))
        return;
    context().document.library().ask(
        m_session, [run](Project& project) { return runResults(project, run).bits; },
        [session = m_session, run](const LayerBits& bits) { session->addBits(run, bits); },
        [this](const QString& sentence) {
            m_message->setText(sentence);
            m_message->show();
        });
}

void WhatIfView::keep()
{
    RunRequest request;
    request.kind = RunKind::Edit;
    request.parent = m_session->base().run.id;
    request.seed = m_session->base().run.seed;
    request.parameters["edits"] = toJson(m_session->history());
    m_keep->setEnabled(false);
    const auto tell = [this](const QString& sentence) {
        m_message->setText(sentence);
        m_message->show();
    };
    context().queue->submit(
        request, [tell](RunId id) { tell(tr("Kept as run %1: it is being evaluated.").arg(static_cast<qlonglong>(id.value))); }, tell);
}

/// Undo and redo are this document's while it has the focus, not the window's.
bool WhatIfView::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride && m_session) {
        auto* key = static_cast<QKeyEvent*>(event);
        if (key->matches(QKeySequence::Undo) || key->matches(QKeySequence::Redo)) {
            key->accept();
            return true;
        }
    }
    return RunView::event(event);
}

void WhatIfView::keyPressEvent(QKeyEvent* event)
{
    if (m_session && event->matches(QKeySequence::Undo))
        return m_session->undo().undo();
    if (m_session && event->matches(QKeySequence::Redo))
        return m_session->undo().redo();
    RunView::keyPressEvent(event);
}

} // namespace bitscape::ui
