// SPDX-License-Identifier: GPL-3.0-or-later
// A model's file added by command: what the project keeps of it, what is told, and what is refused.
#include "tests/core/engine/onnx_networks.h" // first: LibTorch's headers cannot stand behind Qt's

#include "tests/app/cli_worker.h"

#include "core/base/sha256.h"

#include <algorithm>

using namespace cli;
using bitscape::test::OnnxNetwork;

class ModelsTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void initTestCase()
    {
        done(m_place, words("new"));
        m_place.write(QStringLiteral("block.onnx"), bytesOf(bitscape::test::resNetBlock()));
        m_place.write(QStringLiteral("softmax.bin"), bytesOf(bitscape::test::mobileNetBlock())); // by its bytes, not by its name
    }

    void originIsKept()
    {
        const Outcome added = m_place(words("model add block.onnx --mean 0.5,0.25,0.125 --std 1,2,4"));
        QCOMPARE(added.code, 0);
        QCOMPARE(added.out, QStringLiteral("model 1 block\n"));
        bitscape::Project project = m_place.open();
        const bitscape::Model model = bitscape::model(project, { 1 });
        QCOMPARE(model.source, m_place.path(QStringLiteral("block.onnx")).toStdString());
        QCOMPARE(model.mean, (std::vector<double> { 0.5, 0.25, 0.125 }));
        QCOMPARE(model.layers.front().name, "conv0");
        const std::string digest = bitscape::sha256Hex(m_place.read(QStringLiteral("block.onnx")).toStdString());
        QVERIFY(model.origin == (bitscape::ModelOrigin { "onnx", digest, "tests 1.0", "13", {} }));
        QVERIFY(!project.blob(model.weights).empty());
        const QString shown = m_place(words("model show block")).out;
        for (const QString& word : { QStringLiteral("format onnx, opset 13, made by tests 1.0"), QString::fromStdString(digest) })
            QVERIFY2(shown.contains(word), qPrintable(shown));
    }

    void notesAreTold()
    {
        Worker worker(m_place, { "model", "add", m_place.path(QStringLiteral("softmax.bin")), "--name", "soft" });
        QCOMPARE(worker.code(), 0);
        const auto isNote = [](const Event& event) { return event.kind == EventKind::Log && event.text.find("Softmax") == 0; };
        QVERIFY(std::ranges::any_of(worker.events(), isNote));
    }

    void bitsOfAnExport()
    {
        OnnxNetwork network = bitscape::test::resNetBlock();
        network.file.note("bitscape.bits", R"({"fc":[1,2,3,4,5],"conv0":[0,0,8,8]})");
        network.file.note("bitscape.mean", "[0,0,0]");
        network.file.note("bitscape.std", "[1,1,0.5]");
        m_place.write(QStringLiteral("export.onnx"), bytesOf(network));
        QCOMPARE(m_place(words("model add export.onnx")).code, 0);
        bitscape::Project project = m_place.open();
        const bitscape::Model model = bitscape::findModel(project, "export").value();
        QCOMPARE(model.origin.bits.at("fc"), (std::vector<int> { 1, 2, 3, 4, 5 }));
        QCOMPARE(model.stddev, (std::vector<double> { 1, 1, 0.5 }));
        QVERIFY(m_place(words("model show export")).out.contains(QStringLiteral("3.00")));
    }

    void anInputShape()
    {
        QCOMPARE(m_place(words("model add block.onnx --name small --input 3,5,7")).code, 0);
        QVERIFY(m_place(words("model list")).out.contains(QStringLiteral("3x5x7")));
    }

    void refusals_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("word");
        QTest::newRow("no file") << words("model add lenet5") << 3 << QStringLiteral("zoo:NAME");
        QTest::newRow("name taken") << words("model add block.onnx") << 2 << QStringLiteral("\"block\"");
        QTest::newRow("no shape") << words("model add block.onnx --name b --input 3,x,5") << 2 << QStringLiteral("C,H,W");
        QTest::newRow("another number of channels") << words("model add block.onnx --name b --input 4,9,9") << 3 << QStringLiteral("conv0");
        QTest::newRow("deviations missing") << words("model add block.onnx --name b --mean 1,2,3") << 2 << QStringLiteral("--std");
        QTest::newRow("no model") << words("model add p.bitscape --name b") << 3 << QStringLiteral("neither an ONNX model");
    }

    void refusals()
    {
        QFETCH(const QStringList, command);
        QFETCH(const int, code);
        QFETCH(const QString, word);
        const Content before = m_place.content();
        const Outcome outcome = m_place(command);
        QCOMPARE(outcome.code, code);
        QVERIFY2(outcome.err.contains(word), qPrintable(outcome.err));
        QVERIFY(m_place.content() == before);
    }

    /// The same words and codes as adding, without a project.
    void previews()
    {
        const Outcome told = call({ "model", "preview", m_place.path("block.onnx"), "--mean", "0.5,0.5,0.5", "--std", "1,1,1" });
        QCOMPARE(told.code, 0);
        for (const char* word : { "format onnx, opset 13, made by tests 1.0", "mean 0.5000", "5 classes", "conv0", "edge", "quantizable" })
            QVERIFY2(told.out.contains(QLatin1String(word)), qPrintable(told.out));
        const Outcome asJson = call({ "model", "preview", m_place.path("softmax.bin"), "--json", "--input", "3x9x9" });
        QCOMPARE(asJson.code, 0);
        const json preview = json::parse(asJson.out.toStdString());
        QVERIFY(preview.at("input") == json({ 3, 9, 9 }));
        QVERIFY(preview.at("notes").dump().find("Softmax") != std::string::npos);
        QCOMPARE(preview.at("layers").front().at("quantizable").get<bool>(), false);
    }

    void previewsRefuseAsAddingDoes()
    {
        m_place.write(QStringLiteral("state.pt"), QByteArray("\x80\x02}q\x00.", 6));
        for (const QStringList& file : { QStringList { "none.onnx" }, QStringList { "p.bitscape" }, QStringList { "state.pt" },
                 QStringList { "block.onnx", "--input", "4,9,9" }, QStringList { "block.onnx", "--mean", "1,2,3" } }) {
            const QStringList rest = QStringList { m_place.path(file.front()) } + file.mid(1);
            const Outcome told = call(QStringList { "model", "preview" } + rest);
            const Outcome asJson = call(QStringList { "model", "preview", "--json" } + rest);
            const Outcome added = m_place(QStringList { "model", "add" } + rest + QStringList { "--name", "refused" });
            QVERIFY(added.code != 0 && !added.err.isEmpty());
            QCOMPARE(told.code, added.code);
            QCOMPARE(told.err, added.err);
            QCOMPARE(asJson.err, added.err);
            QCOMPARE(asJson.out, QString());
        }
    }

    /// Training, scoring and evaluating start from the file's own weights.
    void runsWork()
    {
        using namespace bitscape::test;
        OnnxWriter file(13);
        Blocks add { file };
        std::string x = file.input({ 0, 1, 28, 28 });
        add.conv(x, "conv1", 1, 4, 3, 2);
        x = file.node("HardSigmoid", { x }, { { "alpha", 1 / 6.0F } });
        add.conv(x, "conv2", 4, 6, 3, 2);
        x = file.node("Flatten", { file.node("GlobalAveragePool", { file.node("Relu", { x }) }) });
        add.gemm(x, "fc", 6, 10);
        file.output(x);
        m_place.write(QStringLiteral("digits.onnx"), QByteArray::fromStdString(file.bytes()));
        QCOMPARE(m_place(words("model add digits.onnx")).code, 0);
        QCOMPARE(m_place(words("data add --kind glyphs --path train=200,test=50")).code, 0);
        const std::int64_t score = done(m_place, words("score --model digits --data glyphs --set samples_per_class=5"));
        QCOMPARE(m_place.show(score)["layers"].size(), std::size_t(3));
        const std::int64_t search = done(m_place, words("search --from last --set target_bits=2"));
        QVERIFY(m_place.show(search)["average_bits"].get<double>() <= 2);
    }

private:
    static QByteArray bytesOf(const OnnxNetwork& network) { return QByteArray::fromStdString(network.file.bytes()); }

    Workplace m_place;
};

QTEST_GUILESS_MAIN(ModelsTest)
#include "tst_cli_models.moc"
