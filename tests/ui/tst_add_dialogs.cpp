// SPDX-License-Identifier: GPL-3.0-or-later
// Models and data sets added by click and key, against a bitscape-cli that notes what it is asked.
#include "ui/forms/add_dataset_dialog.h"
#include "ui/forms/add_model_dialog.h"
#include "ui/forms/model_preview_panel.h"

#include "fake_cli.h"
#include "sample_project.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabWidget>
#include <QTest>
#include <QTreeWidget>

#include <algorithm>
#include <map>
#include <memory>

using namespace bitscape;
using namespace bitscape::ui;

class TestAddDialogs : public QObject {
    Q_OBJECT

    std::unique_ptr<Sample> m_sample;
    std::unique_ptr<SampleStudio> m_studio;
    FakeCli m_cli;

    template <typename Widget> static Widget* part(const QWidget& dialog, const char* name)
    {
        return dialog.findChild<Widget*>(QString::fromLatin1(name));
    }
    static void type(QLineEdit* line, const QString& text)
    {
        line->setFocus();
        line->selectAll();
        QTest::keyClick(line, Qt::Key_Delete);
        QTest::keyClicks(line, text);
    }
    static QString complaint(const QWidget& dialog)
    {
        const auto* label = dialog.findChild<QLabel*>(QStringLiteral("bad"), Qt::FindDirectChildrenOnly);
        return label->isVisible() ? label->text() : QString();
    }
    static ModelPreview previewed()
    {
        Model model;
        model.graph = graphToJson(zooGraph(zooRequestFrom("zoo:lenet5")));
        model.mean = { 0.25 };
        model.stddev = { 0.5 };
        model.origin = { "onnx", "ab12", "tests 1.0", "13", {} };
        ModelPreview preview = previewOf(model, { "The softmax is left out." });
        preview.layers[1].bits = std::vector<int>(16, 2);
        std::fill_n(preview.layers[1].bits.begin(), 8, 3);
        return preview;
    }
    /// A worker that knows a file, after `before` in shell.
    void answerWith(const ModelPreview& preview, const QString& before = QStringLiteral(":"))
    {
        QFile file(QDir(m_cli.folder()).filePath(QStringLiteral("preview.json")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(toJson(preview)) + '\n');
        file.close();
        m_cli.answers(QStringLiteral("[ $2 = add ] && exit 0; %1; cat '%2'").arg(before, file.fileName()));
    }
    static QString progressLine()
    {
        Event event;
        event.kind = EventKind::Progress;
        event.progress.done = 250;
        event.progress.total = 1000;
        event.progress.stage = "reading images";
        event.secondsLeft = 72;
        return QString::fromStdString(toLine(event)).trimmed();
    }
    static void add(const QWidget& dialog) { QTest::mouseClick(part<QPushButton>(dialog, "accept"), Qt::LeftButton); }

private slots:
    void initTestCase() { m_sample = std::make_unique<Sample>(); }

    void init()
    {
        m_cli.answers(QStringLiteral("echo 'model 2 x'"));
        m_studio = std::make_unique<SampleStudio>(m_sample->path);
        QTRY_VERIFY(m_studio->isOpen());
    }

    void builtInNetwork()
    {
        AddModelDialog dialog(m_studio->document, {}, {});
        dialog.open();
        part<QComboBox>(dialog, "zoo-network")->setCurrentText(QStringLiteral("mlp"));
        type(part<QLineEdit>(dialog, "zoo-hidden"), QStringLiteral("64x30"));
        type(part<QLineEdit>(dialog, "model-name"), QStringLiteral("small one"));
        // 784 x 64 + 64 + 64 x 30 + 30 + 30 x 10 + 10 = 52 500
        QVERIFY(dialog.findChild<QTabWidget*>()->findChild<QLabel*>(QStringLiteral("muted"))->text().contains(QStringLiteral("52.5")));
        QSignalSpy done(&dialog, &CliDialog::done);
        add(dialog);
        QTRY_COMPARE(done.count(), 1);
        QVERIFY(!dialog.isVisible());
        QCOMPARE(m_cli.asked(),
            (QList<QStringList> { { "model", "add", m_sample->path, "zoo:mlp?hidden=64x30", "--name", "small one", "--events" } }));
    }

    /// Labels end and fields begin at one line each, whichever page shows.
    void columnsLineUp()
    {
        const auto check = [](QDialog& dialog) {
            dialog.open();
            QVERIFY(QTest::qWaitForWindowExposed(&dialog));
            std::map<int, QStringList> begins;
            int fields = 0;
            for (const QLabel* label : dialog.findChildren<QLabel*>()) {
                const QWidget* field = label->buddy();
                if (!label->isVisible() || !field)
                    continue;
                ++fields;
                begins[field->mapTo(&dialog, QPoint()).x()] << label->text();
                QVERIFY(label->mapTo(&dialog, QPoint(label->width(), 0)).x() < field->mapTo(&dialog, QPoint()).x());
            }
            QVERIFY(fields >= 4);
            QStringList told;
            for (const auto& [x, labels] : begins)
                told << QString::number(x) + QStringLiteral(": ") + labels.join(QLatin1Char(' '));
            QVERIFY2(begins.size() == 1, qPrintable(told.join(QStringLiteral(", "))));
        };
        for (const QString& file : { QString(), QStringLiteral("/a/net.onnx") }) {
            AddModelDialog dialog(m_studio->document, file, {});
            check(dialog);
        }
        for (const QString& kind : { QStringLiteral("glyphs"), QStringLiteral("folder") }) {
            AddDatasetDialog dialog(m_studio->document, {}, {});
            part<QComboBox>(dialog, "data-kind")->setCurrentText(kind);
            check(dialog);
        }
    }

    /// The image shape is the data set's wherever the network was made for another one, until somebody types one.
    void shapeFollowsTheDataSet()
    {
        AddModelDialog dialog(m_studio->document, {}, {});
        dialog.open();
        auto* network = part<QComboBox>(dialog, "zoo-network");
        auto* input = part<QLineEdit>(dialog, "zoo-input");
        QCOMPARE(input->text(), QString()); // lenet5 reads 1x28x28
        network->setCurrentText(QStringLiteral("vgg-small"));
        QCOMPARE(input->text(), QStringLiteral("1,28,28"));
        network->setCurrentText(QStringLiteral("lenet5"));
        QCOMPARE(input->text(), QString());
        type(input, QStringLiteral("3,64,64"));
        network->setCurrentText(QStringLiteral("resnet20"));
        QCOMPARE(input->text(), QStringLiteral("3,64,64"));
        for (int i = 0; i < network->count(); ++i) { // each has words of its own
            network->setCurrentIndex(i);
            QVERIFY(dialog.findChild<QTabWidget*>()->findChild<QLabel*>(QStringLiteral("muted"))->text().indexOf(QLatin1Char('\n')) > 0);
        }
    }

    void whatDoesNotFitIsSaid()
    {
        AddModelDialog dialog(m_studio->document, {}, {});
        dialog.open();
        type(part<QLineEdit>(dialog, "zoo-input"), QStringLiteral("1,4,4"));
        QString expected;
        try {
            zooGraph(zooRequestFrom("zoo:lenet5?input=1x4x4"));
        } catch (const std::exception& error) {
            expected = QString::fromUtf8(error.what());
        }
        QVERIFY(!expected.isEmpty());
        QCOMPARE(complaint(dialog), QStringLiteral("⚠ ") + expected);
        QVERIFY(!part<QPushButton>(dialog, "accept")->isEnabled());
    }

    /// What the worker says of a file stands there before it is added; the lines that are left empty show what it says.
    void aFileIsShownBeforeItIsAdded()
    {
        answerWith(previewed());
        AddModelDialog dialog(m_studio->document, QStringLiteral("/a/net.onnx"), {});
        dialog.open();
        QCOMPARE(dialog.findChild<QTabWidget*>()->currentIndex(), 1);
        auto* layers = part<QTreeWidget>(dialog, "preview-layers");
        QTRY_VERIFY(layers->isVisible());
        const auto rows = previewed().layers;
        QCOMPARE(layers->topLevelItemCount(), static_cast<int>(rows.size()));
        for (int i = 0; i < layers->topLevelItemCount(); ++i) {
            QCOMPARE(layers->topLevelItem(i)->text(0).toStdString(), rows[static_cast<std::size_t>(i)].name);
            QCOMPARE(layers->topLevelItem(i)->text(5) == QLatin1String("yes"), i > 0 && i < 4);
        }
        QCOMPARE(layers->topLevelItem(1)->text(6), QStringLiteral("2.50"));
        QCOMPARE(part<QLabel>(dialog, "heading")->text(), QStringLiteral("ONNX, opset 13, made by tests 1.0"));
        const QString facts = part<QLabel>(dialog, "preview-facts")->text();
        for (const char* words : { "1×28×28", "10 classes", "5 layers with weights", "61.7", "417" })
            QVERIFY2(facts.contains(QString::fromUtf8(words)), qPrintable(facts));
        QVERIFY(part<QLabel>(dialog, "preview-kept")->text().startsWith(QStringLiteral("220 filters can be quantized; the 16 of")));
        QVERIFY(part<QLabel>(dialog, "preview-notes")->text().contains(QStringLiteral("The softmax is left out.")));
        QCOMPARE(part<QLineEdit>(dialog, "model-input")->placeholderText(), QStringLiteral("the file's: 1,28,28"));
        QCOMPARE(part<QLineEdit>(dialog, "model-mean")->placeholderText(), QStringLiteral("the file's: 0.25"));
        QSignalSpy done(&dialog, &CliDialog::done);
        dialog.findChild<QTabWidget*>()->setCurrentIndex(0); // a built-in network has none
        QVERIFY(part<QLineEdit>(dialog, "model-mean")->placeholderText().contains(QStringLiteral("the data set's")));
        dialog.findChild<QTabWidget*>()->setCurrentIndex(1);
        add(dialog);
        QTRY_COMPARE(done.count(), 1);
        QCOMPARE(m_cli.asked(),
            (QList<QStringList> { { "model", "preview", "/a/net.onnx", "--json", "--events" },
                { "model", "add", m_sample->path, "/a/net.onnx", "--events" } }));
    }

    void refusedFile()
    {
        m_cli.answers(QStringLiteral("echo 'bitscape-cli: The file does not say the shape:' >&2; echo '    give it.' >&2; exit 3"));
        AddModelDialog dialog(m_studio->document, QStringLiteral("/tmp/net.onnx"), {});
        dialog.open();
        QTRY_COMPARE(complaint(dialog), QStringLiteral("⚠ The file does not say the shape:\ngive it."));
        QVERIFY(!part<QPushButton>(dialog, "accept")->isEnabled() && !part<QTreeWidget>(dialog, "preview-layers")->isVisible());
        answerWith(previewed()); // with a shape it is read
        type(part<QLineEdit>(dialog, "model-input"), QStringLiteral("1,28,28"));
        QTRY_VERIFY(part<QTreeWidget>(dialog, "preview-layers")->isVisible());
        QCOMPARE(complaint(dialog), QString());
        QCOMPARE(m_cli.asked().back(), (QStringList { "model", "preview", "/tmp/net.onnx", "--input", "1,28,28", "--json", "--events" }));
        add(dialog);
        QTRY_VERIFY(!dialog.isVisible());
        QCOMPARE(m_cli.asked().back(), (QStringList { "model", "add", m_sample->path, "/tmp/net.onnx", "--input", "1,28,28", "--events" }));
    }

    /// A file that takes long does not keep anyone from anything.
    void readingCanBeStopped()
    {
        m_cli.answers(QStringLiteral("[ $2 = add ] && exit 0; echo '%1'; read command; exit 130").arg(progressLine()));
        AddModelDialog dialog(m_studio->document, QStringLiteral("/a/large.onnx"), {});
        dialog.open();
        auto* panel = dialog.findChild<ModelPreviewPanel*>();
        QTRY_COMPARE(panel->findChild<QProgressBar*>()->value(), 250);
        QVERIFY(panel->isReading() && part<QPushButton>(dialog, "accept")->isEnabled());
        QTest::mouseClick(part<QPushButton>(dialog, "preview-cancel"), Qt::LeftButton);
        QVERIFY(!panel->isReading() && !panel->isVisible() && complaint(dialog).isEmpty());
        QTRY_VERIFY(dialog.findChildren<CliProcess*>().isEmpty()); // the worker has ended
        add(dialog);
        QTRY_VERIFY(!dialog.isVisible());
    }

    /// What is typed last counts; a worker that reads another file is sent away.
    void theLastFileCounts()
    {
        answerWith(previewed(), QStringLiteral("case \"$3\" in *slow) read command; exit 130;; esac"));
        AddModelDialog dialog(m_studio->document, QStringLiteral("/a/slow"), {});
        dialog.open();
        QTRY_COMPARE(m_cli.asked().size(), 1);
        type(part<QLineEdit>(dialog, "model-file"), QStringLiteral("/a/fast"));
        QTRY_VERIFY(part<QTreeWidget>(dialog, "preview-layers")->isVisible());
        QCOMPARE(m_cli.asked().back().value(2), QStringLiteral("/a/fast"));
        QCOMPARE(m_cli.asked().size(), 2); // not one per letter
        type(part<QLineEdit>(dialog, "model-file"), QStringLiteral(" "));
        QVERIFY(!part<QTreeWidget>(dialog, "preview-layers")->isVisible());
    }

    void aWorkerThatPrintsGarbage()
    {
        m_cli.answers(QStringLiteral("echo '{\"format\": 3'"));
        AddModelDialog dialog(m_studio->document, QStringLiteral("/a/net.onnx"), {});
        dialog.open();
        QTRY_VERIFY(complaint(dialog).contains(QStringLiteral("no preview")));
    }

    void glyphs()
    {
        AddDatasetDialog dialog(m_studio->document, {}, {});
        dialog.open();
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        auto* train = part<QSpinBox>(dialog, "glyphs-train");
        train->setFocus();
        train->selectAll();
        QTest::keyClicks(train, QStringLiteral("500"));
        type(part<QLineEdit>(dialog, "data-mean"), QStringLiteral("0.5"));
        type(part<QLineEdit>(dialog, "data-std"), QStringLiteral("0.25"));
        QSignalSpy done(&dialog, &CliDialog::done);
        QTest::keyClick(part<QLineEdit>(dialog, "data-std"), Qt::Key_Return);
        QTRY_COMPARE(done.count(), 1);
        QCOMPARE(m_cli.asked(),
            (QList<QStringList> { { "data", "add", m_sample->path, "--kind", "glyphs", "--path", "train=500,test=2000,seed=1", "--mean",
                "0.5", "--std", "0.25", "--events" } }));
    }

    void folderIsNeeded()
    {
        AddDatasetDialog dialog(m_studio->document, {}, {});
        dialog.open();
        auto* kind = part<QComboBox>(dialog, "data-kind");
        for (int i = 0; i < kind->count(); ++i) {
            kind->setCurrentIndex(i);
            const auto muted = dialog.findChildren<QLabel*>(QStringLiteral("muted"));
            QVERIFY(std::ranges::any_of(muted, [](const QLabel* label) { return label->isVisible() && label->text().size() > 20; }));
            QCOMPARE(part<QPushButton>(dialog, "accept")->isEnabled(), kind->itemText(i) == QLatin1String("glyphs"));
        }
        type(part<QLineEdit>(dialog, "data-path"), QStringLiteral("/data/mnist"));
        QVERIFY(part<QPushButton>(dialog, "accept")->isEnabled());
    }

    void guesses()
    {
        QCOMPARE(AddDatasetDialog::guessedKind({ "train-images-idx3-ubyte.gz", "readme" }), QStringLiteral("idx"));
        QCOMPARE(AddDatasetDialog::guessedKind({ "data_batch_1.bin", "test_batch.bin" }), QStringLiteral("cifar10"));
        QCOMPARE(AddDatasetDialog::guessedKind({ "fine_label_names.txt", "train.bin", "test.bin" }), QStringLiteral("cifar100"));
        QCOMPARE(AddDatasetDialog::guessedKind({ "train", "test" }), QStringLiteral("folder"));
        const QDir folder(m_cli.folder());
        QVERIFY(folder.mkpath(QStringLiteral("set/train")));
        QFile file(folder.filePath(QStringLiteral("set/data_batch_1.bin")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        AddDatasetDialog dialog(m_studio->document, folder.filePath(QStringLiteral("set")), {});
        dialog.open();
        QTRY_COMPARE(part<QComboBox>(dialog, "data-kind")->currentText(), QStringLiteral("cifar10"));
        QCOMPARE(part<QLineEdit>(dialog, "data-path")->text(), folder.filePath(QStringLiteral("set")));
    }

    void progressAndCancel()
    {
        m_cli.answers(QStringLiteral("echo '%1'; read command; exit 130").arg(progressLine()));
        AddDatasetDialog dialog(m_studio->document, {}, {});
        dialog.open();
        add(dialog);
        QTRY_COMPARE(dialog.findChild<QProgressBar*>()->value(), 250);
        QVERIFY(dialog.findChild<QLabel*>(QStringLiteral("muted"), Qt::FindDirectChildrenOnly)
                    ->text()
                    .contains(QStringLiteral("reading images, 1:12 left")));
        QVERIFY(!part<QComboBox>(dialog, "data-kind")->isEnabled());
        QTest::keyClick(&dialog, Qt::Key_Escape); // cancels, and leaves the dialog for another try
        QTRY_VERIFY(complaint(dialog).contains(QStringLiteral("Cancelled")));
        QVERIFY(dialog.isVisible());
        QVERIFY(part<QComboBox>(dialog, "data-kind")->isEnabled());
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QVERIFY(!dialog.isVisible());
    }
};

QTEST_MAIN(TestAddDialogs)
#include "tst_add_dialogs.moc"
