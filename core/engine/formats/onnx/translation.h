// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/draft.h"
#include "core/engine/formats/onnx/image_input.h"
#include "core/engine/formats/onnx/model_checks.h"
#include "core/engine/formats/onnx/sizes.h"
#include "core/engine/formats/scalar_function.h"
#include "core/jobs/job_context.h"

#include <ATen/core/Tensor.h>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace bitscape {

/// A function of what one node of the draft puts out, element by element. It becomes nodes only when something else reads it, so that an
/// activation that the file writes with many operators becomes one.
struct Elementwise {
    int base = 0;            ///< node that it is a function of
    ScalarFunction function; ///< the function
    std::optional<Node> own; ///< the activation that makes it of parts[0], where the file has one
    Op join = Op::Identity;  ///< Add or Multiply: what makes it of two parts, where the file does
    std::vector<std::shared_ptr<Elementwise>> parts;
    std::string name, type; ///< of the node of the file
    int depth = 0;          ///< of the parts
    int made = -1;          ///< the draft's node that computes it, once there is one
};

/// A value of the file: a constant, or an activation with its sizes as the file sees them, batch first. A node's elements may lie in other
/// sizes than the file's value: the reshape between them is made when something depends on it.
struct OnnxValue {
    at::Tensor constant;
    std::shared_ptr<Elementwise> element;
    Sizes sizes;
    std::string reshapedBy; ///< name of the node that gave it its sizes
    Sizes expandedFrom;     ///< sizes that an Expand node found; multiplication alone reads what it made
    bool isConstant() const { return constant.defined(); }
};

/// An ONNX graph on its way into a draft. The operators' translations (operators.h) read inputs here and define outputs.
class OnnxTranslation final {
public:
    OnnxTranslation(const OnnxModelFile& file, DeclaredShapes declared, const ImportOptions& options, std::vector<std::string>& notes);

    /// All nodes; `context` is asked once per node. Answers the position of the logits in the draft.
    int run(JobContext& context);

    Draft& draft() { return m_draft; }
    std::int64_t opset() const { return m_file.opset; }
    void note(const std::string& sentence) { m_notes.push_back(sentence); }
    /// The name that a layer of the file has in the draft.
    const std::map<std::string, std::string>& layerNames() const { return m_layerNames; }

    const OnnxValue& value(const NodeView& node, int k) const;
    /// An input that has to be an activation, or a constant. Throws Error(Unsupported) if it is the other.
    const OnnxValue& activation(const NodeView& node, int k) const;
    const at::Tensor& constant(const NodeView& node, int k) const;
    /// A constant input's integers, nothing where it is left out.
    std::optional<Sizes> integers(const NodeView& node, int k) const;

    /// The draft's node of an activation: an image for four sizes, a vector for two.
    int nodeOf(const NodeView& reader, const OnnxValue& value);
    /// The draft's node of an elementwise function. Throws Error(Unsupported) where no operator of Bitscape makes it.
    int nodeOf(Elementwise& element);

    /// Whether nothing but the node that is being translated reads a node of the draft.
    bool isReadOnce(int draftNode) const { return !m_shared.contains(draftNode); }

    /// Output k is this node of the draft, in its own sizes or in others.
    void define(const NodeView& node, int k, int draftNode);
    void define(const NodeView& node, int k, OnnxValue value);
    void alias(const NodeView& node, int layer) { m_layerNames[node.name()] = m_draft.node(layer).name; }

    /// The sizes that the file gives values are not compared from here on.
    void distrustSizes() { m_declared.clear(); }

    /// Whether output k is the model's own.
    bool isOutput(const NodeView& node, int k) const { return node.output(k) == m_file.model.graph().output(0).name(); }

private:
    bool fold(const NodeView& node);
    void defineConstant(const NodeView& node, const at::Tensor& constant);
    void compare(const NodeView& node, int k, const Sizes& sizes) const;
    int shaped(const std::string& name, int draftNode, const Shape& shape);

    const OnnxModelFile& m_file;
    DeclaredShapes m_declared;
    std::vector<std::string>& m_notes;
    std::int64_t m_foldBudget = 0; ///< elements that may still be folded
    ImageInput m_image;
    Draft m_draft;
    mutable std::map<std::string, OnnxValue> m_values; ///< initialisers come in when they are first read
    std::map<std::string, int> m_readers;
    std::set<int> m_shared; ///< nodes of the draft whose output has several readers
    std::map<std::pair<int, std::string>, int> m_reshaped;
    std::map<std::string, std::string> m_layerNames;
};

/// An activation that is a node's output as it is.
std::shared_ptr<Elementwise> elementOf(int draftNode);

/// "3x32x32" or "[1, 64, 8]".
std::string toString(const Sizes& sizes);

} // namespace bitscape
