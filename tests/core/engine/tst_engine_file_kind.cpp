// SPDX-License-Identifier: GPL-3.0-or-later
// A model's file is known by its first bytes; what is no model of ours is told apart.
#include "core/base/error.h"
#include "core/engine/formats/import_model.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

using namespace bitscape;

class TestFileKind final : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::filesystem::path path(const char* name) const { return m_folder.filePath(name).toStdString(); }

    static QString said(const std::filesystem::path& file)
    {
        SilentContext context;
        try {
            importModel(file, {}, context);
        } catch (const Error& error) {
            return error.what();
        }
        return {};
    }

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".?")); }

    void otherFiles_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("word");
        const QString python = "traced.save(\"model.pt\")";
        QTest::newRow("bare pickle") << QByteArray("\x80\x02}q\x00.", 6) << python;
        QTest::newRow("tar of old times") << QByteArray(257, '\0') + "ustar" + QByteArray(250, '\0') << python;
        QTest::newRow("zip with a pickle") << zipOf({ "archive/data.pkl", "archive/version" }) << python;
        QTest::newRow("another zip") << zipOf({ "word/document.xml" }) << QString("neither");
        QTest::newRow("text") << QByteArray("Once upon a time") << QString("not an ONNX model");
        QTest::newRow("HDF5") << QByteArray("\x89HDF\r\n") << QString("neither");
        QTest::newRow("safetensors") << QByteArray("\x02\0\0\0\0\0\0\0{}", 10) << QString("neither");
        QTest::newRow("empty") << QByteArray() << QString("empty");
    }

    void otherFiles()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, word);
        std::ofstream(path("other.pt"), std::ios::binary) << bytes.toStdString();
        const QString text = said(path("other.pt"));
        QVERIFY2(text.contains(word), qPrintable(text));
    }

    void noFile()
    {
        QVERIFY(said(path("nothing")).contains("cannot be read"));
        QVERIFY(said(m_folder.path().toStdString()).contains("cannot be read"));
    }

private:
    static QByteArray number(std::uint64_t value, int bytes)
    {
        QByteArray text;
        for (int i = 0; i < bytes; ++i)
            text += static_cast<char>(value >> (8 * i) & 255U);
        return text;
    }

    /// Empty members, stored.
    static QByteArray zipOf(const QStringList& names)
    {
        QByteArray members, directory;
        for (const QString& name : names) {
            const QByteArray text = name.toUtf8();
            directory
                += "PK\x01\x02" + QByteArray(24, '\0') + number(text.size(), 2) + QByteArray(12, '\0') + number(members.size(), 4) + text;
            members += "PK\x03\x04" + QByteArray(22, '\0') + number(text.size(), 2) + QByteArray(2, '\0') + text;
        }
        return members + directory + "PK\x05\x06" + QByteArray(4, '\0') + number(names.size(), 2) + number(names.size(), 2)
            + number(directory.size(), 4) + number(members.size(), 4) + QByteArray(2, '\0');
    }
};

QTEST_GUILESS_MAIN(TestFileKind)
#include "tst_engine_file_kind.moc"
