// SPDX-License-Identifier: GPL-3.0-or-later
// A run asked for with real clicks and keys, against a bitscape-cli that notes what it is asked.
#include "ui/forms/new_run_dialog.h"

#include "fake_cli.h"
#include "sample_project.h"

#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

#include <memory>

using namespace bitscape;
using namespace bitscape::ui;
using nlohmann::json;

namespace {

/// The values that follow --set, as the command line reads them.
json settingsIn(RunKind kind, const QStringList& arguments)
{
    json values = json::object();
    for (qsizetype i = 0; i + 1 < arguments.size(); ++i) {
        if (arguments[i] != QLatin1String("--set"))
            continue;
        const std::string setting = arguments[i + 1].toStdString();
        const std::size_t equals = setting.find('=');
        const std::string name = setting.substr(0, equals);
        values[name] = parseParameter(parameterOf(kind, name), setting.substr(equals + 1));
    }
    return values;
}

QString after(const QStringList& arguments, const char* flag)
{
    const qsizetype at = arguments.indexOf(QString::fromLatin1(flag));
    return at < 0 ? QString() : arguments.value(at + 1);
}

} // namespace

class TestNewRunDialog : public QObject {
    Q_OBJECT

    std::unique_ptr<Sample> m_sample;
    std::unique_ptr<SampleStudio> m_studio;
    std::unique_ptr<JobQueue> m_queue;
    std::unique_ptr<NewRunDialog> m_dialog;
    FakeCli m_cli;

    template <typename Widget> Widget* part(const char* name) const { return m_dialog->findChild<Widget*>(QString::fromLatin1(name)); }
    ParameterEditor* editor(const char* name) const
    {
        for (ParameterEditor* each : m_dialog->findChildren<ParameterEditor*>()) {
            if (each->isVisible() && each->spec().name == name)
                return each;
        }
        return nullptr;
    }
    void type(QLineEdit* line, const QString& text) const
    {
        line->setFocus();
        line->selectAll();
        QTest::keyClick(line, Qt::Key_Delete);
        QTest::keyClicks(line, text);
    }
    void type(const char* parameter, const QString& text) const { type(editor(parameter)->findChild<QLineEdit*>(), text); }
    void start() const { QTest::mouseClick(part<QPushButton>("run-start"), Qt::LeftButton); }
    QLabel* complaint() const
    {
        QLabel* last = nullptr;
        for (QLabel* label : m_dialog->findChildren<QLabel*>(QStringLiteral("bad"), Qt::FindDirectChildrenOnly))
            last = label;
        return last;
    }

private slots:
    void initTestCase() { m_sample = std::make_unique<Sample>(); }

    void init()
    {
        m_cli.answers(QStringLiteral("echo 'run 4'"));
        m_studio = std::make_unique<SampleStudio>(m_sample->path);
        QTRY_VERIFY(m_studio->isOpen());
        m_queue = std::make_unique<JobQueue>(m_studio->document);
        m_dialog = std::make_unique<NewRunDialog>(m_studio->document, *m_queue);
        m_dialog->open();
        QVERIFY(QTest::qWaitForWindowActive(m_dialog.get()));
    }

    void cleanup()
    {
        m_dialog.reset();
        m_queue.reset();
        m_studio.reset();
    }

    void submitsWhatStandsThere()
    {
        QSignalSpy started(m_dialog.get(), &NewRunDialog::started);
        m_dialog->setKind(RunKind::Search);
        type("target_bits", QStringLiteral("1.5"));
        auto* strategy = editor("strategy")->findChild<QComboBox*>();
        strategy->setFocus();
        QTest::keyClick(strategy, Qt::Key_Down);
        type(part<QLineEdit>("run-seed"), QStringLiteral("18446744073709551615"));
        type(part<QLineEdit>("run-name"), QStringLiteral("it's mine"));
        const QString shown = part<QLineEdit>("run-command")->text();
        start();
        QVERIFY(!part<QPushButton>("run-start")->isEnabled()); // busy
        QTRY_VERIFY(!m_dialog->isVisible());
        QCOMPARE(m_dialog->result(), int(QDialog::Accepted));
        QCOMPARE(started.count(), 1);
        QCOMPARE(started.front().front().value<RunId>().value, std::int64_t { 4 });
        const auto asked = m_cli.asked();
        QCOMPARE(asked.size(), 1);
        const QStringList& words = asked.front();
        QCOMPARE(words.mid(0, 3), (QStringList { "search", m_sample->path, "--queue" }));
        QCOMPARE(after(words, "--from"), QString::number(m_sample->score.value)); // the newest score run
        QCOMPARE(after(words, "--seed"), QStringLiteral("18446744073709551615"));
        QCOMPARE(after(words, "--name"), QStringLiteral("it's mine"));
        QCOMPARE(settingsIn(RunKind::Search, words).dump(), (json { { "strategy", "fisher" }, { "target_bits", 1.5 } }).dump());
        // The command line shown does the same but for --queue: a real shell takes it apart.
        QStringList expected = words;
        expected.removeOne(QStringLiteral("--queue"));
        QProcess shell;
        shell.start(QStringLiteral("/bin/sh"),
            { "-c",
                QStringLiteral("bitscape_cli() { printf '%s\\n' \"$@\"; }; ")
                    + QString(shown).replace(QStringLiteral("bitscape-cli"), QStringLiteral("bitscape_cli")) });
        QVERIFY(shell.waitForFinished());
        QCOMPARE(QString::fromUtf8(shell.readAllStandardOutput()).split('\n', Qt::SkipEmptyParts), expected);
    }

    void refusalStaysAndNothingIsLost()
    {
        m_cli.answers(QStringLiteral("echo 'bitscape-cli: The data set is gone.' >&2; exit 3"));
        m_dialog->setKind(RunKind::Score);
        type("samples_per_class", QStringLiteral("7"));
        start();
        QTRY_COMPARE(complaint()->text(), QStringLiteral("⚠ The data set is gone."));
        QVERIFY(complaint()->isVisible());
        QVERIFY(m_dialog->isVisible());
        QVERIFY(part<QPushButton>("run-start")->isEnabled());
        QCOMPARE(m_dialog->request().parameters.dump(), (json { { "samples_per_class", 7 } }).dump());
    }

    void wrongValueIsNotSubmitted()
    {
        m_dialog->setKind(RunKind::Search);
        type("target_bits", QStringLiteral("6")); // above allowed_bits
        QVERIFY(complaint()->text().contains(QStringLiteral("'target_bits'")));
        part<QPushButton>("run-start")->setFocus();
        start();
        QVERIFY(editor("target_bits")->findChild<QLineEdit*>()->hasFocus());
        QVERIFY(m_dialog->isVisible());
        QCOMPARE(m_cli.asked().size(), 0);
    }

    void seedsBeyondWhatThereIs()
    {
        for (const char* seed : { "18446744073709551616", "", "-1", "x" }) {
            type(part<QLineEdit>("run-seed"), QString::fromLatin1(seed));
            QVERIFY(complaint()->text().contains(QStringLiteral("seed")));
            start();
            QVERIFY(part<QLineEdit>("run-seed")->hasFocus());
        }
        QCOMPARE(m_cli.asked().size(), 0);
        const QString before = part<QLineEdit>("run-seed")->text();
        QTest::mouseClick(part<QToolButton>("run-dice"), Qt::LeftButton);
        QVERIFY(part<QLineEdit>("run-seed")->text() != before);
        QVERIFY(complaint()->isHidden());
    }

    void seedsInARow()
    {
        type(part<QLineEdit>("run-seed"), QStringLiteral("41"));
        part<QSpinBox>("run-repeat")->setFocus();
        QTest::keyClick(part<QSpinBox>("run-repeat"), Qt::Key_Up);
        QTest::keyClick(part<QSpinBox>("run-repeat"), Qt::Key_Up);
        QCOMPARE(part<QLineEdit>("run-command")->text().count(QStringLiteral("bitscape-cli")), 3);
        start();
        QTRY_VERIFY(!m_dialog->isVisible());
        QStringList seeds;
        for (const QStringList& words : m_cli.asked())
            seeds << after(words, "--seed");
        QCOMPARE(seeds, (QStringList { "41", "42", "43" }));
    }

    /// What is in the queue is not queued twice when the rest is tried again.
    void refusedHalfWay()
    {
        m_cli.answers(QStringLiteral("case \"$*\" in *'--seed 42'*) echo 'the disk is full' >&2; exit 1;; esac; echo 'run 4'"));
        type(part<QLineEdit>("run-seed"), QStringLiteral("41"));
        part<QSpinBox>("run-repeat")->setValue(3);
        start();
        QTRY_VERIFY(complaint()->text().contains(QStringLiteral("the disk is full")));
        QVERIFY(complaint()->text().contains(QStringLiteral("1 run(s)")));
        QCOMPARE(part<QLineEdit>("run-seed")->text(), QStringLiteral("42"));
        QCOMPARE(part<QSpinBox>("run-repeat")->value(), 2);
    }

    void cancelledWhileChecking()
    {
        m_cli.answers(QStringLiteral("while [ ! -e '%1/go' ]; do :; done; echo 'run 4'").arg(m_cli.folder()));
        QSignalSpy started(m_dialog.get(), &NewRunDialog::started);
        QSignalSpy ended(m_queue.get(), &JobQueue::jobEnded);
        part<QSpinBox>("run-repeat")->setValue(5);
        start();
        QTRY_COMPARE(m_cli.asked().size(), 1);
        QTest::keyClick(m_dialog.get(), Qt::Key_Escape);
        QVERIFY(!m_dialog->isVisible());
        QFile go(m_cli.folder() + QStringLiteral("/go"));
        QVERIFY(go.open(QIODevice::WriteOnly));
        QTRY_COMPARE(ended.count(), 1); // taken out of the queue again
        QCOMPARE(started.count(), 0);
        QCOMPARE(m_cli.asked().size(), 1);
        QVERIFY(go.remove());
    }

    void parentsThatFit()
    {
        const auto offered = [&](RunKind kind) {
            m_dialog->setKind(kind);
            QList<qlonglong> ids;
            for (int i = 0; i < part<QComboBox>("run-parent")->count(); ++i)
                ids << part<QComboBox>("run-parent")->itemData(i).toLongLong();
            return ids;
        };
        const auto& s = *m_sample;
        QCOMPARE(offered(RunKind::Train), (QList<qlonglong> { 0, s.train.value }));
        QCOMPARE(offered(RunKind::Score), (QList<qlonglong> { s.train.value, 0 }));
        QCOMPARE(offered(RunKind::Search), (QList<qlonglong> { s.score.value, s.train.value, 0 }));
        QCOMPARE(offered(RunKind::Refine), (QList<qlonglong> { s.again.value, s.search.value })); // the failed one has no bits
        QCOMPARE(offered(RunKind::Evaluate), (QList<qlonglong> { s.again.value, s.search.value, s.score.value, s.train.value, 0 }));
        QVERIFY(!part<QComboBox>("run-model")->isEnabled()); // the parent's
        m_dialog->setParent(s.train);
        QCOMPARE(m_dialog->request().parent->value, s.train.value);
    }

    void duplicates()
    {
        const Run run = m_studio->document.run(m_sample->again)->run;
        m_dialog->setFrom(run);
        const RunRequest request = m_dialog->request();
        QCOMPARE(completeParameters(run.kind, request.parameters).dump(), run.parameters.dump());
        QCOMPARE(request.seed, run.seed);
        QVERIFY(request.kind == run.kind && request.parent == run.parent && request.model == run.model && request.dataset == run.dataset);
        QCOMPARE(part<QLineEdit>("run-name")->placeholderText(), QStringLiteral("search random 1.5"));
    }

    void presetsFillTheForm()
    {
        m_dialog->setKind(RunKind::Search);
        auto* presets = part<QComboBox>("run-preset");
        const QString last = QStringLiteral("As the last one, #%1 search").arg(m_sample->failed.value);
        QVERIFY(presets->findText(last) > 0);
        const int again = presets->findText(QStringLiteral("As #%1 search").arg(m_sample->again.value));
        QVERIFY(again > 0);
        presets->setFocus();
        presets->showPopup();
        presets->setCurrentIndex(again);
        presets->hidePopup();
        emit presets->activated(again);
        const auto wanted = m_studio->document.run(m_sample->again)->run.parameters;
        QCOMPARE(completeParameters(RunKind::Search, m_dialog->request().parameters).dump(), wanted.dump());
        QCOMPARE(presets->currentIndex(), again);
        type("target_bits", QStringLiteral("1.75"));
        QCOMPARE(presets->currentIndex(), -1); // own values
        type("target_bits", QStringLiteral("1.5"));
        QVERIFY(presets->currentIndex() > 0);
    }

    /// Whatever any process writes to the project is in the lists; what was chosen, typed and refused stays.
    void followsTheProject()
    {
        m_cli.answers(QStringLiteral("echo 'bitscape-cli: The disk is full.' >&2; exit 3"));
        m_dialog->setKind(RunKind::Search);
        m_dialog->setParent(m_sample->train);
        type("target_bits", QStringLiteral("1.25"));
        start();
        QTRY_COMPARE(complaint()->text(), QStringLiteral("⚠ The disk is full."));
        auto* parents = part<QComboBox>("run-parent");
        auto* presets = part<QComboBox>("run-preset");
        const int before = parents->count();
        Project project = Project::open(m_sample->path.toStdString());
        Run added = run(project, m_sample->score);
        added.name = "written elsewhere";
        const RunId score = addRun(project, added);
        added = run(project, m_sample->again);
        added.name = "search elsewhere";
        const RunId search = addRun(project, added);
        Model model = bitscape::model(project, *added.model);
        model.name = "another network";
        const ModelId another = addModel(project, model);
        m_studio->document.refresh();
        QTRY_COMPARE(parents->count(), before + 1);
        QVERIFY(parents->itemText(0).contains(QStringLiteral("written elsewhere"))); // the newest first
        QTRY_VERIFY(presets->findText(QStringLiteral("As the last one, #%1 search elsewhere").arg(search.value)) > 0);
        QTRY_VERIFY(part<QComboBox>("run-model")->findText(QStringLiteral("another network")) >= 0);
        QCOMPARE(m_dialog->request().parent->value, m_sample->train.value);
        QCOMPARE(m_dialog->request().parameters.dump(), (json { { "target_bits", 1.25 } }).dump());
        QCOMPARE(complaint()->text(), QStringLiteral("⚠ The disk is full."));
        m_dialog->setParent(score);
        removeRun(project, score);
        removeRun(project, search);
        removeModel(project, another);
        m_studio->document.refresh();
        QTRY_COMPARE(parents->count(), before);
        QCOMPARE(m_dialog->request().parent->value, m_sample->score.value); // the chosen one is gone: the newest
        QTRY_VERIFY(part<QComboBox>("run-model")->findText(QStringLiteral("another network")) < 0);
    }

    void everyPresetIsValid()
    {
        for (const RunKind kind : offeredKinds()) {
            for (const ParameterChoice& choice : parameterChoices(kind, {})) {
                ParameterForm form(kind);
                form.setValues(choice.values);
                QCOMPARE(form.complaint(), QString());
                QCOMPARE(form.changed().dump(), choice.values.dump());
            }
        }
    }

    /// Alt and a letter mean one thing, and every letter leads somewhere.
    void mnemonics()
    {
        QMap<QChar, QString> taken;
        const auto note = [&](const QString& text) {
            const QKeySequence key = QKeySequence::mnemonic(text);
            if (key.isEmpty())
                return;
            const QChar letter = key.toString().back();
            QVERIFY2(!taken.contains(letter), qPrintable(text + QStringLiteral(" and ") + taken.value(letter)));
            taken[letter] = text;
        };
        for (const QLabel* label : m_dialog->findChildren<QLabel*>()) {
            if (!label->isVisible() || label->text().indexOf(QLatin1Char('&')) < 0)
                continue;
            QVERIFY2(label->buddy(), qPrintable(label->text()));
            note(label->text());
        }
        for (const QAbstractButton* button : m_dialog->findChildren<QAbstractButton*>()) {
            if (button->isVisible())
                note(button->text());
        }
        QVERIFY(taken.size() >= 8);
    }

    void copies()
    {
        QTest::mouseClick(part<QToolButton>("run-copy"), Qt::LeftButton);
        QCOMPARE(QApplication::clipboard()->text(), part<QLineEdit>("run-command")->text());
    }

    void enterStartsAndEscapeCloses()
    {
        part<QLineEdit>("run-name")->setFocus();
        QTest::keyClick(part<QLineEdit>("run-name"), Qt::Key_Return);
        QTRY_COMPARE(m_cli.asked().size(), 1);
        QTRY_VERIFY(!m_dialog->isVisible());
        m_dialog->open();
        QTest::keyClick(m_dialog.get(), Qt::Key_Escape);
        QVERIFY(!m_dialog->isVisible());
        QCOMPARE(m_cli.asked().size(), 1);
    }
};

QTEST_MAIN(TestNewRunDialog)
#include "tst_new_run_dialog.moc"
