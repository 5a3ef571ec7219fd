// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/onnx/node_view.h"

#include "core/network/graph.h"

#include <cstdint>
#include <string>

namespace bitscape {

class OnnxTranslation;

/// Whether an operator becomes a node, or part of one.
bool isTranslated(const std::string& type);

/// Their names, for a person.
std::string translatedOperators();

/// Translates one node. Throws Error(Unsupported) or Error(BadInput) that names it.
void translate(OnnxTranslation& translation, const NodeView& node);

/// The translations of each family of operators; see the table in operators.cpp.
namespace onnx_operators {
void conv(OnnxTranslation& translation, const NodeView& node);
void gemm(OnnxTranslation& translation, const NodeView& node);
void matMul(OnnxTranslation& translation, const NodeView& node);
void batchNormalization(OnnxTranslation& translation, const NodeView& node);

void maxPool(OnnxTranslation& translation, const NodeView& node);
void averagePool(OnnxTranslation& translation, const NodeView& node);
void globalPool(OnnxTranslation& translation, const NodeView& node);
void reduce(OnnxTranslation& translation, const NodeView& node);
/// A product of an image with averagingMatrix(), from the right along its width, from the left along its height: adaptive pooling. Answers
/// false, and does nothing, for any other product.
bool averageAlongAxis(OnnxTranslation& translation, const NodeView& node);

void activation(OnnxTranslation& translation, const NodeView& node);
void unary(OnnxTranslation& translation, const NodeView& node);
void arithmetic(OnnxTranslation& translation, const NodeView& node);

void passOn(OnnxTranslation& translation, const NodeView& node);
void dropout(OnnxTranslation& translation, const NodeView& node);
void softmax(OnnxTranslation& translation, const NodeView& node);
void quantization(OnnxTranslation& translation, const NodeView& node);
void shape(OnnxTranslation& translation, const NodeView& node);
void reshape(OnnxTranslation& translation, const NodeView& node);
void expand(OnnxTranslation& translation, const NodeView& node);
void transpose(OnnxTranslation& translation, const NodeView& node);
void concat(OnnxTranslation& translation, const NodeView& node);
void slice(OnnxTranslation& translation, const NodeView& node);
void split(OnnxTranslation& translation, const NodeView& node);
void pad(OnnxTranslation& translation, const NodeView& node);
void gather(OnnxTranslation& translation, const NodeView& node);

/// Axis `axis` of an activation with `rank` sizes, batch first. Throws Error(Unsupported) where it is none of channels, height and width.
Axis axisFrom(const NodeView& node, std::int64_t axis, std::size_t rank);
} // namespace onnx_operators

} // namespace bitscape
