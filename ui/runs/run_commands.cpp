// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_commands.h"

#include <QCoreApplication>
#include <QStringList>

#include <functional>

namespace bitscape::ui {
namespace {

QString translated(const char* text)
{
    return QCoreApplication::translate("RunCommands", text);
}

/// Something of a run that has one value before and another one after.
template <typename Value> class ChangeCommand final : public QUndoCommand {
public:
    using Apply = void (*)(Project&, RunId, const Value&);

    ChangeCommand(ProjectDocument& document, RunId id, Value before, Value after, Apply apply, const QString& text)
        : QUndoCommand(text)
        , m_document(document)
        , m_id(id)
        , m_before(std::move(before))
        , m_after(std::move(after))
        , m_apply(apply)
    {
    }

    void undo() override { put(m_before); }
    void redo() override { put(m_after); }

private:
    void put(const Value& value)
    {
        m_document.store().tell([apply = m_apply, id = m_id, value](Project& project) { apply(project, id, value); });
        m_document.refresh();
    }

    ProjectDocument& m_document;
    RunId m_id;
    Value m_before, m_after;
    Apply m_apply;
};

class DeleteCommand final : public QUndoCommand {
public:
    DeleteCommand(PendingDeletions& deletions, std::vector<RunId> ids, const QString& text)
        : QUndoCommand(text)
        , m_deletions(deletions)
        , m_ids(std::move(ids))
    {
    }

    void undo() override { m_deletions.take(m_ids); }
    void redo() override { m_deletions.add(m_ids); }

private:
    PendingDeletions& m_deletions;
    std::vector<RunId> m_ids;
};

Run runOf(const ProjectDocument& document, RunId id)
{
    const auto record = document.run(id);
    return record ? record->run : Run {};
}

} // namespace

std::unique_ptr<QUndoCommand> renameCommand(ProjectDocument& document, RunId id, const QString& name)
{
    return std::make_unique<ChangeCommand<std::string>>(
        document, id, runOf(document, id).name, name.toStdString(), renameRun, translated("rename run %1").arg(id.value));
}

std::unique_ptr<QUndoCommand> noteCommand(ProjectDocument& document, RunId id, const QString& note)
{
    return std::make_unique<ChangeCommand<std::string>>(
        document, id, runOf(document, id).note, note.toStdString(), setRunNote, translated("note on run %1").arg(id.value));
}

std::unique_ptr<QUndoCommand> tagsCommand(ProjectDocument& document, RunId id, const QString& tags)
{
    std::vector<std::string> after;
    for (const QString& tag : tags.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        if (!tag.trimmed().isEmpty())
            after.push_back(tag.trimmed().toStdString());
    }
    return std::make_unique<ChangeCommand<std::vector<std::string>>>(
        document, id, runOf(document, id).tags, after, setRunTags, translated("tags of run %1").arg(id.value));
}

std::unique_ptr<QUndoCommand> deleteCommand(ProjectDocument& document, PendingDeletions& deletions, const std::vector<RunId>& ids)
{
    const auto all = PendingDeletions::withDescendants(document.runs(), ids);
    const QString text
        = all.size() == 1 ? translated("delete run %1").arg(all.front().value) : translated("delete %1 runs").arg(all.size());
    return std::make_unique<DeleteCommand>(deletions, all, text);
}

} // namespace bitscape::ui
