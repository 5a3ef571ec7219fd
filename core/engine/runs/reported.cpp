// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/reported.h"

#include "core/engine/evaluate/evaluate.h"
#include "core/project/results.h"

#include <nlohmann/json.hpp>

namespace bitscape {
namespace {

void keep(Project& project, const RunInputs& inputs, const Evaluation& found, const Split& split, const std::string& role)
{
    const ImagePart& part = partOf(inputs.images, split);
    const std::span<const std::uint16_t> labels(part.labels.data() + split.first, static_cast<std::size_t>(split.count()));
    const nlohmann::json confusion = confusionOf(labels, found.predictions, inputs.images.classes());
    const std::string text = confusion.dump();
    putAttachment(project, inputs.run.id, role, project.putBlob(std::as_bytes(std::span(text))));
}

} // namespace

void keepConfusion(Project& project, const RunInputs& inputs, const Evaluation& reported, const Evaluation* full)
{
    const Split split = resolveSplit(inputs.run.parameters.at("test_split").get<std::string>(), inputs.images);
    keep(project, inputs, reported, split, "confusion");
    if (full)
        keep(project, inputs, *full, split, "full_confusion");
}

} // namespace bitscape
