// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QObject>
#include <QString>

#include <vector>

class QSettings;

namespace bitscape::ui {

struct RecentProject {
    QString path;         ///< absolute
    QDateTime used;       ///< when it was last opened
    bool missing = false; ///< as of the last check()
    bool operator==(const RecentProject&) const = default;
};

/// The projects opened last, newest first, at most 12, kept in QSettings.
class RecentProjects final : public QObject {
    Q_OBJECT
public:
    explicit RecentProjects(QSettings& store, QObject* parent = nullptr);

    const std::vector<RecentProject>& projects() const { return m_projects; }
    void add(const QString& path, const QDateTime& now);
    void remove(const QString& path);
    /// Looks, in another thread, which files are still there; changed() follows where that is news.
    void check();

signals:
    void changed();

private:
    void store();

    QSettings& m_store;
    std::vector<RecentProject> m_projects;
};

} // namespace bitscape::ui
