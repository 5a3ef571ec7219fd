// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/datasets.h"
#include "core/project/models.h"
#include "core/project/project.h"
#include "core/project/runs.h"

#include <filesystem>
#include <optional>
#include <string>

namespace bitscape {

/// What a person types, turned into what it means. All throw Error(BadArgument) with what there is to choose from.

/// With ".bitscape" behind a name that has no extension: what a new project is to be called.
std::filesystem::path projectPath(const std::string& text);
/// A project that is there: the path itself where only that exists, else projectPath().
Project openProject(const std::string& text);
Project openForReading(const std::string& text);

/// By name or number; an empty text means the only one there is.
Model namedModel(Project& project, const std::string& text);
Dataset namedDataset(Project& project, const std::string& text);

/// A number or "last".
RunId namedRun(Project& project, const std::string& text);

} // namespace bitscape
