// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace bitscape {

/// Runs an ONNX file that Bitscape has written, operator by operator as ONNX and QONNX define them: what the file says, apart from the
/// graph that it was written from. Nothing is folded but what depends on no image.
class OnnxExecution final {
public:
    /// Throws Error(BadInput) for a file that is none or is damaged, Error(Unsupported) for an operator that Bitscape does not write.
    explicit OnnxExecution(const std::filesystem::path& file);
    ~OnnxExecution();
    OnnxExecution(OnnxExecution&&) noexcept;

    /// Logits [N, classes] of `images` [N,C,H,W]. From several threads at once. A file for one image takes any number here.
    at::Tensor run(const at::Tensor& images) const;

    /// Of a file that goes on from what others have computed: the values that it reads, and those that it makes, the logits first.
    using Values = std::unordered_map<std::string, at::Tensor>;
    std::vector<std::string> inputs() const;
    std::vector<std::string> outputs() const;
    /// All outputs for these inputs; what else is among them does not matter. Throws Error(BadInput) where one is missing.
    Values run(const Values& inputs) const;

private:
    struct Content;
    std::unique_ptr<const Content> m_content;
};

} // namespace bitscape
