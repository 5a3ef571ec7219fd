// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of the command line tool share: the tool as a process, on a project of its own.
#pragma once

#include "core/base/error.h"
#include "core/jobs/run_json.h"
#include "core/project/datasets.h"
#include "core/project/models.h"
#include "core/project/project.h"
#include "core/project/runs.h"

#include <nlohmann/json.hpp>

#include <QDir>
#include <QFile>
#include <QMap>
#include <QProcess>
#include <QProcessEnvironment>
#include <QRegularExpression>
#include <QStringList>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <string>
#include <vector>

namespace cli {

using nlohmann::json;

constexpr int kPatienceMs = 120000; ///< for whatever ends by itself: the machine may be busy

/// How a command ended.
struct Outcome {
    int code = -1; ///< -1: it did not end by itself
    QString out, err;
};

inline QProcessEnvironment environment()
{
    QProcessEnvironment all = QProcessEnvironment::systemEnvironment();
    all.insert(QStringLiteral("OMP_WAIT_POLICY"), QStringLiteral("PASSIVE")); // else the tool starts itself a second time to set it
    return all;
}

inline Outcome outcomeOf(QProcess& process)
{
    const bool ended = process.waitForFinished(kPatienceMs) && process.exitStatus() == QProcess::NormalExit;
    return { ended ? process.exitCode() : -1, QString::fromUtf8(process.readAllStandardOutput()),
        QString::fromUtf8(process.readAllStandardError()) };
}

inline Outcome call(const QStringList& arguments, const QString& folder = {})
{
    QProcess process;
    process.setProcessEnvironment(environment());
    if (!folder.isEmpty())
        process.setWorkingDirectory(folder);
    process.start(QStringLiteral(BITSCAPE_CLI), arguments);
    process.closeWriteChannel();
    return outcomeOf(process);
}

/// Everything that a refused command has to leave alone.
struct Content {
    std::vector<bitscape::Model> models;
    std::vector<bitscape::Dataset> datasets;
    std::vector<bitscape::Run> runs;
    bool operator==(const Content&) const = default;
};

/// A folder with a project in it, removed with the object.
class Workplace final {
public:
    QString path(const QString& name = QStringLiteral("p.bitscape")) const { return m_folder.filePath(name); }
    std::filesystem::path file(const QString& name = QStringLiteral("p.bitscape")) const { return path(name).toStdString(); }

    /// The command with this project behind its first word or, for model and data, its first two.
    Outcome operator()(QStringList words) const { return call(withProject(std::move(words)), m_folder.path()); }

    QStringList withProject(QStringList words) const
    {
        const bool twoWords = words.front() == QLatin1String("model") || words.front() == QLatin1String("data");
        words.insert(twoWords ? 2 : 1, path());
        return words;
    }

    bitscape::Project open() const { return bitscape::Project::openReadOnly(file()); }

    Content content() const
    {
        bitscape::Project project = open();
        return { models(project), datasets(project), runs(project) };
    }

    QString state(std::int64_t run) const
    {
        bitscape::Project project = open();
        return QString::fromStdString(toString(bitscape::run(project, { run }).state));
    }

    /// What `show --json` prints of a run (see MainPathTest::showPrintsTheSame), without starting the tool.
    json show(std::int64_t run) const
    {
        bitscape::Project project = open();
        return json::parse(bitscape::runDetails(project, { run }).dump());
    }

    /// Makes the project over again as a copy of another one that nothing has open.
    void copyFrom(const Workplace& other) const
    {
        QFile::remove(path());
        if (!QFile::copy(other.path(), path()))
            qFatal("cannot copy the project");
    }

    void write(const QString& name, const QByteArray& bytes) const
    {
        QDir().mkpath(QFileInfo(path(name)).path());
        QFile out(path(name));
        if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size())
            qFatal("cannot write a file of the test");
    }

    QByteArray read(const QString& name) const
    {
        QFile in(path(name));
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
    }

    /// All files with their bytes.
    QMap<QString, QByteArray> files() const
    {
        QMap<QString, QByteArray> all;
        for (const QString& name : QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden))
            all.insert(name, read(name));
        return all;
    }

private:
    QTemporaryDir m_folder;
};

/// "train p --seed 3" as a list of words.
inline QStringList words(const char* text)
{
    return QString::fromUtf8(text).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

/// The number that a run command says first; 0 where it does not.
inline std::int64_t runNumber(const Outcome& outcome)
{
    static const QRegularExpression kFirstLine(QStringLiteral("^run (\\d+)\\n"));
    return kFirstLine.match(outcome.out).captured(1).toLongLong();
}

/// Runs a command that has to succeed; answers the run's number, 0 for commands without.
inline std::int64_t done(const Workplace& place, const QStringList& command)
{
    const Outcome outcome = place(command);
    if (outcome.code != 0)
        qFatal("%s: code %d, %s", qPrintable(command.join(QLatin1Char(' '))), outcome.code, qPrintable(outcome.err));
    return runNumber(outcome);
}

/// A project with small networks and images that a run takes a second or less for.
inline void furnish(const Workplace& place)
{
    done(place, words("new"));
    done(place, words("model add zoo:mlp?hidden=48x32x24"));
    done(place, words("model add zoo:lenet5"));
    done(place, words("data add --kind glyphs --path train=600,test=200,seed=1"));
}

/// Empty where a refusal is as it should be: that exit code, nothing on standard output, one line on standard error that names all `parts`.
inline QString flaw(const Outcome& outcome, int code, const QStringList& parts)
{
    const QString told = QStringLiteral("code %1, out '%2', err '%3'").arg(outcome.code).arg(outcome.out, outcome.err);
    const bool oneLine = outcome.err.count(QLatin1Char('\n')) == 1 && outcome.err.endsWith(QLatin1Char('\n'));
    if (outcome.code != code || !outcome.out.isEmpty() || !oneLine || !outcome.err.startsWith(QLatin1String("bitscape-cli: ")))
        return told;
    for (const QString& part : parts) {
        if (!outcome.err.contains(part))
            return QStringLiteral("no '%1' in: %2").arg(part, told);
    }
    return {};
}

} // namespace cli
