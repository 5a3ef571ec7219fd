// SPDX-License-Identifier: GPL-3.0-or-later
// export: every format of every run that has one, what the command says of it, and what it refuses.
#include "tests/app/cli_fixture.h"

#include "core/jobs/run_tables.h"

using namespace cli;

namespace {

QStringList exporting(const QString& what, const QString& format, const QString& file, const QStringList& more = {})
{
    return QStringList { "export", what, "--to", format, "--out", file } + more;
}

} // namespace

class CliExportTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void initTestCase()
    {
        furnish(m_place);
        done(m_place, words("train --model mlp --set epochs=4 --threads 1"));
        done(m_place, words("score --from last --set samples_per_class=20 --threads 1"));
        done(m_place, words("search --from last --set target_bits=2 --threads 1"));
        done(m_place, words("refine --from last --set epochs=1 --threads 1"));
        done(m_place,
            words("search --from 2 --set target_bits=3 --set grid=narrow --set activation_bits=4 "
                  "--set samples_per_class=20 --threads 1"));
        done(m_place, words("evaluate --from last --threads 1"));
    }

    void networks_data()
    {
        QTest::addColumn<int>("run");
        QTest::addColumn<QString>("format");
        for (const int run : { 1, 4, 5 }) {
            for (const char* format : { "onnx", "qonnx", "packed", "torchscript" })
                QTest::addRow("%s of run %d", format, run) << run << format;
        }
        QTest::addRow("of an evaluation") << 6 << QStringLiteral("onnx");
    }

    /// The check that the command makes is told with the run's own accuracy.
    void networks()
    {
        QFETCH(int, run);
        QFETCH(QString, format);
        const QString name = QStringLiteral("%1.%2").arg(run).arg(format);
        const Outcome outcome = m_place(exporting(QString::number(run), format, name));
        QCOMPARE(outcome.code, 0);
        const QString accuracy = QString::number(m_place.show(run).at("accuracy").get<double>(), 'f', 4);
        const QString wanted = QStringLiteral("%1 %2, %3 bytes, read and run again: accuracy %4 in the run, %4 in the file; "
                                              "0 of 200 images answered differently\n")
                                   .arg(format, name)
                                   .arg(m_place.read(name).size())
                                   .arg(accuracy);
        QCOMPARE(outcome.out, wanted);
        if (format == QLatin1String("packed") && run != 1)
            QCOMPARE(packedBits(name), m_place.show(run).at("size_bits").get<std::int64_t>());
    }

    void exportsAgreeWithShow()
    {
        QCOMPARE(m_place(exporting("3", "json", "3.json")).code, 0);
        const json told = json::parse(m_place.read("3.json").toStdString()), shown = m_place.show(3);
        for (const auto& [key, value] : shown.items()) {
            if (key != "layers")
                QVERIFY2(told.at(key) == value, key.c_str());
        }
        QCOMPARE(told.at("score_run").get<int>(), 2);
        std::int64_t size = 0, macs = 0;
        for (std::size_t i = 0; i < shown.at("layers").size(); ++i) {
            const json& layer = told.at("layers").at(i);
            QVERIFY(layer.at("bits") == shown.at("layers").at(i).at("bits"));
            QVERIFY(layer.at("scores") == m_place.show(2).at("layers").at(i).at("scores"));
            size += layer.at("cost").at("size_bits").get<std::int64_t>();
            for (const json& filter : layer.at("filter_costs"))
                macs += filter.at("macs").get<std::int64_t>();
        }
        QCOMPARE(size, shown.at("size_bits").get<std::int64_t>());
        QCOMPARE(macs, shown.at("macs").get<std::int64_t>());
    }

    void tablesAgreeWithShow()
    {
        QCOMPARE(m_place(exporting("3", "csv", "3.csv")).code, 0);
        const json shown = m_place.show(3);
        const auto filters = bitscape::tableFrom(m_place.read("3.csv").toStdString());
        const auto column
            = [&](const char* name) { return static_cast<std::size_t>(std::ranges::find(filters.names, name) - filters.names.begin()); };
        std::int64_t size = 0;
        auto row = filters.rows.begin();
        for (const json& layer : shown.at("layers")) {
            for (const json& bits : layer.at("bits")) {
                QCOMPARE(row->at(column("layer")), layer.at("name").get<std::string>());
                QCOMPARE(std::stoi(row->at(column("bits"))), bits.get<int>());
                size += std::stoll(row->at(column("size_bits")));
                ++row;
            }
        }
        QVERIFY(row == filters.rows.end() && column("score") < filters.names.size());
        QCOMPARE(size, shown.at("size_bits").get<std::int64_t>());
        const auto trajectory = bitscape::tableFrom(m_place.read("3.trajectory.csv").toStdString());
        QCOMPARE(trajectory.rows.size(), shown.at("trajectory").size());
        QCOMPARE(bitscape::tableFrom(m_place.read("3.layers.csv").toStdString()).rows.size(), shown.at("layers").size());
        QCOMPARE(m_place(exporting("1", "csv", "1.csv")).code, 0);
        QCOMPARE(bitscape::tableFrom(m_place.read("1.epochs.csv").toStdString()).rows.size(), std::size_t(4));
    }

    void refusals_data()
    {
        QTest::addColumn<QStringList>("command");
        QTest::addColumn<int>("code");
        QTest::addColumn<QStringList>("parts");
        QTest::addRow("a run without a network") << exporting("2", "onnx", "x") << 2 << QStringList { "Run 2", "score", "csv" };
        QTest::addRow("a model without weights") << exporting("lenet5", "onnx", "x") << 2 << QStringList { "lenet5", "train" };
        QTest::addRow("a table of a model") << exporting("mlp", "csv", "x") << 2 << QStringList { "mlp", "tells of a run" };
        QTest::addRow("no such run") << exporting("99", "onnx", "x") << 2 << QStringList { "99" };
        QTest::addRow("no such model") << exporting("none", "onnx", "x") << 2 << QStringList { "none", "lenet5" };
        QTest::addRow("no such format") << exporting("3", "pdf", "x") << 2 << QStringList { "--to", "pdf", "packed" };
        QTest::addRow("no such folder") << exporting("3", "packed", "none/x") << 3 << QStringList { "none/x", "make the folder first" };
        QTest::addRow("a file that is there") << exporting("3", "packed", "p.bitscape") << 2 << QStringList { "p.bitscape", "--force" };
    }

    void refusals()
    {
        QFETCH(QStringList, command);
        QFETCH(int, code);
        QFETCH(QStringList, parts);
        const auto before = m_place.content();
        Outcome outcome = m_place(command);
        const qsizetype last = outcome.err.lastIndexOf(QLatin1String("bitscape-cli: "));
        outcome.err = outcome.err.mid(std::max<qsizetype>(last, 0)); // behind the lines that tell how far it is
        QCOMPARE(flaw(outcome, code, parts), QString());
        QVERIFY(m_place.content() == before);
        QVERIFY(!m_place.files().contains("x"));
    }

    void whatIsThereIsReplacedByForceOnly()
    {
        m_place.write("old.packed", "old");
        QCOMPARE(m_place(exporting("3", "packed", "old.packed")).code, 2);
        QCOMPARE(m_place.read("old.packed"), QByteArray("old"));
        QCOMPARE(m_place(exporting("3", "packed", "old.packed", { "--force" })).code, 0);
        QVERIFY(m_place.read("old.packed").startsWith("BITSPACK"));
    }

    void otherProgramsHearOfIt()
    {
        const Outcome outcome = m_place(exporting("last", "onnx", "events.onnx", { "--events" }));
        QCOMPARE(outcome.code, 0);
        const QStringList lines = outcome.out.split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        QVERIFY(lines.size() >= 3);
        QVERIFY2(lines[lines.size() - 2].contains("0 of 200 images answered differently"), qPrintable(outcome.out));
        QVERIFY2(lines.back().contains("finished"), qPrintable(outcome.out));
    }

private:
    /// The payload's size as the file's header says.
    std::int64_t packedBits(const QString& name) const
    {
        const QByteArray bytes = m_place.read(name);
        std::int64_t bits = 0;
        for (int i = 7; i >= 0; --i)
            bits = bits << 8 | static_cast<std::uint8_t>(bytes[20 + i]);
        return bits;
    }

    Workplace m_place;
};

QTEST_GUILESS_MAIN(CliExportTest)
#include "tst_cli_export.moc"
