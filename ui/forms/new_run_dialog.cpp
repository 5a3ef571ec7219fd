// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/new_run_dialog.h"

#include "core/jobs/run_estimate.h"
#include "core/jobs/run_name.h"
#include "ui/forms/preset_picker.h"
#include "ui/runs/run_columns.h"
#include "ui/style/figures.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QRandomGenerator>
#include <QSpinBox>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <limits>

namespace bitscape::ui {
namespace {

constexpr int kLargestDice = 1'000'000, kEstimateMs = 150, kFollowMs = 200;

template <typename Id> std::optional<Id> idIn(const QComboBox& combo)
{
    const qlonglong number = combo.currentData().toLongLong();
    return number > 0 ? std::optional(Id { number }) : std::nullopt;
}

template <typename Id> void choose(QComboBox& combo, const std::optional<Id>& id)
{
    const int index = combo.findData(id ? static_cast<qlonglong>(id->value) : qlonglong { 0 });
    if (index >= 0)
        combo.setCurrentIndex(index);
}

} // namespace

NewRunDialog::NewRunDialog(ProjectDocument& document, JobQueue& queue, QWidget* parent)
    : QDialog(parent)
    , m_document(document)
    , m_queue(queue)
    , m_head(makeRunHead(document))
    , m_foot {}
    , m_forms(new QStackedWidget)
{
    setWindowTitle(tr("New run"));
    setObjectName(QStringLiteral("new-run"));
    resize(660, 720);
    auto* rows = new QVBoxLayout(this);
    rows->addWidget(m_head.all);
    rows->addWidget(m_forms, 1);
    for (const RunKind each : offeredKinds()) // before what stands below them: Tab goes in the order in which widgets are added
        m_forms->addWidget(new ParameterForm(each));
    buildFoot(*rows);
    connectFields();
    m_estimateTimer.setSingleShot(true);
    m_estimateTimer.setInterval(kEstimateMs);
    connect(&m_estimateTimer, &QTimer::timeout, this, &NewRunDialog::askEstimate);
    m_followTimer.setSingleShot(true);
    m_followTimer.setInterval(kFollowMs);
    connect(&m_followTimer, &QTimer::timeout, this, &NewRunDialog::followProject);
    const auto followSoon = [this] {
        if (!m_followTimer.isActive())
            m_followTimer.start();
    };
    for (const auto news : { &ProjectDocument::modelsChanged, &ProjectDocument::datasetsChanged })
        connect(&document, news, this, followSoon);
    for (const auto news : { &ProjectDocument::runsChanged, &ProjectDocument::runsRemoved })
        connect(&document, news, this, followSoon);
    kindChanged();
}

void NewRunDialog::buildFoot(QVBoxLayout& rows)
{
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Cancel)->setAutoDefault(false);
    m_foot = { new QLabel, new QLabel, new QLineEdit, buttons->addButton(tr("&Start"), QDialogButtonBox::AcceptRole) };
    m_foot.estimate->setObjectName(QStringLiteral("muted"));
    m_foot.estimate->setWordWrap(true);
    m_foot.complaint->setObjectName(QStringLiteral("bad"));
    m_foot.complaint->setWordWrap(true);
    m_foot.complaint->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_foot.start->setObjectName(QStringLiteral("run-start"));
    connect(buttons, &QDialogButtonBox::accepted, this, &NewRunDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &NewRunDialog::reject);
    rows.addWidget(m_foot.estimate);
    rows.addLayout(makeCommand());
    rows.addWidget(m_foot.complaint);
    rows.addWidget(buttons);
    m_foot.start->setDefault(true); // once it is in the dialog, which does not hear of it before
}

QLayout* NewRunDialog::makeCommand()
{
    m_foot.command->setReadOnly(true);
    m_foot.command->setToolTip(tr("The same at the command line"));
    m_foot.command->setObjectName(QStringLiteral("run-command"));
    auto* label = new QLabel(tr("Command &line:"));
    label->setBuddy(m_foot.command);
    auto* copy = new QToolButton;
    copy->setText(tr("Cop&y"));
    copy->setProperty("framed", true);
    copy->setObjectName(QStringLiteral("run-copy"));
    copy->setToolTip(tr("Copy the command line"));
    connect(copy, &QToolButton::clicked, this, [this] { QApplication::clipboard()->setText(m_foot.command->text()); });
    auto* line = new QHBoxLayout;
    line->addWidget(label);
    line->addWidget(m_foot.command, 1);
    line->addWidget(copy);
    return line;
}

void NewRunDialog::connectFields()
{
    for (int i = 0; i < m_forms->count(); ++i)
        connect(qobject_cast<ParameterForm*>(m_forms->widget(i)), &ParameterForm::edited, this, &NewRunDialog::update);
    connect(m_head.kind, &QComboBox::currentIndexChanged, this, &NewRunDialog::kindChanged);
    connect(m_head.parent, &QComboBox::currentIndexChanged, this, &NewRunDialog::parentChanged);
    connect(m_head.preset, &PresetPicker::picked, this, [this](const nlohmann::json& values) { form().setValues(values); });
    for (QComboBox* combo : { m_head.model, m_head.data })
        connect(combo, &QComboBox::currentIndexChanged, this, &NewRunDialog::update);
    for (QLineEdit* line : { m_head.name, m_head.seed })
        connect(line, &QLineEdit::textChanged, this, &NewRunDialog::update);
    connect(m_head.repeat, &QSpinBox::valueChanged, this, &NewRunDialog::update);
    connect(m_head.dice, &QToolButton::clicked, this,
        [this] { m_head.seed->setText(QString::number(QRandomGenerator::global()->bounded(kLargestDice))); });
}

RunKind NewRunDialog::kind() const
{
    return offeredKinds()[static_cast<std::size_t>(std::max(0, m_head.kind->currentIndex()))];
}

ParameterForm& NewRunDialog::form() const
{
    return *qobject_cast<ParameterForm*>(m_forms->currentWidget());
}

std::optional<RunId> NewRunDialog::parentRun() const
{
    return idIn<RunId>(*m_head.parent);
}

void NewRunDialog::setKind(RunKind kind)
{
    const auto found = std::ranges::find(offeredKinds(), kind);
    if (found != offeredKinds().end())
        m_head.kind->setCurrentIndex(static_cast<int>(found - offeredKinds().begin()));
}

void NewRunDialog::setParent(RunId parent)
{
    choose(*m_head.parent, std::optional(parent));
}

void NewRunDialog::setFrom(const Run& run)
{
    setKind(run.kind);
    choose(*m_head.parent, run.parent);
    choose(*m_head.model, run.model);
    choose(*m_head.data, run.dataset);
    form().setValues(run.parameters);
    m_head.seed->setText(QString::number(run.seed));
}

RunRequest NewRunDialog::request() const
{
    RunRequest request;
    request.kind = kind();
    request.parent = parentRun();
    request.model = idIn<ModelId>(*m_head.model);
    request.dataset = idIn<DatasetId>(*m_head.data);
    request.parameters = form().changed();
    request.seed = m_head.seed->text().toULongLong();
    request.name = m_head.name->text().trimmed().toStdString();
    return request;
}

void NewRunDialog::kindChanged()
{
    m_forms->setCurrentIndex(m_head.kind->currentIndex());
    offer(*m_head.parent, {}); // what was chosen for another kind is no choice for this one
    offer(*m_head.parent, parents());
    m_head.preset->offer(kind(), m_document.runs());
    parentChanged();
}

/// What a run of this kind may start from, as listed.
Offers NewRunDialog::parents() const
{
    Offers offers;
    if (kind() == RunKind::Train)
        offers.emplace_back(tr("nothing: a network of its own"), 0);
    for (const RunId id : possibleParents(kind(), m_document.runs())) {
        const auto record = m_document.run(id);
        offers.emplace_back(
            QStringLiteral("#%1  %2  (%3, %4)")
                .arg(id.value)
                .arg(QString::fromStdString(record->run.name), m_document.modelName(record->run.model), wordOf(record->run.state)),
            id.value);
    }
    if (kind() != RunKind::Train && mayBeginAnew(kind()))
        offers.emplace_back(tr("nothing: the model's own weights"), 0);
    return offers;
}

/// Lists what there is to choose from anew; choices, what was typed and what bitscape-cli refused stay.
void NewRunDialog::followProject()
{
    for (const QComboBox* combo : { m_head.parent, m_head.model, m_head.data }) {
        if (combo->view()->isVisible())
            return m_followTimer.start(); // not under the pointer
    }
    const QString before = complaint();
    const bool subjects = offerSubjects(m_head, m_document);
    if (offer(*m_head.parent, parents()) || subjects) {
        fitSubjects();
        showRequest();
    }
    m_head.preset->offer(kind(), m_document.runs());
    if (complaint() != before)
        complain(complaint());
}

void NewRunDialog::parentChanged()
{
    fitSubjects();
    update();
}

/// Model and data set are the parent's.
void NewRunDialog::fitSubjects()
{
    const auto id = parentRun();
    const auto record = id ? m_document.run(*id) : nullptr;
    m_head.model->setEnabled(!record);
    m_head.data->setEnabled(!record);
    if (record) {
        choose(*m_head.model, record->run.model);
        choose(*m_head.data, record->run.dataset);
    }
}

QString NewRunDialog::complaint() const
{
    bool ok = false;
    const std::uint64_t seed = m_head.seed->text().toULongLong(&ok);
    const auto last = std::numeric_limits<std::uint64_t>::max() - static_cast<std::uint64_t>(m_head.repeat->value() - 1);
    if (!ok || seed > last)
        return tr("The seed cannot be '%1': give a whole number from 0 to %2.").arg(m_head.seed->text()).arg(last);
    if (kind() == RunKind::Refine && !parentRun())
        return tr("A refinement needs bit-widths: run a search first, to start it from that.");
    return form().complaint();
}

void NewRunDialog::focusProblem()
{
    if (form().complaint() == complaint())
        form().focusProblem();
    else if (kind() == RunKind::Refine && !parentRun())
        m_head.kind->setFocus();
    else
        m_head.seed->setFocus();
}

void NewRunDialog::update()
{
    complain(complaint());
    showRequest();
}

void NewRunDialog::showRequest()
{
    m_head.preset->mark(form().changed(), form().complaint().isEmpty());
    m_foot.command->setText(commandLine(m_document.path(), repeated(request(), m_head.repeat->value())));
    m_foot.command->setCursorPosition(0);
    try {
        m_head.name->setPlaceholderText(QString::fromStdString(defaultRunName(kind(), completeParameters(kind(), form().changed()))));
    } catch (const std::exception&) { // told below the form
        m_head.name->setPlaceholderText({});
    }
    m_estimateTimer.start();
}

void NewRunDialog::askEstimate()
{
    const RunRequest wanted = request();
    Run run;
    run.kind = wanted.kind;
    run.model = wanted.model;
    run.dataset = wanted.dataset;
    run.parent = wanted.parent;
    run.threads = m_queue.threadsPerJob();
    try {
        run.parameters = completeParameters(wanted.kind, wanted.parameters);
    } catch (const std::exception&) { // told below the form
        return m_foot.estimate->clear();
    }
    m_document.store().ask(
        this, [run](Project& project) { return estimate(project, run); },
        [this](const std::optional<RunEstimate>& known) {
            m_foot.estimate->setText(known
                    ? tr("Takes about %1 (%2).").arg(durationText(known->seconds), QString::fromStdString(known->basis))
                    : tr("How long it takes is known after the first such run."));
        },
        [this](const QString&) { m_foot.estimate->clear(); });
}

void NewRunDialog::accept()
{
    if (!m_toSubmit.empty())
        return;
    if (!complaint().isEmpty())
        return focusProblem();
    m_submitted = 0;
    m_toSubmit = repeated(request(), m_head.repeat->value());
    complain({});
    busy(true);
    submitNext();
}

void NewRunDialog::reject()
{
    m_toSubmit.clear(); // the answer that is awaited finds nobody waiting
    busy(false);
    QDialog::reject();
}

void NewRunDialog::submitNext()
{
    const QPointer<NewRunDialog> self(this);
    m_queue.submit(
        m_toSubmit[static_cast<std::size_t>(m_submitted)],
        [self, queue = QPointer(&m_queue)](RunId id) {
            if (self && !self->m_toSubmit.empty())
                self->taken(id);
            else if (queue)
                queue->cancel(id);
        },
        [self](const QString& sentence) {
            if (self && !self->m_toSubmit.empty())
                self->refused(sentence);
        });
}

void NewRunDialog::taken(RunId id)
{
    if (m_submitted++ == 0)
        emit started(id);
    if (m_submitted < static_cast<int>(m_toSubmit.size()))
        return submitNext();
    m_toSubmit.clear();
    busy(false);
    QDialog::accept();
}

/// What is in the queue already is not asked for again: the form now speaks of the rest.
void NewRunDialog::refused(const QString& sentence)
{
    const QString before = m_submitted > 0 ? tr("%n run(s) are in the queue, then: ", nullptr, m_submitted) : QString();
    if (m_submitted > 0) {
        m_head.seed->setText(QString::number(m_toSubmit[static_cast<std::size_t>(m_submitted)].seed));
        m_head.repeat->setValue(static_cast<int>(m_toSubmit.size()) - m_submitted);
    }
    m_toSubmit.clear();
    busy(false);
    complain(before + sentence);
    m_foot.start->setFocus();
}

void NewRunDialog::busy(bool working)
{
    m_foot.start->setEnabled(!working);
    m_foot.start->setText(working ? tr("Checking…") : tr("&Start"));
    m_head.all->setEnabled(!working);
    m_forms->setEnabled(!working);
}

void NewRunDialog::complain(const QString& sentence)
{
    m_foot.complaint->setText(sentence.isEmpty() ? QString() : QStringLiteral("⚠ ") + sentence);
    m_foot.complaint->setVisible(!sentence.isEmpty());
}

} // namespace bitscape::ui
