// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/recent_projects.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QPointer>
#include <QSettings>
#include <QThreadPool>

#include <algorithm>
#include <utility>

namespace bitscape::ui {
namespace {

constexpr std::size_t kMostProjects = 50;
const QString kArray = QStringLiteral("recent");

} // namespace

RecentProjects::RecentProjects(QSettings& store, QObject* parent)
    : QObject(parent)
    , m_store(store)
{
    const int size = m_store.beginReadArray(kArray);
    for (int i = 0; i < size; ++i) {
        m_store.setArrayIndex(i);
        m_projects.push_back({ m_store.value("path").toString(), m_store.value("used").toDateTime(), false });
    }
    m_store.endArray();
}

std::span<const RecentProject> RecentProjects::projects() const
{
    return std::span(m_projects).first(std::min(m_limit, m_projects.size()));
}

void RecentProjects::setLimit(int limit)
{
    const auto wanted = static_cast<std::size_t>(std::max(0, limit));
    if (std::exchange(m_limit, wanted) != wanted)
        emit changed();
}

void RecentProjects::add(const QString& path, const QDateTime& now)
{
    std::erase_if(m_projects, [&](const RecentProject& project) { return project.path == path; });
    m_projects.insert(m_projects.begin(), { path, now, false });
    if (m_projects.size() > kMostProjects)
        m_projects.resize(kMostProjects);
    store();
}

void RecentProjects::remove(const QString& path)
{
    std::erase_if(m_projects, [&](const RecentProject& project) { return project.path == path; });
    store();
}

void RecentProjects::check()
{
    QStringList paths;
    for (const RecentProject& project : m_projects)
        paths << project.path;
    QThreadPool::globalInstance()->start([self = QPointer(this), paths] {
        QStringList missing;
        for (const QString& path : paths) {
            if (!QFileInfo::exists(path))
                missing << path;
        }
        QMetaObject::invokeMethod(qApp, [self, missing] {
            if (!self)
                return;
            const auto before = self->m_projects;
            for (RecentProject& project : self->m_projects)
                project.missing = missing.contains(project.path);
            if (before != self->m_projects)
                emit self->changed();
        });
    });
}

void RecentProjects::store()
{
    m_store.beginWriteArray(kArray, static_cast<int>(m_projects.size()));
    for (std::size_t i = 0; i < m_projects.size(); ++i) {
        m_store.setArrayIndex(static_cast<int>(i));
        m_store.setValue("path", m_projects[i].path);
        m_store.setValue("used", m_projects[i].used);
    }
    m_store.endArray();
    emit changed();
}

} // namespace bitscape::ui
