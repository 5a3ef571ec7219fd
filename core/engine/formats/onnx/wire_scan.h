// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>

namespace bitscape {

/// What a protobuf file holds as far as its own bytes tell, without any of it being kept.
struct WireScan {
    bool isWellFormed = false;   ///< it can be walked to its end
    bool hasGraph = false;       ///< field 7, ModelProto.graph
    std::int64_t dataBytes = 0;  ///< of tensors: what takes about its own size when it is read
    std::int64_t smallBytes = 0; ///< of tensors whose elements are written as varints: what takes up to four times its size
    std::int64_t otherBytes = 0; ///< the rest: nodes, names, lists, which take many times their size
};

/// Walks a file as ModelProto. A file of 100 MB can hold 50 million empty nodes, which would take 10 GB: this tells before it is parsed.
WireScan scanOnnxFile(const std::filesystem::path& file);

} // namespace bitscape
