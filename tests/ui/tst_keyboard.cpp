// SPDX-License-Identifier: GPL-3.0-or-later
// Everything is reached by keyboard: Alt and a letter mean one thing in a window, and Tab goes through every control from top to bottom.
#include "tests/ui/fake_cli.h"
#include "tests/ui/sample_project.h"
#include "tests/ui/studio_fixture.h"

#include "ui/forms/add_dataset_dialog.h"
#include "ui/forms/add_model_dialog.h"
#include "ui/forms/export_dialog.h"
#include "ui/forms/new_run_dialog.h"
#include "ui/forms/save_preset_dialog.h"
#include "ui/forms/settings_dialog.h"

#include <QDialogButtonBox>
#include <QDockWidget>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QScrollArea>
#include <QSignalSpy>
#include <QTabBar>
#include <QTabWidget>

using namespace studio_test;

namespace {

/// By letter, the texts that claim it.
class Letters final {
public:
    void note(const QString& text)
    {
        const QKeySequence key = QKeySequence::mnemonic(text);
        if (!key.isEmpty())
            m_texts[key.toString()] << text;
    }
    /// "Alt+E: &Edit, &Explore"; empty where each letter means one thing.
    QString clashes() const
    {
        QStringList found;
        for (auto each = m_texts.begin(); each != m_texts.end(); ++each) {
            if (each.value().size() > 1)
                found << each.key() + QStringLiteral(": ") + each.value().join(QStringLiteral(", "));
        }
        return found.join(QStringLiteral("; "));
    }
    qsizetype count() const { return m_texts.size(); }

private:
    QMap<QString, QStringList> m_texts;
};

/// Of all that is visible in a window: menus, buttons, tabs, and labels, which have to lead to something.
Letters lettersIn(const QWidget& window)
{
    Letters letters;
    if (const auto* main = qobject_cast<const QMainWindow*>(&window)) {
        for (const QAction* action : main->menuBar()->actions())
            letters.note(action->text());
    }
    for (const QAbstractButton* button : window.findChildren<QAbstractButton*>()) {
        if (button->isVisible())
            letters.note(button->text());
    }
    for (const QTabBar* tabs : window.findChildren<QTabBar*>()) {
        for (int i = 0; tabs->isVisible() && i < tabs->count(); ++i)
            letters.note(tabs->tabText(i));
    }
    for (const QLabel* label : window.findChildren<QLabel*>()) {
        if (label->isVisible() && label->buddy())
            letters.note(label->text());
    }
    return letters;
}

/// Where a control stands, for reading from top to bottom: within a scroll area by its place in what is scrolled.
std::pair<int, int> placeOf(const QWidget& control)
{
    const QPoint middle = control.rect().center();
    for (const QWidget* each = control.parentWidget(); each && !each->isWindow(); each = each->parentWidget()) {
        const auto* area = qobject_cast<const QScrollArea*>(each);
        if (area && area->widget())
            return { area->mapTo(area->window(), QPoint()).y(), control.mapTo(area->widget(), middle).y() };
    }
    return { control.mapTo(control.window(), middle).y(), 0 };
}

bool isControl(const QWidget& widget)
{
    return widget.isVisible() && widget.isEnabled() && (widget.focusPolicy() & Qt::TabFocus) && !widget.focusProxy();
}

QString nameOf(const QWidget& widget)
{
    const auto* button = qobject_cast<const QAbstractButton*>(&widget);
    return QStringLiteral("%1 '%2' '%3'")
        .arg(QString::fromLatin1(widget.metaObject()->className()), widget.objectName(), button ? button->text() : QString());
}

/// The controls of a window in the order that real Tab keys visit them.
QList<QWidget*> tabbed(QWidget& window)
{
    QList<QWidget*> visited;
    for (int i = 0; i < 200; ++i) {
        QTest::keyClick(&window, Qt::Key_Tab);
        QWidget* now = QApplication::focusWidget();
        if (!now || visited.contains(now))
            break;
        visited << now;
    }
    return visited;
}

/// What is wrong with the order; empty where nothing is.
QString complaintOnOrder(QWidget& window)
{
    constexpr int kSameRow = 14;
    QList<QWidget*> visited = tabbed(window);
    for (const QWidget* each : window.findChildren<QWidget*>()) {
        if (isControl(*each) && !visited.contains(each) && !qobject_cast<const QTabBar*>(each))
            return nameOf(*each) + QStringLiteral(" is never reached");
    }
    const auto first
        = std::min_element(visited.begin(), visited.end(), [](const QWidget* a, const QWidget* b) { return placeOf(*a) < placeOf(*b); });
    if (first == visited.end())
        return QStringLiteral("nothing is reached");
    const int row = placeOf(**first).first;
    const auto start = std::find_if(visited.begin(), visited.end(), [&](const QWidget* each) {
        const auto before = each == visited.front() ? visited.back() : visited[visited.indexOf(const_cast<QWidget*>(each)) - 1];
        return placeOf(*each).first <= row + kSameRow && placeOf(*before).first > row + kSameRow;
    });
    if (start != visited.end())
        std::rotate(visited.begin(), start, visited.end());
    for (qsizetype i = 1; i < visited.size(); ++i) {
        const auto before = placeOf(*visited[i - 1]), now = placeOf(*visited[i]);
        const bool falls = now.first < before.first - kSameRow || (now.first == before.first && now.second < before.second - kSameRow);
        if (falls)
            return nameOf(*visited[i]) + QStringLiteral(" comes after ") + nameOf(*visited[i - 1]);
    }
    return {};
}

} // namespace

class TestKeyboard final : public QObject {
    Q_OBJECT
    FakeCli m_cli;
    Sample m_sample;
    std::unique_ptr<SampleStudio> m_studio;

    static void checkDialog(QDialog& dialog, const QString& what)
    {
        dialog.open();
        QVERIFY(QTest::qWaitForWindowActive(&dialog));
        const Letters letters = lettersIn(dialog);
        QVERIFY2(letters.clashes().isEmpty(), qPrintable(what + QStringLiteral(": ") + letters.clashes()));
        const QString complaint = complaintOnOrder(dialog);
        QVERIFY2(complaint.isEmpty(), qPrintable(what + QStringLiteral(": ") + complaint));
        for (const QWidget* each : dialog.findChildren<QWidget*>()) {
            if (isControl(*each) && !qobject_cast<const QAbstractButton*>(each) && !qobject_cast<const QTabBar*>(each))
                QVERIFY2(isNamed(*each, dialog), qPrintable(what + QStringLiteral(": ") + nameOf(*each) + QStringLiteral(" has no name")));
        }
    }

    /// A label leads there, or it says itself what it is.
    static bool isNamed(const QWidget& control, const QWidget& window)
    {
        if (!control.accessibleName().isEmpty() || !control.toolTip().isEmpty())
            return true;
        for (const QLabel* label : window.findChildren<QLabel*>()) {
            for (const QWidget* each = &control; each; each = each->parentWidget()) {
                if (label->buddy() == each)
                    return true;
            }
        }
        return false;
    }

private slots:
    void initTestCase()
    {
        m_studio = std::make_unique<SampleStudio>(m_sample.path);
        QTRY_VERIFY(m_studio->isOpen());
    }

    void welcomePage()
    {
        Place place;
        MainWindow* window = place.studio->newWindow();
        QVERIFY(QTest::qWaitForWindowActive(window));
        const Letters letters = lettersIn(*window);
        QVERIFY2(letters.clashes().isEmpty(), qPrintable(letters.clashes()));
        QVERIFY(letters.count() >= 9); // six menus, three buttons
        QSignalSpy opened(in(*window, "welcome-example"), SIGNAL(clicked()));
        QTest::keyClick(window, Qt::Key_X, Qt::AltModifier);
        QTRY_COMPARE(opened.count(), 1); // after the button was seen to go down
        QTRY_VERIFY(dialog("project-file"));
        dialog("project-file")->reject();
    }

    /// Every menu, and the window with each view and dock in front.
    void projectWindow()
    {
        Place place;
        QVERIFY(QFile::copy(m_sample.path, place.path(QStringLiteral("p.bitscape"))));
        MainWindow* window = place.studio->openProject(place.path(QStringLiteral("p.bitscape")), ProjectThread::Mode::Open);
        QVERIFY(window);
        QTRY_VERIFY(window->workspace() && window->workspace()->document().isOpen());
        QVERIFY(QTest::qWaitForWindowActive(window));
        for (const QAction* menu : window->menuBar()->actions()) {
            Letters letters;
            for (const QAction* action : menu->menu()->actions())
                letters.note(action->text());
            QVERIFY2(letters.clashes().isEmpty(), qPrintable(menu->text() + QStringLiteral(" menu: ") + letters.clashes()));
        }
        for (const ViewKind& kind : viewKinds()) {
            window->workbench()->views().showKind(kind.id);
            for (QDockWidget* dock : window->findChildren<QDockWidget*>()) {
                dock->raise();
                QTRY_VERIFY(!dock->widget()->visibleRegion().isEmpty());
                const Letters letters = lettersIn(*window);
                QVERIFY2(letters.clashes().isEmpty(),
                    qPrintable(kind.id + QStringLiteral(", ") + dock->windowTitle() + QStringLiteral(": ") + letters.clashes()));
            }
        }
    }

    void newRun()
    {
        JobQueue queue(m_studio->document);
        for (const RunKind kind : offeredKinds()) {
            NewRunDialog dialog(m_studio->document, queue);
            dialog.setKind(kind);
            checkDialog(dialog, QString::fromStdString(toString(kind)));
        }
    }

    void addModel()
    {
        for (const QString& file : { QString(), QStringLiteral("/a/net.onnx") }) {
            AddModelDialog dialog(m_studio->document, file, {});
            checkDialog(dialog, QStringLiteral("add a model ") + file);
        }
    }

    void addDataset()
    {
        for (const QString& kind : { QStringLiteral("glyphs"), QStringLiteral("folder") }) {
            AddDatasetDialog dialog(m_studio->document, {}, {});
            dialog.findChild<QComboBox*>(QStringLiteral("data-kind"))->setCurrentText(kind);
            checkDialog(dialog, QStringLiteral("add a data set ") + kind);
        }
    }

    void exportRun()
    {
        ExportDialog dialog(m_studio->document, m_sample.search);
        checkDialog(dialog, QStringLiteral("export"));
    }

    void settings()
    {
        const QTemporaryDir folder;
        QSettings store(folder.filePath(QStringLiteral("s")), QSettings::IniFormat);
        Settings kept(store);
        SettingsDialog dialog(kept);
        checkDialog(dialog, QStringLiteral("settings"));
    }

    void savePreset()
    {
        SavePresetDialog dialog(RunKind::Search, QStringLiteral("target_bits=1.5"), { QStringLiteral("lean") }, QStringLiteral("lean"));
        checkDialog(dialog, QStringLiteral("save a preset"));
    }
};

QTEST_MAIN(TestKeyboard)
#include "tst_keyboard.moc"
