// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_commands.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <optional>

namespace bitscape::ui {
namespace {

QString translated(const char* text)
{
    return QCoreApplication::translate("RunCommands", text);
}

/// Something of a run that has one value before and another one after. What it was before is read as it is overwritten, so that two
/// changes in quick succession are taken back one by one.
template <typename Value> class ChangeCommand final : public QUndoCommand {
public:
    using Apply = void (*)(Project&, RunId, const Value&);

    ChangeCommand(ProjectDocument& document, RunId id, Value Run::*member, Value after, Apply apply, const QString& text)
        : QUndoCommand(text)
        , m_document(document)
        , m_id(id)
        , m_member(member)
        , m_after(std::move(after))
        , m_apply(apply)
    {
    }

    void undo() override
    {
        m_document.store().tell([apply = m_apply, id = m_id, before = m_before](Project& project) {
            if (*before)
                apply(project, id, **before);
        });
        m_document.refresh();
    }

    void redo() override
    {
        m_document.store().tell([apply = m_apply, id = m_id, member = m_member, before = m_before, after = m_after](Project& project) {
            Value was = run(project, id).*member;
            apply(project, id, after);
            *before = std::move(was);
        });
        m_document.refresh();
    }

private:
    ProjectDocument& m_document;
    RunId m_id;
    Value Run::*m_member;
    Value m_after;
    Apply m_apply;
    std::shared_ptr<std::optional<Value>> m_before = std::make_shared<std::optional<Value>>(); ///< the store's thread alone looks inside
};

class DeleteCommand final : public QUndoCommand {
public:
    DeleteCommand(PendingDeletions& deletions, std::vector<RunId> ids, const QString& text)
        : QUndoCommand(text)
        , m_deletions(deletions)
        , m_ids(std::move(ids))
    {
    }

    void undo() override
    {
        const bool isPending = std::ranges::any_of(m_ids, [this](RunId id) { return m_deletions.contains(id); });
        setObsolete(!isPending); // they have been taken out of the project meanwhile
        m_deletions.take(m_ids);
    }
    void redo() override { m_deletions.add(m_ids); }

private:
    PendingDeletions& m_deletions;
    std::vector<RunId> m_ids;
};

} // namespace

std::unique_ptr<QUndoCommand> renameCommand(ProjectDocument& document, RunId id, const QString& name)
{
    return std::make_unique<ChangeCommand<std::string>>(
        document, id, &Run::name, name.toStdString(), renameRun, translated("rename run %1").arg(id.value));
}

std::unique_ptr<QUndoCommand> noteCommand(ProjectDocument& document, RunId id, const QString& note)
{
    return std::make_unique<ChangeCommand<std::string>>(
        document, id, &Run::note, note.toStdString(), setRunNote, translated("note on run %1").arg(id.value));
}

std::unique_ptr<QUndoCommand> tagsCommand(ProjectDocument& document, RunId id, const QString& tags)
{
    std::vector<std::string> after;
    for (const QString& tag : tags.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        if (!tag.trimmed().isEmpty())
            after.push_back(tag.trimmed().toStdString());
    }
    return std::make_unique<ChangeCommand<std::vector<std::string>>>(
        document, id, &Run::tags, after, setRunTags, translated("tags of run %1").arg(id.value));
}

std::unique_ptr<QUndoCommand> deleteCommand(ProjectDocument& document, PendingDeletions& deletions, const std::vector<RunId>& ids)
{
    const auto all = PendingDeletions::withDescendants(document.runs(), ids);
    const QString text
        = all.size() == 1 ? translated("delete run %1").arg(all.front().value) : translated("delete %1 runs").arg(all.size());
    return std::make_unique<DeleteCommand>(deletions, all, text);
}

} // namespace bitscape::ui
