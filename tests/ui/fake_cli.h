// SPDX-License-Identifier: GPL-3.0-or-later
// A bitscape-cli that notes what it is called with and answers as a test wishes.
#pragma once

#include <QDir>
#include <QFile>
#include <QStringList>
#include <QTemporaryDir>
#include <QTest>

namespace bitscape::ui {

class FakeCli final {
public:
    FakeCli() { qputenv("BITSCAPE_CLI", program().toLocal8Bit()); }
    ~FakeCli() { qunsetenv("BITSCAPE_CLI"); }

    /// What it does when it is called, in shell; its arguments are noted before.
    void answers(const QString& script)
    {
        QFile::remove(calls());
        QFile file(program());
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(QStringLiteral("#!/bin/sh\n{ for a in \"$@\"; do printf '%s\\037' \"$a\"; done; printf '\\n'; } >> '%1'\n%2\n")
                       .replace(QStringLiteral("%1"), calls())
                       .replace(QStringLiteral("%2"), script)
                       .toUtf8());
        file.close();
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    }

    /// One list of arguments per call, those of the worker ("run PROJECT N --events") left out.
    QList<QStringList> asked() const
    {
        QFile file(calls());
        QList<QStringList> all;
        if (!file.open(QIODevice::ReadOnly))
            return all;
        for (const QByteArray& line : file.readAll().split('\n')) {
            QStringList words = QString::fromUtf8(line).split(QChar(0x1f));
            words.removeLast();
            if (!words.isEmpty() && words.front() != QLatin1String("run"))
                all << words;
        }
        return all;
    }

    QString folder() const { return m_folder.path(); }

private:
    QString program() const { return m_folder.filePath(QStringLiteral("bitscape-cli")); }
    QString calls() const { return m_folder.filePath(QStringLiteral("calls")); }
    QTemporaryDir m_folder;
};

} // namespace bitscape::ui
