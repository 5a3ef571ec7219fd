// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/evaluate/prepared_images.h"
#include "core/engine/formats/export/deployable.h"
#include "core/jobs/job_context.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace bitscape {

/// Logits [N, classes] of images [N,C,H,W]; from several threads at once.
using LogitsFunction = std::function<at::Tensor(const at::Tensor& images)>;

/// A file format that a network can leave in.
struct ExportFormat {
    std::string name; ///< as --to takes it
    std::function<std::string(const Deployable& network)> bytes;
    std::function<LogitsFunction(const std::filesystem::path& file)> load; ///< what the file says, run
};

/// All of them. Another one is a line here.
const std::vector<ExportFormat>& exportFormats();

/// A file's answers beside those that it should give.
struct FileCheck {
    std::int64_t images = 0;
    std::int64_t right = 0;     ///< answered with the true class
    std::int64_t differing = 0; ///< answered otherwise than expected
};

/// Runs a file on images; `expected`: an answer for each, in the images' order.
FileCheck checkFile(
    const LogitsFunction& file, const PreparedImages& images, const std::vector<std::uint16_t>& expected, JobContext& context);

/// Top-1 of each row, the first of equal logits.
std::vector<std::uint16_t> answersOf(const at::Tensor& logits);

} // namespace bitscape
