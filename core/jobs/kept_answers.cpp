// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/kept_answers.h"

#include "core/base/error.h"
#include "core/project/results.h"

#include <algorithm>
#include <numeric>

namespace bitscape {
namespace {

using Classes = std::vector<std::uint16_t>;

void keep(Project& project, RunId id, const std::string& role, const Classes& classes)
{
    std::vector<std::byte> bytes;
    bytes.reserve(2 * classes.size());
    for (const std::uint16_t number : classes) {
        bytes.push_back(static_cast<std::byte>(number & 0xFFU));
        bytes.push_back(static_cast<std::byte>(number >> 8U));
    }
    putAttachment(project, id, role, project.putBlob(bytes));
}

Error damaged(RunId id, const std::string& role, const std::string& what)
{
    return { ErrorCode::Store,
        "Attachment '" + role + "' of run " + std::to_string(id.value) + " is damaged (" + what
            + "): remove the run and compute it again." };
}

std::optional<Classes> kept(Project& project, RunId id, const std::string& role, int classes)
{
    const auto blob = attachment(project, id, role);
    if (!blob)
        return std::nullopt;
    const std::vector<std::byte> bytes = project.blob(*blob);
    if (bytes.size() % 2 != 0)
        throw damaged(id, role, "an odd number of bytes");
    Classes numbers(bytes.size() / 2);
    for (std::size_t i = 0; i < numbers.size(); ++i)
        numbers[i]
            = static_cast<std::uint16_t>(std::to_integer<unsigned>(bytes[2 * i]) | std::to_integer<unsigned>(bytes[2 * i + 1]) << 8U);
    if (std::ranges::any_of(numbers, [classes](std::uint16_t number) { return number >= classes; }))
        throw damaged(id, role, "a class that the data set does not have");
    return numbers;
}

} // namespace

Confusion confusionOf(std::span<const std::uint16_t> labels, std::span<const std::uint16_t> answers, int classes)
{
    const auto size = static_cast<std::size_t>(classes);
    Confusion confusion(size, std::vector<std::int64_t>(size));
    for (std::size_t i = 0; i < labels.size(); ++i)
        ++confusion[labels[i]][answers[i]];
    return confusion;
}

std::vector<double> perClassAccuracy(const Confusion& confusion)
{
    std::vector<double> shares;
    for (std::size_t label = 0; label < confusion.size(); ++label) {
        const auto total = std::accumulate(confusion[label].begin(), confusion[label].end(), std::int64_t { 0 });
        shares.push_back(total == 0 ? 0.0 : static_cast<double>(confusion[label][label]) / static_cast<double>(total));
    }
    return shares;
}

void keepAnswers(Project& project, RunId id, const KeptAnswers& kept)
{
    keep(project, id, "labels", kept.labels);
    if (!kept.full.empty())
        keep(project, id, "full_answers", kept.full);
    keep(project, id, "answers", kept.answers);
}

std::optional<KeptAnswers> keptAnswers(Project& project, RunId id, int classes)
{
    auto answers = kept(project, id, "answers", classes);
    if (!answers)
        return std::nullopt;
    KeptAnswers all { kept(project, id, "labels", classes).value_or(Classes {}), std::move(*answers),
        kept(project, id, "full_answers", classes).value_or(Classes {}) };
    if (all.labels.size() != all.answers.size() || (!all.full.empty() && all.full.size() != all.answers.size()))
        throw damaged(id, "answers", "not one per label");
    return all;
}

} // namespace bitscape
