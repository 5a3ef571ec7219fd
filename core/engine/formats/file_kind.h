// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace bitscape {

/// What a file is by its own first bytes, whatever its name.
enum class FileKind {
    Onnx, ///< or any other protobuf message: only reading it tells
    TorchScript,
    PickledState, ///< what torch.save() writes: a state_dict or a whole module, as a zip archive without code, a bare pickle or a tar
    Other
};

/// Throws Error(BadInput) for a file that cannot be read or is empty.
FileKind fileKindOf(const std::filesystem::path& file);

} // namespace bitscape
