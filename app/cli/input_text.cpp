// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/input_text.h"

#include "core/base/error.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace bitscape {
namespace {

constexpr std::uintmax_t kLargest = std::uintmax_t { 16 } << 20;

} // namespace

std::string inputText(const std::string& path, const std::string& what)
{
    if (path == "-")
        return { std::istreambuf_iterator<char>(std::cin), {} };
    std::error_code failed;
    if (!std::filesystem::is_regular_file(path, failed))
        throw Error(ErrorCode::BadInput, "There is no file '" + path + "' to read " + what + " from.");
    if (std::filesystem::file_size(path, failed) > kLargest)
        throw Error(ErrorCode::BadInput, "'" + path + "' is larger than 16 MiB and so not " + what + ".");
    std::ifstream in(path, std::ios::binary);
    std::string text { std::istreambuf_iterator<char>(in), {} };
    if (!in)
        throw Error(ErrorCode::BadInput, "'" + path + "' cannot be read.");
    return text;
}

} // namespace bitscape
