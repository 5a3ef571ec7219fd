// SPDX-License-Identifier: GPL-3.0-or-later
// Models and data sets added by click and key, against a bitscape-cli that notes what it is asked.
#include "ui/forms/add_dataset_dialog.h"
#include "ui/forms/add_model_dialog.h"

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

    void refusedFile()
    {
        m_cli.answers(QStringLiteral("echo 'bitscape-cli: reading ONNX files is not available in this version.' >&2; exit 3"));
        AddModelDialog dialog(m_studio->document, QStringLiteral("/tmp/net.onnx"), {});
        dialog.open();
        QCOMPARE(dialog.findChild<QTabWidget*>()->currentIndex(), 1);
        add(dialog);
        QTRY_COMPARE(complaint(dialog), QStringLiteral("⚠ reading ONNX files is not available in this version."));
        QVERIFY(dialog.isVisible());
        QCOMPARE(m_cli.asked().front().value(3), QStringLiteral("/tmp/net.onnx"));
        QVERIFY(part<QPushButton>(dialog, "accept")->isEnabled());
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
        Event event;
        event.kind = EventKind::Progress;
        event.progress.done = 250;
        event.progress.total = 1000;
        event.progress.stage = "reading images";
        event.secondsLeft = 72;
        m_cli.answers(QStringLiteral("echo '%1'; read command; exit 130").arg(QString::fromStdString(toLine(event)).trimmed()));
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
