// SPDX-License-Identifier: GPL-3.0-or-later
// A project file that the test writes through a connection of its own, as another process would, and worker programs that are shell
// scripts.
#pragma once

#include "ui/project/project_document.h"

#include "core/project/results.h"
#include "core/project/runs.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace bitscape::ui {

struct RunsProject {
    QTemporaryDir folder;
    QString path = folder.filePath(QStringLiteral("runs.bitscape"));
    Project project = Project::create(path.toStdString());
    std::unique_ptr<ProjectDocument> document;

    RunId add(RunKind kind, std::optional<RunId> parent = {}, const std::string& name = "a run")
    {
        Run run;
        run.kind = kind;
        run.name = name;
        run.parent = parent;
        return addRun(project, run);
    }

    void claim(RunId id) { claimRun(project, id, 1, "cpu", nlohmann::json::object()); }

    void end(RunId id, RunState state = RunState::Finished, const std::string& failure = {})
    {
        claim(id);
        endRun(project, id, state, 1, failure);
    }

    RunId finished(RunKind kind, std::optional<RunId> parent = {}, const std::map<std::string, double>& figures = {})
    {
        const RunId id = add(kind, parent);
        end(id);
        if (!figures.empty())
            putMetrics(project, id, figures);
        return id;
    }

    /// Opens the document on what is there so far.
    bool open()
    {
        document = std::make_unique<ProjectDocument>(path, ProjectThread::Mode::Open);
        return QTest::qWaitFor([this] { return document->isOpen(); }) && isKnown();
    }

    /// Waits until the document knows what the file says.
    bool isKnown()
    {
        document->refresh();
        return QTest::qWaitFor([this] {
            const RunChanges all = runChangesSince(project, 0);
            return all.changed.size() == document->runs().size() && std::ranges::all_of(all.changed, [this](const RunRecord& record) {
                const auto known = document->run(record.run.id);
                return known && *known == record;
            });
        });
    }
};

/// The program that BITSCAPE_CLI names. For "run PROJECT N ..." it carries out the script set by does(N), for all else onQueue.
struct FakeWorker {
    QTemporaryDir folder;

    FakeWorker()
    {
        const QByteArray here = folder.path().toUtf8();
        write("cli", "#!/bin/sh\nhere='" + here + R"('
printf '%s\n' "$@" > "$here/asked.$$"
mv "$here/asked.$$" "$here/asked"
if [ "$1" = run ]; then
    run=$3
    mv "$here/asked" "$here/asked-$run"
    echo "+ $run" >> "$here/log"
    echo $$ > "$here/pid.$$"
    mv "$here/pid.$$" "$here/pid-$run"
    . "$here/do-$run"
else
    . "$here/queue"
fi
)");
        QFile::setPermissions(file("cli"), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        write("queue", "exit 0\n");
        qputenv("BITSCAPE_CLI", file("cli").toUtf8());
    }

    QString file(const QString& name) const { return folder.filePath(name); }

    void write(const QString& name, const QByteArray& text) const
    {
        QFile out(file(name));
        if (!out.open(QIODevice::WriteOnly) || out.write(text) != text.size())
            qFatal("cannot write a test's file");
    }

    QByteArray read(const QString& name) const
    {
        QFile in(file(name));
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
    }

    void does(RunId id, const QByteArray& script) const { write(QStringLiteral("do-%1").arg(id.value), script + '\n'); }
    void onQueue(const QByteArray& script) const { write("queue", script + '\n'); }

    /// The arguments of the last call for a run, or of the last other call.
    QStringList asked(const QString& name = QStringLiteral("asked")) const
    {
        return QString::fromUtf8(read(name)).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    }
    QStringList asked(RunId id) const { return asked(QStringLiteral("asked-%1").arg(id.value)); }

    /// 0 until it has begun.
    int pid(RunId id) const { return read(QStringLiteral("pid-%1").arg(id.value)).trimmed().toInt(); }
};

} // namespace bitscape::ui
