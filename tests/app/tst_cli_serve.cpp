// SPDX-License-Identifier: GPL-3.0-or-later
// serve, line by line: what it answers, what it survives, when it ends.
#include "tests/app/cli_server.h"

#include "core/base/random.h"

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace cli;

namespace {

/// A few filters, many, or a whole layer, at other bits.
json bent(json bits, std::uint64_t seed)
{
    bitscape::Random random(seed);
    const double share = random.uniform() < 0.5 ? 0.05 : random.uniform();
    for (std::size_t layer = 1; layer + 1 < bits.size(); ++layer)
        for (json& filter : bits[layer])
            if (random.uniform() < share)
                filter = random.below(5);
    return bits;
}

} // namespace

class ServeTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void initTestCase()
    {
        done(m_place, words("new"));
        done(m_place, words("model add zoo:lenet5"));
        done(m_place, words("data add --kind glyphs --path train=1000,test=3000,seed=1"));
        done(m_place, words("train --set epochs=4 --seed 3"));
        done(m_place, words("score --from last --set samples_per_class=20"));
        m_search = done(m_place, words("search --from last --set strategy=model-wise --set target_bits=3 --set search_split=train[900:]"));
        m_bits = bitsIn(m_place.show(m_search));
    }

    /// Narrowing answers, and at the end what an edit run reports.
    void endsWithTheExactAccuracy()
    {
        m_copy.copyFrom(m_place); // to compute in what serve has not evaluated
        Server server(m_place, words("--first 0 --every 0"));
        const json bits = bent(m_bits, 5);
        server.ask(evaluation(7, m_search, bits));
        const auto answers = server.all(7);
        QVERIFY(answers.size() > 3);
        std::int64_t images = 0;
        for (const json& answer : answers) {
            QVERIFY2(answer.value("images", 0) > images, answer.dump().c_str());
            images = answer.at("images");
            QVERIFY(answer.at("low") <= answer.at("accuracy") && answer.at("accuracy") <= answer.at("high"));
            std::int64_t right = 0, seen = 0;
            for (std::size_t m = 0; m < answer.at("per_class").size(); ++m) {
                right += answer.at("per_class")[m].get<std::int64_t>();
                seen += answer.at("per_class_images")[m].get<std::int64_t>();
            }
            QCOMPARE(right, answer.at("right").get<std::int64_t>());
            QCOMPARE(seen, images);
        }
        const json& last = answers.back();
        QCOMPARE(images, 3000);
        QVERIFY(last.at("low") == last.at("accuracy") && last.at("high") == last.at("accuracy"));
        server.ask({ { "quit", true } });
        QCOMPARE(server.code(), 0);
        m_copy.write("edits.json", QByteArray::fromStdString(editsTo(bits).dump()));
        const json edit = m_copy.show(done(m_copy, words("edit --threads 1 --edits edits.json --from") << QString::number(m_search)));
        QVERIFY(bitsIn(edit) == bits);
        QCOMPARE(edit.at("accuracy").get<double>(), last.at("accuracy").get<double>());
        for (std::size_t m = 0; m < edit.at("per_class").size(); ++m)
            QCOMPARE(last.at("per_class")[m].get<double>() / last.at("per_class_images")[m].get<double>(),
                edit.at("per_class")[m].get<double>());
    }

    void linesThatAreNoRequests()
    {
        Server server(m_place);
        server.write("hello\n[1,2]\n\n{\"id\":3}\n{\"id\":4,\"evaluate\":{\"run\":\"x\",\"bits\":[]}}\n");
        server.write(QByteArray(17 << 20, 'x') + '\n');
        server.write("{\"cancel\":12}\n\xff\xfe\n");
        server.ask(evaluation(5, 99, m_bits));
        server.ask(evaluation(6, 1, m_bits));
        server.write("{\"id\":7,\"prepare\":{\"run\":" + QByteArray::number(qint64(m_search)) + "}}\n");
        const std::pair<int, const char*> wanted[] { { 0, "cannot be read" }, { 0, "no request" }, { 3, "no request" }, { 4, "'run'" },
            { 0, "longer than 16 MiB" }, { 0, "cannot be read" } };
        for (const auto& [id, part] : wanted) {
            const json answer = server.next();
            QVERIFY2(answer.contains("error") && answer.value("id", 0) == id, answer.dump().c_str());
            QVERIFY2(QString::fromStdString(answer.at("error")).contains(part), answer.dump().c_str());
        }
        const json unknown = server.next(); // of 5, which 6 may have superseded before it was looked at
        QVERIFY2(unknown.at("id") == 5 && (unknown.contains("superseded") || unknown.contains("error")), unknown.dump().c_str());
        QVERIFY(QString::fromStdString(server.next().at("error")).contains("of kind 'train'"));
        QVERIFY(server.next() == (json { { "id", 7 }, { "ready", true } }));
    }

    void bitsThatDoNotFit_data()
    {
        QTest::addColumn<QString>("change");
        QTest::addColumn<QString>("part");
        QTest::newRow("a layer less") << "layer less"
                                      << "layers, and the network has";
        QTest::newRow("a filter more") << "filter more"
                                       << "filters of layer 1";
        QTest::newRow("an edge") << "edge"
                                 << "Layer 0 is not quantizable and keeps 8 bits";
    }

    void bitsThatDoNotFit()
    {
        QFETCH(QString, change);
        QFETCH(QString, part);
        json bits = m_bits;
        if (change == "layer less")
            bits.erase(2);
        else if (change == "filter more")
            bits[1].push_back(2);
        else
            bits[0][0] = 4;
        Server server(m_place);
        server.ask(evaluation(1, m_search, bits));
        const json answer = server.next();
        QVERIFY2(QString::fromStdString(answer.value("error", "")).contains(part), answer.dump().c_str());
        server.ask(evaluation(2, m_search, m_bits));
        QVERIFY(server.last(2).value("done", false));
    }

    void byEdits()
    {
        Server server(m_place);
        json bits = m_bits;
        for (json& filter : bits[1])
            filter = 1;
        server.ask({ { "id", 1 },
            { "evaluate",
                { { "run", m_search }, { "edits", { { { "op", "set" }, { "selection", { { { "layer", 1 } } } }, { "bits", 1 } } } } } } });
        const json byHistory = server.last(1);
        server.ask(evaluation(2, m_search, bits));
        QCOMPARE(server.last(2).at("right").get<int>(), byHistory.at("right").get<int>());
        server.ask({ { "id", 3 }, { "evaluate", { { "run", m_search }, { "edits", { { { "op", "target" }, { "bits", 2 } } } } } } });
        QVERIFY(QString::fromStdString(server.last(3).at("error")).contains("strategy fisher"));
    }

    /// Of many at once the last one is answered; one that is being computed makes room within a batch.
    void theNewestIsAnswered()
    {
        Server server(m_place, words("--first 0 --every 0"));
        QByteArray all;
        for (int id = 1; id <= 20; ++id)
            all += QByteArray::fromStdString(evaluation(id, m_search, bent(m_bits, static_cast<std::uint64_t>(100 + id))).dump()) + '\n';
        server.write(all);
        QVERIFY(server.last(20).value("done", false));
        int superseded = 0;
        for (const json& answer : server.others())
            superseded += answer.contains("superseded") ? 1 : 0;
        QCOMPARE(superseded, 19);

        server.ask(evaluation(30, m_search, bent(m_bits, 201)));
        QVERIFY(server.next().at("done") == false);
        server.ask(evaluation(31, m_search, bent(m_bits, 202)));
        QVERIFY(server.last(31).value("done", false));
        const auto others = server.others();
        QVERIFY(others.back() == (json { { "id", 30 }, { "superseded", true } }));
        std::int64_t images = 0;
        for (const json& answer : others)
            images = std::max(images, answer.value("images", std::int64_t { 0 }));
        QVERIFY2(images < 3000, qPrintable(QString::number(images)));
    }

    void cancelled()
    {
        Server server(m_place, words("--first 0 --every 0"));
        server.ask(evaluation(1, m_search, bent(m_bits, 301)));
        QVERIFY(server.next().at("done") == false);
        server.write("{\"cancel\":99}\n{\"cancel\":1}\n");
        QVERIFY(server.last(1) == (json { { "id", 1 }, { "cancelled", true } }));
        server.ask(evaluation(2, m_search, m_bits));
        QVERIFY(server.last(2).value("done", false));
    }

    /// Another process adds to the project meanwhile.
    void newRunsAreSeen()
    {
        Server server(m_place);
        server.ask(evaluation(1, m_search, m_bits));
        QVERIFY(server.last(1).value("done", false));
        const std::int64_t run
            = done(m_place, words("edit --threads 1 --set edits=[{\"op\":\"set\",\"bits\":2}] --from") << QString::number(m_search));
        const json edit = m_place.show(run);
        server.ask(evaluation(2, run, bitsIn(edit)));
        QCOMPARE(server.last(2).at("accuracy").get<double>(), edit.at("accuracy").get<double>());
    }

    void ends_data()
    {
        QTest::addColumn<QString>("how");
        for (const char* how : { "quit", "input closed", "input closed at once" })
            QTest::newRow(how) << how;
    }

    void ends()
    {
        QFETCH(QString, how);
        Server server(m_place, words("--first 0 --every 0"));
        if (how != "input closed at once") {
            server.ask(evaluation(1, m_search, bent(m_bits, 401)));
            QVERIFY(!server.next().is_null());
        }
        if (how == "quit")
            server.ask({ { "quit", true } });
        else
            server.process().closeWriteChannel();
        QCOMPARE(server.code(), 0);
        if (how == "input closed") // what was asked was still answered
            QVERIFY(server.last(1).value("done", false));
    }

    /// Standard input stays open.
    void endsWhenNobodyReads_data()
    {
        QTest::addColumn<bool>("isBusy");
        QTest::newRow("while it waits") << false;
        QTest::newRow("while it computes") << true;
    }

    void endsWhenNobodyReads()
    {
        QFETCH(bool, isBusy);
        const Pipes pipes;
        const pid_t server = started(pipes);
        close(pipes.toServer[0]);
        close(pipes.fromServer[1]);
        const std::string request = evaluation(1, m_search, bent(m_bits, 501)).dump() + "\n";
        if (isBusy)
            QCOMPARE(::write(pipes.toServer[1], request.data(), request.size()), std::ssize(request));
        close(pipes.fromServer[0]);
        int status = -1;
        bool ended = false;
        const auto hasExited = [&] { return ended = ended || waitpid(server, &status, WNOHANG) == server; };
        QTRY_VERIFY_WITH_TIMEOUT(hasExited(), kPatienceMs);
        QVERIFY(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        close(pipes.toServer[1]);
    }

    /// The process that started it is killed.
    void endsWithItsParent()
    {
        const Pipes pipes;
        int number[2];
        QVERIFY(pipe(number) == 0);
        const pid_t studio = fork();
        if (studio == 0) {
            const pid_t server = started(pipes);
            if (::write(number[1], &server, sizeof server) != sizeof server)
                _exit(1);
            pause();
            _exit(0);
        }
        pid_t server = 0;
        QVERIFY(::read(number[0], &server, sizeof server) == sizeof server);
        for (const int end : { pipes.toServer[0], pipes.toServer[1], pipes.fromServer[0], pipes.fromServer[1], number[0], number[1] })
            close(end);
        QVERIFY(::kill(server, 0) == 0);
        ::kill(studio, SIGKILL);
        waitpid(studio, nullptr, 0);
        QTRY_VERIFY_WITH_TIMEOUT(hasEnded(server), kPatienceMs);
    }

    /// A hundred edits, each estimated from a few images at first.
    void coverage()
    {
        Server server(m_place, words("--first 0 --every 0"));
        int first = 0, later = 0, early = 0;
        double firstWidth = 0, laterWidth = 0;
        const auto count = [](const json& answer, double exact, int& covered, double& width) {
            covered += answer.at("low") <= exact && exact <= answer.at("high") ? 1 : 0;
            width += (answer.at("high").get<double>() - answer.at("low").get<double>()) / 100;
        };
        for (int id = 1; id <= 100; ++id) {
            server.ask(evaluation(id, m_search, bent(m_bits, static_cast<std::uint64_t>(1000 + id))));
            const auto answers = server.all(id);
            QVERIFY(!answers.empty() && answers.back().value("done", false));
            const double exact = answers.back().at("accuracy");
            count(answers.front(), exact, first, firstWidth);
            count(*std::ranges::find_if(answers, [](const json& answer) { return answer.at("images") >= 200; }), exact, later, laterWidth);
            early += answers.front().at("images") < 3000 ? 1 : 0;
        }
        qInfo("of 100 edits, %d first intervals cover, %.3f wide, and %d from 200 images, %.3f wide", first, firstWidth, later, laterWidth);
        QVERIFY(early >= 95); // some bits may have been known
        QVERIFY(first >= 93);
        QVERIFY(later >= 93);
    }

private:
    struct Pipes {
        int toServer[2] {}, fromServer[2] {};
        Pipes()
        {
            if (pipe(toServer) != 0 || pipe(fromServer) != 0)
                qFatal("no pipes");
        }
    };

    /// A process of its own between the pipes.
    pid_t started(const Pipes& pipes) const
    {
        const QByteArray project = m_place.path().toUtf8();
        const pid_t server = fork();
        if (server != 0)
            return server;
        dup2(pipes.toServer[0], STDIN_FILENO);
        dup2(pipes.fromServer[1], STDOUT_FILENO);
        for (const int end : { pipes.toServer[0], pipes.toServer[1], pipes.fromServer[0], pipes.fromServer[1] })
            close(end);
        execl(BITSCAPE_CLI, "bitscape-cli", "serve", project.constData(), nullptr);
        _exit(1);
    }

    /// Gone, or only its entry left.
    static bool hasEnded(pid_t process)
    {
        QFile stat(QStringLiteral("/proc/%1/stat").arg(process));
        return !stat.open(QIODevice::ReadOnly) || stat.readAll().contains(") Z ");
    }

    Workplace m_place, m_copy;
    std::int64_t m_search = 0;
    json m_bits;
};

QTEST_GUILESS_MAIN(ServeTest)
#include "tst_cli_serve.moc"
