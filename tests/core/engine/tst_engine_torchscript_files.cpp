// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are damaged, or lie: refused in a second, whatever they would make LibTorch do.
#include "tests/core/engine/script_blocks.h"

#include "tests/fuzz/stored_zip.h"

#include <caffe2/serialize/inline_container.h>

#include <QElapsedTimer>
#include <QTest>

#include <fstream>

using namespace bitscape;
using namespace bitscape::test;
using bitscape::fuzz::Records;

namespace {

constexpr int kMostMs = 1000; ///< of the issue

void write(const std::filesystem::path& path, const std::string& bytes)
{
    std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// A block's file, its records uncompressed.
Records recordsOf(BlockMaker make)
{
    ScriptNet net;
    make(net);
    const TemporaryFile file;
    net.module().save(file.path().string());
    caffe2::serialize::PyTorchStreamReader reader(file.path().string());
    Records records;
    for (const std::string& name : reader.getAllRecords()) {
        const auto [data, size] = reader.getRecord(name);
        records.emplace_back("net/" + name, std::string(static_cast<const char*>(data.get()), size));
    }
    return records;
}

std::string& contentOf(Records& records, const std::string& name)
{
    return std::ranges::find(records, "net/" + name, &Records::value_type::first)->second;
}

std::string& scriptOf(Records& records)
{
    return contentOf(records, "code/__torch__.py");
}

/// The refusal, "" for a network, in at most kMostMs.
std::string refusalOf(const std::filesystem::path& path, const std::optional<Shape>& input = Shape { 2, 8, 8 })
{
    SilentContext context;
    QElapsedTimer timer;
    timer.start();
    std::string message;
    try {
        importTorchScript(path, { input }, context);
    } catch (const Error& error) {
        message = error.what();
        if (error.code() != ErrorCode::BadInput && error.code() != ErrorCode::Unsupported)
            return "wrong code";
        if (timer.elapsed() > kMostMs)
            return "took " + std::to_string(timer.elapsed()) + " ms: " + message;
    }
    return message;
}

std::string refusalOf(const Records& records, const std::optional<Shape>& input = Shape { 2, 8, 8 })
{
    const TemporaryFile file;
    write(file.path(), fuzz::zipOf(records));
    return refusalOf(file.path(), input);
}

void replace(std::string& text, const std::string& from, const std::string& to)
{
    const auto at = text.find(from);
    QVERIFY2(at != std::string::npos, from.c_str());
    text.replace(at, from.size(), to);
}

/// A pickled number of two bytes, as sizes are.
std::string pickled(std::uint16_t number)
{
    std::string bytes("M");
    fuzz::put(bytes, number);
    return bytes;
}

std::string pickledText(const std::string& text)
{
    std::string bytes("X");
    fuzz::put(bytes, static_cast<std::uint32_t>(text.size()));
    return bytes + text;
}

/// {"forward": [tensor of these sizes, its numbers left out]}, as PyTorch 2 writes traced inputs.
std::string tracedInputs(std::initializer_list<std::uint16_t> sizes)
{
    std::string shape, strides, pickle("\x80\x02}(");
    for (const std::uint16_t size : sizes) {
        shape += pickled(size);
        strides += pickled(1);
    }
    pickle += pickledText("forward") + "](ctorch._utils\n_rebuild_tensor_v2\n((" + pickledText("storage") + "ctorch\nFloatStorage\n"
        + pickledText("0") + pickledText("cpu") + pickled(60000) + "tQ" + pickled(0) + "(" + shape + "t(" + strides + "t\x89Nt" + "Reu.";
    return pickle;
}

} // namespace

class TestTorchScriptFiles : public QObject {
    Q_OBJECT

private slots:
    void repackedFilesAreRead()
    {
        for (const Block& block : kBlocks)
            QCOMPARE(refusalOf(recordsOf(block.make)), std::string());
    }

    /// What PyTorch 1.6 to 1.13 and 2.x say of themselves; what comes after is LibTorch's to refuse.
    void versions()
    {
        for (const char* version : { "3\n", "4\n", "7\n", "10\n" }) {
            Records records = recordsOf(vgg);
            contentOf(records, "version") = version;
            QCOMPARE(refusalOf(records), std::string());
        }
        Records records = recordsOf(vgg);
        contentOf(records, "version") = "99\n";
        QVERIFY(!refusalOf(records).empty());
    }

    /// PyTorch 2 adds these.
    void newerRecordsAreTakenOrPassedOver()
    {
        Records records = recordsOf(vgg);
        records.emplace_back("net/byteorder", "little");
        records.emplace_back("net/.data/serialization_id", "123");
        records.emplace_back("net/traced_inputs.pkl", tracedInputs({ 1, 2, 8, 8 }));
        QCOMPARE(refusalOf(records, std::nullopt), std::string());
        contentOf(records, "traced_inputs.pkl") = tracedInputs({ 1, 3, 8, 8 });
        QVERIFY(refusalOf(records, std::nullopt).find("for 2 input channels") != std::string::npos);
        contentOf(records, "byteorder") = "big";
        QVERIFY(refusalOf(records).find("big-endian") != std::string::npos);
    }

    void truncatedFilesAreRefused()
    {
        const std::string whole = fuzz::zipOf(recordsOf(residual));
        const TemporaryFile file;
        for (std::size_t size = 0; size < whole.size(); size += 97) {
            write(file.path(), whole.substr(0, size));
            QVERIFY2(!refusalOf(file.path()).empty(), std::to_string(size).c_str());
        }
    }

    /// Any byte changed: refused, or none that matters.
    void changedBytesAreNoticed()
    {
        const std::string whole = fuzz::zipOf(recordsOf(fire));
        const TemporaryFile file;
        for (std::size_t at = 0; at < whole.size(); at += 29) {
            std::string changed = whole;
            changed[at] = static_cast<char>(changed[at] ^ (1 << at % 8));
            write(file.path(), changed);
            const std::string message = refusalOf(file.path());
            QVERIFY2(!message.starts_with("took") && message != "wrong code", message.c_str());
        }
    }

    /// The same behind right checksums.
    void changedRecordsAreNoticed_data()
    {
        QTest::addColumn<QString>("record");
        for (const char* record : { "data.pkl", "constants.pkl", "code/__torch__.py", "version" })
            QTest::newRow(record) << QString(record);
    }

    void changedRecordsAreNoticed()
    {
        QFETCH(QString, record);
        const Records whole = recordsOf(squeezeByHand);
        Records records = whole;
        const std::size_t size = contentOf(records, record.toStdString()).size();
        for (std::size_t at = 0; at < size; at += 1 + size / 250) {
            records = whole;
            char& byte = contentOf(records, record.toStdString())[at];
            byte = static_cast<char>(byte ^ (1 << at % 7));
            const std::string message = refusalOf(records);
            QVERIFY2(!message.starts_with("took") && message != "wrong code", message.c_str());
        }
    }

    void hugeFilesAreRefused()
    {
        const TemporaryFile file;
        write(file.path(), "PK\x03\x04");
        std::filesystem::resize_file(file.path(), std::uintmax_t { 1 } << 40); // sparse
        QVERIFY(refusalOf(file.path()).find("4 GiB") != std::string::npos);
        std::filesystem::resize_file(file.path(), std::uintmax_t { 3 } << 30);
        QVERIFY(refusalOf(file.path()).find("no directory") != std::string::npos);
        QVERIFY(refusalOf(file.path().parent_path()).find("not a file") != std::string::npos);
        QVERIFY(refusalOf("/nowhere").find("not a file") != std::string::npos);
    }

    void sizesAreHeldAgainstWhatIsStored()
    {
        Records records = recordsOf(vgg);
        std::string& pickle = contentOf(records, "data.pkl");
        replace(pickle,
            "K\x6c"
            "t",
            "K\xff"
            "t"); // conv1.weight: 6 * 2 * 3 * 3 numbers
        QVERIFY(refusalOf(records).find("has not") != std::string::npos);

        records = recordsOf(vgg);
        replace(contentOf(records, "data.pkl"), "(K\x06K\x02K\x03K\x03t", "(K\x06K\x7fK\x03K\x03t");
        QVERIFY(refusalOf(records).find("larger than what is stored") != std::string::npos);

        records = recordsOf(vgg);
        std::erase_if(records, [](const auto& record) { return record.first == "net/data/0"; });
        QVERIFY(refusalOf(records).find("data/0") != std::string::npos);
    }

    void deepThingsAreRefused()
    {
        Records records = recordsOf(vgg);
        contentOf(records, "constants.pkl") = "\x80\x02"
                                              "N"
            + std::string(100000, '\x85') + ".";
        QVERIFY(refusalOf(records).find("nested") != std::string::npos);

        records = recordsOf(vgg);
        const std::string end = "return ";
        replace(scriptOf(records), end, end + std::string(100000, '('));
        QVERIFY(refusalOf(records).find("levels") != std::string::npos);

        std::string chain;
        for (int i = 0; i < 100000; ++i)
            chain += "1 + ";
        records = recordsOf(vgg);
        replace(scriptOf(records), end, "y = " + chain + "1\n    " + end);
        QVERIFY(refusalOf(records).find("levels") != std::string::npos);
    }

    /// Classes that refer to each other in a long chain: LibTorch's importer calls itself for each.
    void chainsOfClasses()
    {
        std::string script;
        const int count = 19900;
        for (int i = 0; i < count; ++i)
            script += "class C" + std::to_string(i) + "(Module):\n  __parameters__ = []\n  __buffers__ = []\n"
                + (i + 1 < count ? "  a : __torch__.C" + std::to_string(i + 1) + "\n" : "");
        Records records = recordsOf(vgg);
        scriptOf(records) = script;
        contentOf(records, "data.pkl") = "\x80\x02"
                                         "c__torch__\nC0\n)\x81}b.";
        const std::string message = refusalOf(records);
        QVERIFY2(!message.empty(), "accepted");
    }

    /// What LibTorch finds wrong, when it loads a function or first compiles it, comes in one line.
    void scriptsThatDoNotCompileAreRefused()
    {
        for (const char* wrong : { "return nothing(x), ", "return x.nothing, ", "y = torch.relu(x, x, x, x)\n    return " }) {
            Records records = recordsOf(products);
            replace(scriptOf(records), "return ", wrong);
            const std::string message = refusalOf(records);
            QVERIFY2(message.find("LibTorch") != std::string::npos, message.c_str());
            QCOMPARE(std::ranges::count(message, '\n'), 0);
        }
    }

    /// LibTorch crashes on these, or runs them.
    void classesThatPyTorchDoesNotWriteAreRefused()
    {
        for (const char* item : { "__buffers__ : Tensor", "n : Final = 3", "n : Final[int]", "n : int = 3", "n : Final[str] = \"a\" * 99",
                 "n = 3", "__m__ = []", "def f(self, n: int=1 + 1) -> int:\n    return n", "def f(self) -> int:\n    return 1 2",
                 "def f(self) -> int:\n    x[0] = 1" }) {
            Records records = recordsOf(products);
            replace(scriptOf(records), "training : bool", std::string("training : bool\n  ") + item);
            const std::string message = refusalOf(records);
            QVERIFY2(message.starts_with("Line "), item);
        }
        Records records = recordsOf(products);
        replace(scriptOf(records), "class Part(Module):", "class Part(NamedTuple):");
        QVERIFY(refusalOf(records).starts_with("Line "));
    }

    void bombsAreRefused()
    {
        Records records = recordsOf(vgg);
        scriptOf(records).append(std::string(std::size_t { 3 } << 20, ' '));
        QVERIFY(refusalOf(records).find("MiB of script") != std::string::npos);

        records = recordsOf(vgg);
        for (int i = 0; i < 20001; ++i)
            scriptOf(records) += "class A" + std::to_string(i) + "(Module):\n  __parameters__ = []\n";
        QVERIFY(refusalOf(records).find("20000 classes") != std::string::npos);

        records = recordsOf(vgg);
        contentOf(records, "data.pkl") = "\x80\x02N" + std::string("r\xff\xff\xff\xff", 5) + "."; // remembers at 4294967295
        QVERIFY(refusalOf(records).find("remembers more") != std::string::npos);
    }

    /// Loading it would run it.
    void codeThatRunsWhileLoadingIsRefused()
    {
        ScriptNet net;
        net.tensor("w", at::ones({ 1 }));
        net.define("def __getstate__(self) -> int:\n    return 1\n");
        net.define("def __setstate__(self, state: int) -> None:\n    while True:\n        state = state + 1\n");
        net.define("def forward(self, x):\n    return x.mean([2, 3])\n");
        QVERIFY(bitscape::test::refusalOf(net.module()).find("__setstate__") != std::string::npos);
    }

    void picklesAreRecognised()
    {
        const TemporaryFile file;
        write(
            file.path(), fuzz::zipOf({ { "archive/data.pkl", "\x80\x02}." }, { "archive/data/0", "1234" }, { "archive/version", "3\n" } }));
        const std::string message = refusalOf(file.path());
        QVERIFY2(message.find("state_dict") != std::string::npos && message.find("torch.jit.script(network).save(") != std::string::npos,
            message.c_str());
        QCOMPARE(std::ranges::count(message, '\n'), 2);
        write(file.path(), "\x80\x02\x8a\nl\xfc\x9c\x46\xf9\x20\x6a\xa8P\x19.");
        QVERIFY(refusalOf(file.path()).find("state_dict") != std::string::npos);
        write(file.path(), fuzz::zipOf({ { "docs/readme.txt", "text" } }));
        QVERIFY(refusalOf(file.path()).find("not one of torch.jit.save()") != std::string::npos);
        write(file.path(), "just text, and more of it than a zip file's end has");
        QVERIFY(refusalOf(file.path()).find("not a zip file") != std::string::npos);
    }
};

QTEST_APPLESS_MAIN(TestTorchScriptFiles)
#include "tst_engine_torchscript_files.moc"
