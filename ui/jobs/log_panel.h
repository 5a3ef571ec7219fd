// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/project/selection.h"

#include <QTimer>
#include <QWidget>

#include <deque>
#include <optional>

class QCheckBox;
class QPlainTextEdit;

namespace bitscape::ui {

/// What workers have to say, with time and run; the last 20000 lines. Appended in batches, so that a worker that floods stops nothing. Can
/// be narrowed to the selected run, copied and saved.
class LogPanel final : public QWidget {
    Q_OBJECT
public:
    explicit LogPanel(Selection& selection, QWidget* parent = nullptr);

    void add(std::optional<RunId> run, const QString& line);
    /// The lines that are shown.
    QString text() const;

signals:
    /// The log could not be written.
    void refused(const QString& sentence);

private:
    struct Line {
        std::optional<RunId> run;
        QString text; ///< with its time
    };

    QWidget* head();
    void write();
    void rewrite();
    void askWhere();
    void save(const QString& path);
    bool isShown(const Line& line) const;

    Selection& m_selection;
    QCheckBox* m_onlySelected;
    QPlainTextEdit* m_view;
    std::deque<Line> m_lines;
    std::size_t m_unwritten = 0; ///< of the lines, at their end: not looked at yet
    QTimer m_soon;
};

} // namespace bitscape::ui
