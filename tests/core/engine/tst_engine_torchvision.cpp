// SPDX-License-Identifier: GPL-3.0-or-later
// An optional check: what make_torchvision_files wrote to the folder BITSCAPE_TORCHVISION comes in with PyTorch's own outputs.
#include "core/engine/formats/torchscript_import.h"
#include "core/engine/network/executor.h"
#include "core/network/layers.h"

#include <ATen/ATen.h>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTest>

using namespace bitscape;

namespace {

at::Tensor numbersOf(const QString& path, const std::vector<std::int64_t>& shape)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QByteArray bytes = file.readAll();
    return at::from_blob(bytes.data(), shape, at::kFloat).clone();
}

} // namespace

class TestTorchvision : public QObject {
    Q_OBJECT

private slots:
    void outputsAreThoseOfPyTorch_data()
    {
        QTest::addColumn<QString>("path");
        if (!qEnvironmentVariableIsSet("BITSCAPE_TORCHVISION"))
            QSKIP("BITSCAPE_TORCHVISION names no folder of make_torchvision_files.");
        const QDir folder(qEnvironmentVariable("BITSCAPE_TORCHVISION"));
        for (const QString& name : folder.entryList({ "*.trace.pt", "*.script.pt" }))
            QTest::newRow(qPrintable(name)) << folder.filePath(name);
    }

    void outputsAreThoseOfPyTorch()
    {
        QFETCH(QString, path);
        SilentContext context;
        QElapsedTimer timer;
        timer.start();
        const ImportedNetwork network = importTorchScript(path.toStdString(), { Shape { 3, 224, 224 } }, context);
        const auto elapsed = timer.elapsed();
        const QString stem = path.left(path.lastIndexOf('.', path.lastIndexOf('.') - 1));
        const at::Tensor images = numbersOf(stem + ".images", { 2, 3, 224, 224 });
        const at::Tensor expected = numbersOf(stem + ".scores", { 2, network.graph.classes() });
        at::NoGradGuard noGradients;
        const at::Tensor scores = execute(network.graph, tensorsFromBytes(network.graph, network.weights), images);
        const double difference = (scores - expected).abs().max().item<double>();
        qInfo("%s: %d nodes, %d layers, %lld parameters, imported in %lld ms, largest difference %.2g of %.2g",
            qPrintable(QFileInfo(path).fileName()), int(network.graph.nodes.size()), int(layersOf(network.graph).size()),
            static_cast<long long>(parameterCount(network.graph)), static_cast<long long>(elapsed), difference,
            expected.abs().max().item<double>());
        for (const std::string& note : network.notes)
            qInfo("  %s", note.c_str());
        QVERIFY(difference < 1e-4);
    }
};

QTEST_APPLESS_MAIN(TestTorchvision)
#include "tst_engine_torchvision.moc"
