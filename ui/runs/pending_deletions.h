// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/project/project_document.h"

#include <QObject>

#include <set>
#include <vector>

namespace bitscape::ui {

/// Runs that the person has deleted: out of sight, but in the project until commit(), so that undo brings them back whole.
class PendingDeletions final : public QObject {
    Q_OBJECT
public:
    explicit PendingDeletions(ProjectDocument& document, QObject* parent = nullptr);

    bool contains(RunId id) const { return m_ids.contains(id); }
    bool isEmpty() const { return m_ids.empty(); }
    void add(const std::vector<RunId>& ids);
    void take(const std::vector<RunId>& ids);
    /// Removes them from the project, children first. What cannot be removed is told and shown again.
    void commit();

    /// The runs and all that start from them, rising.
    static std::vector<RunId> withDescendants(const RunMap& runs, const std::vector<RunId>& ids);

signals:
    void changed();

private:
    ProjectDocument& m_document;
    std::set<RunId> m_ids;
};

} // namespace bitscape::ui
