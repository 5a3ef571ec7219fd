// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/torchscript_metadata.h"

#include "core/base/error.h"

#include <nlohmann/json.hpp>

namespace bitscape {
namespace {

using Json = nlohmann::json;

/// Stops at what no description of ours has: nlohmann's values call themselves when they go.
bool isShallow(int depth, Json::parse_event_t, const Json&)
{
    constexpr int kDeepest = 4;
    if (depth > kDeepest)
        throw Error(ErrorCode::BadInput, "The file's own description, bitscape.json, is nested too deep.");
    return true;
}

Shape shapeFrom(const Json& json)
{
    const auto sizes = json.get<std::vector<std::int64_t>>();
    if (sizes.size() != 3 || !isPossibleShape(sizes))
        throw Error(ErrorCode::BadInput, "The file's own description, bitscape.json, has no input shape of three sizes.");
    return { sizes[0], sizes[1], sizes[2], false };
}

} // namespace

std::string metadataToJson(const TorchScriptMetadata& metadata)
{
    Json json = { { "producer", metadata.producer }, { "bits", metadata.bits }, { "mean", metadata.mean }, { "std", metadata.stddev } };
    if (metadata.input)
        json["input"] = { metadata.input->channels, metadata.input->height, metadata.input->width };
    return json.dump();
}

TorchScriptMetadata metadataFromJson(const std::string& text)
{
    try {
        const Json json = Json::parse(text, isShallow);
        TorchScriptMetadata metadata;
        metadata.producer = json.value("producer", "");
        if (json.contains("input"))
            metadata.input = shapeFrom(json.at("input"));
        if (json.contains("bits"))
            metadata.bits = json.at("bits").get<std::map<std::string, std::vector<int>>>();
        metadata.mean = json.value("mean", metadata.mean);
        metadata.stddev = json.value("std", metadata.stddev);
        return metadata;
    } catch (const Json::exception&) {
        throw Error(ErrorCode::BadInput, "The file's own description, bitscape.json, is damaged.");
    }
}

} // namespace bitscape
