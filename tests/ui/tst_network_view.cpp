// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/network_view.h"
#include "ui/views/share_delegate.h"
#include "ui/views/table_text.h"

#include "core/network/graph_json.h"
#include "core/network/zoo.h"
#include "core/project/models.h"
#include "core/project/runs.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QFile>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <set>

using namespace bitscape;
using namespace bitscape::ui;

namespace {

ModelEntry entryOf(const std::string& source)
{
    ModelEntry entry;
    entry.model.name = source.substr(source.find(':') + 1);
    entry.model.source = source;
    entry.graph = zooGraph(zooRequestFrom(source));
    entry.layers = layersOf(entry.graph);
    entry.parameters = parameterCount(entry.graph);
    for (const Layer& layer : entry.layers)
        entry.macs += layer.macs();
    return entry;
}

QStringList column(const QAbstractItemModel& model, int column)
{
    QStringList cells;
    for (int row = 0; row < model.rowCount(); ++row)
        cells << model.index(row, column).data(kExportRole).toString();
    return cells;
}

/// A project with lenet5 and resnet20 and a run of each, open in a view.
class ShownNetwork final {
public:
    ShownNetwork()
        : m_path(m_folder.filePath(QStringLiteral("p.bitscape")))
    {
        Project project = Project::create(m_path.toStdString());
        for (const std::string source : { "zoo:lenet5", "zoo:resnet20" }) {
            const ModelEntry entry = entryOf(source);
            Model model = entry.model;
            model.graph = graphToJson(entry.graph);
            for (const Layer& layer : entry.layers)
                model.layers.push_back({ layer.name, toString(layer.op), layer.filters, layer.weightsPerFilter(), layer.macsPerFilter() });
            models.push_back(addModel(project, model));
            Run run;
            run.model = models.back();
            runs.push_back(addRun(project, run));
        }
        document = std::make_unique<ProjectDocument>(m_path, ProjectThread::Mode::Open);
        loader = std::make_unique<ResultsLoader>(*document);
        view = std::make_unique<NetworkView>(ViewContext { *document, selection, *loader, theme });
        view->resize(1000, 700);
        view->show();
        table = view->findChild<QTableView*>(QStringLiteral("networkTable"));
    }
    bool isLoaded() const { return document->models().size() == 2 && document->runs().size() == 2; }
    void show(std::size_t model)
    {
        QTRY_VERIFY(isLoaded());
        selection.selectModel(models[model]);
    }
    /// The row that shows a node.
    int rowOf(const QString& name) const { return static_cast<int>(column(*table->model(), NetworkModel::Name).indexOf(name)); }
    void click(const QString& name)
    {
        const QModelIndex index = table->model()->index(rowOf(name), NetworkModel::Name);
        table->scrollTo(index);
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(index).center());
    }
    void clickHead(NetworkModel::Column of)
    {
        const QHeaderView* head = table->horizontalHeader();
        table->scrollTo(table->model()->index(0, of));
        QTest::mouseClick(head->viewport(), Qt::LeftButton, {}, QPoint(head->sectionViewportPosition(of) + 30, head->height() / 2));
    }
    QString totals() const
    {
        QString text;
        for (const QLabel* label : view->findChildren<QLabel*>(QStringLiteral("muted"))) {
            if (label->text().contains(QStringLiteral(" nodes")))
                text = label->text();
        }
        return text.remove(QChar(0x2009));
    }

private:
    QTemporaryDir m_folder;
    QString m_path;

public:
    std::vector<ModelId> models;
    std::vector<RunId> runs;
    Theme theme;
    Selection selection;
    std::unique_ptr<ProjectDocument> document;
    std::unique_ptr<ResultsLoader> loader;
    std::unique_ptr<NetworkView> view;
    QTableView* table = nullptr;
};

} // namespace

class TestNetworkView : public QObject {
    Q_OBJECT
private slots:
    void lenetIsAsItIsInTheBooks()
    {
        const auto rows = networkRows(entryOf("zoo:lenet5"));
        const auto named = [&](const QString& name) { return *std::ranges::find(rows, name, &NetworkRow::name); };
        QCOMPARE(rows.front().operation, QStringLiteral("input"));
        const NetworkRow conv = named(QStringLiteral("conv2"));
        QCOMPARE(conv.filters, 16);
        QCOMPARE(conv.parameters, 16 * (6 * 5 * 5) + 16);
        QCOMPARE(conv.macs, std::int64_t { 16 } * 6 * 5 * 5 * 10 * 10);
        QCOMPARE(conv.window, QStringLiteral("5×5"));
        QCOMPARE(conv.layer, 1);
        QVERIFY(conv.quantizable);
        QCOMPARE(named(QStringLiteral("fc1")).parameters, 400 * 120 + 120);
        QVERIFY(!named(QStringLiteral("conv1")).quantizable);
        QVERIFY(!named(QStringLiteral("fc3")).quantizable);
        QCOMPARE(named(QStringLiteral("pool1")).window, QStringLiteral("2×2, stride 2"));
        QCOMPARE(named(QStringLiteral("conv1")).window, QStringLiteral("5×5, padding 2"));
        QCOMPARE(named(QStringLiteral("relu1")).layer, -1);
        QCOMPARE(named(QStringLiteral("relu1")).inputs, QStringLiteral("conv1"));
    }

    void sumsAreThoseOfTheNetwork_data()
    {
        QTest::addColumn<QString>("source");
        for (const std::string& name : zooNames())
            QTest::newRow(name.c_str()) << QStringLiteral("zoo:") + QString::fromStdString(name);
    }
    void sumsAreThoseOfTheNetwork()
    {
        QFETCH(const QString, source);
        const ModelEntry entry = entryOf(source.toStdString());
        std::int64_t parameters = 0, macs = 0;
        std::set<int> layers;
        for (const NetworkRow& row : networkRows(entry)) {
            parameters += row.parameters;
            macs += row.macs;
            if (row.layer >= 0)
                layers.insert(row.layer);
        }
        QCOMPARE(parameters, entry.parameters);
        QCOMPARE(macs, entry.macs);
        QCOMPARE(layers.size(), entry.layers.size());
        NetworkModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        NetworkFilter filter(model);
        const QAbstractItemModelTester filterTester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setRows(networkRows(entry));
        double share = 0;
        for (const QString& cell : column(model, NetworkModel::Share))
            share += cell.toDouble();
        QVERIFY(std::abs(share - 1) < 1e-4); // six digits per cell
        filter.setText(QStringLiteral("fc"));
        filter.setWeightedOnly(true);
        filter.sort(NetworkModel::Macs, Qt::DescendingOrder);
        filter.setText({});
        model.setRows({});
        QCOMPARE(filter.rowCount(), 0);
    }

    void withoutAModelASentenceIsShown()
    {
        ShownNetwork shown;
        QTRY_VERIFY(shown.isLoaded());
        QVERIFY(shown.view->findChild<QLabel*>(QStringLiteral("hint"))->isVisible());
        QVERIFY(!shown.table->isVisible());
    }

    void theSelectedModelOrRunIsShown()
    {
        ShownNetwork shown;
        shown.show(0);
        QVERIFY(shown.table->isVisible());
        QCOMPARE(shown.view->findChild<QLabel*>(QStringLiteral("heading"))->text(), QStringLiteral("lenet5"));
        QCOMPARE(shown.table->model()->rowCount(), 13);
        shown.selection.selectRun(shown.runs[1]);
        QCOMPARE(shown.view->findChild<QLabel*>(QStringLiteral("heading"))->text(), QStringLiteral("resnet20"));
        QCOMPARE(shown.view->model(), std::optional(shown.models[1]));
        QVERIFY(column(*shown.table->model(), NetworkModel::Inputs).filter(QStringLiteral(", ")).size() == 9); // a sum per block
    }

    void factsAreTold()
    {
        ModelEntry entry = entryOf("zoo:lenet5");
        QString facts = networkFacts(entry).remove(QChar(0x2009));
        for (const char* part :
            { "zoo:lenet5", "input 1×28×28", "10 classes", "61706 parameters", "416520 MACs", "as the data set says", "untrained" })
            QVERIFY2(facts.contains(QString::fromUtf8(part)), part);
        entry.model.mean = { 0.5, 0.25 };
        entry.model.stddev = { 0.1, 0.2 };
        entry.model.weights = "abc";
        facts = networkFacts(entry);
        QVERIFY(facts.contains(QStringLiteral("mean 0.5, 0.25, deviation 0.1, 0.2")));
        QVERIFY(!facts.contains(QStringLiteral("untrained")));
    }

    void headsSort()
    {
        ShownNetwork shown;
        shown.show(0);
        const QStringList asMade = column(*shown.table->model(), NetworkModel::Name);
        QCOMPARE(asMade.first(), QStringLiteral("input"));
        QCOMPARE(asMade.last(), QStringLiteral("fc3"));
        shown.clickHead(NetworkModel::Macs);
        const auto numbers = [&] {
            std::vector<qlonglong> all;
            for (const QString& cell : column(*shown.table->model(), NetworkModel::Macs))
                all.push_back(cell.toLongLong());
            return all;
        };
        QVERIFY(std::ranges::is_sorted(numbers()));
        shown.clickHead(NetworkModel::Macs);
        QVERIFY(std::ranges::is_sorted(numbers(), std::ranges::greater {}));
        QCOMPARE(shown.rowOf(QStringLiteral("conv2")), 0);
        shown.clickHead(NetworkModel::Macs);
        QCOMPARE(column(*shown.table->model(), NetworkModel::Name), asMade);
    }

    void whatIsTypedAndTickedFilters()
    {
        ShownNetwork shown;
        shown.show(0);
        QVERIFY2(shown.totals().startsWith(QStringLiteral("13 nodes  ·  5 weighted layers  ·  236 filters  ·  61706 parameters")),
            qPrintable(shown.totals()));
        QTest::mouseClick(shown.view->findChild<QCheckBox*>(QStringLiteral("weightedOnly")), Qt::LeftButton, {}, QPoint(8, 8));
        QCOMPARE(column(*shown.table->model(), NetworkModel::Name),
            (QStringList {
                QStringLiteral("conv1"), QStringLiteral("conv2"), QStringLiteral("fc1"), QStringLiteral("fc2"), QStringLiteral("fc3") }));
        QTest::keyClicks(shown.view->findChild<QLineEdit*>(QStringLiteral("networkFilter")), QStringLiteral("CONV"));
        QCOMPARE(shown.table->model()->rowCount(), 2);
        QVERIFY2(shown.totals().startsWith(QStringLiteral("2 of 13 nodes  ·  2 weighted layers  ·  22 filters  ·  2572 parameters")),
            qPrintable(shown.totals()));
    }

    void theSelectionIsShared()
    {
        ShownNetwork shown;
        shown.show(0);
        shown.click(QStringLiteral("fc1"));
        QCOMPARE(shown.selection.filter(), (FilterRef { 2, -1 }));
        QTest::keyClick(shown.table, Qt::Key_Down); // relu3: no layer
        QCOMPARE(shown.selection.filter(), (FilterRef { 2, -1 }));
        QTest::keyClick(shown.table, Qt::Key_Down);
        QCOMPARE(shown.selection.filter(), (FilterRef { 3, -1 }));
        shown.selection.selectFilter({ 1, 7 });
        QCOMPARE(shown.table->currentIndex().row(), shown.rowOf(QStringLiteral("conv2")));
        QCOMPARE(shown.selection.filter(), (FilterRef { 1, 7 })); // showing it has not changed it
        shown.click(QStringLiteral("conv2"));
        QCOMPARE(shown.selection.filter(), (FilterRef { 1, 7 }));
        QTest::keyClicks(shown.view->findChild<QLineEdit*>(QStringLiteral("networkFilter")), QStringLiteral("fc"));
        QCOMPARE(shown.selection.filter(), (FilterRef { 1, 7 }));
        shown.selection.selectFilter({ 2, 0 });
        QCOMPARE(shown.table->currentIndex().row(), shown.rowOf(QStringLiteral("fc1")));
    }

    /// Layers are numbered from 0 in every network: a layer of one is not shown as the other's of that number.
    void anothersLayerIsNotShownAsOnes()
    {
        ShownNetwork shown;
        shown.show(0);
        shown.click(QStringLiteral("fc1"));
        shown.selection.selectModel(shown.models[1]);
        QVERIFY(!shown.table->currentIndex().isValid());
        QVERIFY(shown.table->selectionModel()->selectedRows().isEmpty());
        QCOMPARE(shown.selection.filterIn(shown.models[0]), (FilterRef { 2, -1 }));
        QCOMPARE(shown.selection.filterIn(shown.models[1]), FilterRef {});
        const auto rows = networkRows(entryOf("zoo:resnet20"));
        shown.click(std::ranges::find(rows, 2, &NetworkRow::layer)->name); // the same number, another layer
        QCOMPARE(shown.selection.filterIn(shown.models[1]), (FilterRef { 2, -1 }));
        QCOMPARE(shown.selection.filterIn(shown.models[0]), FilterRef {});
        shown.selection.selectModel(shown.models[0]);
        QVERIFY(shown.table->selectionModel()->selectedRows().isEmpty());
    }

    void rowsAreCopiedAndSaved()
    {
        ShownNetwork shown;
        shown.show(0);
        shown.click(QStringLiteral("conv1"));
        QTest::keyClick(shown.table, Qt::Key_Down, Qt::ShiftModifier);
        QTest::keySequence(shown.table, QKeySequence::Copy);
        QCOMPARE(QApplication::clipboard()->text(),
            QStringLiteral("conv1\tconvolution\tinput\t6x28x28\t5×5, padding 2\t6\t156\t117600\t0.282339\tedge\n"
                           "relu1\tReLU\tconv1\t6x28x28\t\t0\t0\t0\t0\t"));
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("net.csv"));
        QSignalSpy saved(shown.view.get(), &NetworkView::saved);
        shown.view->saveTo(path);
        QTRY_COMPARE(saved.count(), 1);
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QStringList lines = QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 14);
        QCOMPARE(lines[0], QStringLiteral("Name,Operation,Reads from,Output,Kernel,Filters,Parameters,MACs,MAC share,Quantizable"));
        QVERIFY(lines[2].startsWith(QStringLiteral("conv1,convolution,input,6x28x28,\"5×5, padding 2\",6,156,117600,")));
        shown.view->saveTo(folder.filePath(QStringLiteral("missing/net.csv")));
        QTRY_VERIFY(shown.view->findChild<QMessageBox*>());
        auto* box = shown.view->findChild<QMessageBox*>();
        QVERIFY(box->text().contains(QStringLiteral("missing/net.csv cannot be written")));
        box->close();
        QCOMPARE(saved.count(), 1);
    }
};

QTEST_MAIN(TestNetworkView)
#include "tst_network_view.moc"
