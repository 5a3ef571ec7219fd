// SPDX-License-Identifier: GPL-3.0-or-later
// Packed networks: what a C program unpacks, how large they are, and damaged ones.
#include "tests/core/engine/export_fixture.h"

#include "core/engine/formats/export/export_packed.h"
#include "core/engine/formats/export/packed_bits.h"
#include "core/engine/formats/export/packed_network.h"
#include "core/network/cost.h"

#include <QProcess>
#include <QTest>

#include <bit>

using namespace bitscape;
using namespace bitscape::test;

namespace {

std::uint64_t number(const std::string& bytes, std::size_t at, int count)
{
    std::uint64_t value = 0;
    for (int i = count - 1; i >= 0; --i)
        value = value << 8 | static_cast<std::uint8_t>(bytes[at + static_cast<std::size_t>(i)]);
    return value;
}

QStringList unpacked(const std::filesystem::path& file, int* code = nullptr)
{
    QProcess process;
    process.start(QStringLiteral(PACKED_DUMP), { QString::fromStdString(file.string()) });
    process.waitForFinished();
    if (code)
        *code = process.exitCode();
    return QString::fromUtf8(process.readAllStandardOutput()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
}

float floatOf(const QString& pattern)
{
    return std::bit_cast<float>(pattern.toUInt());
}

} // namespace

class PackedTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".?")); }

    void codesComeOutAsTheyWentIn()
    {
        BitStream stream;
        std::string wanted; // bit by bit
        Random random(9);
        for (int i = 0; i < 500; ++i) {
            const int bits = 1 + static_cast<int>(random.below(32));
            const auto code = static_cast<std::uint32_t>(random.below(std::uint64_t { 1 } << bits));
            stream.append(code, bits);
            for (int b = 0; b < bits; ++b)
                wanted += code >> b & 1U ? '1' : '0';
        }
        QCOMPARE(stream.count(), wanted.size());
        const std::string bytes = stream.bytes();
        QCOMPARE(bytes.size(), (wanted.size() + 7) / 8);
        for (std::size_t i = 0; i < wanted.size(); ++i)
            QCOMPARE(static_cast<std::uint8_t>(bytes[i / 8]) >> (i % 8) & 1, wanted[i] - '0');
    }

    void cUnpacksTheEnginesWeights_data()
    {
        QTest::addColumn<QString>("graph");
        QTest::addColumn<bool>("narrow");
        for (const char* graph : { "chain", "residual", "mixture", "imported" }) {
            QTest::addRow("%s midrise", graph) << graph << false;
            QTest::addRow("%s narrow", graph) << graph << true;
        }
    }

    /// Levels and values are the engine's, to the last bit; behind a batch normalisation the values carry its factor in the scale.
    void cUnpacksTheEnginesWeights()
    {
        QFETCH(QString, graph);
        QFETCH(bool, narrow);
        const auto example = exampleOf(graph, { 0, 1, 2, 3, 4, 5, 6, 7, 8 }, narrow ? Grid::Narrow : Grid::Midrise);
        const Deployable& network = example.network;
        const Desk desk;
        QStringList lines = unpacked(desk.put(exportPacked(network)));
        for (std::size_t i = 0; i < network.layers.size(); ++i) {
            const Layer& layer = network.layers[i];
            const Node& node = network.graph.nodes[static_cast<std::size_t>(layer.node)];
            const float* weights = network.tensors.at(node.weight).data_ptr<float>();
            for (std::size_t f = 0; f < network.bits[i].size(); ++f) {
                QVERIFY(!lines.isEmpty());
                const QStringList words = lines.takeFirst().split(QLatin1Char(' '));
                QCOMPARE(words[0].toStdString(), layer.name);
                QCOMPARE(words[2].toInt(), int { network.bits[i][f] });
                QCOMPARE(words.size(), 5 + layer.weightsPerFilter());
                const float scale = floatOf(words[3]);
                if (layer.batchNorm < 0 && !node.bias.empty() && network.bits[i][f] > 0)
                    QCOMPARE(floatOf(words[4]), network.tensors.at(node.bias).data_ptr<float>()[f]);
                for (std::size_t w = 0; w < static_cast<std::size_t>(layer.weightsPerFilter()); ++w) {
                    const QStringList pair = words[5 + static_cast<int>(w)].split(QLatin1Char(':'));
                    const std::size_t at = f * network.weights[i].perFilter() + w;
                    if (network.weights[i].scales[f] > 0)
                        QCOMPARE(pair[0].toInt(), int { network.weights[i].levels[at] });
                    QCOMPARE(floatOf(pair[1]), static_cast<float>(pair[0].toInt()) * scale);
                    if (layer.batchNorm < 0)
                        QCOMPARE(floatOf(pair[1]), weights[at]);
                }
            }
        }
        QVERIFY(lines.isEmpty());
    }

    void thePayloadIsTheCostModelsSize_data() { cUnpacksTheEnginesWeights_data(); }

    void thePayloadIsTheCostModelsSize()
    {
        QFETCH(QString, graph);
        QFETCH(bool, narrow);
        for (const bool quantized : { true, false }) {
            const auto example = exampleOf(
                graph, quantized ? std::vector<int> { 0, 1, 3, 8 } : std::vector<int> {}, narrow ? Grid::Narrow : Grid::Midrise);
            const Deployable& network = example.network;
            const LayerBits bits = quantized ? network.bits : uniformBits(network.layers, 32, 32);
            const auto wanted = static_cast<std::uint64_t>(costOf(network.graph, network.layers, bits).sizeBits);
            const std::string bytes = exportPacked(network);
            QCOMPARE(number(bytes, 20, 8), wanted);
            QCOMPARE(bytes.size(), number(bytes, 16, 4) + (wanted + 7) / 8);
        }
    }

    void damagedFilesAreRefused()
    {
        const std::string whole = exportPacked(exampleOf("residual", { 0, 1, 2, 3 }, Grid::Midrise, 4).network);
        const Desk desk;
        Random random(4);
        for (std::size_t length = 0; length < whole.size(); length += 1 + length / 16)
            QVERIFY(refuses([&] { readPacked(desk.put(whole.substr(0, length))); }, ErrorCode::BadInput, { "network" }));
        for (int i = 0; i < 400; ++i) { // a byte of the header changed: refused, or another network, but never a crash
            std::string changed = whole;
            changed[random.below(std::min<std::size_t>(whole.size(), 400))] = static_cast<char>(random.below(256));
            const auto file = desk.put(changed);
            refusalOf([&] { readPacked(file); });
            if (i % 20 > 0)
                continue;
            int code = -1;
            unpacked(file, &code);
            QVERIFY(code == 0 || code == 3);
        }
    }
};

QTEST_GUILESS_MAIN(PackedTest)
#include "tst_engine_packed.moc"
