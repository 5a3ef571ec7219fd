// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of core/project share.
#pragma once

#include "core/base/error.h"
#include "core/project/project.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <QByteArray>
#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QMap>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <exception>
#include <filesystem>
#include <string>

namespace fixture {

/// A folder of its own for every test function; a name that has to survive every way a path is passed on.
class Folder final {
public:
    std::filesystem::path path(const std::string& name = "ä 'q' %20 #1?.bitscape") const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    QStringList names() const
    {
        return QDir(m_folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot, QDir::Name);
    }

private:
    QTemporaryDir m_folder;
};

inline QByteArray bytesOf(const std::filesystem::path& path)
{
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline void writeBytes(const std::filesystem::path& path, const QByteArray& bytes)
{
    QFile file(QString::fromStdString(path.string()));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write a file of the test");
}

/// Every file of the folder with its content: what a refusal has to leave alone.
inline QMap<QString, QByteArray> snapshot(const Folder& folder)
{
    QMap<QString, QByteArray> files;
    for (const QString& name : folder.names()) {
        const std::filesystem::path path = folder.path(name.toStdString());
        files.insert(name, std::filesystem::is_regular_file(path) ? bytesOf(path) : QByteArray());
    }
    return files;
}

/// The message of the Error of that code that `act` throws; a text in << >> for anything else.
template <typename Act> QString refusal(bitscape::ErrorCode code, Act&& act)
{
    try {
        act();
    } catch (const bitscape::Error& error) {
        if (error.code() == code)
            return QString::fromUtf8(error.what());
        return QStringLiteral("<<another code: %1>>").arg(QString::fromUtf8(error.what()));
    } catch (const std::exception& other) {
        return QStringLiteral("<<another exception: %1>>").arg(QString::fromUtf8(other.what()));
    }
    return QStringLiteral("<<no error>>");
}

/// A model, data set or run of that name, with the defaults of everything else.
template <typename Entry> Entry named(const std::string& name)
{
    Entry entry;
    entry.name = name;
    return entry;
}

/// Starts this test program as another process: `arguments[0]` names one of the functions in its main().
inline void startChild(QProcess& child, const QStringList& arguments)
{
    child.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    child.start(QCoreApplication::applicationFilePath(), arguments);
    if (!child.waitForStarted())
        qFatal("cannot start the child process");
}

inline QString text(const std::filesystem::path& path)
{
    return QString::fromStdString(path.string());
}

/// The first column of the first row, read without Bitscape.
inline std::string sqlValue(const std::filesystem::path& path, const std::string& query)
{
    SQLite::Database database(path.string(), SQLite::OPEN_READWRITE, 10000);
    return database.execAndGet(query).getString();
}

inline void sqlExec(const std::filesystem::path& path, const std::string& statements)
{
    SQLite::Database database(path.string(), SQLite::OPEN_READWRITE, 10000);
    database.exec(statements);
}

} // namespace fixture

/// The message of a refusal holds all of it: the code is right, the file is named, and it says this.
#define VERIFY_REFUSAL(message, part)                                                                                                      \
    do {                                                                                                                                   \
        const QString verifiedMessage = (message);                                                                                         \
        QVERIFY2(!verifiedMessage.startsWith(QLatin1String("<<")) && verifiedMessage.contains(QStringLiteral(part)),                       \
            qPrintable(verifiedMessage));                                                                                                  \
    } while (false)
