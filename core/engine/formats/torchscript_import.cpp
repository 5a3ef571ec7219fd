// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript_import.h"

#include "core/base/error.h"
#include "core/engine/formats/torchscript/deep_stack.h"
#include "core/engine/formats/torchscript/network_draft.h"
#include "core/engine/formats/torchscript/script_interpreter.h"
#include "core/engine/formats/torchscript/torchscript_archive.h"
#include "core/engine/formats/torchscript/torchscript_metadata.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/api/module.h>

#include <algorithm>
#include <cmath>

namespace bitscape {
namespace {

using Object = c10::intrusive_ptr<c10::ivalue::Object>;

/// Input channels of the first convolution in the order of the module's attributes, as far as one is found.
std::optional<std::int64_t> firstChannels(const Object& object, int& steps)
{
    for (const c10::IValue& value : object->slots()) {
        if (++steps > 10000)
            return std::nullopt;
        if (value.isTensor() && value.toTensor().dim() == 4)
            return value.toTensor().size(1);
        if (!value.isObject())
            continue;
        if (const auto found = firstChannels(value.toObject(), steps))
            return found;
    }
    return std::nullopt;
}

Shape inputOf(const ImportOptions& options, const TorchScriptMetadata& metadata, TorchScriptArchive& archive, const Object& module)
{
    if (options.input)
        return { options.input->channels, options.input->height, options.input->width, false };
    if (metadata.input)
        return *metadata.input;
    if (const auto sizes = archive.tracedInput())
        return { (*sizes)[1], (*sizes)[2], (*sizes)[3], false };
    int steps = 0;
    const auto channels = firstChannels(module, steps);
    const std::string shape = (channels ? std::to_string(*channels) : "C") + ",H,W";
    throw Error(ErrorCode::Unsupported, "The file does not say which size of image the network reads: give --input " + shape + ".");
}

/// The one tensor of a tuple whose other parts, auxiliary scores, are None; else the answer itself.
const script::Value& onlyTensor(const script::Value& answer)
{
    const auto* tuple = std::get_if<script::ListPtr>(&answer);
    if (!tuple)
        return answer;
    const script::Value* found = &answer;
    for (const script::Value& item : (*tuple)->items) {
        if (std::holds_alternative<std::monostate>(item))
            continue;
        if (found != &answer)
            return answer;
        found = &item;
    }
    return *found;
}

/// The node that makes the scores.
int outputOf(const script::Value& answer, NetworkDraft& draft, std::vector<std::string>& notes)
{
    const auto* output = std::get_if<script::ActivationPtr>(&answer);
    if (!output || (*output)->expanded || (*output)->version != *(*output)->storage)
        throw Error(ErrorCode::Unsupported,
            "The network answers " + script::kindOf(answer) + ": only networks with one vector of scores are understood.");
    if (!(*output)->softmax.empty())
        notes.push_back("The " + (*output)->softmax + " at the end was left out: scores are made from logits.");
    const Shape& shape = draft.shape((*output)->node);
    if (shape.flat && (*output)->dims.size() == 1)
        return (*output)->node;
    if (shape.positions() != 1)
        throw Error(ErrorCode::Unsupported,
            "The network answers an image of " + toString(shape) + ": only networks with one vector of scores are understood.");
    notes.emplace_back("The network's output, one position per class, was made a vector.");
    Node flatten;
    flatten.op = Op::Flatten;
    flatten.name = "flatten";
    flatten.inputs = { (*output)->node };
    return draft.add(std::move(flatten));
}

/// Bits of layers that are there, one per filter.
std::map<std::string, std::vector<int>> knownBits(const TorchScriptMetadata& metadata, ImportedNetwork& network)
{
    std::map<std::string, std::vector<int>> known;
    for (const auto& [name, bits] : metadata.bits) {
        const auto node = std::ranges::find(network.graph.nodes, name, &Node::name);
        const bool fits = node != network.graph.nodes.end() && static_cast<std::int64_t>(bits.size()) == node->filters
            && std::ranges::all_of(bits, [](int b) { return (b >= 0 && b <= 8) || b == 32; });
        if (fits)
            known.emplace(name, bits);
        else
            network.notes.push_back("The file's bits of '" + name + "' do not fit the network and were left out.");
    }
    return known;
}

void takeNormalisation(const TorchScriptMetadata& metadata, ImportedNetwork& network)
{
    const auto channels = static_cast<std::size_t>(network.graph.inputShape().channels);
    const bool fits = metadata.mean.size() == channels && metadata.stddev.size() == channels
        && std::ranges::all_of(metadata.mean, [](double mean) { return std::isfinite(mean); })
        && std::ranges::all_of(metadata.stddev, [](double deviation) { return std::isfinite(deviation) && deviation > 0; });
    if (fits) {
        network.mean = metadata.mean;
        network.stddev = metadata.stddev;
    } else if (!metadata.mean.empty() || !metadata.stddev.empty()) {
        network.notes.push_back("The file's mean and standard deviation do not fit its input and were left out.");
    }
}

ImportedNetwork imported(const std::filesystem::path& file, const ImportOptions& options, JobContext& context)
{
    context.checkpoint();
    TorchScriptArchive archive(file, context);
    const auto described = archive.extraFile(kTorchScriptMetadata);
    const TorchScriptMetadata metadata = described ? metadataFromJson(*described) : TorchScriptMetadata {};
    const Object module = archive.load()._ivalue();
    context.checkpoint();
    NetworkDraft draft(inputOf(options, metadata, archive, module));
    std::vector<std::string> notes;
    script::Interpreter interpreter(draft, notes, context);
    const script::Value answer = interpreter.forward({ "", module });
    ImportedNetwork network = draft.finish(outputOf(onlyTensor(answer), draft, notes));
    network.notes.insert(network.notes.begin(), notes.begin(), notes.end());
    network.format = "torchscript";
    network.producer = metadata.producer.empty() ? "pytorch" : metadata.producer;
    network.opset = archive.version();
    network.bits = knownBits(metadata, network);
    takeNormalisation(metadata, network);
    return network;
}

} // namespace

ImportedNetwork importTorchScript(const std::filesystem::path& file, const ImportOptions& options, JobContext& context)
{
    ImportedNetwork network;
    try {
        onDeepStack([&] { network = imported(file, options, context); });
    } catch (const Error&) {
        throw;
    } catch (const std::exception& error) { // LibTorch compiles a function when it is first called
        throw Error(ErrorCode::BadInput, "'" + file.filename().string() + "' cannot be understood by LibTorch: " + reasonOf(error) + ".");
    }
    return network;
}

} // namespace bitscape
