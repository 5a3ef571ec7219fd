// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/model_preview.h"

#include "core/base/error.h"
#include "core/network/graph_json.h"
#include "core/network/layers.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace bitscape {
namespace {

using Json = nlohmann::ordered_json;

/// [C,H,W], or [F] of a vector.
Json sizesOf(const Shape& shape)
{
    return shape.flat ? Json { shape.channels } : Json { shape.channels, shape.height, shape.width };
}

Shape shapeFrom(const Json& json)
{
    const auto sizes = json.get<std::vector<std::int64_t>>();
    if (sizes.size() != 1 && sizes.size() != 3)
        throw Error(ErrorCode::BadInput, "A shape has " + std::to_string(sizes.size()) + " sizes.");
    return sizes.size() == 1 ? Shape { sizes[0], 1, 1, true } : Shape { sizes[0], sizes[1], sizes[2], false };
}

Json layerToJson(const PreviewLayer& layer)
{
    Json json { { "name", layer.name }, { "op", layer.op }, { "output", sizesOf(layer.output) }, { "filters", layer.filters },
        { "weights", layer.weights }, { "macs", layer.macs }, { "quantizable", layer.quantizable } };
    if (!layer.bits.empty())
        json["bits"] = layer.bits;
    return json;
}

PreviewLayer layerFrom(const Json& json)
{
    PreviewLayer layer { json.at("name"), json.at("op"), shapeFrom(json.at("output")), json.at("filters"), json.at("weights"),
        json.at("macs"), json.at("quantizable"), {} };
    if (json.contains("bits"))
        layer.bits = json.at("bits").get<std::vector<int>>();
    return layer;
}

} // namespace

ModelPreview previewOf(const Model& model, std::vector<std::string> notes)
{
    const Graph graph = graphFromJson(model.graph);
    ModelPreview preview { model.origin, graph.inputShape(), graph.classes(), parameterCount(graph), 0, {}, std::move(notes), model.mean,
        model.stddev };
    preview.origin.bits.clear();
    for (const Layer& layer : layersOf(graph)) {
        const auto bits = model.origin.bits.find(layer.name);
        preview.layers.push_back({ layer.name, toString(layer.op), graph.nodes[static_cast<std::size_t>(layer.node)].shape, layer.filters,
            layer.weights(), layer.macs(), layer.quantizable, bits == model.origin.bits.end() ? std::vector<int> {} : bits->second });
        preview.macs += layer.macs();
    }
    return preview;
}

std::int64_t filtersOf(const ModelPreview& preview, bool quantizable)
{
    std::int64_t filters = 0;
    for (const PreviewLayer& layer : preview.layers)
        filters += layer.quantizable == quantizable ? layer.filters : 0;
    return filters;
}

double averageBits(const ModelPreview& preview)
{
    double bits = 0, weights = 0;
    for (const PreviewLayer& layer : preview.layers) {
        for (const int one : layer.bits) {
            const double perFilter = static_cast<double>(layer.weights) / static_cast<double>(layer.bits.size());
            bits += one * perFilter;
            weights += perFilter;
        }
    }
    return weights > 0 ? bits / weights : 0;
}

std::string toJson(const ModelPreview& preview)
{
    Json layers = Json::array();
    for (const PreviewLayer& layer : preview.layers)
        layers.push_back(layerToJson(layer));
    const Json json { { "format", preview.origin.format }, { "producer", preview.origin.producer }, { "opset", preview.origin.opset },
        { "sha256", preview.origin.sha256 }, { "input", sizesOf(preview.input) }, { "classes", preview.classes },
        { "parameters", preview.parameters }, { "macs", preview.macs }, { "quantizable_filters", filtersOf(preview, true) },
        { "kept_filters", filtersOf(preview, false) }, { "mean", preview.mean }, { "std", preview.stddev }, { "notes", preview.notes },
        { "layers", std::move(layers) } };
    return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

ModelPreview modelPreviewFrom(const std::string& text)
{
    try {
        const Json json = Json::parse(text);
        ModelPreview preview { { json.at("format"), json.at("sha256"), json.at("producer"), json.at("opset"), {} },
            shapeFrom(json.at("input")), json.at("classes"), json.at("parameters"), json.at("macs"), {},
            json.at("notes").get<std::vector<std::string>>(), json.at("mean").get<std::vector<double>>(),
            json.at("std").get<std::vector<double>>() };
        for (const Json& layer : json.at("layers"))
            preview.layers.push_back(layerFrom(layer));
        return preview;
    } catch (const Json::exception& error) {
        throw Error(ErrorCode::BadInput, std::string("This is no preview of a model: ") + error.what());
    }
}

} // namespace bitscape
