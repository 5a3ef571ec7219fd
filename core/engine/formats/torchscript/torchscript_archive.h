// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/torchscript/zip_archive.h"
#include "core/jobs/job_context.h"

#include <torch/csrc/jit/api/module.h>

#include <cstdint>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// The first line of what LibTorch says, without stack or script.
std::string reasonOf(const std::exception& error);

/// A file of torch.jit.save() whose records have been checked, so that LibTorch can be let at them.
class TorchScriptArchive final {
public:
    /// Throws Error(BadInput) for a damaged or lying file within a second and without much memory, Error(Unsupported) for a pickled module
    /// or state_dict, naming the two lines of Python that would save it as TorchScript.
    TorchScriptArchive(const std::filesystem::path& file, JobContext& context);

    /// The module, on the CPU. LibTorch sees only the records that were checked, through a directory written here.
    torch::jit::Module load();

    /// Sizes [N,C,H,W] of the image that the network was traced with, where PyTorch 2 wrote it down.
    std::optional<std::vector<std::int64_t>> tracedInput();

    /// The text of an extra file, e.g. "bitscape.json".
    std::optional<std::string> extraFile(const std::string& name);

    /// Of the script that PyTorch wrote: "3" (1.6 and later), "10".
    std::string version();

private:
    void checkKind() const;
    void checkScripts();
    void checkPickles(JobContext& context);

    ZipArchive m_zip;
};

} // namespace bitscape
