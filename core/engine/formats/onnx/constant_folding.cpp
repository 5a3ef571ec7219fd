// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/onnx/constant_folding.h"

#include "core/engine/formats/onnx/sizes.h"
#include "core/engine/formats/onnx/tensor_values.h"

#include <ATen/ATen.h>
#include <ATen/ExpandUtils.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace bitscape {
namespace {

/// A node whose inputs are all constant.
struct Folding {
    const NodeView& node;
    const std::vector<at::Tensor>& inputs;
    const std::filesystem::path& folder;
    std::int64_t mostElements;

    bool has(std::size_t k) const { return k < inputs.size() && inputs[k].defined(); }
    const at::Tensor& input(std::size_t k) const
    {
        if (!has(k))
            node.refuse(ErrorCode::BadInput, "lacks an input.");
        return inputs[k];
    }
    Sizes integers(std::size_t k) const { return integersOf(node, input(k)); }
    void allow(const Sizes& sizes) const
    {
        std::int64_t elements = 1;
        for (const std::int64_t size : sizes) {
            if (size < 0 || (elements *= std::max<std::int64_t>(size, 1)) > mostElements)
                node.refuse(ErrorCode::BadInput, "makes a constant that is too large.");
        }
    }
};

at::Tensor constant(const Folding& f)
{
    if (const onnx::TensorProto* value = f.node.tensor("value")) {
        f.allow({ value->dims().begin(), value->dims().end() });
        return valuesOf(*value, f.folder);
    }
    if (const auto values = f.node.integers("value_ints"))
        return at::tensor(*values, at::kLong);
    if (const auto values = f.node.reals("value_floats"))
        return at::tensor(*values, at::kFloat);
    if (f.node.hasAttribute("value_int"))
        return at::scalar_tensor(f.node.integer("value_int", 0), at::kLong);
    if (f.node.hasAttribute("value_float"))
        return at::scalar_tensor(f.node.real("value_float", 0), at::kFloat);
    f.node.refuse("has a value that is neither a dense tensor nor numbers.");
}

at::Tensor constantOfShape(const Folding& f)
{
    const Sizes sizes = f.integers(0);
    f.allow(sizes);
    const onnx::TensorProto* value = f.node.tensor("value");
    if (!value)
        return at::zeros(sizes, at::kFloat);
    if (elementsOf(*value) != 1)
        f.node.refuse(ErrorCode::BadInput, "has a value that is not one number.");
    return valuesOf(*value, f.folder).reshape({}).expand(sizes).contiguous();
}

at::Tensor cast(const Folding& f)
{
    switch (f.node.integer("to", 0)) {
    case onnx::TensorProto::FLOAT:
    case onnx::TensorProto::DOUBLE:
        return f.input(0).to(at::kFloat);
    case onnx::TensorProto::FLOAT16: // its rounding, float32 from then on
        return f.input(0).to(at::kHalf).to(at::kFloat);
    case onnx::TensorProto::INT64:
    case onnx::TensorProto::INT32:
        return f.input(0).to(at::kLong);
    case onnx::TensorProto::BOOL:
        return f.input(0).to(at::kBool);
    default:
        f.node.refuse("casts to a type that Bitscape does not read.");
    }
}

at::Tensor reshape(const Folding& f)
{
    return f.input(0).reshape(reshapedSizes(f.node, sizesOf(f.input(0)), f.integers(1)));
}

at::Tensor squeeze(const Folding& f)
{
    return f.input(0).reshape(
        squeezedSizes(f.node, sizesOf(f.input(0)), axesOf(f.node, f.has(1) ? std::optional(f.integers(1)) : std::nullopt)));
}

at::Tensor unsqueeze(const Folding& f)
{
    const auto axes = axesOf(f.node, f.has(1) ? std::optional(f.integers(1)) : std::nullopt);
    return f.input(0).reshape(unsqueezedSizes(f.node, sizesOf(f.input(0)), axes.value_or(Sizes {})));
}

at::Tensor transpose(const Folding& f)
{
    return f.input(0).permute(permutationOf(f.node, sizesOf(f.input(0)).size())).contiguous();
}

at::Tensor concat(const Folding& f)
{
    std::int64_t elements = 0;
    for (std::size_t k = 0; k < f.inputs.size(); ++k)
        elements += f.input(k).numel();
    f.allow({ elements });
    return at::cat(f.inputs, axisOf(f.node, f.node.integer("axis", 0), sizesOf(f.input(0)).size()));
}

at::Tensor gather(const Folding& f)
{
    const at::Tensor& data = f.input(0);
    const std::int64_t axis = axisOf(f.node, f.node.integer("axis", 0), sizesOf(data).size());
    Sizes sizes = sizesOf(data);
    const std::int64_t length = sizes[static_cast<std::size_t>(axis)];
    Sizes chosen = f.integers(1);
    for (std::int64_t& index : chosen) {
        index = index < 0 ? index + length : index;
        if (index < 0 || index >= length)
            f.node.refuse(ErrorCode::BadInput, "takes an element that is not there.");
    }
    const Sizes shape = sizesOf(f.input(1));
    sizes.erase(sizes.begin() + axis);
    sizes.insert(sizes.begin() + axis, shape.begin(), shape.end());
    f.allow(sizes);
    return data.index_select(axis, at::tensor(chosen, at::kLong)).reshape(sizes);
}

at::Tensor slice(const Folding& f)
{
    std::array<std::optional<Sizes>, 4> given;
    for (std::size_t k = 0; k < given.size(); ++k) {
        if (f.has(k + 1))
            given[k] = f.integers(k + 1);
    }
    at::Tensor part = f.input(0);
    for (const SliceOfAxis& cut : slicesOf(f.node, sizesOf(part), given))
        part = part.slice(cut.axis, cut.begin, cut.end, cut.step);
    return part;
}

at::Tensor expand(const Folding& f)
{
    const Sizes sizes = at::infer_size(f.input(0).sizes(), f.integers(1));
    f.allow(sizes);
    return f.input(0).expand(sizes).contiguous();
}

at::Tensor arithmetic(const Folding& f)
{
    const at::Tensor &a = f.input(0), &b = f.input(1);
    f.allow(at::infer_size(a.sizes(), b.sizes()));
    const std::string& type = f.node.type();
    if (type == "Add")
        return a + b;
    if (type == "Sub")
        return a - b;
    if (type == "Mul")
        return a * b;
    return at::isFloatingType(a.scalar_type()) ? a / b : at::div(a, b, "trunc");
}

/// (x - zero point) * scale, one scale or one per index of an axis.
at::Tensor dequantize(const Folding& f)
{
    const at::Tensor& x = f.input(0);
    if (f.node.integer("block_size", 0) != 0)
        f.node.refuse("has scales per block.");
    Sizes perIndex;
    if (f.input(1).numel() != 1) {
        perIndex.assign(sizesOf(x).size(), 1);
        perIndex[static_cast<std::size_t>(axisOf(f.node, f.node.integer("axis", 1), perIndex.size()))] = -1;
    }
    at::Tensor shifted = x.to(at::kLong);
    if (f.has(2))
        shifted = shifted - f.input(2).to(at::kLong).reshape(perIndex);
    const at::Tensor scaled = shifted.to(at::kFloat) * f.input(1).to(at::kFloat).reshape(perIndex);
    if (scaled.sizes() != x.sizes())
        f.node.refuse(ErrorCode::BadInput, "has scales that do not fit its tensor.");
    return scaled;
}

/// QONNX: clamped before it is rounded, half to even.
at::Tensor quantize(const Folding& f)
{
    const double bits = f.has(3) && f.input(3).numel() == 1 ? f.input(3).to(at::kDouble).reshape({}).item<double>() : 0;
    if (!(bits >= 1 && bits <= 32) || f.node.text("rounding_mode", "ROUND") != "ROUND")
        f.node.refuse("has bits that are not one number from 1 to 32, or rounds otherwise than to the nearest.");
    const bool isSigned = f.node.integer("signed", 1) != 0, narrow = f.node.integer("narrow", 0) != 0;
    const double span = std::exp2(bits - (isSigned ? 1 : 0));
    const double low = !isSigned ? 0 : narrow ? 1 - span : -span, high = !isSigned && narrow ? span - 2 : span - 1;
    const at::Tensor x = f.input(0).to(at::kFloat), scale = f.input(1).to(at::kFloat), zero = f.input(2).to(at::kFloat);
    const at::Tensor levels = at::round(at::clamp(x / scale + zero, low, high));
    f.allow(at::infer_size(levels.sizes(), scale.sizes()));
    return (levels - zero) * scale;
}

at::Tensor signs(const Folding& f)
{
    const at::Tensor x = f.input(0).to(at::kFloat), scale = f.input(1).to(at::kFloat);
    f.allow(at::infer_size(x.sizes(), scale.sizes()));
    return at::where(x >= 0, at::ones_like(x), -at::ones_like(x)) * scale;
}

using Folder = at::Tensor (*)(const Folding&);

const std::map<std::string, Folder>& folders()
{
    static const std::map<std::string, Folder> all {
        { "Constant", constant },
        { "ConstantOfShape", constantOfShape },
        { "Identity", [](const Folding& f) { return f.input(0); } },
        { "Cast", cast },
        { "Reshape", reshape },
        { "Squeeze", squeeze },
        { "Unsqueeze", unsqueeze },
        { "Transpose", transpose },
        { "Concat", concat },
        { "Gather", gather },
        { "Slice", slice },
        { "Expand", expand },
        { "Add", arithmetic },
        { "Sub", arithmetic },
        { "Mul", arithmetic },
        { "Div", arithmetic },
        { "Neg", [](const Folding& f) { return -f.input(0); } },
        { "Sqrt", [](const Folding& f) { return at::sqrt(f.input(0)); } },
        { "DequantizeLinear", dequantize },
        { "Quant", quantize },
        { "BipolarQuant", signs },
    };
    return all;
}

} // namespace

bool isFoldable(const std::string& type)
{
    return folders().contains(type);
}

at::Tensor folded(
    const NodeView& node, const std::vector<at::Tensor>& inputs, const std::filesystem::path& folder, std::int64_t mostElements)
{
    try {
        return folders().at(node.type())({ node, inputs, folder, mostElements });
    } catch (const c10::Error& error) {
        node.refuse(ErrorCode::BadInput, std::string("cannot be computed: ") + error.what_without_backtrace());
    }
}

} // namespace bitscape
