// SPDX-License-Identifier: GPL-3.0-or-later
// The run list with 10000 runs: built, filtered, sorted, shown.
#include "ui/runs/run_filter_model.h"

#include "core/project/results.h"

#include <benchmark/benchmark.h>

#include <SQLiteCpp/SQLiteCpp.h>

#include <QApplication>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

namespace {

using namespace bitscape;
using namespace bitscape::ui;

constexpr int kRuns = 10000;

/// A hundred trainings with a score each, and searches and refinements below. Written in one transaction, as 10000 of core's own take
/// minutes.
void fill(const QString& path)
{
    {
        Project::create(path.toStdString());
    }
    SQLite::Database database(path.toStdString(), SQLite::OPEN_READWRITE);
    SQLite::Transaction transaction(database);
    for (int i = 1; i <= kRuns; ++i) {
        const int place = (i - 1) % 100, root = i - place;
        const char* kind = place == 0 ? "train" : place == 1 ? "score" : place % 2 == 0 ? "search" : "refine";
        const int parent = place == 0 ? 0 : place == 1 ? root : place % 2 == 0 ? root + 1 : i - 1;
        SQLite::Statement row(database,
            "INSERT INTO runs (kind, name, state, parent, parameters, seed, threads, device, versions, created, tags, note) VALUES (?, ?, "
            "'finished', ?, '{}', ?, 2, 'cpu', '{}', '2026-11-24T09:30:00.125Z', '[]', '')");
        row.bind(1, kind);
        row.bind(2, std::string(kind) + " number " + std::to_string(i));
        if (parent > 0)
            row.bind(3, parent);
        row.bind(4, i % 7);
        row.exec();
        for (const char* name : { "accuracy", "average_bits", "macs", "bitops", "size_bits" }) {
            SQLite::Statement figure(database, "INSERT INTO metrics (run, name, value) VALUES (?, ?, ?)");
            figure.bind(1, i);
            figure.bind(2, name);
            figure.bind(3, (i % 1000) * 1e-3 + 1);
            figure.exec();
        }
    }
    transaction.commit();
}

/// The project, opened once.
struct World {
    QTemporaryDir folder;
    Theme theme;
    std::unique_ptr<ProjectDocument> document;

    World()
    {
        const QString path = folder.filePath(QStringLiteral("many.bitscape"));
        fill(path);
        document = std::make_unique<ProjectDocument>(path, ProjectThread::Mode::Open);
        if (!QTest::qWaitFor([this] { return document->runs().size() == kRuns; }, 60000))
            qFatal("the project does not open");
    }
};

World& world()
{
    static World* made = new World; // goes with the process
    return *made;
}

void openDocument(benchmark::State& state)
{
    const QString path = world().document->path();
    for (auto _ : state) {
        ProjectDocument document(path, ProjectThread::Mode::Open);
        if (!QTest::qWaitFor([&] { return document.runs().size() == kRuns; }, 60000))
            qFatal("the project does not open");
    }
}

void buildModel(benchmark::State& state)
{
    for (auto _ : state)
        RunTreeModel model(*world().document, world().theme);
}

void filterBy(benchmark::State& state, const char* query)
{
    RunTreeModel model(*world().document, world().theme);
    PendingDeletions deletions(*world().document);
    RunFilterModel filtered(model, *world().document, deletions);
    QTreeView view;
    view.setUniformRowHeights(true);
    view.setModel(&filtered);
    view.show();
    bool narrow = false;
    for (auto _ : state) { // to and fro
        filtered.setQuery((narrow = !narrow) ? QString::fromLatin1(query) : QString());
        view.expandAll();
        QCoreApplication::sendPostedEvents();
    }
}

void unfold(benchmark::State& state)
{
    RunTreeModel model(*world().document, world().theme);
    QTreeView view;
    view.setUniformRowHeights(true);
    view.setModel(&model);
    view.show();
    for (auto _ : state)
        view.expandAll();
}

void query(benchmark::State& state, const char* text)
{
    RunTreeModel model(*world().document, world().theme);
    PendingDeletions deletions(*world().document);
    RunFilterModel filtered(model, *world().document, deletions);
    for (auto _ : state) {
        filtered.setQuery(QString::fromLatin1(text));
        benchmark::DoNotOptimize(filtered.rowCount());
    }
}

void sortBy(benchmark::State& state, RunColumn column)
{
    RunTreeModel model(*world().document, world().theme);
    PendingDeletions deletions(*world().document);
    RunFilterModel filtered(model, *world().document, deletions);
    QTreeView view;
    view.setModel(&filtered);
    view.expandAll();
    bool up = false;
    for (auto _ : state)
        filtered.sort(static_cast<int>(column), (up = !up) ? Qt::AscendingOrder : Qt::DescendingOrder);
}

/// A page on, and the page drawn.
void scroll(benchmark::State& state)
{
    RunTreeModel model(*world().document, world().theme);
    PendingDeletions deletions(*world().document);
    RunFilterModel filtered(model, *world().document, deletions);
    QTreeView view;
    view.setUniformRowHeights(true);
    view.setModel(&filtered);
    view.resize(1280, 800);
    view.expandAll();
    view.show();
    QPixmap page(view.viewport()->size());
    for (auto _ : state) {
        QScrollBar& bar = *view.verticalScrollBar();
        bar.setValue(bar.value() + bar.pageStep() > bar.maximum() ? 0 : bar.value() + bar.pageStep());
        view.viewport()->render(&page);
    }
}

BENCHMARK(openDocument)->Unit(benchmark::kMillisecond);
BENCHMARK(buildModel)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(filterBy, word, "number 99")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(filterBy, figure, "kind:search accuracy>1.9")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(query, word, "number 99")->Unit(benchmark::kMillisecond);
BENCHMARK(unfold)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(sortBy, accuracy, RunColumn::Accuracy)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(sortBy, name, RunColumn::Model)->Unit(benchmark::kMillisecond);
BENCHMARK(scroll)->Unit(benchmark::kMillisecond);

} // namespace

int main(int argc, char** argv)
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QApplication application(argc, argv);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
