// SPDX-License-Identifier: GPL-3.0-or-later
// TorchScript modules made with LibTorch, as files to import.
#pragma once

#include "core/base/error.h"
#include "core/engine/formats/torchscript_import.h"
#include "core/engine/network/executor.h"

#include <ATen/ATen.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/irparser.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <unistd.h>

namespace bitscape::test {

/// A file name in a folder of its own that goes with it.
class TemporaryFile final {
public:
    explicit TemporaryFile(const std::string& name = "net.pt")
        : m_folder(
            std::filesystem::temp_directory_path() / ("bitscape_script_" + std::to_string(::getpid()) + "_" + std::to_string(++counter())))
        , m_path(m_folder / name)
    {
        std::filesystem::create_directories(m_folder);
    }
    ~TemporaryFile()
    {
        std::error_code ignored;
        std::filesystem::remove_all(m_folder, ignored);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    const std::filesystem::path& path() const { return m_path; }

private:
    static int& counter()
    {
        static int count = 0;
        return count;
    }

    std::filesystem::path m_folder, m_path;
};

/// A module that grows part by part; its tensors are random, the same for the same order of calls.
class ScriptNet final {
public:
    ScriptNet()
        : m_unit(std::make_shared<torch::jit::CompilationUnit>())
        , m_module(part())
    {
        at::manual_seed(1);
    }

    torch::jit::Module& module() { return m_module; }

    /// A part without tensors; `source` may be empty.
    torch::jit::Module part(const std::string& source = "")
    {
        torch::jit::Module made(c10::QualifiedName("__torch__.Part"), m_unit, true);
        made.register_attribute("training", c10::BoolType::get(), true);
        if (!source.empty())
            made.define(source);
        return made;
    }

    torch::jit::Module conv(std::int64_t filters, std::int64_t inputs, std::int64_t kernel, bool bias, const std::string& arguments)
    {
        torch::jit::Module made = part();
        made.register_parameter(
            "weight", at::randn({ filters, inputs, kernel, kernel }) * (1.0 / static_cast<double>(inputs * kernel)), false);
        if (bias)
            made.register_parameter("bias", at::randn({ filters }), false);
        made.define("def forward(self, x):\n    return torch.conv2d(x, self.weight, " + std::string(bias ? "self.bias" : "None") + arguments
            + ")\n");
        return made;
    }

    torch::jit::Module batchNorm(std::int64_t channels)
    {
        torch::jit::Module made = part();
        made.register_parameter("weight", at::rand({ channels }) + 0.5, false);
        made.register_parameter("bias", at::randn({ channels }), false);
        made.register_buffer("running_mean", at::randn({ channels }) * 0.1);
        made.register_buffer("running_var", at::rand({ channels }) + 0.5);
        made.register_buffer("num_batches_tracked", at::zeros({}, at::kLong));
        made.define(R"(
def forward(self, x):
    assert x.dim() == 4, "expected 4D input"
    if self.training:
        self.num_batches_tracked.add_(1)
    return torch.batch_norm(x, self.weight, self.bias, self.running_mean, self.running_var, self.training, 0.1, 1e-5, True)
)");
        return made;
    }

    torch::jit::Module linear(std::int64_t neurons, std::int64_t inputs)
    {
        torch::jit::Module made = part();
        made.register_parameter("weight", at::randn({ neurons, inputs }) * 0.1, false);
        made.register_parameter("bias", at::randn({ neurons }), false);
        made.define("def forward(self, x):\n    return torch.linear(x, self.weight, self.bias)\n");
        return made;
    }

    void add(const std::string& name, const torch::jit::Module& made) { m_module.register_module(name, made); }
    void tensor(const std::string& name, const at::Tensor& value) { m_module.register_parameter(name, value, false); }
    void define(const std::string& source) { m_module.define(source); }

    /// A forward in the compiler's own words, as tracing makes it.
    void defineGraph(const std::string& text)
    {
        auto graph = std::make_shared<torch::jit::Graph>();
        torch::jit::parseIR(text, graph.get());
        graph->inputs()[0]->setType(m_module.type());
        auto* function = m_unit->create_function(c10::QualifiedName(*m_module.type()->name(), "forward"), graph);
        m_module.type()->addMethod(function);
    }

private:
    std::shared_ptr<torch::jit::CompilationUnit> m_unit;
    torch::jit::Module m_module;
};

inline ImportedNetwork importedFrom(
    torch::jit::Module& module, const std::optional<Shape>& input, const torch::jit::ExtraFilesMap& extra = {})
{
    const TemporaryFile file;
    module.save(file.path().string(), extra);
    SilentContext context;
    return importTorchScript(file.path(), { input }, context);
}

/// The largest difference between what the import and the module's own forward make of three random images.
inline double differenceOf(const ImportedNetwork& network, torch::jit::Module& module)
{
    const Shape& shape = network.graph.inputShape();
    const at::NoGradGuard noGradients;
    const at::Tensor images = at::randn({ 3, shape.channels, shape.height, shape.width });
    module.eval();
    const at::Tensor expected = module.forward({ images }).toTensor();
    const at::Tensor found = execute(network.graph, tensorsFromBytes(network.graph, network.weights), images);
    return (found.flatten(1) - expected.flatten(1)).abs().max().item<double>();
}

/// The import's refusal, "" if there is none.
inline std::string refusalOf(torch::jit::Module& module, const std::optional<Shape>& input = Shape { 2, 8, 8 })
{
    try {
        importedFrom(module, input);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

} // namespace bitscape::test
