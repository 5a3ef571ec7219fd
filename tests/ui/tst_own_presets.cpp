// SPDX-License-Identifier: GPL-3.0-or-later
// A person's own presets in the new-run dialog, by real clicks and keys; read back through core.
#include "ui/forms/new_run_dialog.h"
#include "ui/forms/save_preset_dialog.h"

#include "core/jobs/own_presets.h"
#include "tests/ui/fake_cli.h"
#include "tests/ui/sample_project.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>
#include <QToolButton>

#include <memory>

using namespace bitscape;
using namespace bitscape::ui;
using nlohmann::json;

class TestOwnPresets : public QObject {
    Q_OBJECT

    std::unique_ptr<Sample> m_sample;
    std::unique_ptr<SampleStudio> m_studio;
    std::unique_ptr<JobQueue> m_queue;
    std::unique_ptr<NewRunDialog> m_dialog;
    std::unique_ptr<QTemporaryDir> m_config;
    FakeCli m_cli;

    template <typename Widget> Widget* part(const char* name) const { return m_dialog->findChild<Widget*>(QString::fromLatin1(name)); }
    QComboBox* presets() const { return part<QComboBox>("run-preset"); }
    QLabel* words() const { return presets()->parentWidget()->findChild<QLabel*>(QStringLiteral("bad")); }

    void open()
    {
        m_dialog = std::make_unique<NewRunDialog>(m_studio->document, *m_queue);
        m_dialog->setKind(RunKind::Search);
        m_dialog->open();
        QVERIFY(QTest::qWaitForWindowActive(m_dialog.get()));
    }

    void type(const char* parameter, const QString& text) const
    {
        for (ParameterEditor* each : m_dialog->findChildren<ParameterEditor*>()) {
            if (each->isVisible() && each->spec().name == parameter)
                typeInto(each->findChild<QLineEdit*>(), text);
        }
    }
    static void typeInto(QLineEdit* line, const QString& text)
    {
        line->setFocus();
        line->selectAll();
        QTest::keyClick(line, Qt::Key_Delete);
        QTest::keyClicks(line, text);
    }

    /// The dialog that asks for the name, after a click on Save.
    SavePresetDialog* asking() const
    {
        QTest::mouseClick(part<QToolButton>("preset-save"), Qt::LeftButton);
        return m_dialog->findChild<SavePresetDialog*>();
    }
    static QPushButton* accept(const SavePresetDialog& dialog) { return dialog.findChild<QPushButton*>(QStringLiteral("accept")); }

    void save(const QString& name)
    {
        const QPointer<SavePresetDialog> dialog = asking();
        QVERIFY(dialog);
        auto* line = dialog->findChild<QLineEdit*>(QStringLiteral("preset-name"));
        typeInto(line, name);
        QTest::keyClick(line, Qt::Key_Return);
        QTRY_VERIFY(!dialog);
    }

    void choose(const QString& title)
    {
        const int index = presets()->findText(title);
        QVERIFY2(index >= 0, qPrintable(title));
        presets()->setFocus();
        QTest::keyClick(presets(), Qt::Key_Home);
        while (presets()->currentIndex() < index)
            QTest::keyClick(presets(), Qt::Key_Down);
        QCOMPARE(presets()->currentIndex(), index);
    }

    static std::string kept(const std::string& name)
    {
        for (const Preset& preset : ownPresets(ownPresetsFile(), RunKind::Search)) {
            if (preset.name == name)
                return preset.values.dump();
        }
        return {};
    }
    QString file() const { return m_config->filePath(QStringLiteral("bitscape/presets.json")); }
    void write(const QByteArray& text) const
    {
        QVERIFY(QDir(m_config->path()).mkpath(QStringLiteral("bitscape")));
        QFile opened(file());
        QVERIFY(opened.open(QIODevice::WriteOnly | QIODevice::Truncate) && opened.write(text) == text.size());
    }

private slots:
    void initTestCase() { m_sample = std::make_unique<Sample>(); }

    void init()
    {
        m_config = std::make_unique<QTemporaryDir>();
        qputenv("XDG_CONFIG_HOME", m_config->path().toLocal8Bit());
        QCOMPARE(QString::fromStdString(ownPresetsFile().string()), file());
        m_studio = std::make_unique<SampleStudio>(m_sample->path);
        QTRY_VERIFY(m_studio->isOpen());
        m_queue = std::make_unique<JobQueue>(m_studio->document);
        open();
    }

    void cleanup()
    {
        m_dialog.reset();
        m_queue.reset();
        m_studio.reset();
    }

    void savesWhatDiffers()
    {
        QVERIFY(!part<QToolButton>("preset-save")->isEnabled()); // the defaults are no preset
        type("target_bits", QStringLiteral("1.25"));
        QVERIFY(part<QToolButton>("preset-save")->isEnabled());
        QVERIFY(!part<QToolButton>("preset-remove")->isEnabled());
        save(QStringLiteral("lean"));
        QTRY_COMPARE(presets()->currentText(), QStringLiteral("lean (your own)"));
        QCOMPARE(kept("lean"), (json { { "target_bits", 1.25 } }).dump());
        QVERIFY(part<QToolButton>("preset-remove")->isEnabled());
        type("target_bits", QStringLiteral("9"));
        QVERIFY(!part<QToolButton>("preset-save")->isEnabled()); // nor is what is wrong
    }

    void namesThatCannotBe()
    {
        type("target_bits", QStringLiteral("1.25"));
        SavePresetDialog* dialog = asking();
        QVERIFY(dialog);
        auto* line = dialog->findChild<QLineEdit*>(QStringLiteral("preset-name"));
        auto* complaint = dialog->findChild<QLabel*>(QStringLiteral("bad"));
        QVERIFY(!accept(*dialog)->isEnabled());
        QVERIFY(complaint->text().isEmpty());
        const QString builtIn = QString::fromStdString(presetsOf(RunKind::Search).front().name);
        for (const QString& name : { builtIn, QStringLiteral("-x"), QString(61, QLatin1Char('x')) }) {
            typeInto(line, name);
            QVERIFY2(!accept(*dialog)->isEnabled(), qPrintable(name));
            QVERIFY(complaint->text().startsWith(QStringLiteral("⚠")));
            QTest::keyClick(line, Qt::Key_Return);
            QVERIFY(dialog->isVisible());
        }
        QTest::keyClick(dialog, Qt::Key_Escape);
        QVERIFY(!QFile::exists(file()));
    }

    void replacesAfterSayingSo()
    {
        saveOwnPreset(ownPresetsFile(), RunKind::Search, "lean", { { "target_bits", 1.75 } }, Existing::Refuse);
        m_dialog.reset();
        open();
        QTRY_VERIFY(presets()->findText(QStringLiteral("lean (your own)")) > 0);
        type("target_bits", QStringLiteral("1.25"));
        SavePresetDialog* dialog = asking();
        QVERIFY(dialog);
        typeInto(dialog->findChild<QLineEdit*>(QStringLiteral("preset-name")), QStringLiteral("lean"));
        QCOMPARE(accept(*dialog)->text(), QStringLiteral("&Replace"));
        QVERIFY(dialog->findChild<QLabel*>(QStringLiteral("bad"))->text().contains(QStringLiteral("replaced")));
        QTest::mouseClick(accept(*dialog), Qt::LeftButton);
        QTRY_COMPARE(kept("lean"), (json { { "target_bits", 1.25 } }).dump());
        QTRY_COMPARE(presets()->currentText(), QStringLiteral("lean (your own)"));
    }

    void removesAfterAsking()
    {
        type("target_bits", QStringLiteral("1.25"));
        save(QStringLiteral("lean"));
        QTRY_COMPARE(presets()->currentText(), QStringLiteral("lean (your own)"));
        const auto ask = [&](const char* answer) {
            QTest::mouseClick(part<QToolButton>("preset-remove"), Qt::LeftButton);
            auto* box = m_dialog->findChild<QMessageBox*>(QStringLiteral("remove-preset"));
            QVERIFY(box && box->text().contains(QStringLiteral("'lean'")));
            const QPointer<QMessageBox> asked(box);
            if (answer)
                QTest::mouseClick(box->findChild<QPushButton*>(QLatin1String(answer)), Qt::LeftButton);
            else
                QTest::keyClick(box, Qt::Key_Escape);
            QTRY_VERIFY(!asked);
        };
        ask(nullptr);
        QVERIFY(!kept("lean").empty());
        ask("remove-preset-yes");
        QTRY_VERIFY(kept("lean").empty());
        QTRY_VERIFY(presets()->findText(QStringLiteral("lean (your own)")) < 0);
        QCOMPARE(m_dialog->request().parameters.dump(), (json { { "target_bits", 1.25 } }).dump()); // the values stay
    }

    void keptAcrossSessions()
    {
        type("target_bits", QStringLiteral("1.25"));
        save(QStringLiteral("lean & mean"));
        QTRY_COMPARE(presets()->currentText(), QStringLiteral("lean & mean (your own)"));
        cleanup();
        m_studio = std::make_unique<SampleStudio>(m_sample->path);
        QTRY_VERIFY(m_studio->isOpen());
        m_queue = std::make_unique<JobQueue>(m_studio->document);
        open();
        QTRY_VERIFY(presets()->findText(QStringLiteral("lean & mean (your own)")) > 0);
        choose(QStringLiteral("lean & mean (your own)"));
        QCOMPARE(m_dialog->request().parameters.dump(), (json { { "target_bits", 1.25 } }).dump());
        m_dialog->setKind(RunKind::Train);
        QCOMPARE(presets()->findText(QStringLiteral("lean & mean (your own)")), -1); // another kind's
    }

    /// What the command line saves is there when the person comes back to the dialog.
    void followsTheFile()
    {
        QTRY_VERIFY(presets()->count() > 1);
        saveOwnPreset(ownPresetsFile(), RunKind::Search, "from the shell", { { "target_bits", 1.5 } }, Existing::Refuse);
        QWidget elsewhere;
        elsewhere.show();
        elsewhere.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&elsewhere));
        m_dialog->activateWindow();
        QTRY_VERIFY(presets()->findText(QStringLiteral("from the shell (your own)")) > 0);
    }

    /// Said once, nothing is lost, and the rest of the form works.
    void damagedFile()
    {
        m_dialog.reset();
        write("{ \"version\": 1, \"presets\": [");
        open();
        QTRY_VERIFY(words()->isVisible());
        QVERIFY2(words()->text().contains(file()), qPrintable(words()->text()));
        QVERIFY(presets()->count() > 1); // built-in ones
        type("target_bits", QStringLiteral("1.25"));
        save(QStringLiteral("lean"));
        QTRY_VERIFY(words()->isVisible());
        QFile left(file());
        QVERIFY(left.open(QIODevice::ReadOnly));
        QCOMPARE(left.readAll(), QByteArray("{ \"version\": 1, \"presets\": ["));
        write("{ \"version\": 1, \"presets\": [] }"); // mended by hand
        save(QStringLiteral("lean"));
        QTRY_COMPARE(presets()->currentText(), QStringLiteral("lean (your own)"));
        QVERIFY(!words()->isVisible());
    }

    /// One that a later version saved is listed, says why it cannot be used, and can be removed.
    void unfitOne()
    {
        m_dialog.reset();
        write(R"({"version": 1, "presets": [{"kind": "search", "name": "old", "values": {"no_such": 1}}]})");
        open();
        QTRY_VERIFY(presets()->findText(QStringLiteral("old (your own)")) > 0);
        const std::string before = m_dialog->request().parameters.dump();
        presets()->setFocus();
        QTest::keyClicks(presets(), QStringLiteral("old")); // goes there at once
        QCOMPARE(presets()->currentText(), QStringLiteral("old (your own)"));
        QVERIFY(words()->isVisible() && words()->text().contains(QStringLiteral("no_such")));
        QCOMPARE(m_dialog->request().parameters.dump(), before);
        QVERIFY(part<QToolButton>("preset-remove")->isEnabled());
    }
};

QTEST_MAIN(TestOwnPresets)
#include "tst_own_presets.moc"
