// SPDX-License-Identifier: GPL-3.0-or-later
// The inspector and the curves view on a small project made here, with real clicks and keys.
#include "ui/inspector/info_table.h"
#include "ui/inspector/inspector.h"
#include "ui/inspector/kernel_picture.h"
#include "ui/plots/chart.h"
#include "ui/plots/figure_export.h"
#include "ui/views/curves_view.h"

#include "core/jobs/parameters.h"
#include "core/network/graph_json.h"
#include "core/network/zoo.h"
#include "core/project/datasets.h"
#include "core/project/results.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QLabel>
#include <QMenu>
#include <QScrollArea>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>
#include <span>

using namespace bitscape;
using namespace bitscape::ui;

namespace {

/// Weight i of all: different everywhere, and to be computed again.
float weightAt(std::size_t i)
{
    return 0.1F * static_cast<float>(std::sin(static_cast<double>(i)));
}

/// A lenet5 with scores, searches of two seeds and one refinement, as core would have left them.
struct Sample {
    QTemporaryDir folder;
    QString path = folder.filePath(QStringLiteral("sample.bitscape"));
    Graph graph = zooGraph(zooRequestFrom("zoo:lenet5"));
    std::vector<Layer> layers = layersOf(graph);
    LayerBits bits = uniformBits(layers, 2, 8);
    RunId train, score, search, again, failed;

    Sample()
    {
        Project project = Project::create(path.toStdString());
        std::vector<float> weights(static_cast<std::size_t>(parameterCount(graph)));
        for (std::size_t i = 0; i < weights.size(); ++i)
            weights[i] = weightAt(i);
        const ModelId model = addSampleModel(project, project.putBlob(std::as_bytes(std::span(weights))));
        const DatasetId data = addSampleData(project);
        bits[1][0] = 0;
        const auto add = [&](RunKind kind, std::optional<RunId> parent, const nlohmann::json& parameters, std::uint64_t seed) {
            Run run;
            run.kind = kind;
            run.name = toString(kind);
            run.model = model;
            run.dataset = data;
            run.parent = parent;
            run.parameters = completeParameters(kind, parameters);
            run.seed = seed;
            const RunId id = addRun(project, run);
            claimRun(project, id, 2, "cpu", { { "bitscape", "0.1.0" } });
            return id;
        };
        train = add(RunKind::Train, {}, nullptr, 1);
        putMetrics(project, train, { { "accuracy", 0.97 } });
        score = add(RunKind::Score, train, nullptr, 1);
        putScores(project, score, sampleScores());
        search = add(RunKind::Search, score, { { "strategy", "random" }, { "target_bits", 1.5 } }, 1);
        again = add(RunKind::Search, score, { { "strategy", "random" }, { "target_bits", 1.5 } }, 2);
        for (const RunId id : { search, again }) {
            putBits(project, id, bits);
            const double accuracy = id == search ? 0.90 : 0.93;
            putMetrics(project, id,
                { { "accuracy", accuracy }, { "full_accuracy", 0.97 }, { "average_bits", 1.5 }, { "macs", 268566 }, { "bitops", 3e7 },
                    { "size_bits", 128000 } });
        }
        failed = add(RunKind::Search, score, nullptr, 3);
        for (const RunId id : { train, score, search, again })
            endRun(project, id, RunState::Finished, 192);
        endRun(project, failed, RunState::Failed, 1, "the data set is gone");
    }

    ModelId addSampleModel(Project& project, const std::string& weights) const
    {
        Model model;
        model.name = "lenet5";
        model.source = "zoo:lenet5";
        model.graph = graphToJson(graph);
        model.weights = weights;
        return addModel(project, model);
    }

    static DatasetId addSampleData(Project& project)
    {
        Dataset data;
        data.name = "glyphs";
        data.kind = "glyphs";
        data.path = "glyphs";
        data.channels = 1;
        data.height = data.width = 28;
        for (int m = 0; m < 10; ++m)
            data.classNames.push_back("class " + std::to_string(m));
        data.trainCounts = data.testCounts = std::vector<std::int64_t>(10, 100);
        data.mean = data.stddev = { 0.5 };
        return addDataset(project, data);
    }

    std::vector<LayerScores> sampleScores() const
    {
        std::vector<LayerScores> scores;
        for (const Layer& layer : layers) {
            LayerScores one { layer.name, 100, {} };
            for (std::int64_t i = 0; i < layer.filters * 10; ++i)
                one.counts.push_back(static_cast<std::uint32_t>(i * 37 % 101));
            scores.push_back(std::move(one));
        }
        return scores;
    }

    /// Of a layer's tensor.
    std::size_t offsetOf(std::size_t layer) const
    {
        std::size_t offset = 0;
        for (const TensorInfo& tensor : graph.tensors) {
            if (tensor.name == graph.nodes[static_cast<std::size_t>(layers[layer].node)].weight)
                return offset;
            offset += static_cast<std::size_t>(tensor.elements());
        }
        return offset;
    }
};

QString plain(QString text)
{
    return text.replace(QChar(0x2009), QLatin1Char(' ')).replace(QChar(0x202f), QLatin1Char(' ')).replace(QChar(0x2212), QLatin1Char('-'));
}

} // namespace

class TestInspector : public QObject {
    Q_OBJECT

    struct Studio {
        explicit Studio(const QString& path)
            : document(path, ProjectThread::Mode::Open)
            , loader(document)
        {
        }
        Theme theme;
        ProjectDocument document;
        Selection selection;
        ResultsLoader loader;
        ViewContext context { document, selection, loader, theme };
    };
    std::unique_ptr<Sample> m_sample;
    std::unique_ptr<Studio> m_studio;

    static QString value(const QWidget& inspector, const char* table, const char* name)
    {
        const auto* found = inspector.findChild<InfoTable*>(QString::fromLatin1(table));
        if (!found || !found->isVisible())
            return QStringLiteral("(not shown)");
        const auto row = std::ranges::find(found->rows(), QString::fromLatin1(name), &InfoRow::name);
        return row == found->rows().end() ? QStringLiteral("(no such row)") : plain(row->value);
    }

    static void press(const QWidget& inspector, const char* name)
    {
        auto* button = inspector.findChild<QToolButton*>(QString::fromLatin1(name));
        QVERIFY(button);
        QVERIFY(button->isEnabled());
        QTest::mouseClick(button, Qt::LeftButton);
    }

private slots:
    void initTestCase() { m_sample = std::make_unique<Sample>(); }

    void init()
    {
        m_studio = std::make_unique<Studio>(m_sample->path);
        QTRY_VERIFY(m_studio->document.isOpen() && !m_studio->document.models().empty() && !m_studio->document.datasets().empty());
    }

    void cleanup() { m_studio.reset(); }

    void nothingIsASentence()
    {
        Inspector inspector(m_studio->context);
        inspector.show();
        const auto* hint = inspector.findChild<QLabel*>(QStringLiteral("hint"));
        QVERIFY(hint->isVisible() && !hint->text().isEmpty());
        m_studio->selection.selectRun(m_sample->search);
        QTRY_VERIFY(!hint->isVisible());
        m_studio->selection.selectRun({});
        QVERIFY(hint->isVisible());
    }

    void runsAreShownWithUnits()
    {
        Inspector inspector(m_studio->context);
        inspector.show();
        m_studio->selection.selectRun(m_sample->search);
        QCOMPARE(value(inspector, "inspector.figures", "Accuracy"), QStringLiteral("90.00 %"));
        QCOMPARE(value(inspector, "inspector.figures", "Difference"), QStringLiteral("-7.00 points"));
        QCOMPARE(value(inspector, "inspector.run", "Duration"), QStringLiteral("3:12"));
        QCOMPARE(value(inspector, "inspector.run", "Model"), QStringLiteral("lenet5"));
        QCOMPARE(value(inspector, "inspector.run", "Follows run"), QStringLiteral("2 score"));
        m_studio->selection.selectRun(m_sample->failed);
        QCOMPARE(value(inspector, "inspector.run", "What went wrong"), QStringLiteral("the data set is gone"));
        QCOMPARE(value(inspector, "inspector.figures", "Accuracy"), QStringLiteral("(not shown)"));
    }

    void arrowsStepThroughFiltersAndLayers()
    {
        Inspector inspector(m_studio->context);
        inspector.resize(300, 3000);
        inspector.show();
        m_studio->selection.selectRun(m_sample->search);
        QTRY_VERIFY(inspector.findChild<QToolButton*>(QStringLiteral("inspector.filter.down"))->isEnabled());
        press(inspector, "inspector.filter.down");
        QCOMPARE(m_studio->selection.filter(), (FilterRef { 0, 0 }));
        press(inspector, "inspector.layer.down");
        QCOMPARE(m_studio->selection.filter(), (FilterRef { 1, 0 }));
        QCOMPARE(value(inspector, "inspector.filter", "Bits"), QStringLiteral("0, pruned"));
        QCOMPARE(value(inspector, "inspector.layer", "MACs"), QStringLiteral("240 k → 225 k"));
        press(inspector, "inspector.filter.up");
        QCOMPARE(m_studio->selection.filter(), (FilterRef { 0, 5 }));
        QTest::keyClick(&inspector, Qt::Key_Down, Qt::AltModifier);
        QTRY_COMPARE(m_studio->selection.filter(), (FilterRef { 1, 0 }));
        QTest::keyClick(&inspector, Qt::Key_PageDown, Qt::AltModifier);
        QTRY_COMPARE(m_studio->selection.filter(), (FilterRef { 2, 0 }));
    }

    void weightsAreThoseOfTheFilter()
    {
        Inspector inspector(m_studio->context);
        inspector.show();
        m_studio->selection.selectRun(m_sample->search);
        const auto* kernel = inspector.findChild<KernelPicture*>(QStringLiteral("inspector.kernel"));
        const auto expect = [&](std::size_t layer, std::size_t filter) {
            const auto n = static_cast<std::size_t>(m_sample->layers[layer].weightsPerFilter());
            std::vector<float> weights(n);
            for (std::size_t i = 0; i < n; ++i)
                weights[i] = weightAt(m_sample->offsetOf(layer) + filter * n + i);
            return weights;
        };
        m_studio->selection.selectFilter({ 1, 4 });
        QTRY_COMPARE(kernel->spec().stored, expect(1, 4));
        QCOMPARE(kernel->spec().channels, 6);
        const std::set<float> levels(kernel->spec().quantized.begin(), kernel->spec().quantized.end());
        QVERIFY(levels.size() <= 4 && !levels.contains(0)); // 2 bits, midrise
        m_studio->selection.selectFilter({ 1, 5 });
        QCOMPARE(kernel->spec().stored, expect(1, 5)); // at once: the weights are kept
        m_studio->selection.selectFilter({ 1, 0 });
        QVERIFY(std::ranges::all_of(kernel->spec().quantized, [](float w) { return w == 0; }));
        m_studio->selection.selectFilter({ 2, 7 });
        QCOMPARE(kernel->spec().stored, expect(2, 7));
        QVERIFY(kernel->spec().neuron);
    }

    void modelsAreShownWithoutARun()
    {
        Inspector inspector(m_studio->context);
        inspector.show();
        m_studio->selection.selectModel(m_studio->document.models().front().model.id);
        m_studio->selection.selectFilter({ 1, 2 });
        QCOMPARE(value(inspector, "inspector.layer", "MACs"), QStringLiteral("240 k"));
        QCOMPARE(value(inspector, "inspector.run", "Name"), QStringLiteral("(not shown)"));
        const auto* kernel = inspector.findChild<KernelPicture*>(QStringLiteral("inspector.kernel"));
        QTRY_COMPARE(kernel->spec().stored.size(), std::size_t { 150 });
        QVERIFY(kernel->spec().quantized.empty());
    }

    void sectionsCollapse()
    {
        Inspector inspector(m_studio->context);
        inspector.resize(300, 2000);
        inspector.show();
        m_studio->selection.selectRun(m_sample->search);
        const auto* table = inspector.findChild<InfoTable*>(QStringLiteral("inspector.figures"));
        QVERIFY(table->isVisible());
        press(inspector, "inspector.head.figures");
        QVERIFY(!table->isVisible());
        QTest::keyClick(inspector.findChild<QToolButton*>(QStringLiteral("inspector.head.figures")), Qt::Key_Space);
        QVERIFY(table->isVisible());
    }

    void figuresAreCopied()
    {
        Inspector inspector(m_studio->context);
        inspector.resize(300, 2000);
        inspector.show();
        m_studio->selection.selectRun(m_sample->search);
        auto* table = inspector.findChild<InfoTable*>(QStringLiteral("inspector.figures"));
        QLabel* macs = nullptr;
        for (QLabel* label : table->findChildren<QLabel*>()) {
            if (plain(label->text()) == QLatin1String("269 k"))
                macs = label;
        }
        QVERIFY(macs);
        const QPoint at = macs->mapTo(table, macs->rect().center());
        QContextMenuEvent event(QContextMenuEvent::Mouse, at, table->mapToGlobal(at));
        QApplication::sendEvent(table, &event);
        auto* menu = inspector.findChild<QMenu*>(QStringLiteral("inspector.menu"));
        QVERIFY(menu && menu->isVisible());
        QCOMPARE(menu->actions().size(), 3);
        QTest::mouseClick(menu, Qt::LeftButton, {}, menu->actionGeometry(menu->actions().at(1)).center());
        QTRY_COMPARE(plain(QApplication::clipboard()->text()), QStringLiteral("268 566"));
    }

    void narrowDocksShowEverything()
    {
        Inspector inspector(m_studio->context);
        m_studio->selection.selectRun(m_sample->search);
        m_studio->selection.selectFilter({ 1, 4 });
        inspector.resize(260, 900);
        inspector.show();
        const auto* scroll = inspector.findChild<QScrollArea*>();
        QTRY_VERIFY(inspector.findChild<KernelPicture*>(QStringLiteral("inspector.kernel"))->isVisible());
        QTRY_COMPARE(scroll->widget()->width(), scroll->viewport()->width());
    }

    void kernelsAreSavedAsShown()
    {
        Inspector inspector(m_studio->context);
        inspector.resize(420, 3000);
        inspector.show();
        m_studio->selection.selectRun(m_sample->search);
        m_studio->selection.selectFilter({ 1, 4 });
        auto* kernel = inspector.findChild<KernelPicture*>(QStringLiteral("inspector.kernel"));
        QTRY_VERIFY(kernel->isVisible() && kernel->height() == kernel->heightForWidth(kernel->width()));
        const QImage shown = kernel->grab().toImage().convertToFormat(QImage::Format_RGB32);
        const QImage saved = imageOf(*kernel, kernel->size(), 1).convertToFormat(QImage::Format_RGB32);
        QCOMPARE(saved.size(), shown.size());
        const QImage fine = imageOf(*kernel, kernel->size(), 2).convertToFormat(QImage::Format_RGB32);
        QCOMPARE(fine.size(), shown.size() * 2);
        std::set<QRgb> colours;
        int different = 0;
        for (int y = 30; y < 80; ++y) { // among the tiles
            for (int x = 10; x < 60; ++x) {
                colours.insert(shown.pixel(x, y));
                different += shown.pixel(x, y) != saved.pixel(x, y) || shown.pixel(x, y) != fine.pixel(2 * x, 2 * y);
            }
        }
        QVERIFY(colours.size() > 8);
        QVERIFY2(different < 250, qPrintable(QString::number(different))); // lines around tiles are thinner
        QCOMPARE(kernel->csv().count(QLatin1Char('\n')), 151);
    }

    void kernelsAreLaidOutInWhatIsThere()
    {
        for (const int channels : { 1, 3, 6, 64, 512 }) {
            for (const int side : { 1, 3, 5, 11 }) {
                for (const int width : { 60, 105, 300 }) {
                    KernelSpec spec;
                    spec.channels = channels;
                    spec.height = spec.width = side;
                    const KernelLayout layout = kernelLayout(width, 220, spec);
                    QVERIFY(layout.shown >= 1 && layout.shown <= channels);
                    QVERIFY(layout.columns * (side * layout.cell + layout.gap) - layout.gap <= width);
                    QVERIFY(layout.rows * (side * layout.cell + layout.gap) - layout.gap <= 220);
                    QVERIFY(layout.shown == channels || layout.cell == 3);
                    QVERIFY((layout.rows - 1) * layout.columns < layout.shown);
                }
            }
        }
    }

    void curvesShowRunsOfTheModel()
    {
        CurvesView view(m_studio->context);
        view.resize(800, 500);
        view.show();
        const auto* chart = view.findChild<Chart*>(QStringLiteral("curves.chart"));
        QVERIFY(!chart->isVisible());
        m_studio->selection.selectRun(m_sample->search);
        QTRY_VERIFY(chart->isVisible());
        const auto& series = chart->spec().series;
        QCOMPARE(series.size(), std::size_t { 3 }); // front, training, searches of two seeds as one point
        QCOMPARE(series[2].y, (std::vector<double> { 91.5 }));
        QVERIFY(series[2].notes.front().contains(QStringLiteral("n = 2, seeds 1, 2")));
        auto* cost = view.findChild<QComboBox*>(QStringLiteral("curves.cost"));
        cost->setFocus();
        QTest::keyClick(cost, Qt::Key_End);
        QCOMPARE(chart->spec().x.title, QStringLiteral("average bits per weight"));
        QCOMPARE(chart->spec().series[1].x, (std::vector<double> { 32 }));
        auto* log = view.findChild<QCheckBox*>(QStringLiteral("curves.log"));
        QTest::mouseClick(log, Qt::LeftButton, {}, QPoint(6, log->height() / 2));
        QVERIFY(chart->spec().x.logarithmic);
    }

    void curvesNeedNoRun()
    {
        CurvesView view(m_studio->context);
        view.show();
        view.setResults(nullptr);
        const auto* chart = view.findChild<Chart*>(QStringLiteral("curves.chart"));
        QVERIFY(!chart->isVisible());
        m_studio->selection.selectModel(m_studio->document.models().front().model.id);
        QVERIFY(chart->isVisible());
    }

    void aPointOpensItsRun()
    {
        CurvesView view(m_studio->context);
        view.show();
        m_studio->selection.selectRun(m_sample->train);
        auto* chart = view.findChild<Chart*>(QStringLiteral("curves.chart"));
        emit chart->pointClicked(2, chart->spec().series[2].keys.front());
        QCOMPARE(m_studio->selection.run(), std::optional(m_sample->search));
    }
};

QTEST_MAIN(TestInspector)
#include "tst_inspector.moc"
