// SPDX-License-Identifier: GPL-3.0-or-later
// Presets of a person's own: what is saved is found again by whoever looks, and no damage costs more than a sentence.
#include "core/base/error.h"
#include "core/jobs/own_presets.h"
#include "core/jobs/parameters.h"

#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <thread>
#include <vector>

using namespace bitscape;
using nlohmann::json;

namespace {

/// The sentence that something is refused with, its code before it.
template <typename Action> QString refusal(const Action& action)
{
    try {
        action();
    } catch (const Error& error) {
        const char* code = error.code() == ErrorCode::BadArgument ? "argument: "
            : error.code() == ErrorCode::BadInput                 ? "input: "
            : error.code() == ErrorCode::Store                    ? "store: "
                                                                  : "other: ";
        return QString::fromUtf8(code) + QString::fromUtf8(error.what());
    }
    return QStringLiteral("no error");
}

} // namespace

class OwnPresetsTest : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    QString path() const { return m_folder->filePath(QStringLiteral("config/bitscape/presets.json")); }
    std::filesystem::path file() const { return path().toStdString(); }
    void write(const QByteArray& bytes) const
    {
        QVERIFY(QDir().mkpath(QFileInfo(path()).path()));
        QFile out(path());
        QVERIFY(out.open(QIODevice::WriteOnly));
        QCOMPARE(out.write(bytes), bytes.size());
    }
    QByteArray bytes() const
    {
        QFile in(path());
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
    }
    void save(RunKind kind, const char* name, const json& values, Existing existing = Existing::Refuse) const
    {
        saveOwnPreset(file(), kind, name, values, existing);
    }

private slots:
    void init()
    {
        QTest::failOnWarning(QRegularExpression(QStringLiteral(".*")));
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void whereTheFileIs()
    {
        qputenv("XDG_CONFIG_HOME", "/etc/mine");
        QCOMPARE(ownPresetsFile().string(), std::string("/etc/mine/bitscape/presets.json"));
        qputenv("XDG_CONFIG_HOME", "relative"); // does not count
        qputenv("HOME", "/home/me");
        QCOMPARE(ownPresetsFile().string(), std::string("/home/me/.config/bitscape/presets.json"));
        qunsetenv("XDG_CONFIG_HOME");
        qunsetenv("HOME");
        QVERIFY(ownPresetsFile().empty());
        QVERIFY(ownPresets({}, RunKind::Train).empty());
        QCOMPARE(namedPreset({}, RunKind::Train, "quick").name, std::string("quick"));
        const QString told = refusal([] { saveOwnPreset({}, RunKind::Train, "mine", { { "epochs", 7 } }, Existing::Refuse); });
        QVERIFY2(told.contains(QStringLiteral("set HOME")), qPrintable(told));
    }

    /// Read by a JSON reader of its own, as a person's script would.
    void savedAndFound()
    {
        QVERIFY(ownPresets(file(), RunKind::Train).empty());                                            // no file yet
        save(RunKind::Train, "über mir", { { "epochs", 7 }, { "batch", 64 }, { "learning_rate", 1 } }); // batch is the default
        save(RunKind::Train, "a", { { "epochs", 9 } });
        save(RunKind::Search, "a", { { "target_bits", 1.5 } });
        const json stored = json::parse(bytes().toStdString());
        QCOMPARE(stored.at("version").get<int>(), 1);
        QCOMPARE(stored.at("presets").size(), std::size_t { 3 });
        QCOMPARE(stored.at("presets").at(0).dump(),
            json({ { "kind", "train" }, { "name", "über mir" }, { "values", { { "epochs", 7 }, { "learning_rate", 1.0 } } } }).dump());
        const auto own = ownPresets(file(), RunKind::Train);
        QCOMPARE(own.size(), std::size_t { 2 });
        QCOMPARE(own[0].name, std::string("a")); // by name
        QCOMPARE(own[1].title, std::string("über mir"));
        QCOMPARE(namedPreset(file(), RunKind::Search, "a").values.dump(), json({ { "target_bits", 1.5 } }).dump());
        QVERIFY(namedPreset(file(), RunKind::Train, "quick").values == presetOf(RunKind::Train, "quick").values);
        QCOMPARE(parametersFromTexts(RunKind::Train, { "epochs=2" }, own[0].values).at("epochs").get<int>(), 2);
        QCOMPARE(QDir(QFileInfo(path()).path()).entryList(QDir::Files, QDir::Name), (QStringList { "presets.json", "presets.json.lock" }));
    }

    void replacedOnlyIfAsked()
    {
        save(RunKind::Train, "mine", { { "epochs", 7 } });
        const QByteArray before = bytes();
        const QString taken = refusal([&] { save(RunKind::Train, "mine", { { "epochs", 8 } }); });
        QVERIFY2(taken.contains(QStringLiteral("argument: there is a preset 'mine' for train already")), qPrintable(taken));
        QCOMPARE(bytes(), before);
        save(RunKind::Train, "mine", { { "epochs", 8 } }, Existing::Replace);
        QCOMPARE(ownPresets(file(), RunKind::Train).size(), std::size_t { 1 });
        QCOMPARE(namedPreset(file(), RunKind::Train, "mine").values.dump(), json({ { "epochs", 8 } }).dump());
    }

    void removed()
    {
        save(RunKind::Train, "mine", { { "epochs", 7 } });
        save(RunKind::Score, "mine", { { "samples_per_class", 7 } });
        removeOwnPreset(file(), RunKind::Train, "mine");
        QVERIFY(ownPresets(file(), RunKind::Train).empty());
        QCOMPARE(ownPresets(file(), RunKind::Score).size(), std::size_t { 1 });
        QVERIFY(refusal([&] {
            removeOwnPreset(file(), RunKind::Train, "mine");
        }).startsWith(QStringLiteral("argument: there is no preset 'mine'")));
        QVERIFY(refusal([&] { removeOwnPreset(file(), RunKind::Train, "quick"); }).contains(QStringLiteral("built-in")));
    }

    void refusedNamesAndValues()
    {
        const json good { { "epochs", 7 } };
        for (const char* name : { "", " ", " a", "a ", "-a", "a\nb", "a\x7f", "\xff\xfe",
                 "a name that goes on and on and on for more than sixty bytes in all" })
            QVERIFY2(
                refusal([&] { save(RunKind::Train, name, good); }).startsWith(QStringLiteral("argument: a preset cannot be called")), name);
        QVERIFY(refusal([&] { save(RunKind::Train, "quick", good, Existing::Replace); }).contains(QStringLiteral("built-in")));
        for (const json& values : { json { { "epochs", 0 } }, json { { "epoch", 7 } }, json { { "epochs", "7" } } })
            QVERIFY(refusal([&] { save(RunKind::Train, "mine", values); }).contains(QStringLiteral("epoch")));
        QVERIFY(refusal([&] { save(RunKind::Train, "mine", { { "epochs", 3 } }); }).contains(QStringLiteral("only hold defaults")));
        QVERIFY(
            refusal([&] { namedPreset(file(), RunKind::Train, "mien"); }).contains(QStringLiteral("give one of quick, thorough, photos")));
        QVERIFY(!QFile::exists(path()));
    }

    void unknownOnesNameYoursToo()
    {
        save(RunKind::Evaluate, "mine", { { "test_split", "test[:100]" } });
        const QString told = refusal([&] { namedPreset(file(), RunKind::Evaluate, "mien"); });
        QVERIFY2(told.contains(QStringLiteral("'mien' for evaluate: give one of mine")), qPrintable(told));
    }

    void damage_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("word");
        const auto row = [](const char* name, const char* bytes, const char* word) {
            QTest::newRow(name) << QByteArray(bytes) << QString::fromLatin1(word);
        };
        row("empty", "", "damaged");
        row("cut off", R"({"version": 1, "presets": [{"kind")", "damaged");
        row("binary", "\x01\x02\xff", "damaged");
        row("a list", "[]", "damaged");
        row("no version", R"({"presets": []})", "damaged");
        row("newer", R"({"version": 2, "presets": []})", "newer");
        row("no name", R"({"version": 1, "presets": [{"kind": "train", "values": {}}]})", "'name'");
        row("no values", R"({"version": 1, "presets": [{"kind": "train", "name": "x", "values": 3}]})", "'values'");
        row("no kind of run", R"({"version": 1, "presets": [{"kind": "dream", "name": "x", "values": {}}]})", "'dream'");
        row("no object", R"({"version": 1, "presets": [3]})", "'kind'");
    }

    void damage()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, word);
        write(bytes);
        for (const QString& told : { refusal([&] { ownPresets(file(), RunKind::Train); }),
                 refusal([&] { namedPreset(file(), RunKind::Train, "mine"); }), refusal([&] {
                     save(RunKind::Train, "mine", { { "epochs", 7 } });
                 }),
                 refusal([&] { removeOwnPreset(file(), RunKind::Train, "mine"); }) }) {
            QVERIFY2(told.startsWith(QStringLiteral("input: ")) && told.contains(path()) && told.contains(word), qPrintable(told));
            QCOMPARE(told.count(QLatin1Char('\n')), 0);
        }
        QCOMPARE(namedPreset(file(), RunKind::Train, "quick").name, std::string("quick"));
        QCOMPARE(this->bytes(), bytes); // never written over
    }

    /// Values that another version of Bitscape knew cost that preset only.
    void valuesThatDoNotFit()
    {
        write(R"({"version": 1, "presets": [{"kind": "train", "name": "old", "values": {"momentum_of_old": 3}},
                  {"kind": "train", "name": "new", "values": {"epochs": 4}}]})");
        const auto own = ownPresets(file(), RunKind::Train);
        QCOMPARE(own.size(), std::size_t { 2 });
        QCOMPARE(whyUnfit(RunKind::Train, own[0]), std::string());
        QVERIFY(QString::fromStdString(whyUnfit(RunKind::Train, own[1])).contains(QStringLiteral("'old' does not fit")));
        save(RunKind::Train, "third", { { "epochs", 5 } });
        QCOMPARE(ownPresets(file(), RunKind::Train).size(), std::size_t { 3 }); // nothing is lost
    }

    void cannotBeWritten()
    {
        QFile block(m_folder->filePath(QStringLiteral("config"))); // a file where a folder has to be
        QVERIFY(block.open(QIODevice::WriteOnly));
        const QString told = refusal([&] { save(RunKind::Train, "mine", { { "epochs", 7 } }); });
        QVERIFY2(told.startsWith(QStringLiteral("store: ")) && told.contains(path()), qPrintable(told));
    }

    void aLinkStaysOne()
    {
        save(RunKind::Train, "mine", { { "epochs", 7 } });
        const QString real = m_folder->filePath(QStringLiteral("real.json"));
        QVERIFY(QFile::rename(path(), real) && QFile::link(real, path()));
        save(RunKind::Train, "other", { { "epochs", 8 } });
        QVERIFY(QFileInfo(path()).isSymLink());
        QCOMPARE(ownPresets(real.toStdString(), RunKind::Train).size(), std::size_t { 2 });
    }

    void savedByManyAtOnce()
    {
        constexpr int kWriters = 8, kEach = 5;
        std::vector<std::thread> writers;
        for (int w = 0; w < kWriters; ++w)
            writers.emplace_back([this, w] {
                for (int i = 0; i < kEach; ++i)
                    save(RunKind::Train, qPrintable(QStringLiteral("%1-%2").arg(w).arg(i)), { { "epochs", 4 + w } });
            });
        for (std::thread& writer : writers)
            writer.join();
        QCOMPARE(ownPresets(file(), RunKind::Train).size(), std::size_t(kWriters * kEach));
    }
};

QTEST_GUILESS_MAIN(OwnPresetsTest)
#include "tst_jobs_own_presets.moc"
