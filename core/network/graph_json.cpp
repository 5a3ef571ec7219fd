// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/graph_json.h"

#include "core/base/error.h"

#include <nlohmann/json.hpp>

namespace bitscape {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;

/// Writes `value` only where it differs from what a plain node has.
template <typename T> void put(Json& json, const char* name, const T& value, const T& plain)
{
    if (value != plain)
        json[name] = value;
}

Json shapeToJson(const Shape& shape)
{
    return shape.flat ? Json::array({ shape.channels }) : Json::array({ shape.channels, shape.height, shape.width });
}

Shape shapeFromJson(const Json& json)
{
    if (json.size() == 1)
        return { json.at(0).get<std::int64_t>(), 1, 1, true };
    return { json.at(0).get<std::int64_t>(), json.at(1).get<std::int64_t>(), json.at(2).get<std::int64_t>(), false };
}

/// Calls `visit(name, member)` for every field that both directions treat alike.
template <typename Visit> void eachField(Visit visit)
{
    visit("filters", &Node::filters);
    visit("kernel", &Node::kernel);
    visit("stride", &Node::stride);
    visit("padding", &Node::padding);
    visit("dilation", &Node::dilation);
    visit("groups", &Node::groups);
    visit("ceil_mode", &Node::ceilMode);
    visit("count_padding", &Node::countPadding);
    visit("epsilon", &Node::epsilon);
    visit("momentum", &Node::momentum);
    visit("weight", &Node::weight);
    visit("bias", &Node::bias);
    visit("mean", &Node::mean);
    visit("variance", &Node::variance);
}

Json nodeToJson(const Node& node)
{
    Json json { { "name", node.name }, { "op", toString(node.op) }, { "inputs", node.inputs }, { "shape", shapeToJson(node.shape) } };
    const Node plain;
    eachField([&](const char* name, auto member) { put(json, name, node.*member, plain.*member); });
    return json;
}

Node nodeFromJson(const Json& json)
{
    Node node;
    node.name = json.at("name").get<std::string>();
    node.op = opFrom(json.at("op").get<std::string>());
    node.inputs = json.at("inputs").get<std::vector<int>>();
    node.shape = shapeFromJson(json.at("shape"));
    eachField([&](const char* name, auto member) {
        if (json.contains(name))
            json.at(name).get_to(node.*member);
    });
    return node;
}

} // namespace

std::string graphToJson(const Graph& graph)
{
    Json json { { "format", kFormat }, { "nodes", Json::array() }, { "tensors", Json::array() }, { "output", graph.output } };
    for (const Node& node : graph.nodes)
        json["nodes"].push_back(nodeToJson(node));
    for (const TensorInfo& tensor : graph.tensors)
        json["tensors"].push_back({ { "name", tensor.name }, { "shape", tensor.shape } });
    return json.dump();
}

Graph graphFromJson(const std::string& text)
{
    Graph graph;
    try {
        const Json json = Json::parse(text);
        if (json.at("format").get<int>() != kFormat)
            throw Error(ErrorCode::BadInput, "The stored network has a format that this Bitscape does not know.");
        for (const Json& node : json.at("nodes"))
            graph.nodes.push_back(nodeFromJson(node));
        for (const Json& tensor : json.at("tensors"))
            graph.tensors.push_back({ tensor.at("name").get<std::string>(), tensor.at("shape").get<std::vector<std::int64_t>>() });
        graph.output = json.at("output").get<int>();
    } catch (const nlohmann::json::exception& error) {
        throw Error(ErrorCode::BadInput, std::string("The stored network cannot be read: ") + error.what());
    }
    checkGraph(graph);
    return graph;
}

} // namespace bitscape
