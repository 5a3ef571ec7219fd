// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

class QLocalServer;

namespace bitscape::ui {

/// Sees to it that a project file is open in one window only, of whichever process of this user: the first listens under a name made of the
/// file's path, a later one asks it to come to the front.
class SingleInstance final : public QObject {
    Q_OBJECT
public:
    explicit SingleInstance(const QString& projectPath, QObject* parent = nullptr);
    ~SingleInstance() override;

    /// True where this process has the project from now on; false where another one had it and was asked to come to the front. A name left
    /// by a crash is taken over. Waits at most `patienceMs` for an answer.
    bool claim(int patienceMs = 300);

    /// The name that the file's windows listen under.
    static QString serverName(const QString& projectPath);

signals:
    /// Another process wanted to open the project.
    void activated();

private:
    QString m_name;
    QLocalServer* m_server = nullptr;
};

} // namespace bitscape::ui
