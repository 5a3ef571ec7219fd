// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/onnx/tensor_values.h"

#include "core/base/error.h"
#include "core/engine/formats/onnx/external_data.h"
#include "core/network/graph.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <bit>
#include <optional>
#include <string>

namespace bitscape {

static_assert(std::endian::native == std::endian::little, "ONNX stores raw data little-endian");

namespace {

using onnx::TensorProto;

std::string named(const TensorProto& tensor)
{
    return "Tensor '" + tensor.name() + "'";
}

std::optional<at::ScalarType> scalarType(int type)
{
    switch (type) {
    case TensorProto::FLOAT:
        return at::kFloat;
    case TensorProto::FLOAT16:
        return at::kHalf;
    case TensorProto::BFLOAT16:
        return at::kBFloat16;
    case TensorProto::DOUBLE:
        return at::kDouble;
    case TensorProto::INT64:
        return at::kLong;
    case TensorProto::INT32:
        return at::kInt;
    case TensorProto::INT8:
        return at::kChar;
    case TensorProto::UINT8:
        return at::kByte;
    case TensorProto::BOOL:
        return at::kBool;
    default:
        return std::nullopt;
    }
}

bool isExternal(const TensorProto& tensor)
{
    return tensor.data_location() == TensorProto::EXTERNAL;
}

/// Elements in the field that belongs to the tensor's type, where its data is not raw.
int typedElements(const TensorProto& tensor)
{
    switch (tensor.data_type()) {
    case TensorProto::FLOAT:
        return tensor.float_data_size();
    case TensorProto::DOUBLE:
        return tensor.double_data_size();
    case TensorProto::INT64:
        return tensor.int64_data_size();
    default:
        return tensor.int32_data_size(); // half floats too, by their bits
    }
}

std::vector<std::int64_t> sizesOf(const TensorProto& tensor)
{
    return { tensor.dims().begin(), tensor.dims().end() };
}

at::Tensor borrowed(const void* data, const TensorProto& tensor, at::ScalarType type)
{
    return at::from_blob(const_cast<void*>(data), sizesOf(tensor), at::TensorOptions(type));
}

/// Numbers that int32_data carries one by one.
at::Tensor narrowed(const TensorProto& tensor, at::ScalarType type)
{
    const at::Tensor wide = borrowed(tensor.int32_data().data(), tensor, at::kInt);
    if (type == at::kHalf || type == at::kBFloat16)
        return wide.to(at::kShort).view(type);
    return wide.to(type);
}

at::Tensor typedValues(const TensorProto& tensor, at::ScalarType type)
{
    switch (type) {
    case at::kFloat:
        return borrowed(tensor.float_data().data(), tensor, type);
    case at::kDouble:
        return borrowed(tensor.double_data().data(), tensor, type);
    case at::kLong:
        return borrowed(tensor.int64_data().data(), tensor, type);
    default:
        return narrowed(tensor, type);
    }
}

/// Raw bytes may lie at any address.
at::Tensor rawValues(const TensorProto& tensor, at::ScalarType type)
{
    const auto address = reinterpret_cast<std::uintptr_t>(tensor.raw_data().data());
    if (address % at::elementSize(type) == 0)
        return borrowed(tensor.raw_data().data(), tensor, type);
    at::Tensor copy = at::empty(sizesOf(tensor), type);
    std::ranges::copy(tensor.raw_data(), static_cast<char*>(copy.data_ptr()));
    return copy;
}

} // namespace

std::int64_t elementsOf(const TensorProto& tensor)
{
    const auto sizes = sizesOf(tensor);
    if (std::ranges::find(sizes, 0) != sizes.end() && std::ranges::all_of(sizes, [](std::int64_t size) { return size >= 0; }))
        return 0;
    if (!isPossibleShape(sizes))
        throw Error(ErrorCode::BadInput, named(tensor) + " has a shape that no tensor can have.");
    std::int64_t elements = 1;
    for (const std::int64_t size : sizes)
        elements *= size;
    return elements;
}

void checkTensor(const TensorProto& tensor, const std::filesystem::path& folder)
{
    const auto type = scalarType(tensor.data_type());
    if (!type)
        throw Error(ErrorCode::Unsupported,
            named(tensor) + " is of type " + std::to_string(tensor.data_type())
                + "; Bitscape reads float, float16, bfloat16, double, int8, uint8, int32, int64 and bool.");
    if (tensor.has_segment())
        throw Error(ErrorCode::Unsupported, named(tensor) + " is stored in segments.");
    const std::int64_t elements = elementsOf(tensor);
    const std::int64_t bytes = elements * static_cast<std::int64_t>(at::elementSize(*type));
    if (isExternal(tensor)) {
        checkExternalData(tensor, folder, bytes);
        return;
    }
    const bool fits
        = tensor.has_raw_data() ? static_cast<std::int64_t>(tensor.raw_data().size()) == bytes : typedElements(tensor) == elements;
    if (!fits)
        throw Error(ErrorCode::BadInput, named(tensor) + " holds more or less data than its shape says: export the model again.");
}

at::Tensor valuesOf(const TensorProto& tensor, const std::filesystem::path& folder)
{
    const at::ScalarType type = *scalarType(tensor.data_type());
    at::Tensor values;
    if (isExternal(tensor)) {
        values = at::empty(sizesOf(tensor), type);
        readExternalData(tensor, folder, values.data_ptr(), static_cast<std::int64_t>(values.nbytes()));
    } else {
        values = tensor.has_raw_data() ? rawValues(tensor, type) : typedValues(tensor, type);
    }
    if (type == at::kHalf || type == at::kBFloat16 || type == at::kDouble)
        return values.to(at::kFloat);
    return type == at::kInt ? values.to(at::kLong) : values;
}

} // namespace bitscape
