// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/base/whole_file.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/resource.h>

using namespace bitscape;

namespace {

/// What a call refused: its code and sentence.
template <typename Call> std::pair<ErrorCode, QString> refusalOf(const Call& call)
{
    try {
        call();
    } catch (const Error& error) {
        return { error.code(), QString::fromUtf8(error.what()) };
    }
    return { ErrorCode::Internal, QStringLiteral("nothing was refused") };
}

} // namespace

class WholeFileTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(".?")); }

    void cleanup()
    {
        for (const QString& name : names())
            QFile::remove(m_folder.filePath(name));
    }

    void isThereAsAWholeOrNotAtAll()
    {
        {
            WholeFile written(path("a"), std::string("one\0two", 7), Existing::Refuse);
            QCOMPARE(names().size(), 1);
            QVERIFY(!names().contains("a"));
            written.keep();
        }
        QCOMPARE(names(), QStringList { "a" });
        QCOMPARE(read("a"), QByteArray("one\0two", 7));
        {
            const WholeFile forgotten(path("b"), "x", Existing::Refuse);
        }
        QCOMPARE(names(), QStringList { "a" });
    }

    void othersMayReadIt()
    {
        writeWholeFile(path("a"), "x", Existing::Refuse);
        QVERIFY(QFile::permissions(m_folder.filePath("a")).testFlag(QFileDevice::ReadGroup)); // as the umask of tests lets them
    }

    void whatIsThereStays()
    {
        writeWholeFile(path("a"), "old", Existing::Refuse);
        const auto [code, sentence] = refusalOf([&] { writeWholeFile(path("a"), "new", Existing::Refuse); });
        QCOMPARE(code, ErrorCode::BadArgument);
        QVERIFY2(sentence.contains("is there already"), qPrintable(sentence));
        QCOMPARE(read("a"), QByteArray("old"));
        writeWholeFile(path("a"), "new", Existing::Replace);
        QCOMPARE(read("a"), QByteArray("new"));
        QCOMPARE(names(), QStringList { "a" });
    }

    /// Someone else made it between the look and the rename.
    void whatAppearsMeanwhileStays()
    {
        WholeFile late(path("a"), "late", Existing::Refuse);
        writeWholeFile(path("a"), "early", Existing::Refuse);
        QCOMPARE(refusalOf([&] { late.keep(); }).first, ErrorCode::BadArgument);
        QCOMPARE(read("a"), QByteArray("early"));
    }

    void whatCannotBeWrittenIsSaid()
    {
        QVERIFY(refusalOf([&] { writeWholeFile(path("missing/a"), "x", Existing::Refuse); }).second.contains("make the folder first"));
        QCOMPARE(refusalOf([&] { writeWholeFile(path("."), "x", Existing::Replace); }).first, ErrorCode::Store);
        QCOMPARE(names(), QStringList());
    }

    void aDiskThatIsFullLeavesNothingBehind()
    {
        rlimit before {};
        getrlimit(RLIMIT_FSIZE, &before);
        const rlimit small { 1000, before.rlim_max };
        std::signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &small);
        const auto [code, sentence] = refusalOf([&] { writeWholeFile(path("a"), std::string(5000, 'x'), Existing::Refuse); });
        setrlimit(RLIMIT_FSIZE, &before);
        QCOMPARE(code, ErrorCode::Store);
        QVERIFY2(sentence.contains("cannot be written (File too large)"), qPrintable(sentence));
        QCOMPARE(names(), QStringList());
    }

private:
    std::filesystem::path path(const QString& name) const { return m_folder.filePath(name).toStdString(); }
    QStringList names() const { return QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden); }
    QByteArray read(const QString& name) const
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    QTemporaryDir m_folder;
};

QTEST_APPLESS_MAIN(WholeFileTest)
#include "tst_base_whole_file.moc"
