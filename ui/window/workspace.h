// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/jobs/job_queue.h"
#include "ui/project/project_document.h"
#include "ui/project/results_loader.h"
#include "ui/project/selection.h"
#include "ui/views/run_view.h"

#include <QUndoStack>

namespace bitscape::ui {

/// An open project with everything that works on it. Widgets refer to it and go before it.
class Workspace final : public QObject {
    Q_OBJECT
public:
    Workspace(const QString& path, ProjectThread::Mode mode, const Theme& theme, QObject* parent = nullptr)
        : QObject(parent)
        , m_document(path, mode)
        , m_loader(m_document)
        , m_queue(m_document)
        , m_context { m_document, m_selection, m_loader, theme, &m_queue }
    {
    }

    ProjectDocument& document() { return m_document; }
    Selection& selection() { return m_selection; }
    ResultsLoader& loader() { return m_loader; }
    JobQueue& queue() { return m_queue; }
    QUndoStack& undo() { return m_undo; }
    const ViewContext& context() const { return m_context; }

private:
    ProjectDocument m_document;
    Selection m_selection;
    ResultsLoader m_loader;
    JobQueue m_queue;
    QUndoStack m_undo;
    ViewContext m_context;
};

} // namespace bitscape::ui
