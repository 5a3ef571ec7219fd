// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitscape {

/// What a pickle of a TorchScript file refers to.
struct PickleContents {
    struct Storage {
        std::string key; ///< of its record: "0"
        std::uint64_t bytes = 0;
    };
    std::vector<Storage> storages;
    std::vector<std::vector<std::int64_t>> tensors; ///< sizes, in the order of the file
};

/// Goes through a pickle of protocol 2 the way LibTorch's unpickler does, without making anything: LibTorch 1.13 trusts its stack,
/// its memo and the sizes of tensors, and crashes on a file that lies about them. Refuses with Error(BadInput or Unsupported), `name`
/// being the record's, whatever LibTorch would not survive or Bitscape has no use for (quantized and sparse tensors, enumerations), tensors
/// that reach past their storage, and nesting deeper than 64.
PickleContents checkPickle(std::string_view bytes, const std::string& name);

} // namespace bitscape
