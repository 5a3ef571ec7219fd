// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QObject>
#include <QString>

class QSettings;

namespace bitscape::ui {

/// What a person has set for all projects. Kept in QSettings, each key in one place.
class Settings final : public QObject {
    Q_OBJECT
public:
    /// `store` outlives this object.
    explicit Settings(QSettings& store, QObject* parent = nullptr);

    Theme::Choice theme() const;
    void setTheme(Theme::Choice choice);
    /// Workers at once, 1 ... 64; at first one per four hardware threads.
    int workers() const;
    void setWorkers(int workers);
    /// What happens to runs under way when a window closes.
    enum class OnClose { Ask, GoOn, Cancel };
    Q_ENUM(OnClose)
    OnClose onClose() const;
    void setOnClose(OnClose what);
    /// Of how many projects the welcome page tells, 0 ... 50; at first 12.
    int recentProjects() const;
    void setRecentProjects(int count);
    /// Where dialogs look for data sets and models first; empty: the home folder.
    QString dataFolder() const;
    void setDataFolder(const QString& folder);

signals:
    void changed();

private:
    void put(const QString& key, const QVariant& value);

    QSettings& m_store;
};

} // namespace bitscape::ui
