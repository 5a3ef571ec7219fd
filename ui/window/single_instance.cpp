// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/single_instance.h"

#include <QCryptographicHash>
#include <QFileInfo>
#include <QLocalServer>
#include <QLocalSocket>

#include <unistd.h>

namespace bitscape::ui {
namespace {

constexpr auto kActivate = "activate\n";
constexpr auto kHere = "here\n";

} // namespace

SingleInstance::SingleInstance(const QString& projectPath, QObject* parent)
    : QObject(parent)
    , m_name(serverName(projectPath))
{
}

SingleInstance::~SingleInstance() = default;

QString SingleInstance::serverName(const QString& projectPath)
{
    const QFileInfo file(projectPath);
    const QString canonical = file.canonicalFilePath();
    const QByteArray path = (canonical.isEmpty() ? file.absoluteFilePath() : canonical).toUtf8();
    const QByteArray hash = QCryptographicHash::hash(path, QCryptographicHash::Sha256).toHex().left(24);
    return QStringLiteral("bitscape-%1-%2").arg(getuid()).arg(QString::fromLatin1(hash));
}

bool SingleInstance::claim(int patienceMs)
{
    QLocalSocket other;
    other.connectToServer(m_name);
    if (other.waitForConnected(patienceMs)) {
        other.write(kActivate);
        other.flush();
        if (other.waitForReadyRead(patienceMs) && other.readLine() == kHere)
            return false;
    }
    QLocalServer::removeServer(m_name); // nobody is behind it any more
    m_server = new QLocalServer(this);
    m_server->setSocketOptions(QLocalServer::UserAccessOption);
    connect(m_server, &QLocalServer::newConnection, this, [this] {
        while (QLocalSocket* caller = m_server->nextPendingConnection()) {
            connect(caller, &QLocalSocket::disconnected, caller, &QObject::deleteLater);
            connect(caller, &QLocalSocket::readyRead, this, [this, caller] {
                if (caller->readLine() != kActivate)
                    return;
                caller->write(kHere);
                caller->flush();
                emit activated();
            });
        }
    });
    m_server->listen(m_name);
    return true;
}

} // namespace bitscape::ui
