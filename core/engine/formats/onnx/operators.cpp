// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/onnx/operators.h"

#include <map>

namespace bitscape {
namespace {

using Translator = void (*)(OnnxTranslation&, const NodeView&);

const std::map<std::string, Translator>& translators()
{
    using namespace onnx_operators;
    static const std::map<std::string, Translator> all {
        { "Conv", conv },
        { "Gemm", gemm },
        { "MatMul", matMul },
        { "BatchNormalization", batchNormalization },
        { "MaxPool", maxPool },
        { "AveragePool", averagePool },
        { "GlobalAveragePool", globalPool },
        { "GlobalMaxPool", globalPool },
        { "ReduceMean", reduce },
        { "ReduceMax", reduce },
        { "Relu", activation },
        { "Clip", activation },
        { "LeakyRelu", activation },
        { "PRelu", activation },
        { "Sigmoid", activation },
        { "HardSigmoid", activation },
        { "HardSwish", activation },
        { "Gelu", activation },
        { "Erf", unary },
        { "Tanh", unary },
        { "Exp", unary },
        { "Neg", unary },
        { "Reciprocal", unary },
        { "Add", arithmetic },
        { "Sum", arithmetic },
        { "Sub", arithmetic },
        { "Mul", arithmetic },
        { "Div", arithmetic },
        { "Pow", arithmetic },
        { "Max", arithmetic },
        { "Min", arithmetic },
        { "Identity", passOn },
        { "Cast", passOn },
        { "Dropout", dropout },
        { "Softmax", softmax },
        { "LogSoftmax", softmax },
        { "QuantizeLinear", quantization },
        { "DequantizeLinear", quantization },
        { "Quant", quantization },
        { "Shape", shape },
        { "Reshape", reshape },
        { "Flatten", reshape },
        { "Squeeze", reshape },
        { "Unsqueeze", reshape },
        { "Expand", expand },
        { "Transpose", transpose },
        { "Concat", concat },
        { "Slice", slice },
        { "Split", split },
        { "Pad", pad },
        { "Gather", gather },
    };
    return all;
}

} // namespace

bool isTranslated(const std::string& type)
{
    return translators().contains(type);
}

std::string translatedOperators()
{
    std::string names;
    for (const auto& [name, translator] : translators())
        names += (names.empty() ? "" : ", ") + name;
    return names;
}

void translate(OnnxTranslation& translation, const NodeView& node)
{
    const auto found = translators().find(node.type());
    if (found == translators().end())
        node.refuse("works on constants only here.");
    found->second(translation, node);
}

} // namespace bitscape
