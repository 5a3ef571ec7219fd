// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript_metadata.h"

#include "core/base/error.h"

#include <nlohmann/json.hpp>

namespace bitscape {
namespace {

using Json = nlohmann::json;

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
    Json json = { { "producer", metadata.producer }, { "bits", metadata.bits } };
    if (metadata.input)
        json["input"] = { metadata.input->channels, metadata.input->height, metadata.input->width };
    return json.dump();
}

TorchScriptMetadata metadataFromJson(const std::string& text)
{
    try {
        const Json json = Json::parse(text);
        TorchScriptMetadata metadata;
        metadata.producer = json.value("producer", "");
        if (json.contains("input"))
            metadata.input = shapeFrom(json.at("input"));
        if (json.contains("bits"))
            metadata.bits = json.at("bits").get<std::map<std::string, std::vector<int>>>();
        return metadata;
    } catch (const Json::exception&) {
        throw Error(ErrorCode::BadInput, "The file's own description, bitscape.json, is damaged.");
    }
}

} // namespace bitscape
