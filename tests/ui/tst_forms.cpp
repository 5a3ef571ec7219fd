// SPDX-License-Identifier: GPL-3.0-or-later
// Fields and forms against the declarations and the command line's own words.
#include "ui/forms/parameter_form.h"

#include "core/base/error.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

#include <memory>

using namespace bitscape;
using namespace bitscape::ui;
using nlohmann::json;

namespace {

constexpr RunKind kKinds[] { RunKind::Train, RunKind::Score, RunKind::Search, RunKind::Refine, RunKind::Evaluate };

QLineEdit* lineOf(const ParameterEditor& editor)
{
    return editor.findChild<QLineEdit*>();
}

void type(ParameterEditor& editor, const QString& text)
{
    QLineEdit* line = lineOf(editor);
    line->setFocus();
    line->selectAll();
    QTest::keyClick(line, Qt::Key_Delete);
    QTest::keyClicks(line, text);
}

/// What the command line says to it; empty where it takes it.
QString refusal(RunKind kind, const std::string& name, const std::string& text)
{
    try {
        parseParameter(parameterOf(kind, name), text);
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

std::unique_ptr<ParameterForm> shownForm(RunKind kind)
{
    auto form = std::make_unique<ParameterForm>(kind);
    form->resize(560, 500);
    form->show();
    return form;
}

} // namespace

class TestForms : public QObject {
    Q_OBJECT
private slots:
    void defaultsReadBack()
    {
        for (const RunKind kind : kKinds) {
            const ParameterForm form(kind);
            const json complete = completeParameters(kind, nullptr);
            for (const ParameterSpec& spec : parametersOf(kind)) {
                const ParameterEditor* editor = form.editor(spec.name);
                QVERIFY2(editor, spec.name.c_str());
                QVERIFY2(editor->value().has_value(), spec.name.c_str());
                QCOMPARE(editor->value()->dump(), complete.at(spec.name).dump());
                QVERIFY(editor->isDefault());
                QVERIFY(editor->findChild<QToolButton*>(QStringLiteral("reset"))->isHidden());
                for (const std::string& part : { spec.help, spec.source, spec.name })
                    QVERIFY2(editor->toolTip().contains(QString::fromStdString(part)), part.c_str());
            }
            QCOMPARE(form.changed().dump(), json::object().dump());
            QCOMPARE(form.complaint(), QString());
        }
    }

    /// Typed at the bounds and beyond, the field says what the command line would.
    void boundsTyped()
    {
        int tried = 0;
        for (const RunKind kind : kKinds) {
            for (const ParameterSpec& spec : parametersOf(kind)) {
                if (spec.type != ParameterType::Integer && spec.type != ParameterType::Real)
                    continue;
                ParameterEditor editor(spec); // alone: in a form it may be greyed
                editor.show();
                for (const auto& bound : { spec.minimum, spec.maximum }) {
                    if (!bound)
                        continue;
                    const bool low = bound == spec.minimum;
                    const double beyond = low ? *bound - 1 : *bound * 2 + 1;
                    for (const double number : { *bound, beyond }) {
                        const QString text = QString::number(number, 'g', 12);
                        type(editor, text);
                        const QString words = refusal(kind, spec.name, text.toStdString());
                        QCOMPARE(editor.complaint(), words);
                        QCOMPARE(editor.value().has_value(), words.isEmpty());
                        if (words.isEmpty())
                            QCOMPARE(editor.value()->get<double>(), number);
                        QVERIFY2(number != beyond || !words.isEmpty(), spec.name.c_str());
                        ++tried;
                    }
                }
            }
        }
        QVERIFY(tried > 100);
    }

    void textsAsTheCommandLineTakesThem()
    {
        const auto form = shownForm(RunKind::Search);
        ParameterEditor& epochs = *form->editor("target_bits");
        for (const char* text : { "1e0", "1.5", "0,5", " 2", "2 ", "", "two", "nan", "0x1", "+1" }) {
            type(epochs, QString::fromLatin1(text));
            QCOMPARE(epochs.complaint(), refusal(RunKind::Search, "target_bits", text));
            const auto* words = epochs.findChild<QLabel*>(QStringLiteral("bad"));
            QCOMPARE(words->isVisible(), !epochs.complaint().isEmpty());
            if (words->isVisible())
                QCOMPARE(words->text(), QStringLiteral("⚠ ") + epochs.complaint()); // a sign, not colour alone
        }
    }

    void splits()
    {
        const auto form = shownForm(RunKind::Train);
        ParameterEditor& split = *form->editor("train_split");
        for (const char* text : { "train", "test[:2000]", "train[90%:]", "train[", "train[1:2:3]", "valid" }) {
            type(split, QString::fromLatin1(text));
            QCOMPARE(split.complaint(), refusal(RunKind::Train, "train_split", text));
        }
        QVERIFY(lineOf(split)->completer());
    }

    void noneSaysWhatItMeans()
    {
        const auto form = shownForm(RunKind::Search);
        ParameterEditor& step = *form->editor("step");
        QCOMPARE(lineOf(step)->text(), QString());
        QCOMPARE(lineOf(step)->placeholderText(), QStringLiteral("none: classes/100"));
        QVERIFY(step.value()->is_null());
        type(step, QStringLiteral("0.25"));
        QCOMPARE((*step.value()).dump(), json(0.25).dump());
        type(step, QStringLiteral("none"));
        QVERIFY(step.value()->is_null());
        const auto refine = shownForm(RunKind::Refine);
        const auto* grid = refine->editor("grid")->findChild<QComboBox*>();
        QCOMPARE(grid->currentText(), QStringLiteral("none: as in the search run"));
    }

    void bitsByBoxes()
    {
        const auto form = shownForm(RunKind::Search);
        ParameterEditor& bits = *form->editor("allowed_bits");
        const auto boxes = bits.findChildren<QCheckBox*>();
        QCOMPARE(boxes.size(), 9);
        for (const int box : { 0, 8 })
            QTest::mouseClick(boxes[box], Qt::LeftButton, {}, QPoint(8, boxes[box]->height() / 2));
        QCOMPARE((*bits.value()).dump(), json::array({ 1, 2, 3, 4, 8 }).dump());
        for (const int box : { 1, 2, 3, 4 })
            QTest::mouseClick(boxes[box], Qt::LeftButton, {}, QPoint(8, boxes[box]->height() / 2));
        QVERIFY(!bits.value());
        QCOMPARE(bits.complaint(), refusal(RunKind::Search, "allowed_bits", "8"));
    }

    void flagsByKey()
    {
        const auto form = shownForm(RunKind::Search);
        auto* box = form->editor("keep_first_last")->findChild<QCheckBox*>();
        QVERIFY(box->isChecked());
        QTest::keyClick(box, Qt::Key_Space);
        QCOMPARE(form->changed().dump(), json({ { "keep_first_last", false } }).dump());
    }

    /// A word that is no choice of this version must not turn into the first choice.
    void nothingIsReplaced()
    {
        ParameterForm form(RunKind::Search);
        const json strange { { "strategy", "oracle" }, { "allowed_bits", { 0, 2, 12 } }, { "target_bits", 99.0 } };
        for (const auto& [name, value] : strange.items()) {
            ParameterEditor& editor = *form.editor(name);
            editor.setValue(value);
            QVERIFY(!editor.value());
            QCOMPARE(editor.complaint(), refusal(RunKind::Search, name, parameterText(value)));
            editor.reset();
            QVERIFY(editor.isDefault());
        }
    }

    void resetButton()
    {
        const auto form = shownForm(RunKind::Train);
        ParameterEditor& epochs = *form->editor("epochs");
        auto* button = epochs.findChild<QToolButton*>(QStringLiteral("reset"));
        type(epochs, QStringLiteral("7"));
        QVERIFY(button->isVisible());
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(!button->isVisible());
        QCOMPARE((*epochs.value()).dump(), json(3).dump());
    }

    void wheelChangesNothing()
    {
        const auto form = shownForm(RunKind::Train);
        auto* combo = form->editor("schedule")->findChild<QComboBox*>();
        combo->setFocus();
        QWheelEvent wheel(
            QPointF(5, 5), combo->mapToGlobal(QPointF(5, 5)), {}, QPoint(0, -120), Qt::NoButton, {}, Qt::NoScrollPhase, false);
        QApplication::sendEvent(combo, &wheel);
        QCOMPARE(combo->currentText(), QStringLiteral("cosine"));
    }

    void relations()
    {
        const auto form = shownForm(RunKind::Search);
        type(*form->editor("target_bits"), QStringLiteral("6"));
        QString expected;
        try {
            completeParameters(RunKind::Search, { { "target_bits", 6.0 } });
        } catch (const Error& error) {
            expected = QString::fromUtf8(error.what());
        }
        QVERIFY(!expected.isEmpty());
        QCOMPARE(form->complaint(), expected);
        auto* filter = form->findChild<QLineEdit*>(QStringLiteral("parameter-filter"));
        QTest::keyClicks(filter, QStringLiteral("strategy"));
        QVERIFY(!form->editor("target_bits")->isVisible());
        form->focusProblem();
        QVERIFY(form->editor("target_bits")->isVisible()); // found again
        QTRY_VERIFY(lineOf(*form->editor("target_bits"))->hasFocus());
        type(*form->editor("target_bits"), QStringLiteral("4"));
        QCOMPARE(form->complaint(), QString());
    }

    void greyedWithReason()
    {
        const auto form = shownForm(RunKind::Train);
        ParameterEditor& milestones = *form->editor("milestones");
        QVERIFY(!lineOf(milestones)->isEnabled());
        QVERIFY(milestones.toolTip().startsWith(QStringLiteral("only with schedule = steps")));
        auto* schedule = form->editor("schedule")->findChild<QComboBox*>();
        schedule->setFocus();
        QTest::keyClick(schedule, Qt::Key_Down);
        QCOMPARE(schedule->currentText(), QStringLiteral("steps"));
        QVERIFY(lineOf(milestones)->isEnabled());
        type(milestones, QStringLiteral("0.5,0.9"));
        QCOMPARE(form->changed().dump(), json({ { "schedule", "steps" }, { "milestones", { 0.5, 0.9 } } }).dump());
    }

    void filterAndOnlyChanged()
    {
        const auto form = shownForm(RunKind::Search);
        auto* filter = form->findChild<QLineEdit*>(QStringLiteral("parameter-filter"));
        const auto shown = [&] {
            QStringList names;
            for (const ParameterSpec& spec : parametersOf(RunKind::Search)) {
                if (form->editor(spec.name)->isVisible())
                    names << QString::fromStdString(spec.name);
            }
            return names;
        };
        QTest::keyClicks(filter, QStringLiteral("FLOOR"));
        QCOMPARE(shown(), (QStringList { "accuracy_floor", "floor_decay", "decision" })); // the help of decision speaks of floors
        filter->clear();
        QCOMPARE(shown().size(), static_cast<qsizetype>(parametersOf(RunKind::Search).size()));
        form->setValues({ { "target_bits", 1.0 } });
        QTest::mouseClick(form->findChild<QCheckBox*>(QStringLiteral("only-changed")), Qt::LeftButton, {}, QPoint(8, 8));
        QCOMPARE(shown(), QStringList { "target_bits" });
        form->setValues({ { "order", "descending" } });
        QCOMPARE(shown(), QStringList { "order" });
    }

    void valuesRoundTrip()
    {
        ParameterForm form(RunKind::Search);
        QSignalSpy edited(&form, &ParameterForm::edited);
        const json values { { "strategy", "fisher" }, { "target_bits", 1.25 }, { "allowed_bits", { 0, 2, 8 } },
            { "class_weights", { 1.0, 0.5 } }, { "keep_first_last", false }, { "max_seconds", 90.0 }, { "search_split", "train[95%:]" },
            { "activation_bits", 4 } };
        form.setValues(values);
        QCOMPARE(edited.count(), 1);
        QCOMPARE(form.changed().dump(), values.dump());
        form.setValues({ { "no_such", 1 } });
        QCOMPARE(form.changed().dump(), json::object().dump());
    }
};

QTEST_MAIN(TestForms)
#include "tst_forms.moc"
