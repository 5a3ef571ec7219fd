// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QObject>
#include <QString>

#include <span>
#include <vector>

class QSettings;

namespace bitscape::ui {

struct RecentProject {
    QString path;         ///< absolute
    QDateTime used;       ///< when it was last opened
    bool missing = false; ///< as of the last check()
    bool operator==(const RecentProject&) const = default;
};

/// The projects opened last, newest first, kept in QSettings.
class RecentProjects final : public QObject {
    Q_OBJECT
public:
    explicit RecentProjects(QSettings& store, QObject* parent = nullptr);

    /// The newest of them, as many as setLimit() says.
    std::span<const RecentProject> projects() const;
    /// At first 12. More than those, up to 50, are kept: a limit that is raised again brings them back.
    void setLimit(int limit);
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
    std::size_t m_limit = 12;
};

} // namespace bitscape::ui
