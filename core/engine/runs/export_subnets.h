// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/runs/export_network.h"

#include <string>
#include <vector>

namespace bitscape {

/// The subnets of a finished step run, to be exported one by one. Throws Error(BadArgument) for any other run.
ExportSource subnetSource(Project& project, const Run& run, JobContext& context);

/// One file of a network of subnets, and what running it again found.
struct SubnetFile {
    std::filesystem::path file;
    int subnet = 1;
    bool isStep = false; ///< goes on from the steps before; else a subnet by itself
    std::uintmax_t bytes = 0;
    FileCheck check;  ///< against the subnet as it was evaluated
    double apart = 0; ///< of a step: largest difference between its logits and those of its subnet's own file
};

/// Writes every subnet of a network as a file, "NAME.s1.onnx" and so on for `file` "NAME.onnx", and in ONNX every step as well,
/// "NAME.step1.onnx" (export_subnets.h). All are loaded and run on the same images, the steps one after the other, before the first gets
/// its name. Throws Error(BadArgument) for a network of one piece.
std::vector<SubnetFile> exportSubnets(
    const ExportSource& source, const ExportFormat& format, const std::filesystem::path& file, Existing existing, JobContext& context);

} // namespace bitscape
