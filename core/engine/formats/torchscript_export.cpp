// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript_export.h"

#include "core/base/error.h"
#include "core/engine/formats/torchscript/script_writer.h"
#include "core/engine/formats/torchscript/torchscript_metadata.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/serialization/import.h>

#include <fstream>
#include <sstream>

namespace bitscape {
namespace {

using torch::jit::Module;

/// A module with its parts, which get their types before their owner does.
struct Part {
    std::map<std::string, Part> parts;
    std::map<std::string, at::Tensor> parameters, buffers;
};

Module moduleOf(const Part& part, const std::shared_ptr<torch::jit::CompilationUnit>& unit, const std::string& name)
{
    Module module(c10::QualifiedName("__torch__.bitscape." + name), unit, true);
    module.register_attribute("training", c10::BoolType::get(), false);
    for (const auto& [key, tensor] : part.parameters)
        module.register_parameter(key, tensor, false);
    for (const auto& [key, tensor] : part.buffers)
        module.register_buffer(key, tensor);
    for (const auto& [key, child] : part.parts)
        module.register_module(key, moduleOf(child, unit, "Part"));
    return module;
}

Part& partAt(Part& root, const AttributePath& path)
{
    Part* part = &root;
    for (const std::string& name : path)
        part = &part->parts[name];
    return *part;
}

Part partsOf(const Graph& graph, const TensorMap& tensors, const std::vector<AttributePath>& paths)
{
    Part root;
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const Node& node = graph.nodes[i];
        if (paths[i].empty())
            continue;
        const auto plain = [&](const std::string& name) { return tensors.at(name).detach().to(at::kCPU, at::kFloat).contiguous(); };
        Part& part = partAt(root, paths[i]);
        part.parameters["weight"] = plain(node.weight);
        if (!node.bias.empty())
            part.parameters["bias"] = plain(node.bias);
        if (!node.mean.empty()) {
            part.buffers["running_mean"] = plain(node.mean);
            part.buffers["running_var"] = plain(node.variance);
        }
    }
    return root;
}

std::string metadataOf(const Graph& graph, const std::vector<AttributePath>& paths, const TorchScriptExtras& extras)
{
    TorchScriptMetadata metadata { "bitscape " BITSCAPE_VERSION, graph.inputShape(), {}, extras.mean, extras.stddev };
    for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
        const auto bits = extras.bits.find(graph.nodes[i].name);
        if (bits != extras.bits.end())
            metadata.bits[joined(paths[i])] = bits->second;
    }
    return metadataToJson(metadata);
}

} // namespace

std::string torchScriptBytes(const Graph& graph, const TensorMap& tensors, const TorchScriptExtras& extras)
{
    const auto paths = modulePaths(graph);
    try {
        Module module = moduleOf(partsOf(graph, tensors, paths), std::make_shared<torch::jit::CompilationUnit>(), "Network");
        module.define(scriptOf(graph, paths, extras.activations));
        std::ostringstream bytes;
        module.save(bytes, { { kTorchScriptMetadata, metadataOf(graph, paths, extras) } });
        return bytes.str();
    } catch (const c10::Error& error) {
        throw Error(ErrorCode::Internal, std::string("LibTorch does not write the network: ") + error.what_without_backtrace());
    }
}

void exportTorchScript(const Graph& graph, const TensorMap& tensors, const std::filesystem::path& file, const TorchScriptExtras& extras)
{
    const std::string bytes = torchScriptBytes(graph, tensors, extras);
    std::ofstream out(file, std::ios::binary);
    if (!out.write(bytes.data(), static_cast<std::streamsize>(bytes.size())).flush())
        throw Error(ErrorCode::BadInput, "'" + file.string() + "' cannot be written.");
}

std::function<at::Tensor(const at::Tensor& images)> torchScriptLogits(const std::filesystem::path& file)
{
    try {
        auto module = std::make_shared<Module>(torch::jit::load(file.string(), c10::Device(c10::kCPU)));
        return [module](const at::Tensor& images) { return module->forward({ images }).toTensor(); };
    } catch (const c10::Error& error) {
        throw Error(ErrorCode::BadInput, "'" + file.string() + "' cannot be loaded: " + error.what_without_backtrace());
    }
}

} // namespace bitscape
