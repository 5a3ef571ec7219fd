// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/add_dataset_dialog.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QStackedWidget>
#include <QThreadPool>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace bitscape::ui {
namespace {

struct KindWords {
    const char* kind;
    const char* help;
};

constexpr std::array<KindWords, 5> kKinds { {
    { "glyphs",
        QT_TRANSLATE_NOOP(
            "AddDatasetDialog", "Ten kinds of distorted stroke characters, drawn by code from a seed: 28 x 28, grey. Needs no files.") },
    { "idx", QT_TRANSLATE_NOOP("AddDatasetDialog", "MNIST, Fashion-MNIST, EMNIST: a folder with the four IDX files, plain or gz.") },
    { "cifar10", QT_TRANSLATE_NOOP("AddDatasetDialog", "CIFAR-10: a folder with data_batch_1.bin … data_batch_5.bin and test_batch.bin.") },
    { "cifar100", QT_TRANSLATE_NOOP("AddDatasetDialog", "CIFAR-100: a folder with train.bin and test.bin.") },
    { "folder", QT_TRANSLATE_NOOP("AddDatasetDialog", "PNG or JPEG: a folder with train and test, in each a folder per class.") },
} };

} // namespace

AddDatasetDialog::AddDatasetDialog(ProjectDocument& document, const QString& path, const QString& folder, QWidget* parent)
    : CliDialog(document, tr("&Add"), parent)
    , m_kind(new QComboBox)
    , m_help(new QLabel)
    , m_pages(new QStackedWidget)
    , m_path(new QLineEdit(path))
    , m_train(new QSpinBox)
    , m_test(new QSpinBox)
    , m_seed(new QSpinBox)
{
    setWindowTitle(tr("Add a data set"));
    setObjectName(QStringLiteral("add-dataset"));
    setMinimumWidth(500);
    for (const KindWords& each : kKinds)
        m_kind->addItem(QString::fromLatin1(each.kind));
    m_kind->setObjectName(QStringLiteral("data-kind"));
    m_help->setWordWrap(true);
    m_help->setObjectName(QStringLiteral("muted"));
    m_help->setMinimumHeight(2 * fontMetrics().lineSpacing());
    m_pages->addWidget(glyphs());
    m_pages->addWidget(onDisk(folder));
    QFormLayout* head = makeForm();
    head->addRow(tr("&Kind:"), m_kind);
    head->addRow(m_help);
    rows().addLayout(head);
    rows().addWidget(m_pages);
    m_optional = addOptional(QStringLiteral("data"), tr("measured; m1,m2,… of pixels scaled to 0..1"), tr("measured"));
    connect(m_kind, &QComboBox::currentIndexChanged, this, &AddDatasetDialog::kindChanged);
    kindChanged();
    if (!path.isEmpty())
        guessKind(path);
}

/// A folder is read off the interface's thread.
void AddDatasetDialog::guessKind(const QString& path)
{
    QThreadPool::globalInstance()->start([self = QPointer(this), path] {
        const QString kind = guessedKind(QDir(path).entryList(QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot));
        QMetaObject::invokeMethod(qApp, [self, kind] {
            if (self)
                self->m_kind->setCurrentText(kind);
        });
    });
}

QString AddDatasetDialog::guessedKind(const QStringList& names)
{
    const auto has = [&](const QString& part) {
        return std::any_of(names.begin(), names.end(), [&](const QString& name) { return name.contains(part); });
    };
    if (has(QStringLiteral("-ubyte")))
        return QStringLiteral("idx");
    if (has(QStringLiteral("data_batch_")))
        return QStringLiteral("cifar10");
    return has(QStringLiteral("train.bin")) ? QStringLiteral("cifar100") : QStringLiteral("folder");
}

QWidget* AddDatasetDialog::glyphs()
{
    auto* page = new QWidget;
    QFormLayout* form = makeForm(page);
    const auto set = [](QSpinBox& box, int low, int high, int value) {
        box.setRange(low, high);
        box.setValue(value);
    };
    set(*m_train, 10, 1'000'000, 8000);
    set(*m_test, 10, 1'000'000, 2000);
    set(*m_seed, 0, 1'000'000'000, 1);
    m_train->setObjectName(QStringLiteral("glyphs-train"));
    m_test->setObjectName(QStringLiteral("glyphs-test"));
    m_seed->setObjectName(QStringLiteral("glyphs-seed"));
    m_seed->setToolTip(tr("The same seed draws the same images"));
    m_train->setSuffix(tr(" images"));
    m_test->setSuffix(tr(" images"));
    form->addRow(tr("&Training:"), m_train);
    form->addRow(tr("T&est:"), m_test);
    form->addRow(tr("&Seed:"), m_seed);
    return page;
}

QWidget* AddDatasetDialog::onDisk(const QString& folder)
{
    auto* page = new QWidget;
    QFormLayout* form = makeForm(page);
    m_path->setObjectName(QStringLiteral("data-path"));
    const auto ask = [this, folder] {
        auto* dialog = new QFileDialog(this, tr("Choose the data set's folder"), folder);
        dialog->setFileMode(QFileDialog::Directory);
        return dialog;
    };
    addPath(*form, tr("F&older:"), *m_path, ask, [this](const QString& chosen) {
        m_path->setText(chosen);
        guessKind(chosen);
    });
    connect(m_path, &QLineEdit::textChanged, this, &AddDatasetDialog::check);
    return page;
}

QString AddDatasetDialog::kind() const
{
    return m_kind->currentText();
}

void AddDatasetDialog::kindChanged()
{
    m_help->setText(tr(kKinds[static_cast<std::size_t>(m_kind->currentIndex())].help));
    m_pages->setCurrentIndex(kind() == QLatin1String("glyphs") ? 0 : 1);
    m_optional.name->setPlaceholderText(kind());
    check();
}

QString AddDatasetDialog::complaint() const
{
    return kind() != QLatin1String("glyphs") && m_path->text().trimmed().isEmpty() ? tr("Choose the folder that the data set is in.")
                                                                                   : QString();
}

QStringList AddDatasetDialog::arguments() const
{
    const QString path = kind() == QLatin1String("glyphs")
        ? QStringLiteral("train=%1,test=%2,seed=%3").arg(m_train->value()).arg(m_test->value()).arg(m_seed->value())
        : m_path->text().trimmed();
    return QStringList { QStringLiteral("data"), QStringLiteral("add"), document().path(), QStringLiteral("--kind"), kind(),
        QStringLiteral("--path"), path }
    + flagsOf(m_optional);
}

} // namespace bitscape::ui
