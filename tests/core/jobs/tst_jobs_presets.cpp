// SPDX-License-Identifier: GPL-3.0-or-later
// Presets are parameters as anyone could set them.
#include "core/base/error.h"
#include "core/jobs/parameters.h"
#include "core/jobs/presets.h"

#include <QRegularExpression>
#include <QTest>

#include <array>
#include <set>

using namespace bitscape;
using nlohmann::json;

namespace {

constexpr std::array kKinds { RunKind::Train, RunKind::Score, RunKind::Search, RunKind::Refine, RunKind::Step, RunKind::Evaluate,
    RunKind::Import, RunKind::Export };

QString refusal(RunKind kind, const std::string& name)
{
    try {
        presetOf(kind, name);
    } catch (const Error& error) {
        return error.code() == ErrorCode::BadArgument ? QString::fromUtf8(error.what()) : QStringLiteral("another code");
    }
    return QStringLiteral("no error");
}

} // namespace

class PresetsTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void everyOneIsValidAsItStands()
    {
        for (const RunKind kind : kKinds) {
            std::set<std::string> names, titles;
            for (const Preset& preset : presetsOf(kind)) {
                const json complete = completeParameters(kind, preset.values); // throws where it is not
                for (const auto& item : preset.values.items()) {
                    QVERIFY2(complete.at(item.key()) == item.value(), item.key().c_str());
                    QCOMPARE(complete.at(item.key()).type(), item.value().type()); // written as it is stored
                }
                QVERIFY(names.insert(preset.name).second && titles.insert(preset.title).second);
                QVERIFY(QRegularExpression(QStringLiteral("^[a-z0-9-]+$")).match(QString::fromStdString(preset.name)).hasMatch());
                QVERIFY(!preset.help.empty() && preset.help.size() < 100 && preset.help.back() != '.');
                QVERIFY(&presetOf(kind, preset.name) == &preset);
            }
        }
        QVERIFY(!presetsOf(RunKind::Train).empty() && !presetsOf(RunKind::Score).empty() && !presetsOf(RunKind::Search).empty()
            && !presetsOf(RunKind::Refine).empty());
    }

    void onlyThePapersSearchIsTheDefault()
    {
        for (const RunKind kind : kKinds)
            for (const Preset& preset : presetsOf(kind))
                QCOMPARE(completeParameters(kind, preset.values) == completeParameters(kind, {}),
                    kind == RunKind::Search && preset.name == "cq");
    }

    void settingsGoBefore()
    {
        const json& quick = presetOf(RunKind::Train, "quick").values;
        QCOMPARE(parametersFromTexts(RunKind::Train, {}, quick).at("epochs").get<int>(), 2);
        QCOMPARE(parametersFromTexts(RunKind::Train, { "epochs=7" }, quick).at("epochs").get<int>(), 7);
        QCOMPARE(parametersFromTexts(RunKind::Train, { "batch=7" }, quick).at("epochs").get<int>(), 2);
        QCOMPARE(parametersFromTexts(RunKind::Train, { "batch=7" }).at("epochs").get<int>(), 3);
        const json& bits = presetOf(RunKind::Search, "two-bit").values;
        QVERIFY(parametersFromTexts(RunKind::Search, { "activation_bits=none" }, bits).at("activation_bits").is_null());
    }

    void unknownOnes()
    {
        QVERIFY2(refusal(RunKind::Train, "quik").contains(QStringLiteral("'quik' for train: give one of quick, thorough, photos")),
            qPrintable(refusal(RunKind::Train, "quik")));
        QVERIFY2(refusal(RunKind::Evaluate, "quick").contains(QStringLiteral("there are none")),
            qPrintable(refusal(RunKind::Evaluate, "quick")));
    }

    void asSettings()
    {
        for (const RunKind kind : kKinds)
            for (const Preset& preset : presetsOf(kind)) {
                std::vector<std::string> settings;
                for (const QString& setting : QString::fromStdString(settingsText(preset)).split(QLatin1Char(' ')))
                    settings.push_back(setting.toStdString());
                QVERIFY(parametersFromTexts(kind, settings) == completeParameters(kind, preset.values));
            }
    }
};

QTEST_GUILESS_MAIN(PresetsTest)
#include "tst_jobs_presets.moc"
