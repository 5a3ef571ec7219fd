// SPDX-License-Identifier: GPL-3.0-or-later
// An optional check: what make_torchvision_files wrote to the folder BITSCAPE_TORCHVISION, and make_onnx_files to BITSCAPE_ONNX_FILES,
// comes in with PyTorch's own outputs.
#include "core/engine/formats/import_model.h"
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

class TestTorchvision final : public QObject {
    Q_OBJECT

private slots:
    void outputsAreThoseOfPyTorch_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<ImportOptions>("options");
        const auto addFiles = [](const char* folderVariable, const QStringList& patterns, const ImportOptions& options) {
            if (!qEnvironmentVariableIsSet(folderVariable))
                return;
            const QDir folder(qEnvironmentVariable(folderVariable));
            for (const QString& name : folder.entryList(patterns))
                QTest::newRow(qPrintable(name)) << folder.filePath(name) << options;
        };
        if (!qEnvironmentVariableIsSet("BITSCAPE_TORCHVISION") && !qEnvironmentVariableIsSet("BITSCAPE_ONNX_FILES"))
            QSKIP("Neither BITSCAPE_TORCHVISION nor BITSCAPE_ONNX_FILES names a folder of make_torchvision_files or make_onnx_files.");
        addFiles("BITSCAPE_TORCHVISION", { "*.trace.pt", "*.script.pt" }, { Shape { 3, 224, 224 } });
        addFiles("BITSCAPE_ONNX_FILES", { "*.onnx" }, {});
    }

    void outputsAreThoseOfPyTorch()
    {
        QFETCH(const QString, path);
        QFETCH(const ImportOptions, options);
        SilentContext context;
        QElapsedTimer timer;
        timer.start();
        const ImportedNetwork network = importModel(path.toStdString(), options, context);
        const auto elapsed = timer.elapsed();
        const QString stem = path.left(path.lastIndexOf('.', path.lastIndexOf('.') - 1));
        const at::Tensor images = numbersOf(stem + ".images", { 2, 3, 224, 224 });
        const at::Tensor expected = numbersOf(stem + ".scores", { 2, network.graph.classes() });
        const at::NoGradGuard noGradients;
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
