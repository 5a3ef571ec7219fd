// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/onnx/external_data.h"

#include "core/base/error.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <string>

namespace bitscape {
namespace {

struct Place {
    std::filesystem::path file;
    std::int64_t offset = 0;
    std::optional<std::int64_t> length;
};

[[noreturn]] void refuse(const onnx::TensorProto& tensor, const std::string& what)
{
    throw Error(ErrorCode::BadInput, "Tensor '" + tensor.name() + "' has external data " + what);
}

std::int64_t numberFrom(const onnx::TensorProto& tensor, const std::string& text)
{
    std::int64_t number = -1;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc() || end != text.data() + text.size() || number < 0)
        refuse(tensor, "at '" + text + "', which is no place in a file.");
    return number;
}

/// Links are followed before it is judged where a file lies.
bool liesIn(const std::filesystem::path& file, const std::filesystem::path& folder)
{
    std::error_code failure;
    const auto there = std::filesystem::weakly_canonical(file, failure);
    const auto within = std::filesystem::weakly_canonical(folder, failure);
    return !failure && std::ranges::mismatch(within, there).in1 == within.end();
}

Place placeOf(const onnx::TensorProto& tensor, const std::filesystem::path& folder)
{
    Place place;
    std::string location;
    for (const auto& entry : tensor.external_data()) {
        if (entry.key() == "location")
            location = entry.value();
        else if (entry.key() == "offset")
            place.offset = numberFrom(tensor, entry.value());
        else if (entry.key() == "length")
            place.length = numberFrom(tensor, entry.value());
    }
    const std::filesystem::path relative(location);
    const bool climbs = std::ranges::find(relative, std::filesystem::path("..")) != relative.end();
    place.file = folder / relative;
    if (location.empty() || location.find('\0') != std::string::npos || relative.is_absolute() || climbs || !liesIn(place.file, folder))
        refuse(tensor, "in '" + location + "'; only files in the model's own folder are read: put them there.");
    return place;
}

} // namespace

void checkExternalData(const onnx::TensorProto& tensor, const std::filesystem::path& folder, std::int64_t bytes)
{
    const Place place = placeOf(tensor, folder);
    std::error_code failure;
    if (!std::filesystem::is_regular_file(place.file, failure))
        refuse(tensor, "in '" + place.file.filename().string() + "', which is not beside the model: copy that file too.");
    const auto size = static_cast<std::int64_t>(std::filesystem::file_size(place.file, failure));
    if (failure || place.length.value_or(bytes) != bytes || place.offset > size || bytes > size - place.offset)
        refuse(tensor, "of another size than its shape says, or beyond the end of '" + place.file.filename().string() + "'.");
}

void readExternalData(const onnx::TensorProto& tensor, const std::filesystem::path& folder, void* target, std::int64_t bytes)
{
    const Place place = placeOf(tensor, folder);
    std::ifstream file(place.file, std::ios::binary);
    file.seekg(place.offset);
    if (!file.read(static_cast<char*>(target), bytes))
        refuse(tensor, "in '" + place.file.filename().string() + "' that cannot be read.");
}

} // namespace bitscape
