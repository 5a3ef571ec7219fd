// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/new_run_dialog.h"

#include "core/jobs/presets.h"
#include "ui/runs/run_columns.h"
#include "ui/style/figures.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRandomGenerator>
#include <QRegularExpressionValidator>
#include <QSpinBox>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace bitscape::ui {
namespace {

constexpr std::array kKinds { RunKind::Train, RunKind::Score, RunKind::Search, RunKind::Refine, RunKind::Evaluate };

QString helpOf(RunKind kind)
{
    switch (kind) {
    case RunKind::Train:
        return NewRunDialog::tr("train: a network in full precision");
    case RunKind::Score:
        return NewRunDialog::tr("score: every filter by the classes that it matters to");
    case RunKind::Search:
        return NewRunDialog::tr("search: a bit-width per filter");
    case RunKind::Refine:
        return NewRunDialog::tr("refine: retrain a quantized network");
    default:
        return NewRunDialog::tr("evaluate: accuracy, for each class too");
    }
}

/// Numbers in a command line need no quotes; everything else that a shell would read gets them.
QString shellWord(const QString& word)
{
    static const QRegularExpression kPlain(QStringLiteral("^[A-Za-z0-9_./:=,%+-]+$"));
    return kPlain.match(word).hasMatch()
        ? word
        : QLatin1Char('\'') + QString(word).replace(QLatin1Char('\''), QStringLiteral("'\\''")) + QLatin1Char('\'');
}

template <typename Id> std::optional<Id> idIn(const QComboBox& combo)
{
    const QVariant data = combo.currentData();
    return data.isValid() && data.toLongLong() > 0 ? std::optional(Id { data.toLongLong() }) : std::nullopt;
}

} // namespace

std::vector<RunId> possibleParents(RunKind kind, const RunMap& runs)
{
    const auto fits = [kind](RunKind parent) {
        switch (kind) {
        case RunKind::Score:
            return parent == RunKind::Train;
        case RunKind::Search:
            return parent == RunKind::Score || parent == RunKind::Train;
        case RunKind::Refine:
            return parent == RunKind::Search || parent == RunKind::Refine;
        case RunKind::Train:
            return parent == RunKind::Train;
        default:
            return parent != RunKind::Evaluate;
        }
    };
    std::vector<RunId> ids;
    for (const auto& [id, record] : runs) {
        const RunState state = record->run.state;
        const bool usable
            = state == RunState::Finished || state == RunState::Queued || state == RunState::Running || state == RunState::Paused;
        if (usable && fits(record->run.kind))
            ids.push_back(id);
    }
    std::ranges::reverse(ids);
    return ids;
}

bool mayBeginAnew(RunKind kind)
{
    return kind != RunKind::Refine;
}

NewRunDialog::NewRunDialog(ProjectDocument& document, JobQueue& queue, QWidget* parent)
    : QDialog(parent)
    , m_document(document)
    , m_queue(queue)
    , m_kind(new QComboBox)
    , m_parent(new QComboBox)
    , m_model(new QComboBox)
    , m_data(new QComboBox)
    , m_preset(new QComboBox)
    , m_name(new QLineEdit)
    , m_seed(new QLineEdit(QStringLiteral("0")))
    , m_repeat(new QSpinBox)
    , m_forms(new QStackedWidget)
    , m_estimate(new QLabel)
    , m_command(new QLineEdit)
    , m_complaint(new QLabel)
{
    setWindowTitle(tr("New run"));
    setObjectName(QStringLiteral("new-run"));
    resize(640, 720);
    auto* head = new QFormLayout;
    buildHead(*head);
    auto* rows = new QVBoxLayout(this);
    rows->addLayout(head);
    rows->addWidget(m_forms, 1);
    buildFoot(*rows);
    for (const RunKind each : kKinds) {
        auto* form = new ParameterForm(each);
        connect(form, &ParameterForm::edited, this, &NewRunDialog::update);
        m_forms->addWidget(form);
    }
    connect(m_kind, &QComboBox::currentIndexChanged, this, &NewRunDialog::kindChanged);
    connect(m_parent, &QComboBox::currentIndexChanged, this, &NewRunDialog::parentChanged);
    connect(m_preset, &QComboBox::activated, this, &NewRunDialog::applyPreset);
    for (QComboBox* combo : { m_model, m_data })
        connect(combo, &QComboBox::currentIndexChanged, this, &NewRunDialog::update);
    for (QLineEdit* line : { m_name, m_seed })
        connect(line, &QLineEdit::textChanged, this, &NewRunDialog::update);
    kindChanged();
}

void NewRunDialog::buildHead(QFormLayout& head)
{
    for (const RunKind each : kKinds)
        m_kind->addItem(helpOf(each));
    for (const ModelEntry& entry : m_document.models())
        m_model->addItem(QString::fromStdString(entry.model.name), static_cast<qlonglong>(entry.model.id.value));
    for (const Dataset& dataset : m_document.datasets())
        m_data->addItem(QString::fromStdString(dataset.name), static_cast<qlonglong>(dataset.id.value));
    m_kind->setObjectName(QStringLiteral("run-kind"));
    m_parent->setObjectName(QStringLiteral("run-parent"));
    m_preset->setObjectName(QStringLiteral("run-preset"));
    m_seed->setObjectName(QStringLiteral("run-seed"));
    m_name->setObjectName(QStringLiteral("run-name"));
    m_seed->setValidator(new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[0-9]{1,20}")), m_seed));
    m_seed->setToolTip(tr("Decides everything random: the same seed gives the same result"));
    m_repeat->setRange(1, 100);
    m_repeat->setToolTip(tr("Starts this many runs that differ in their seeds only: this seed and those after it"));
    m_repeat->setPrefix(tr("× "));
    auto* dice = new QToolButton;
    dice->setText(QStringLiteral("⚄"));
    dice->setToolTip(tr("A random seed"));
    dice->setAccessibleName(tr("A random seed"));
    connect(
        dice, &QToolButton::clicked, this, [this] { m_seed->setText(QString::number(QRandomGenerator::global()->bounded(1'000'000))); });
    auto* seeds = new QHBoxLayout;
    seeds->addWidget(m_seed, 1);
    seeds->addWidget(dice);
    seeds->addWidget(m_repeat);
    auto* subject = new QHBoxLayout;
    subject->addWidget(m_model, 1);
    subject->addWidget(m_data, 1);
    m_model->setAccessibleName(tr("Model"));
    m_data->setAccessibleName(tr("Data set"));
    head.addRow(tr("&Kind:"), m_kind);
    head.addRow(tr("Starts &from:"), m_parent);
    head.addRow(tr("Model and data:"), subject);
    head.addRow(tr("&Preset:"), m_preset);
    head.addRow(tr("&Name:"), m_name);
    head.addRow(tr("See&d:"), seeds);
}

void NewRunDialog::buildFoot(QVBoxLayout& rows)
{
    m_estimate->setObjectName(QStringLiteral("muted"));
    m_command->setReadOnly(true);
    m_command->setAccessibleName(tr("The same at the command line"));
    m_command->setToolTip(tr("The same at the command line"));
    m_command->setObjectName(QStringLiteral("run-command"));
    m_complaint->setObjectName(QStringLiteral("bad"));
    m_complaint->setWordWrap(true);
    m_complaint->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto* copy = new QToolButton;
    copy->setText(tr("Copy"));
    copy->setToolTip(tr("Copy the command line"));
    connect(copy, &QToolButton::clicked, this, [this] { QApplication::clipboard()->setText(m_command->text()); });
    auto* command = new QHBoxLayout;
    command->addWidget(m_command, 1);
    command->addWidget(copy);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    m_start = buttons->addButton(tr("&Start"), QDialogButtonBox::AcceptRole);
    m_start->setDefault(true);
    m_start->setObjectName(QStringLiteral("run-start"));
    connect(buttons, &QDialogButtonBox::accepted, this, &NewRunDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &NewRunDialog::reject);
    rows.addWidget(m_estimate);
    rows.addLayout(command);
    rows.addWidget(m_complaint);
    rows.addWidget(buttons);
}

RunKind NewRunDialog::kind() const
{
    return kKinds[static_cast<std::size_t>(std::max(0, m_kind->currentIndex()))];
}

ParameterForm& NewRunDialog::form() const
{
    return *qobject_cast<ParameterForm*>(m_forms->currentWidget());
}

std::optional<RunId> NewRunDialog::parentRun() const
{
    return idIn<RunId>(*m_parent);
}

void NewRunDialog::setKind(RunKind kind)
{
    const auto found = std::ranges::find(kKinds, kind);
    if (found != kKinds.end())
        m_kind->setCurrentIndex(static_cast<int>(found - kKinds.begin()));
}

void NewRunDialog::setParent(RunId parent)
{
    const int index = m_parent->findData(static_cast<qlonglong>(parent.value));
    if (index >= 0)
        m_parent->setCurrentIndex(index);
}

void NewRunDialog::setFrom(const Run& run)
{
    setKind(run.kind);
    if (run.parent)
        setParent(*run.parent);
    else
        m_parent->setCurrentIndex(m_parent->findData(qlonglong { 0 }));
    if (run.model)
        m_model->setCurrentIndex(m_model->findData(static_cast<qlonglong>(run.model->value)));
    if (run.dataset)
        m_data->setCurrentIndex(m_data->findData(static_cast<qlonglong>(run.dataset->value)));
    form().setValues(run.parameters);
    m_seed->setText(QString::number(run.seed));
    update();
}

RunRequest NewRunDialog::request() const
{
    RunRequest request;
    request.kind = kind();
    request.parent = parentRun();
    request.model = idIn<ModelId>(*m_model);
    request.dataset = idIn<DatasetId>(*m_data);
    request.parameters = form().changed();
    request.seed = m_seed->text().toULongLong();
    request.name = m_name->text().trimmed().toStdString();
    return request;
}

void NewRunDialog::kindChanged()
{
    m_forms->setCurrentIndex(m_kind->currentIndex());
    fillParents();
    fillPresets();
    update();
}

void NewRunDialog::fillParents()
{
    m_parent->clear();
    if (kind() == RunKind::Train)
        m_parent->addItem(tr("nothing: fresh weights"), qlonglong { 0 });
    for (const RunId id : possibleParents(kind(), m_document.runs())) {
        const auto record = m_document.run(id);
        m_parent->addItem(
            QStringLiteral("#%1  %2  (%3, %4)")
                .arg(id.value)
                .arg(QString::fromStdString(record->run.name), m_document.modelName(record->run.model), wordOf(record->run.state)),
            static_cast<qlonglong>(id.value));
    }
    if (kind() != RunKind::Train && mayBeginAnew(kind()))
        m_parent->addItem(tr("nothing: the model's own weights"), qlonglong { 0 });
    parentChanged();
}

/// Model and data set are the parent's.
void NewRunDialog::parentChanged()
{
    const auto id = parentRun();
    const auto record = id ? m_document.run(*id) : nullptr;
    m_model->setEnabled(!record);
    m_data->setEnabled(!record);
    if (record && record->run.model)
        m_model->setCurrentIndex(m_model->findData(static_cast<qlonglong>(record->run.model->value)));
    if (record && record->run.dataset)
        m_data->setCurrentIndex(m_data->findData(static_cast<qlonglong>(record->run.dataset->value)));
    update();
}

void NewRunDialog::fillPresets()
{
    m_preset->clear();
    m_preset->addItem(tr("defaults"), QStringLiteral("{}"));
    m_preset->setItemData(0, tr("Every parameter at its default"), Qt::ToolTipRole);
    for (const Preset& preset : presetsOf(kind())) {
        m_preset->addItem(QString::fromStdString(preset.title), QString::fromStdString(preset.values.dump()));
        m_preset->setItemData(m_preset->count() - 1, QString::fromStdString(preset.help), Qt::ToolTipRole);
    }
    constexpr int kMostRuns = 8;
    int runs = 0;
    for (auto entry = m_document.runs().rbegin(); entry != m_document.runs().rend() && runs < kMostRuns; ++entry) {
        const Run& run = entry->second->run;
        if (run.kind != kind())
            continue;
        m_preset->addItem(
            tr("as run %1 (%2)").arg(run.id.value).arg(QString::fromStdString(run.name)), QString::fromStdString(run.parameters.dump()));
        ++runs;
    }
}

void NewRunDialog::applyPreset()
{
    form().setValues(nlohmann::json::parse(m_preset->currentData().toString().toStdString()));
}

void NewRunDialog::update()
{
    const QString complaint = form().complaint();
    complain(complaint);
    m_start->setEnabled(complaint.isEmpty() && m_toSubmit.empty());
    QStringList words { QStringLiteral("bitscape-cli") };
    for (const QString& word : queueArguments(m_document.path(), request())) {
        if (word != QLatin1String("--queue"))
            words << shellWord(word);
    }
    m_command->setText(words.join(QLatin1Char(' ')));
    m_command->setCursorPosition(0);
    m_name->setPlaceholderText(tr("made from kind and parameters"));
    askEstimate();
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
    } catch (const std::exception&) { // told beside the form
        m_estimate->clear();
        return;
    }
    m_estimate->clear();
}

void NewRunDialog::accept()
{
    if (!m_toSubmit.empty())
        return;
    if (!form().complaint().isEmpty())
        return form().focusProblem();
    m_told = false;
    for (int i = 0; i < m_repeat->value(); ++i) {
        RunRequest each = request();
        each.seed += static_cast<std::uint64_t>(i);
        m_toSubmit.push_back(std::move(each));
    }
    submitNext();
}

void NewRunDialog::submitNext()
{
    if (m_toSubmit.empty()) {
        busy(false);
        return QDialog::accept();
    }
    busy(true);
    const QPointer<NewRunDialog> self(this);
    m_queue.submit(
        m_toSubmit.front(),
        [self](RunId id) {
            if (!self)
                return;
            self->m_toSubmit.erase(self->m_toSubmit.begin());
            if (!std::exchange(self->m_told, true))
                emit self->started(id);
            self->submitNext();
        },
        [self](const QString& sentence) {
            if (!self)
                return;
            self->m_toSubmit.clear();
            self->busy(false);
            self->complain(sentence);
        });
}

void NewRunDialog::busy(bool working)
{
    m_start->setEnabled(!working);
    m_start->setText(working ? tr("Checking…") : tr("&Start"));
    m_forms->setEnabled(!working);
}

void NewRunDialog::complain(const QString& sentence)
{
    m_complaint->setText(sentence.isEmpty() ? QString() : QStringLiteral("⚠ ") + sentence);
    m_complaint->setVisible(!sentence.isEmpty());
}

} // namespace bitscape::ui
