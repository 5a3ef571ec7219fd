// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript_import.h"

#include "core/base/error.h"
#include "core/engine/formats/network_draft.h"
#include "core/engine/formats/script_interpreter.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include <iterator>

namespace bitscape {
namespace {

torch::jit::Module loaded(const std::filesystem::path& file)
{
    try {
        return torch::jit::load(file.string(), c10::Device(c10::kCPU));
    } catch (const c10::Error& error) {
        throw Error(ErrorCode::BadInput,
            "'" + file.filename().string() + "' is not a TorchScript file that can be loaded: " + error.what_without_backtrace());
    }
}

/// The node that makes the scores.
int outputOf(const script::Value& answer, NetworkDraft& draft, std::vector<std::string>& notes)
{
    const auto* output = std::get_if<script::ActivationPtr>(&answer);
    if (!output || (*output)->expanded)
        throw Error(ErrorCode::Unsupported,
            "The network answers " + script::kindOf(answer) + ": only networks with one vector of scores are understood.");
    if (!(*output)->softmax.empty())
        notes.push_back("The " + (*output)->softmax + " at the end was left out: scores are made from logits.");
    if ((*output)->dims.size() == 1)
        return (*output)->node;
    if (draft.shape((*output)->node).positions() != 1)
        throw Error(ErrorCode::Unsupported,
            "The network answers an image of " + toString(draft.shape((*output)->node))
                + " positions: only vectors of scores are understood.");
    notes.push_back("The network's output, one position per class, was made a vector.");
    Node flatten;
    flatten.op = Op::Flatten;
    flatten.name = "flatten";
    flatten.inputs = { (*output)->node };
    return draft.add(std::move(flatten));
}

} // namespace

ImportedNetwork importTorchScript(const std::filesystem::path& file, const ImportOptions& options, JobContext& context)
{
    context.checkpoint();
    const torch::jit::Module module = loaded(file);
    context.checkpoint();
    NetworkDraft draft(options.input.value());
    std::vector<std::string> notes;
    script::Interpreter interpreter(draft, notes);
    const script::Value answer = interpreter.forward({ "", module._ivalue() });
    ImportedNetwork network = draft.finish(outputOf(answer, draft, notes));
    network.notes.insert(network.notes.begin(), notes.begin(), notes.end());
    network.format = "torchscript";
    return network;
}

} // namespace bitscape
