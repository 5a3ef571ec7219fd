// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/named.h"

#include "core/base/error.h"

#include <charconv>
#include <system_error>

namespace bitscape {
namespace {

template <typename Entry>
Entry namedEntry(const std::vector<Entry>& all, const std::optional<Entry>& found, const std::string& text, const std::string& what)
{
    if (found)
        return *found;
    if (text.empty() && all.size() == 1)
        return all.front();
    std::string names;
    for (const Entry& entry : all)
        names += (names.empty() ? "" : ", ") + entry.name;
    if (all.empty())
        throw Error(ErrorCode::BadArgument, "The project has no " + what + " yet: add one first.");
    throw Error(ErrorCode::BadArgument,
        (text.empty() ? "Say which " + what + " is meant: there is " : "There is no " + what + " '" + text + "'; there is ") + names + ".");
}

std::filesystem::path existingPath(const std::string& text)
{
    const std::filesystem::path path = projectPath(text);
    std::error_code failure; // told by opening it
    return std::filesystem::exists(text, failure) && !std::filesystem::exists(path, failure) ? std::filesystem::path(text) : path;
}

} // namespace

std::filesystem::path projectPath(const std::string& text)
{
    std::filesystem::path path(text);
    if (!path.has_extension())
        path += ".bitscape";
    return path;
}

Project openProject(const std::string& text)
{
    return Project::open(existingPath(text));
}

Project openForReading(const std::string& text)
{
    return Project::openReadOnly(existingPath(text));
}

Model namedModel(Project& project, const std::string& text)
{
    return namedEntry(models(project), text.empty() ? std::nullopt : findModel(project, text), text, "model");
}

Dataset namedDataset(Project& project, const std::string& text)
{
    return namedEntry(datasets(project), text.empty() ? std::nullopt : findDataset(project, text), text, "data set");
}

RunId namedRun(Project& project, const std::string& text)
{
    if (text == "last") {
        if (const auto last = lastRun(project))
            return *last;
        throw Error(ErrorCode::BadArgument, "The project has no runs yet.");
    }
    RunId id;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id.value);
    if (error != std::errc() || end != text.data() + text.size())
        throw Error(ErrorCode::BadArgument, "A run is a number or 'last', not '" + text + "'.");
    return run(project, id).id;
}

} // namespace bitscape
