// SPDX-License-Identifier: GPL-3.0-or-later
// screenshots PROJECT FOLDER [WIDTHxHEIGHT]: every view of the studio on a finished project, dark and light, as PNG files. A view that
// stays empty is an error.
#include "ui/forms/add_dataset_dialog.h"
#include "ui/forms/add_model_dialog.h"
#include "ui/forms/new_run_dialog.h"
#include "ui/forms/settings_dialog.h"
#include "ui/forms/sweep_dialog.h"
#include "ui/help/help_window.h"
#include "ui/views/compare_view.h"
#include "ui/window/command_palette.h"
#include "ui/window/main_window.h"
#include "ui/window/studio.h"
#include "ui/window/view_tabs.h"
#include "ui/window/workbench.h"

#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QSettings>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <iostream>

using namespace bitscape;
using namespace bitscape::ui;

namespace {

/// The newest finished run of a kind, with bits spread over filters where there is a choice.
std::optional<RunId> runOf(const RunMap& runs, RunKind kind, const std::string& strategy = {})
{
    std::optional<RunId> found;
    for (const auto& [id, record] : runs) {
        const bool fits = strategy.empty() || record->run.parameters.value("strategy", std::string()) == strategy;
        if (record->run.kind == kind && record->run.state == RunState::Finished && fits)
            found = id;
    }
    return found;
}

class Album final {
public:
    Album(QString folder, QSize size)
        : m_folder(std::move(folder))
        , m_size(size)
    {
    }

    void take(QWidget& widget, const QString& name)
    {
        QTest::qWait(350); // drawing is done when it is, and a picture is no test
        const QString path = QStringLiteral("%1/%2.png").arg(m_folder, name);
        if (!widget.grab().save(path))
            std::cerr << "cannot write " << path.toStdString() << "\n";
    }

    void views(MainWindow& window, const QString& theme)
    {
        const auto& runs = window.workspace()->document().runs();
        for (const ViewKind& kind : viewKinds()) {
            const std::optional<RunId> run = kind.id == QLatin1String("training") ? runOf(runs, RunKind::Train)
                : kind.id == QLatin1String("stepping")                            ? runOf(runs, RunKind::Step)
                : kind.id == QLatin1String("sweep")                               ? runOf(runs, RunKind::Sweep)
                                                                                  : runOf(runs, RunKind::Search, "cq");
            if (kind.id == QLatin1String("sweep") && !run)
                continue; // a project without
            window.workspace()->selection().selectRun(run);
            window.workspace()->selection().selectFilter({ 2, 7 });
            window.workbench()->views().showKind(kind.id);
            QTest::qWait(kind.id == QLatin1String("whatif") ? 4000 : 600); // until its accuracy has come
            check(window, kind.id);
            take(window, QStringLiteral("%1-%2").arg(kind.id, theme));
            if (auto* pages = window.workbench()->views().currentView()->findChild<QTabWidget*>(QStringLiteral("steppingPages"))) {
                pages->setCurrentIndex(1);
                take(window, QStringLiteral("%1-construction-%2").arg(kind.id, theme));
            }
        }
    }

    /// A search of each strategy at one target, and their refinements.
    void comparison(MainWindow& window, const QString& theme)
    {
        std::vector<RunId> runs;
        for (const auto& [id, record] : window.workspace()->document().runs()) {
            const bool isSearch = record->run.kind == RunKind::Search && record->run.parameters.value("target_bits", 0.0) == 2.0;
            const bool follows = record->run.kind == RunKind::Refine && std::ranges::find(runs, *record->run.parent) != runs.end();
            if (runs.size() < kMostCompared && record->run.state == RunState::Finished && (isSearch || follows))
                runs.push_back(id);
        }
        window.workbench()->views().openDocument(CompareView::idOf(runs), CompareView::titleOf(runs), QStringLiteral("compare"),
            [runs](const ViewContext& context) { return new CompareView(context, runs); });
        QTest::qWait(600);
        auto* pages = window.workbench()->views().currentView()->findChild<QTabWidget*>(QStringLiteral("comparePages"));
        for (int page = 0; page < pages->count(); ++page) {
            pages->setCurrentIndex(page);
            take(window, QStringLiteral("compare-%1-%2").arg(pages->tabText(page).toLower(), theme));
        }
    }

    int faults() const { return m_faults; }

private:
    void check(MainWindow& window, const QString& kind)
    {
        auto* view = window.workbench()->views().currentView();
        const auto* hint = view ? view->findChild<QLabel*>(QStringLiteral("hint")) : nullptr;
        if (!view || (hint && hint->isVisible())) {
            std::cerr << "view " << kind.toStdString() << " is empty: " << (hint ? hint->text().toStdString() : "") << "\n";
            ++m_faults;
        }
    }

    QString m_folder;
    QSize m_size;
    int m_faults = 0;
};

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    if (argc < 3) {
        std::cerr << "usage: screenshots PROJECT FOLDER [WIDTHxHEIGHT]\n";
        return 2;
    }
    const QStringList size = QString::fromLocal8Bit(argc > 3 ? argv[3] : "1280x800").split(QLatin1Char('x'));
    Album album(QString::fromLocal8Bit(argv[2]), QSize(size.value(0).toInt(), size.value(1).toInt()));
    const QTemporaryDir home;
    QSettings store(home.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
    Studio studio(store);
    for (const auto choice : { Theme::Choice::Dark, Theme::Choice::Light }) {
        const QString theme = choice == Theme::Choice::Dark ? QStringLiteral("dark") : QStringLiteral("light");
        studio.settings().setTheme(choice);
        MainWindow* window = studio.newWindow();
        window->resize(size.value(0).toInt(), size.value(1).toInt());
        album.take(*window, QStringLiteral("welcome-") + theme);
        studio.openProject(QString::fromLocal8Bit(argv[1]), ProjectThread::Mode::Open, window);
        if (!QTest::qWaitFor([&] { return window->workspace() && !window->workspace()->document().models().empty(); }, 10000))
            return 1;
        album.views(*window, theme);
        album.comparison(*window, theme);
        window->findChild<CommandPalette*>()->open();
        album.take(*window, QStringLiteral("palette-") + theme);
        window->findChild<CommandPalette*>()->hide();
        Workspace& workspace = *window->workspace();
        NewRunDialog dialog(workspace.document(), workspace.queue());
        dialog.setKind(RunKind::Search);
        dialog.show();
        album.take(dialog, QStringLiteral("new-run-") + theme);
        SweepDialog sweep(workspace.document(), workspace.queue());
        if (const auto score = runOf(workspace.document().runs(), RunKind::Score))
            sweep.setParent(workspace.document().run(*score)->run);
        sweep.findChild<QLineEdit*>(QStringLiteral("sweep-seeds"))->setText(QStringLiteral("1-3"));
        sweep.show();
        for (auto* line : sweep.findChildren<QLineEdit*>(QStringLiteral("sweep-target_bits")))
            line->setText(QStringLiteral("1.5:3:0.5"));
        for (auto* line : sweep.findChildren<QLineEdit*>(QStringLiteral("sweep-strategy")))
            line->setText(QStringLiteral("cq, fisher"));
        album.take(sweep, QStringLiteral("new-sweep-") + theme);
        sweep.findChild<QTabWidget*>(QStringLiteral("sweep-pages"))->setCurrentIndex(1);
        album.take(sweep, QStringLiteral("new-sweep-recipe-") + theme);
        AddModelDialog model(workspace.document(), {}, {});
        model.show();
        album.take(model, QStringLiteral("add-model-") + theme);
        AddDatasetDialog data(workspace.document(), {}, {});
        data.show();
        album.take(data, QStringLiteral("add-dataset-") + theme);
        SettingsDialog settings(studio.settings());
        settings.show();
        album.take(settings, QStringLiteral("settings-") + theme);
        for (const char* topic : { "index", "cq-scores", "parameters#target_bits", "view-bitmap" }) {
            studio.openHelp(QString::fromLatin1(topic));
            album.take(*studio.help(), QStringLiteral("help-%1-%2").arg(QString::fromLatin1(topic).section(QLatin1Char('#'), 0, 0), theme));
        }
        window->close();
    }
    return album.faults() == 0 ? 0 : 1;
}
