// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/sensitivity_store.h"

#include "core/base/error.h"
#include "core/project/results.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace bitscape {

void keepSensitivity(Project& project, RunId run, const SensitivityTable& table)
{
    std::vector<std::size_t> sizes;
    for (const auto& layer : table.damage)
        sizes.push_back(layer.size());
    const std::string header = nlohmann::json { { "bits", table.bits }, { "classes", table.classes }, { "sizes", sizes } }.dump() + "\n";
    std::vector<std::byte> bytes;
    std::ranges::copy(std::as_bytes(std::span(header)), std::back_inserter(bytes));
    for (const auto& layer : table.damage)
        std::ranges::copy(std::as_bytes(std::span(layer)), std::back_inserter(bytes));
    putAttachment(project, run, "sensitivity", project.putBlob(bytes));
}

std::optional<SensitivityTable> storedSensitivity(Project& project, RunId run)
{
    const auto blob = attachment(project, run, "sensitivity");
    if (!blob)
        return std::nullopt;
    const auto bytes = project.blob(*blob);
    const auto newline = std::ranges::find(bytes, std::byte { '\n' });
    SensitivityTable table;
    try {
        const auto header = nlohmann::json::parse(
            reinterpret_cast<const char*>(bytes.data()), reinterpret_cast<const char*>(bytes.data()) + (newline - bytes.begin()));
        table.bits = header.at("bits").get<std::vector<int>>();
        table.classes = header.at("classes").get<int>();
        std::size_t offset = static_cast<std::size_t>(newline - bytes.begin()) + 1;
        for (const std::size_t size : header.at("sizes").get<std::vector<std::size_t>>()) {
            if (offset > bytes.size() || size > (bytes.size() - offset) / sizeof(float))
                throw Error(ErrorCode::Store, "it is too short");
            std::vector<float> layer(size);
            std::memcpy(layer.data(), bytes.data() + offset, size * sizeof(float));
            table.damage.push_back(std::move(layer));
            offset += size * sizeof(float);
        }
    } catch (const std::exception& error) {
        throw Error(ErrorCode::Store, "The sensitivity table of run " + std::to_string(run.value) + " is damaged: " + error.what() + ".");
    }
    return table;
}

} // namespace bitscape
