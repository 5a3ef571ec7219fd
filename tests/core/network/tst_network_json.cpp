// SPDX-License-Identifier: GPL-3.0-or-later
#include "network_test_support.h"

#include "core/network/cost.h"
#include "core/network/graph_json.h"
#include "core/network/zoo.h"

#include <nlohmann/json.hpp>

#include <QtTest>

#include <algorithm>

using namespace bitscape;
using namespace bitscape::test;
using Json = nlohmann::json;

namespace {

/// A network in which every field of a node differs from its default somewhere.
Graph unusual()
{
    GraphBuilder graph({ 4, 9, 8, false });
    Node conv = groupedConv("conv", 0, 6, 2, 3);
    conv.kernel = { 3, 2 };
    conv.stride = { 2, 1 };
    conv.padding = { 1, 0 };
    conv.dilation = { 1, 2 };
    Node norm = plainNode("norm", Op::BatchNorm, { graph.add(conv) });
    norm.epsilon = 1e-3;
    norm.momentum = 0.01;
    norm.weight = "g", norm.bias = "b", norm.mean = "m", norm.variance = "v";
    Node pool = poolNode("pool", Op::AveragePool, graph.add(plainNode("relu6", Op::Relu6, { graph.add(norm) })), 2, 2);
    pool.ceilMode = true;
    pool.countPadding = false;
    const int pooled = graph.add(plainNode("drop", Op::Identity, { graph.add(pool) }));
    return graph.finish(graph.linear("fc", graph.flatten("flat", pooled), 3));
}

QString at(const Json::json_pointer& pointer, const Json& value)
{
    return QString::fromStdString(pointer.to_string() + " = " + value.dump());
}

/// The members that a node need not have, with what their absence means.
const Json& defaults()
{
    static const Json all = Json::parse(R"({"filters":0,"kernel":[1,1],"stride":[1,1],"padding":[0,0],"dilation":[1,1],"groups":1,
        "ceil_mode":false,"count_padding":true,"epsilon":1e-5,"momentum":0.1,"weight":"","bias":"","mean":"","variance":"",
        "padding_end":[0,0],"target":[1,1],"low":0.0,"high":6.0,"slope":0.01,"value":0.0,"tanh":false,"axis":0,"begin":0,"end":0,"step":1})");
    return all;
}

Json completed(Json json)
{
    for (Json& node : json.at("nodes")) {
        for (const auto& [name, value] : defaults().items()) {
            if (!node.contains(name))
                node[name] = value;
        }
    }
    return json;
}

/// Either the text is refused with an Error, or what was read says exactly what the text said and can be worked with.
bool refusedOrTaken(const Json& json)
{
    Graph graph;
    try {
        graph = graphFromJson(json.dump());
    } catch (const Error&) {
        return true;
    }
    const auto layers = layersOf(graph);
    const Cost cost = costOf(graph, layers, uniformBits(layers, 2, 8));
    return cost.macs >= 0 && parameterCount(graph) >= 0 && completed(Json::parse(graphToJson(graph))) == completed(json);
}

/// Every place in the document.
std::vector<Json::json_pointer> placesIn(const Json& json)
{
    std::vector<Json::json_pointer> places;
    const Json flat = json.flatten();
    for (const auto& [path, value] : flat.items()) {
        for (Json::json_pointer place(path); !place.empty(); place = place.parent_pointer()) {
            if (std::ranges::find(places, place) == places.end())
                places.push_back(place);
        }
    }
    return places;
}

} // namespace

/// What is stored comes back equal; what was not written by Bitscape is refused, never half taken.
class TestGraphJson final : public QObject {
    Q_OBJECT

private slots:
    void init() { QTest::failOnWarning(QRegularExpression(QStringLiteral(".*"))); }

    void roundTrips()
    {
        std::vector<Graph> graphs { unusual(), imported() };
        for (const std::string& name : zooNames())
            graphs.push_back(zooGraph(zooRequestFrom(name + "?width=0.5&classes=7")));
        for (const Graph& graph : graphs) {
            const std::string text = graphToJson(graph);
            QVERIFY(graphFromJson(text) == graph);
            QCOMPARE(graphToJson(graphFromJson(text)), text);
        }
    }

    /// The stored form of a small network, as it has to stay readable.
    void storedForm()
    {
        GraphBuilder builder({ 1, 2, 2, false });
        const Graph graph = builder.finish(builder.linear("fc", builder.flatten("flat", 0), 2));
        const Json expected = Json::parse(R"({"format":1,"nodes":[{"name":"input","op":"input","inputs":[],"shape":[1,2,2]},
            {"name":"flat","op":"flatten","inputs":[0],"shape":[4]},
            {"name":"fc","op":"linear","inputs":[1],"shape":[2],"filters":2,"weight":"fc.weight","bias":"fc.bias"}],
            "tensors":[{"name":"fc.weight","shape":[2,4]},{"name":"fc.bias","shape":[2]}],"output":2})");
        QCOMPARE(QString::fromStdString(Json::parse(graphToJson(graph)).dump()), QString::fromStdString(expected.dump()));
        QVERIFY(graphFromJson(expected.dump()) == graph);
    }

    void lies_data()
    {
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("value"); // JSON; empty: the member is taken away
        const auto row = [](const char* place, const char* value) { QTest::addRow("%s = %s", place, value) << place << value; };
        for (const char* place : { "/format", "/nodes", "/tensors", "/output", "/nodes/1/name", "/nodes/1/op", "/nodes/1/inputs",
                 "/nodes/1/shape", "/nodes/1/weight", "/nodes/1/filters", "/nodes/1/kernel", "/nodes/2/variance", "/tensors/0/name",
                 "/tensors/0/shape", "/tensors/1", "/nodes/5" })
            row(place, "");
        row("/format", "2");
        row("/nodes", "[]");
        row("/nodes", "{}");
        row("/output", "0");
        row("/output", "99");
        row("/output", "4294967303"); // 2^32 + 7, the true output modulo 2^32
        row("/nodes/0/shape", "[4,9,8,1]");
        row("/nodes/0/shape", "[4,9]");
        row("/nodes/0/shape", "[-4,-9,8]");
        row("/nodes/1/name", "\"input\"");
        row("/nodes/1/inputs", "[2]");
        row("/nodes/1/inputs", "[4294967296]");
        row("/nodes/1/inputs", "[0.5]");
        row("/nodes/1/inputs", "[0,0]");
        row("/nodes/1/shape", "[6,5,7]");
        row("/nodes/1/filters", "-6");
        row("/nodes/1/filters", "6.5");
        row("/nodes/1/filters", "\"6\"");
        row("/nodes/1/filters", "9223372036854775807");
        row("/nodes/1/filters", "18446744073709551615");
        row("/nodes/1/filters", "1e300");
        row("/nodes/1/groups", "3");
        row("/nodes/1/groups", "0");
        row("/nodes/1/groups", "-2");
        row("/nodes/1/groups", "4294967298"); // 2^32 + 2
        row("/nodes/1/kernel", "[3]");
        row("/nodes/1/kernel", "[3,2,1]");
        row("/nodes/1/kernel", "3");
        row("/nodes/1/kernel", "[3,true]");
        row("/nodes/1/kernel", "[9223372036854775807,2]");
        row("/nodes/1/padding", "[-1,0]");
        row("/nodes/1/padding", "[4611686018427387904,0]");
        row("/nodes/1/dilation", "[9223372036854775807,2]");
        row("/nodes/4/ceil_mode", "1");
        row("/nodes/4/ceil_mode", "false");
        row("/nodes/7/groups", "0");
        row("/nodes/7/groups", "7");
        row("/nodes/7/kernel", "[2,2]");
        row("/nodes/2/mean", "\"v\"");
        row("/nodes/2/epsilon", "\"small\"");
        row("/tensors/0/shape", "[6,2,2,3]");
        row("/tensors/0/shape", "[6,2,3,2.0]");
        row("/tensors/0/shape", "[]");
    }

    void lies()
    {
        QFETCH(const QString, place);
        QFETCH(const QString, value);
        Json json = Json::parse(graphToJson(unusual()));
        if (value.isEmpty())
            json = json.patch(Json::array({ { { "op", "remove" }, { "path", place.toStdString() } } }));
        else
            json[Json::json_pointer(place.toStdString())] = Json::parse(value.toStdString());
        QVERIFY(refuses([&] { graphFromJson(json.dump()); }, ErrorCode::BadInput));
    }

    void unknownOperator()
    {
        Json json = Json::parse(graphToJson(unusual()));
        json["nodes"][3]["op"] = "einsum";
        QVERIFY(refuses([&] { graphFromJson(json.dump()); }, ErrorCode::Unsupported, { "einsum" }));
    }

    /// Everything in the document replaced by everything that JSON can say.
    void anythingAnywhere_data()
    {
        QTest::addColumn<bool>("isImported");
        QTest::newRow("unusual") << false;
        QTest::newRow("imported") << true;
    }

    void anythingAnywhere()
    {
        QFETCH(const bool, isImported);
        const Json good = Json::parse(graphToJson(isImported ? imported() : unusual()));
        QVERIFY(refusedOrTaken(good));
        const Json values
            = Json::parse(R"([null, true, false, 0, 1, -1, 2, 3, 0.5, 1e300, -1e300, 65536, 4294967296, 4294967297, 9223372036854775807,
            -9223372036854775808, 18446744073709551615, "", "x", "conv", "relu", [], {}, [0], [1,1], [2,2], [1,2,3], [1,1,1,1], [[1]], ["x"], {"a":1}])");
        for (const auto& place : placesIn(good)) {
            for (const Json& value : values) {
                Json json = good;
                json[place] = value;
                QVERIFY2(refusedOrTaken(json), qPrintable(at(place, value)));
            }
        }
    }

    /// As deep as anyone likes, and nobody follows it down.
    void deepValues()
    {
        const Json good = Json::parse(graphToJson(unusual()));
        for (const char* place :
            { "/format", "/nodes", "/tensors", "/output", "/nodes/1", "/nodes/1/name", "/nodes/1/inputs", "/nodes/1/shape",
                "/nodes/1/kernel", "/nodes/1/filters", "/nodes/2/epsilon", "/nodes/1/weight", "/tensors/0", "/tensors/0/shape" }) {
            Json json = good;
            json[Json::json_pointer(place)] = "@";
            std::string text = json.dump();
            text.replace(text.find("\"@\""), 3, std::string(100000, '[') + std::string(100000, ']'));
            QVERIFY2(refuses([&] { graphFromJson(text); }, ErrorCode::BadInput), place);
        }
    }

    void brokenText()
    {
        const std::string text = graphToJson(unusual());
        for (std::size_t length = 0; length < text.size(); ++length)
            QVERIFY(refuses([&] { graphFromJson(text.substr(0, length)); }, ErrorCode::BadInput));
        for (const char* other : { "null", "1", "[]", "{}", "\"x\"", "\xff", "{\"format\":1}" })
            QVERIFY2(refuses([&] { graphFromJson(other); }, ErrorCode::BadInput), other);
        QVERIFY(refuses([] { graphFromJson(std::string(100000, '[')); }, ErrorCode::BadInput));
        QVERIFY(refuses([] { graphFromJson(std::string(100000, '[') + std::string(100000, ']')); }, ErrorCode::BadInput));
    }

    /// Random bytes of the text changed: an Error or a graph, nothing else.
    void changedBytes()
    {
        const std::string text = graphToJson(unusual());
        Random random(5);
        int taken = 0;
        for (int i = 0; i < 3000; ++i) {
            std::string changed = text;
            changed[random.below(text.size())] = static_cast<char>(random.below(256));
            taken += refusalOf([&] { layersOf(graphFromJson(changed)); }) ? 0 : 1;
        }
        QVERIFY(taken < 300); // names and defaults may change; almost nothing else
    }
};

QTEST_APPLESS_MAIN(TestGraphJson)
#include "tst_network_json.moc"
