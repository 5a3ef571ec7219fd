// SPDX-License-Identifier: GPL-3.0-or-later
// Runs exported by click and key, against a bitscape-cli that notes what it is asked.
#include "ui/forms/export_dialog.h"

#include "fake_cli.h"
#include "sample_project.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace bitscape;
using namespace bitscape::ui;

class TestExportDialog : public QObject {
    Q_OBJECT

    std::unique_ptr<Sample> m_sample;
    std::unique_ptr<SampleStudio> m_studio;
    FakeCli m_cli;

    template <typename Widget> static Widget* part(const QWidget& dialog, const char* name)
    {
        return dialog.findChild<Widget*>(QString::fromLatin1(name));
    }
    static void choose(const QWidget& dialog, const char* format)
    {
        part<QComboBox>(dialog, "export-format")->setCurrentText(QString::fromLatin1(format));
    }
    static QString file(const QWidget& dialog) { return part<QLineEdit>(dialog, "export-file")->text(); }
    static QString complaint(const QWidget& dialog)
    {
        const auto* label = dialog.findChild<QLabel*>(QStringLiteral("bad"), Qt::FindDirectChildrenOnly);
        return label->isVisible() ? label->text() : QString();
    }
    static void confirm(const QWidget& dialog) { QTest::mouseClick(part<QPushButton>(dialog, "accept"), Qt::LeftButton); }
    QString beside(const QString& name) const { return m_sample->folder.filePath(name); }

private slots:
    void initTestCase() { m_sample = std::make_unique<Sample>(); }

    void init()
    {
        m_cli.answers(QStringLiteral("echo '{\"event\":\"log\",\"line\":\"onnx x.onnx: 0 of 200 images answered differently\"}'"));
        m_studio = std::make_unique<SampleStudio>(m_sample->path);
        QTRY_VERIFY(m_studio->isOpen());
    }

    /// It stays, with what the check found.
    void whatTheCheckFoundIsShown()
    {
        ExportDialog dialog(m_studio->document, m_sample->search);
        dialog.open();
        const QString target = beside(QStringLiteral("sample-run%1.onnx").arg(m_sample->search.value));
        QCOMPARE(file(dialog), target);
        QSignalSpy done(&dialog, &CliDialog::done);
        confirm(dialog);
        QTRY_COMPARE(done.count(), 1);
        QCOMPARE(m_cli.asked(),
            (QList<QStringList> {
                { "export", m_sample->path, QString::number(m_sample->search.value), "--to", "onnx", "--out", target, "--events" } }));
        const auto* result = part<QLabel>(dialog, "export-result");
        QVERIFY(dialog.isVisible() && result->isVisible());
        QCOMPARE(result->text(), QStringLiteral("onnx x.onnx: 0 of 200 images answered differently"));
        choose(dialog, "packed"); // what it says is of the file before
        QVERIFY(!result->isVisible());
        QTest::keyClick(&dialog, Qt::Key_Escape);
        QVERIFY(!dialog.isVisible());
    }

    void theFileFollowsTheFormatUntilItIsTyped()
    {
        ExportDialog dialog(m_studio->document, m_sample->search);
        dialog.open();
        const QString stem = beside(QStringLiteral("sample-run%1").arg(m_sample->search.value));
        for (const auto& [format, ending] : { std::pair("qonnx", "-qonnx.onnx"), std::pair("packed", ".packed"),
                 std::pair("torchscript", ".pt"), std::pair("csv", ".csv"), std::pair("json", ".json"), std::pair("onnx", ".onnx") }) {
            choose(dialog, format);
            QCOMPARE(file(dialog), stem + QLatin1String(ending));
        }
        auto* line = part<QLineEdit>(dialog, "export-file");
        line->selectAll();
        QTest::keyClicks(line, QStringLiteral("/a/net"));
        choose(dialog, "json");
        QCOMPARE(file(dialog), QStringLiteral("/a/net"));
        QTest::mouseClick(part<QCheckBox>(dialog, "export-replace"), Qt::LeftButton, {}, QPoint(8, 8));
        confirm(dialog);
        QTRY_COMPARE(m_cli.asked().size(), 1);
        QCOMPARE(m_cli.asked().front().mid(3), (QStringList { "--to", "json", "--out", "/a/net", "--force", "--events" }));
        line->clear();
        QTRY_VERIFY(!complaint(dialog).isEmpty());
        QVERIFY(!part<QPushButton>(dialog, "accept")->isEnabled());
    }

    void onlyWhatARunHasIsOffered()
    {
        ExportDialog scores(m_studio->document, m_sample->score);
        QCOMPARE(part<QComboBox>(scores, "export-format")->count(), 2);
        QCOMPARE(part<QComboBox>(scores, "export-format")->itemText(0), QStringLiteral("csv"));
        ExportDialog failed(m_studio->document, m_sample->failed);
        failed.open();
        choose(failed, "onnx");
        QVERIFY2(complaint(failed).contains(QStringLiteral("has not finished")), qPrintable(complaint(failed)));
        choose(failed, "json"); // figures are told all the same
        QCOMPARE(complaint(failed), QString());
    }

    void refusalsAreShown()
    {
        m_cli.answers(QStringLiteral("echo \"bitscape-cli: 'x' is there already\" >&2; exit 2"));
        ExportDialog dialog(m_studio->document, m_sample->search);
        dialog.open();
        confirm(dialog);
        QTRY_VERIFY(complaint(dialog).contains(QStringLiteral("is there already")));
        QVERIFY(dialog.isVisible() && !part<QLabel>(dialog, "export-result")->isVisible());
    }
};

QTEST_MAIN(TestExportDialog)
#include "tst_export_dialog.moc"
