// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/onnx/image_input.h"

#include <algorithm>

namespace bitscape {
namespace {

constexpr const char* kNoImage = "is a vector: give the shape of one image as C,H,W (--input).";
constexpr const char* kNoSize = "has no fixed size: give the shape of one image as C,H,W (--input).";

[[noreturn]] void refuse(const onnx::ValueInfoProto& input, const std::string& what)
{
    throw Error(ErrorCode::BadInput, "The model's input '" + input.name() + "' " + what);
}

Sizes declaredSizes(const onnx::ValueInfoProto& input)
{
    using onnx::TensorProto;
    const auto& type = input.type().tensor_type();
    if (!input.type().has_tensor_type()
        || (type.elem_type() != TensorProto::FLOAT && type.elem_type() != TensorProto::FLOAT16 && type.elem_type() != TensorProto::DOUBLE))
        refuse(input, "is no tensor of floats.");
    Sizes sizes;
    for (const auto& dimension : type.shape().dim())
        sizes.push_back(dimension.has_dim_value() && dimension.dim_value() > 0 ? dimension.dim_value() : -1);
    return type.has_shape() ? sizes : Sizes { -1, -1, -1, -1 };
}

} // namespace

ImageInput imageOf(const onnx::ValueInfoProto& input, const ImportOptions& options)
{
    ImageInput image;
    image.sizes = declaredSizes(input);
    if (image.sizes.size() != 2 && image.sizes.size() != 4)
        refuse(input, "has " + std::to_string(image.sizes.size()) + " axes; Bitscape takes networks on images [N,C,H,W].");
    image.sizes.front() = std::max<std::int64_t>(image.sizes.front(), 1);
    const bool isVector = image.sizes.size() == 2;
    if (!options.input && (isVector || std::ranges::find(image.sizes, -1) != image.sizes.end()))
        refuse(input, isVector ? kNoImage : kNoSize);
    image.shape = options.input ? *options.input : Shape { image.sizes[1], image.sizes[2], image.sizes[3], false };
    if (!isPossibleShape({ image.shape.channels, image.shape.height, image.shape.width }))
        refuse(input, "has " + toString(image.shape) + " values, which no image has.");
    Sizes sizes { image.sizes[0], image.shape.channels, image.shape.height, image.shape.width };
    if (isVector)
        sizes = { image.sizes[0], image.shape.size() };
    if (!isPossibleShape(sizes))
        refuse(input, "has a batch of " + std::to_string(sizes.front()) + ", which is too large.");
    image.isOverridden = sizes != image.sizes;
    if (isVector && image.sizes[1] > 0 && image.isOverridden)
        refuse(input, "has " + std::to_string(image.sizes[1]) + " values, which images of " + toString(image.shape) + " do not have.");
    image.sizes = sizes;
    return image;
}

} // namespace bitscape
