// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/events.h"

#include <QtTest>

#include <cmath>
#include <limits>
#include <random>

using namespace bitscape;

namespace {

Event logged(const std::string& text)
{
    Event event;
    event.text = text;
    return event;
}

Event progressed(const Progress& progress, std::optional<double> secondsLeft = std::nullopt)
{
    Event event;
    event.kind = EventKind::Progress;
    event.progress = progress;
    event.secondsLeft = secondsLeft;
    return event;
}

Event stateOf(const std::string& word, const std::string& failure = {})
{
    Event event;
    event.kind = EventKind::State;
    event.text = word;
    event.failure = failure;
    return event;
}

std::string nested(const std::string& before, const std::string& open, const std::string& close, const std::string& after, int depth)
{
    std::string line = before;
    for (int i = 0; i < depth; ++i)
        line += open;
    for (int i = 0; i < depth; ++i)
        line += close;
    return line + after;
}

} // namespace

/// The worker's lines, there and back, and everything that is none.
class TestEvents final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void asDocumented()
    {
        QCOMPARE(toLine(progressed({ 3.5, 10, "epoch 2/3", { { "accuracy", 0.87 } } }, 12.5)),
            R"({"event":"progress","done":3.5,"total":10.0,"stage":"epoch 2/3","seconds_left":12.5,"figures":{"accuracy":0.87}})");
        QCOMPARE(toLine(logged("reading\tx\n")), R"({"event":"log","line":"reading\tx\n"})");
        Event results;
        results.kind = EventKind::Results;
        QCOMPARE(toLine(results), R"({"event":"results"})");
        QCOMPARE(toLine(stateOf("finished")), R"({"event":"state","state":"finished","failure":""})");
    }

    void roundTrip()
    {
        Event results;
        results.kind = EventKind::Results;
        const std::vector<Event> events { progressed({}),
            progressed({ 1.0 / 3, 1e300, "Stufe \xc3\xa4", { { "z", -1e-300 }, { "a", 0.1 }, { "", 5 } } }, 0.0),
            progressed({ 7, 7, "", {} }, 1e9), logged(""), logged("a\nb\r\n\t\"\\\x01 \xe2\x82\xac"), logged(std::string("nul\0byte", 8)),
            results, stateOf("failed", "model 'x' has 3 classes, not 10: choose another."), stateOf("paused"), stateOf("interrupted") };
        for (const Event& event : events) {
            const std::string line = toLine(event);
            QVERIFY2(line.find('\n') == std::string::npos, line.c_str());
            const auto back = eventFrom(line);
            QVERIFY2(back && *back == event, line.c_str());
            QVERIFY(eventFrom(line + "\r\n") == event);
        }
    }

    void randomProgressSurvives()
    {
        std::mt19937_64 random(7);
        std::uniform_real_distribution<double> exponent(-300, 300);
        for (int i = 0; i < 1000; ++i) {
            const double total = std::pow(10, exponent(random));
            const Event event = progressed({ total * std::generate_canonical<double, 53>(random), total, "s", { { "f", -total } } }, total);
            QVERIFY(eventFrom(toLine(event)) == event);
        }
    }

    void nonFiniteNumbersAreDropped()
    {
        const double infinite = std::numeric_limits<double>::infinity();
        const std::string line = toLine(progressed({ std::nan(""), -infinite, "s", { { "a", infinite }, { "b", 1 } } }, std::nan("")));
        QCOMPARE(line, R"({"event":"progress","stage":"s","figures":{"b":1.0}})");
        QVERIFY(eventFrom(line) == progressed({ 0, 1, "s", { { "b", 1 } } }));
    }

    void invalidTextIsRepaired()
    {
        const std::string line = toLine(logged("a\xff\xc3"));
        QVERIFY(eventFrom(line) == logged("a\xef\xbf\xbd\xef\xbf\xbd"));
    }

    void longTextsAreCutWhereACharacterEnds()
    {
        std::string text = "x";
        for (int i = 0; i < 1000000; ++i)
            text += "\xc3\xa4";
        const auto event = eventFrom(toLine(logged(text)));
        QVERIFY(event);
        QCOMPARE(event->text.size(), 64U * 1024U - 1);
        QVERIFY(text.starts_with(event->text));
        const std::string controls(1000000, '\x01'); // six bytes each in JSON
        const std::string line = toLine(stateOf("failed", controls));
        QVERIFY(line.size() <= kMaxEventLineBytes && eventFrom(line));
        QVERIFY(eventFrom(toLine(logged(std::string(1000000, '\x80')))));
    }

    void tolerated_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<double>("done");
        QTest::addColumn<double>("total");
        QTest::newRow("nothing but the kind") << QByteArray(R"({"event":"progress"})") << 0.0 << 1.0;
        QTest::newRow("integers") << QByteArray(R"({"event":"progress","done":3,"total":10})") << 3.0 << 10.0;
        QTest::newRow("more members") << QByteArray(R"({"event":"progress","done":3,"total":10,"later":{"a":[[[1]]]},"x":[1,2]})") << 3.0
                                      << 10.0;
        QTest::newRow("past the end") << QByteArray(R"({"event":"progress","done":11,"total":10})") << 10.0 << 10.0;
        QTest::newRow("before the start") << QByteArray(R"({"event":"progress","done":-1,"total":10})") << 0.0 << 10.0;
        QTest::newRow("white space") << QByteArray("  {\"event\": \"progress\", \"done\" : 5}\r\n") << 1.0 << 1.0;
        QTest::newRow("negative time left") << QByteArray(R"({"event":"progress","done":1,"total":2,"seconds_left":-5})") << 1.0 << 2.0;
    }

    void tolerated()
    {
        QFETCH(const QByteArray, line);
        QFETCH(const double, done);
        QFETCH(const double, total);
        QVERIFY(eventFrom(line.toStdString()) == progressed({ done, total, "", {} }));
    }

    void garbage_data()
    {
        QTest::addColumn<QByteArray>("line");
        const std::vector<const char*> lines { "", " ", "\n", "hello", "null", "true", "1", "\"log\"", "[]", "[{\"event\":\"results\"}]",
            "{}", "{", "}", "{\"event\"", R"({"event":"results"}x)", R"({"event":"results"}{"event":"results"})", R"({"event":"result"})",
            R"({"event":"Results"})", R"({"event":5})", R"({"event":null})", R"({"event":["log"]})", R"({'event':'results'})",
            R"({"event":"log"})", R"({"event":"log","line":5})", R"({"event":"log","line":null})", R"({"event":"log","line":["x"]})",
            R"({"event":"state"})", R"({"event":"state","state":"asleep"})", R"({"event":"state","state":5})",
            R"({"event":"state","state":"failed","failure":5})", R"({"event":"progress","done":"3"})",
            R"({"event":"progress","done":null})", R"({"event":"progress","done":true})", R"({"event":"progress","total":0})",
            R"({"event":"progress","total":-1})", R"({"event":"progress","total":[10]})", R"({"event":"progress","done":1e999,"total":10})",
            R"({"event":"progress","done":NaN})", R"({"event":"progress","stage":5})", R"({"event":"progress","seconds_left":"soon"})",
            R"({"event":"progress","figures":[]})", R"({"event":"progress","figures":5})", R"({"event":"progress","figures":{"a":"b"}})",
            R"({"event":"progress","figures":{"a":{}}})", R"({"event":"progress","figures":{"a":[1]}})",
            "{\"event\":\"log\",\"line\":\"a\xff\"}", "{\"event\":\"log\",\"line\":\"a\nb\"}", "{\"event\":\"log\",\"line\":\"\\ud800\"}",
            "\xef\xbb\xbf", "\x1b[31mred\x1b[0m" };
        for (std::size_t i = 0; i < lines.size(); ++i)
            QTest::addRow("%zu", i) << QByteArray(lines[i]);
        const auto row = [](const char* name, const std::string& line) { QTest::newRow(name) << QByteArray::fromStdString(line); };
        row("nul", std::string("\0", 1));
        row("nul behind", std::string("{\"event\":\"results\"}\0x", 21));
        row("over a megabyte", "{\"event\":\"log\",\"line\":\"" + std::string(kMaxEventLineBytes, 'x') + "\"}");
        row("a megabyte of brackets", std::string(kMaxEventLineBytes, '['));
        row("deep list", nested("", "[", "]", "", 500000));
        row("deep object", nested("", "{\"a\":", "}", "", 100000));
        row("deep line", nested(R"({"event":"log","line":)", "[", "]", "}", 500000));
        row("deep figures", nested(R"({"event":"progress","figures":{"a":)", "[", "]", "}}", 500000));
    }

    void garbage()
    {
        QFETCH(const QByteArray, line);
        QVERIFY(!eventFrom(line.toStdString()));
    }

    /// Far more members than a worker sends: answered at once, and without a figure too many.
    void aFloodOfMembersIsCheap()
    {
        std::string line = R"({"event":"progress","figures":{)";
        for (int i = 0; line.size() < kMaxEventLineBytes - 100; ++i)
            line += "\"" + std::to_string(i) + "\":1,";
        line += "\"last\":1}}";
        QElapsedTimer timer;
        timer.start();
        const auto event = eventFrom(line);
        QVERIFY(event && event->progress.figures.size() < 1000);
        QVERIFY2(timer.elapsed() < 5000, "ten seconds and more where every member is compared with every other");
    }

    void randomBytesAndMutations()
    {
        std::mt19937_64 random(11);
        const std::string good = toLine(progressed({ 3.5, 10, "epoch", { { "accuracy", 0.87 } } }, 12.5));
        for (int i = 0; i < 20000; ++i) {
            std::string line = good;
            for (int change = 0; change < 3; ++change)
                line[random() % line.size()] = static_cast<char>(random() % 256);
            const auto event = eventFrom(line);
            if (event && event->kind == EventKind::Progress)
                QVERIFY(event->progress.total > 0 && event->progress.done >= 0 && event->progress.done <= event->progress.total);
            if (event)
                QVERIFY(eventFrom(toLine(*event)) == event);
        }
    }

    void commands()
    {
        for (const Command command : { Command::Pause, Command::Resume, Command::Cancel }) {
            QVERIFY(commandFrom(toLine(command)) == command);
            QVERIFY(commandFrom("  " + toLine(command) + "\r\n") == command);
        }
        for (const char* word : { "", " ", "\n", "Pause", "pause now", "paus", "{\"event\":\"pause\"}", "stop" })
            QVERIFY2(!commandFrom(word), word);
        QVERIFY(!commandFrom(std::string(10000000, 'p')));
    }
};

QTEST_APPLESS_MAIN(TestEvents)
#include "tst_jobs_events.moc"
