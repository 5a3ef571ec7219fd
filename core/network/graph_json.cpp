// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/graph_json.h"

#include "core/base/error.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <type_traits>

namespace bitscape {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;
constexpr int kDeepest = 8;

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

[[noreturn]] void refuse(const Json& json, const char* wanted)
{
    const std::string found = json.is_number() ? json.dump() : std::string("of type ") + json.type_name(); // dump() follows any depth
    throw Error(ErrorCode::BadInput,
        "The stored network cannot be read: it wants " + std::string(wanted) + ", and what is there is " + found + ".");
}

/// Nothing is taken for what it is not: the library itself would cut fractions and high bits off, and take true for 1.
template <typename T> T read(const Json& json)
{
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool>) {
        const bool tooLarge
            = json.is_number_unsigned() && json.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<T>::max());
        if (!json.is_number_integer() || tooLarge || json.get<std::int64_t>() < std::numeric_limits<T>::min())
            refuse(json, "a whole number that is not too large");
    }
    return json.get<T>();
}

template <typename T> std::vector<T> readAll(const Json& json)
{
    if (!json.is_array())
        refuse(json, "a list");
    std::vector<T> values;
    for (const Json& value : json)
        values.push_back(read<T>(value));
    return values;
}

template <> Pair read<Pair>(const Json& json)
{
    const auto values = readAll<std::int64_t>(json);
    if (values.size() != 2)
        refuse(json, "a pair of numbers");
    return { values[0], values[1] };
}

template <> Axis read<Axis>(const Json& json)
{
    const auto axis = read<int>(json);
    if (axis < 0 || axis > 2)
        refuse(json, "an axis of 0, 1 or 2");
    return static_cast<Axis>(axis);
}

Shape shapeFromJson(const Json& json)
{
    const auto sizes = readAll<std::int64_t>(json);
    if (sizes.size() == 1)
        return { sizes[0], 1, 1, true };
    if (sizes.size() != 3)
        refuse(json, "a shape");
    return { sizes[0], sizes[1], sizes[2], false };
}

/// Calls `visit(name, member)` for every field that both directions treat alike.
template <typename Visit> void eachField(Visit visit)
{
    visit("filters", &Node::filters);
    visit("target", &Node::target);
    visit("low", &Node::low);
    visit("high", &Node::high);
    visit("slope", &Node::slope);
    visit("value", &Node::value);
    visit("tanh", &Node::tanh);
    visit("axis", &Node::axis);
    visit("begin", &Node::begin);
    visit("end", &Node::end);
    visit("step", &Node::step);
    visit("padding_end", &Node::paddingEnd);
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
    node.inputs = readAll<int>(json.at("inputs"));
    node.shape = shapeFromJson(json.at("shape"));
    eachField([&](const char* name, auto member) {
        if (json.contains(name))
            node.*member = read<std::remove_reference_t<decltype(node.*member)>>(json.at(name));
    });
    return node;
}

/// What is nested deeper than a network is not read: the library copies objects while they grow, and follows any depth in doing so.
Json parsed(const std::string& text)
{
    return Json::parse(text, [](int depth, Json::parse_event_t, const Json&) {
        if (depth > kDeepest)
            throw Error(ErrorCode::BadInput, "The stored network cannot be read: it is nested too deeply.");
        return true;
    });
}

} // namespace

std::string graphToJson(const Graph& graph)
{
    Json json { { "format", kFormat }, { "nodes", Json::array() }, { "tensors", Json::array() }, { "output", graph.output } };
    for (const Node& node : graph.nodes)
        json["nodes"].push_back(nodeToJson(node));
    for (const TensorInfo& tensor : graph.tensors)
        json["tensors"].push_back({ { "name", tensor.name }, { "shape", tensor.shape } });
    if (!graph.subnets.empty())
        json["subnets"] = graph.subnets;
    return json.dump();
}

Graph graphFromJson(const std::string& text)
{
    Graph graph;
    try {
        const Json json = parsed(text);
        if (read<int>(json.at("format")) != kFormat)
            throw Error(ErrorCode::BadInput, "The stored network has a format that this Bitscape does not know.");
        for (const Json& node : json.at("nodes"))
            graph.nodes.push_back(nodeFromJson(node));
        for (const Json& tensor : json.at("tensors"))
            graph.tensors.push_back({ tensor.at("name").get<std::string>(), readAll<std::int64_t>(tensor.at("shape")) });
        graph.output = read<int>(json.at("output"));
        if (json.contains("subnets"))
            graph.subnets = readAll<int>(json.at("subnets"));
    } catch (const nlohmann::json::exception& error) {
        throw Error(ErrorCode::BadInput, std::string("The stored network cannot be read: ") + error.what());
    }
    checkGraph(graph);
    return graph;
}

} // namespace bitscape
