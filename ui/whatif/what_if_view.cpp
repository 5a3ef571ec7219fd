// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/whatif/what_if_view.h"

#include "ui/jobs/job_queue.h"
#include "ui/plots/bit_map.h"
#include "ui/plots/chart.h"
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
#include <QKeyEvent>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QSplitter>
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

/// Refused here, where a refusal is told, rather than where a session begins.
std::shared_ptr<EditSources> sourcesOf(Project& project, const RunResults& results)
{
    auto sources = std::make_shared<EditSources>(editSources(project, results));
    costOf(results.graph, sources->layers, startOf(*sources).bits, results.activationBits);
    return sources;
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
    m_showing.setSingleShot(true);
    m_showing.setInterval(0);
    connect(&m_showing, &QTimer::timeout, this, &WhatIfView::showState);
    connect(&m_server, &AccuracyServer::answered, this, &WhatIfView::take);
    connect(&m_server, &AccuracyServer::failed, this, [this](const QString& sentence) { m_figures->setAccuracyText(sentence); });
    connect(&context.selection, &Selection::filterChanged, this, &WhatIfView::showSelection);
    connect(&context.document, &ProjectDocument::runsChanged, this, &WhatIfView::offerRuns);
}

WhatIfView::~WhatIfView() = default;

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
        this, [results](Project& project) { return sourcesOf(project, *results); },
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
    auto& session = m_sessions[base->run.id];
    const bool isNew = !session; // asked for twice where the person came back before the first answer
    if (isNew)
        session = std::make_unique<EditSession>(base, std::move(sources));
    EditSession* made = session.get();
    if (isNew)
        listenTo(*made);
    if (results() && results()->run.id == base->run.id)
        show(made);
}

void WhatIfView::listenTo(EditSession& session)
{
    EditSession* made = &session;
    connect(made, &EditSession::refused, this, &WhatIfView::say);
    connect(made, &EditSession::changed, this, [this, made] {
        if (made == m_session)
            m_showing.start(); // once, however many steps are undone at once
    });
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
        return m_histogram->setSpec({});
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
    if (!m_session)
        return;
    m_server.forget();
    m_message->hide();
    m_figures->setCost(m_session->cost(), m_session->baseCost());
    m_histogram->setSpec(thresholdHistogram(*m_session, selectedFilter()));
    showMap();
    m_classes->setWeights(m_session->state().classWeights, m_session->sources().sensitivity.has_value());
    m_undo->setEnabled(m_session->undo().canUndo());
    m_redo->setEnabled(m_session->undo().canRedo());
    m_keep->setEnabled(!m_session->history().empty() && context().queue);
    m_classes->setEstimate({});
    m_figures->setAccuracyText(tr("evaluating …"));
    m_asking.start();
}

void WhatIfView::showMap()
{
    if (m_session)
        m_map->setSpec(editedBitMap(*m_session, static_cast<BitMapOrder>(m_order->currentData().toInt()), m_brush->isPainting()));
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
            runs.emplace_back(id, runText(run));
    }
    std::ranges::reverse(runs);
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
    if (!m_session)
        return;
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
    if (!m_session)
        return;
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
        return say(onto == PaintControls::Onto::Width ? tr("No bits are highlighted: click an entry of the map's legend first.")
                                                      : tr("Nothing is selected: click a filter or a layer's head in the map first."));
    }
    m_session->apply(m_brush->editOf(filters));
}

void WhatIfView::weigh(int classNumber, double weight)
{
    if (!m_session)
        return;
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
        [this](const QString& sentence) { say(sentence); });
}

void WhatIfView::keep()
{
    RunRequest request;
    request.kind = RunKind::Edit;
    request.parent = m_session->base().run.id;
    request.seed = m_session->base().run.seed;
    request.parameters["edits"] = toJson(m_session->history());
    m_keep->setEnabled(false);
    const auto tell = [self = QPointer(this)](const QString& sentence) {
        if (!self)
            return;
        self->m_keep->setEnabled(true);
        self->say(sentence);
    };
    context().queue->submit(
        request, [tell](RunId id) { tell(tr("Kept as run %1: it is being evaluated.").arg(static_cast<qlonglong>(id.value))); }, tell);
}

void WhatIfView::say(const QString& sentence)
{
    m_message->setText(sentence);
    m_message->show();
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
