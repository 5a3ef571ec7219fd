// SPDX-License-Identifier: GPL-3.0-or-later
// Operators that inference leaves out.
#include "core/engine/formats/onnx/operators.h"
#include "core/engine/formats/onnx/translation.h"

#include <ATen/ATen.h>

namespace bitscape::onnx_operators {

void passOn(OnnxTranslation& translation, const NodeView& node)
{
    if (node.type() == "Cast") {
        const std::int64_t to = node.integer("to", 0);
        if (to != onnx::TensorProto::FLOAT && to != onnx::TensorProto::FLOAT16 && to != onnx::TensorProto::DOUBLE)
            node.refuse("casts an activation to something that is no float.");
    }
    translation.define(node, 0, translation.activation(node, 0));
}

void dropout(OnnxTranslation& translation, const NodeView& node)
{
    if (node.has(2) && translation.constant(node, 2).numel() == 1 && translation.constant(node, 2).to(at::kDouble).item<double>() != 0)
        node.refuse("is in training mode: export the network after model.eval().");
    translation.note("Dropout '" + node.name() + "' is left out.");
    passOn(translation, node);
}

void softmax(OnnxTranslation& translation, const NodeView& node)
{
    if (!translation.isOutput(node, 0))
        node.refuse("stands within the network; Bitscape leaves it out at the very end only.");
    translation.note(node.type() + " '" + node.name() + "' at the end is left out: scores need the logits in front of it.");
    translation.define(node, 0, translation.activation(node, 0));
}

void quantization(OnnxTranslation& translation, const NodeView& node)
{
    if (node.type() != "DequantizeLinear")
        translation.note("The activation quantizer '" + node.name() + "' is left out: activations are in full precision here.");
    translation.define(node, 0, translation.activation(node, 0));
}

} // namespace bitscape::onnx_operators
