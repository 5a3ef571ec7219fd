// SPDX-License-Identifier: GPL-3.0-or-later
// A project file with runs, written through a connection of the test's own, and the document that the interface has of it.
#pragma once

#include "ui/project/project_document.h"

#include "core/project/results.h"
#include "core/project/runs.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <optional>
#include <string>

namespace bitscape::ui {

struct RunsFixture {
    QTemporaryDir folder;
    QString path = folder.filePath(QStringLiteral("runs.bitscape"));
    Project project = Project::create(path.toStdString());
    std::unique_ptr<ProjectDocument> document;

    RunId add(RunKind kind, std::optional<RunId> parent = {}, const std::string& name = {})
    {
        Run run;
        run.kind = kind;
        run.name = name.empty() ? toString(kind) : name;
        run.parent = parent;
        return addRun(project, run);
    }

    RunId finished(RunKind kind, std::optional<RunId> parent = {}, const std::map<std::string, double>& figures = {})
    {
        const RunId id = add(kind, parent);
        finish(id);
        if (!figures.empty())
            putMetrics(project, id, figures);
        return id;
    }

    void claim(RunId id) { claimRun(project, id, 1, "cpu", nlohmann::json::object()); }

    void finish(RunId id, RunState state = RunState::Finished, const std::string& failure = {})
    {
        claim(id);
        endRun(project, id, state, 1, failure);
    }

    /// Opens the document on what has been written so far; false where that takes too long.
    bool open()
    {
        document = std::make_unique<ProjectDocument>(path, ProjectThread::Mode::Open);
        bool all = false; // models and data sets come after the runs
        const auto known = QObject::connect(document.get(), &ProjectDocument::datasetsChanged, document.get(), [&] { all = true; });
        const bool opened = QTest::qWaitFor([&] { return all && document->isOpen(); });
        QObject::disconnect(known);
        return opened;
    }

    /// Waits until the document knows all that the file says.
    bool catchUp()
    {
        document->refresh();
        return QTest::qWaitFor([this] { return isCaughtUp(); });
    }

    bool isCaughtUp()
    {
        const auto all = runChangesSince(project, 0);
        if (all.changed.size() != document->runs().size())
            return false;
        for (const RunRecord& record : all.changed) {
            const auto known = document->run(record.run.id);
            if (!known || !(*known == record))
                return false;
        }
        return true;
    }

    /// Something that core would not do, as a damaged file or a later version may have it.
    void force(const std::string& sql)
    {
        SQLite::Database database(path.toStdString(), SQLite::OPEN_READWRITE, 5000);
        database.exec("PRAGMA foreign_keys = OFF");
        database.exec(sql);
    }

    /// One value of a run, read by SQL and not by core.
    std::string stored(RunId id, const std::string& column) const
    {
        SQLite::Database database(path.toStdString(), SQLite::OPEN_READONLY, 5000);
        SQLite::Statement row(database, "SELECT " + column + " FROM runs WHERE id = ?");
        row.bind(1, static_cast<std::int64_t>(id.value));
        return row.executeStep() ? row.getColumn(0).getString() : "gone";
    }
};

} // namespace bitscape::ui
