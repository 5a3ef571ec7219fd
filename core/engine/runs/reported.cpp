// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/reported.h"

#include "core/jobs/kept_answers.h"

namespace bitscape {

void keepAnswers(Project& project, const RunInputs& inputs, const Evaluation& reported, const Evaluation* full)
{
    const Split split = resolveSplit(inputs.parameter("test_split").get<std::string>(), inputs.images);
    const auto& labels = partOf(inputs.images, split).labels;
    keepAnswers(project, inputs.run.id,
        { { labels.begin() + split.first, labels.begin() + split.last }, reported.predictions,
            full ? full->predictions : std::vector<std::uint16_t> {} });
}

} // namespace bitscape
