// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/onnx/model_metadata.h"

#include "core/base/error.h"
#include "core/engine/formats/draft.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace bitscape {
namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 4;

/// "" where there is none.
std::string metadata(const onnx::ModelProto& model, const std::string& key)
{
    for (const auto& entry : model.metadata_props()) {
        if (entry.key() == key)
            return entry.value();
    }
    return {};
}

[[noreturn]] void refuse(const std::string& key, const std::string& what)
{
    throw Error(ErrorCode::BadInput, "The model's metadata '" + key + "' " + what + ": export it again.");
}

template <typename T> T parsed(const std::string& key, const std::string& text)
{
    try {
        const auto shallow = [&](int depth, Json::parse_event_t, const Json&) {
            if (depth > kDeepest)
                refuse(key, "is nested too deeply");
            return true;
        };
        const Json json = Json::parse(text, shallow);
        return json.template get<T>();
    } catch (const Json::exception&) {
        refuse(key, "cannot be read");
    }
}

void checkBits(const Graph& graph, const std::string& layer, const std::vector<int>& bits)
{
    const auto node = std::ranges::find(graph.nodes, layer, &Node::name);
    if (node == graph.nodes.end() || static_cast<std::int64_t>(bits.size()) != node->filters)
        refuse("bitscape.bits", "names " + std::to_string(bits.size()) + " filters of '" + layer + "', which the network does not have");
    if (std::ranges::any_of(bits, [](int b) { return b < 0 || (b > 8 && b != 32); }))
        refuse("bitscape.bits", "has a bit-width that there is not");
}

} // namespace

std::string producerOf(const onnx::ModelProto& model)
{
    const bool both = !model.producer_name().empty() && !model.producer_version().empty();
    return asUtf8(model.producer_name() + (both ? " " : "") + model.producer_version());
}

void readMetadata(const onnx::ModelProto& model, const std::map<std::string, std::string>& layerNames, ImportedNetwork& network)
{
    if (const std::string text = metadata(model, "bitscape.bits"); !text.empty()) {
        for (const auto& [node, bits] : parsed<std::map<std::string, std::vector<int>>>("bitscape.bits", text)) {
            const auto found = layerNames.find(node);
            const std::string& layer = found == layerNames.end() ? node : found->second;
            checkBits(network.graph, layer, bits);
            network.bits[layer] = bits;
        }
    }
    for (const auto& [key, values] : { std::pair { "bitscape.mean", &network.mean }, std::pair { "bitscape.std", &network.stddev } }) {
        if (const std::string text = metadata(model, key); !text.empty())
            *values = parsed<std::vector<double>>(key, text);
    }
}

} // namespace bitscape
