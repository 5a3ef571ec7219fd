// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/sweep_dialog.h"

#include "core/base/error.h"
#include "core/jobs/sweep_recipe.h"
#include "core/jobs/sweep_values.h"
#include "core/project/sweeps.h"
#include "ui/forms/run_choices.h"
#include "ui/forms/run_head.h"
#include "ui/forms/sweep_form.h"
#include "ui/plots/file_writing.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFile>
#include <QFileDialog>
#include <QFontDatabase>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QSpinBox>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <memory>

namespace bitscape::ui {
namespace {

constexpr int kCheckMs = 150;
constexpr qint64 kLargestRecipe = 16 << 20;

/// A file's text with the paths in it made absolute. Throws Error where there is no recipe in it.
std::string readRecipe(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        throw Error(ErrorCode::BadInput, "'" + path.toStdString() + "' cannot be read: " + file.errorString().toStdString() + ".");
    SweepRecipe recipe = sweepRecipeFrom(file.read(kLargestRecipe).toStdString());
    resolvePaths(recipe, std::filesystem::path(path.toStdString()).parent_path());
    return toText(recipe);
}

QString seedComplaint(const QString& text)
{
    try {
        if (!text.isEmpty())
            seedsFromText(text.toStdString());
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

} // namespace

SweepDialog::SweepDialog(ProjectDocument& document, JobQueue& queue, QWidget* parent)
    : QDialog(parent)
    , m_document(document)
    , m_queue(queue)
    , m_head(makeSweepHead(document, queue.limit()))
    , m_pages(new QTabWidget)
    , m_forms(new QStackedWidget)
    , m_recipe(new QPlainTextEdit)
    , m_back(new QPushButton(tr("&Use the fields")))
    , m_start(nullptr)
    , m_count(new QLabel)
    , m_complaint(new QLabel)
{
    setWindowTitle(tr("New sweep"));
    setObjectName(QStringLiteral("new-sweep"));
    resize(680, 760);
    connectHead();
    for (const RunKind each : offeredKinds()) {
        auto* form = new SweepForm(each);
        connect(form, &SweepForm::edited, this, &SweepDialog::fieldsChanged);
        m_forms->addWidget(form);
    }
    m_pages->setObjectName(QStringLiteral("sweep-pages"));
    m_pages->addTab(m_forms, tr("&Parameters"));
    m_pages->addTab(makeRecipe(), tr("&Recipe"));
    m_pages->setTabToolTip(0, tr("One value sets a parameter, several vary it: 1.5, 2, 3 or 1:4:0.5"));
    m_pages->setTabToolTip(1, tr("The same as JSON, which can say more: several stages, models and data sets to add"));
    auto* rows = new QVBoxLayout(this);
    rows->addWidget(m_head.all);
    rows->addWidget(m_pages, 1);
    rows->addWidget(makeFoot());
    m_soon.setSingleShot(true);
    m_soon.setInterval(kCheckMs);
    connect(&m_soon, &QTimer::timeout, this, &SweepDialog::check);
    kindChanged();
}

void SweepDialog::connectHead()
{
    for (QComboBox* box : { m_head.parent, m_head.model, m_head.data })
        connect(box, &QComboBox::currentIndexChanged, this, &SweepDialog::fieldsChanged);
    for (QLineEdit* line : { m_head.name, m_head.seeds, m_head.budget })
        connect(line, &QLineEdit::textChanged, this, &SweepDialog::fieldsChanged);
    connect(m_head.workers, &QSpinBox::valueChanged, this, &SweepDialog::fieldsChanged);
    connect(m_head.kind, &QComboBox::currentIndexChanged, this, &SweepDialog::kindChanged);
}

QWidget* SweepDialog::makeRecipe()
{
    auto* page = new QWidget;
    m_recipe->setObjectName(QStringLiteral("sweep-recipe"));
    m_recipe->setAccessibleName(tr("Recipe as JSON"));
    m_recipe->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_recipe->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_recipe->setTabChangesFocus(true);
    connect(m_recipe, &QPlainTextEdit::textChanged, this, &SweepDialog::recipeEdited);
    const auto button = [](QPushButton* made, const char* name, const QString& help) {
        made->setObjectName(QString::fromLatin1(name));
        made->setToolTip(help);
        made->setAutoDefault(false);
        return made;
    };
    auto* open = button(new QPushButton(tr("&Load…")), "sweep-load", tr("Reads a recipe file"));
    auto* keep = button(new QPushButton(tr("Sa&ve…")), "sweep-save", tr("Writes this recipe to a file, for bitscape-cli sweep too"));
    button(m_back, "sweep-use-fields", tr("Drops what was edited by hand"));
    m_back->setEnabled(false);
    connect(open, &QPushButton::clicked, this, &SweepDialog::load);
    connect(keep, &QPushButton::clicked, this, &SweepDialog::save);
    connect(m_back, &QPushButton::clicked, this, &SweepDialog::useFields);
    auto* line = new QHBoxLayout;
    line->addWidget(open);
    line->addWidget(keep);
    line->addStretch(1);
    line->addWidget(m_back);
    auto* rows = new QVBoxLayout(page);
    rows->setContentsMargins(0, 6, 0, 0);
    rows->addWidget(m_recipe, 1);
    rows->addLayout(line);
    return page;
}

QWidget* SweepDialog::makeFoot()
{
    auto* foot = new QWidget;
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Cancel)->setAutoDefault(false);
    m_start = buttons->addButton(tr("&Start"), QDialogButtonBox::AcceptRole);
    m_start->setObjectName(QStringLiteral("sweep-start"));
    m_start->setDefault(true);
    m_count->setObjectName(QStringLiteral("muted"));
    m_complaint->setObjectName(QStringLiteral("bad"));
    m_complaint->setWordWrap(true);
    m_complaint->setTextInteractionFlags(Qt::TextSelectableByMouse);
    connect(buttons, &QDialogButtonBox::accepted, this, &SweepDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &SweepDialog::reject);
    auto* rows = new QVBoxLayout(foot);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->addWidget(m_count);
    rows->addWidget(m_complaint);
    rows->addWidget(buttons);
    return foot;
}

RunKind SweepDialog::kind() const
{
    return offeredKinds()[static_cast<std::size_t>(std::max(0, m_head.kind->currentIndex()))];
}

SweepForm& SweepDialog::form() const
{
    return *qobject_cast<SweepForm*>(m_forms->currentWidget());
}

void SweepDialog::setParent(const Run& parent)
{
    const RunKind next = parent.kind == RunKind::Train ? RunKind::Score : parent.kind == RunKind::Score ? RunKind::Search : RunKind::Refine;
    m_head.kind->setCurrentIndex(static_cast<int>(std::ranges::find(offeredKinds(), next) - offeredKinds().begin()));
    const int index = m_head.parent->findData(static_cast<qlonglong>(parent.id.value));
    if (index >= 0)
        m_head.parent->setCurrentIndex(index);
}

void SweepDialog::setLike(RunId sweep)
{
    m_document.store().ask(
        this, [sweep](Project& project) { return sweepRecipe(project, sweep); },
        [this](const std::string& text) { takeRecipe(QString::fromStdString(text)); });
}

/// Finished runs that this kind can start from; nothing where it can do without.
void SweepDialog::kindChanged()
{
    m_forms->setCurrentIndex(m_head.kind->currentIndex());
    Offers offers;
    const auto add = [&](RunId id) {
        const auto record = m_document.run(id);
        if (record->run.state == RunState::Finished)
            offers.emplace_back(
                QStringLiteral("#%1  %2").arg(id.value).arg(QString::fromStdString(record->run.name)), static_cast<qlonglong>(id.value));
    };
    if (kind() == RunKind::Train)
        offers.emplace_back(tr("nothing: a network of its own"), 0);
    for (const RunId id : possibleParents(kind(), m_document.runs()))
        add(id);
    if (kind() != RunKind::Train && mayBeginAnew(kind()))
        offers.emplace_back(tr("nothing: the model's own weights"), 0);
    offer(*m_head.parent, {});
    offer(*m_head.parent, offers);
    fieldsChanged();
}

void SweepDialog::fieldsChanged()
{
    const bool begins = m_head.parent->currentData().toLongLong() == 0;
    m_head.model->setEnabled(begins);
    m_head.data->setEnabled(begins);
    if (m_own)
        return;
    const QScopedValueRollback writing(m_writing, true);
    m_recipe->setPlainText(fromFields());
    m_soon.start();
}

QString SweepDialog::fromFields() const
{
    SweepStage stage;
    stage.id = toString(kind());
    stage.kind = kind();
    if (const qlonglong from = m_head.parent->currentData().toLongLong(); from > 0) {
        stage.from = std::to_string(from);
    } else {
        stage.model = m_head.model->currentText().toStdString();
        stage.data = m_head.data->currentText().toStdString();
    }
    stage.set = form().set();
    stage.grid = form().grid();
    if (const QString seeds = m_head.seeds->text().trimmed(); !seeds.isEmpty() && seedComplaint(seeds).isEmpty())
        stage.seeds = seedsFromText(seeds.toStdString());
    SweepRecipe recipe;
    recipe.name = m_head.name->text().trimmed().toStdString();
    recipe.workers = m_head.workers->value();
    bool ok = false;
    if (const double budget = m_head.budget->text().toDouble(&ok); ok)
        recipe.maxSeconds = budget;
    recipe.stages.push_back(std::move(stage));
    return QString::fromStdString(toText(recipe));
}

QString SweepDialog::fieldComplaint() const
{
    bool ok = true;
    if (!m_head.budget->text().trimmed().isEmpty())
        m_head.budget->text().toDouble(&ok);
    if (!ok)
        return tr("The time budget cannot be '%1': give a number of seconds, or nothing.").arg(m_head.budget->text());
    if (const QString sentence = seedComplaint(m_head.seeds->text().trimmed()); !sentence.isEmpty())
        return sentence;
    return form().complaint();
}

void SweepDialog::recipeEdited()
{
    if (m_writing)
        return;
    m_own = true;
    m_back->setEnabled(true);
    m_head.all->setEnabled(false);
    m_forms->setEnabled(false);
    m_soon.start();
}

void SweepDialog::useFields()
{
    m_own = false;
    m_back->setEnabled(false);
    m_head.all->setEnabled(true);
    m_forms->setEnabled(true);
    fieldsChanged();
}

void SweepDialog::takeRecipe(const QString& text)
{
    m_recipe->setPlainText(text);
    m_pages->setCurrentIndex(1);
}

QString SweepDialog::recipe() const
{
    return m_recipe->toPlainText();
}

/// The children are counted in another thread: there may be many.
void SweepDialog::check()
{
    if (const QString sentence = m_own ? QString() : fieldComplaint(); !sentence.isEmpty())
        return complain(sentence);
    m_document.library().ask(
        this, [text = recipe().toStdString()](Project&) { return sweepPlan(sweepRecipeFrom(text)).size(); },
        [this](std::size_t children) { tellCount(children); }, [this](const QString& sentence) { complain(sentence); });
}

void SweepDialog::tellCount(std::size_t children)
{
    complain({});
    m_count->setText(tr("%n run(s) in this sweep.", nullptr, static_cast<int>(children)));
}

void SweepDialog::complain(const QString& sentence)
{
    if (!sentence.isEmpty())
        m_count->clear();
    m_complaint->setText(sentence.isEmpty() ? QString() : QStringLiteral("⚠ ") + sentence);
    m_complaint->setVisible(!sentence.isEmpty());
}

void SweepDialog::accept()
{
    if (m_submitting)
        return;
    if (!m_own && !fieldComplaint().isEmpty()) {
        complain(fieldComplaint());
        return form().focusProblem();
    }
    busy(true);
    const QPointer<SweepDialog> self(this);
    m_queue.submitSweep(
        recipe().toUtf8(),
        [self, queue = QPointer(&m_queue)](RunId id) {
            if (!self || !self->m_submitting)
                return queue ? queue->cancel(id) : void();
            self->busy(false);
            emit self->started(id);
            self->QDialog::accept();
        },
        [self](const QString& sentence) {
            if (!self || !self->m_submitting)
                return;
            self->busy(false);
            self->complain(sentence);
        });
}

void SweepDialog::reject()
{
    busy(false); // the answer that is awaited finds nobody waiting
    QDialog::reject();
}

void SweepDialog::busy(bool working)
{
    m_submitting = working;
    m_start->setEnabled(!working);
    m_start->setText(working ? tr("Checking…") : tr("&Start"));
    m_pages->setEnabled(!working);
    m_head.all->setEnabled(!working && !m_own);
}

void SweepDialog::load()
{
    auto* files = new QFileDialog(this, tr("Load a recipe"), {}, tr("Recipes (*.json)"));
    files->setObjectName(QStringLiteral("sweep-open"));
    files->setAttribute(Qt::WA_DeleteOnClose);
    files->setFileMode(QFileDialog::ExistingFile);
    connect(files, &QFileDialog::fileSelected, this, [this](const QString& path) {
        m_document.library().ask(
            this, [path](Project&) { return readRecipe(path); },
            [this](const std::string& text) { takeRecipe(QString::fromStdString(text)); },
            [this](const QString& sentence) { complain(sentence); });
    });
    files->open();
}

void SweepDialog::save()
{
    auto* files = new QFileDialog(this, tr("Save the recipe"), {}, tr("Recipes (*.json)"));
    files->setObjectName(QStringLiteral("sweep-keep"));
    files->setAttribute(Qt::WA_DeleteOnClose);
    files->setAcceptMode(QFileDialog::AcceptSave);
    files->setDefaultSuffix(QStringLiteral("json"));
    connect(files, &QFileDialog::fileSelected, this,
        [this](const QString& path) { inBackground(*this, [path, text = recipe().toUtf8()] { writeWhole(path, text); }); });
    files->open();
}

} // namespace bitscape::ui
