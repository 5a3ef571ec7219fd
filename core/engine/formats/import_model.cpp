// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/import_model.h"

#include "core/base/error.h"
#include "core/engine/formats/file_kind.h"
#include "core/engine/formats/onnx/import_onnx.h"
#include "core/engine/formats/torchscript_import.h"

namespace bitscape {
namespace {

constexpr const char* pickled = " is a pickled PyTorch module or state_dict, which cannot be read without the Python code of the network. "
                                "With the network loaded in Python as 'model', save it as TorchScript:\n"
                                "    traced = torch.jit.trace(model.eval(), torch.zeros(1, 3, 224, 224))  # the shape of your images\n"
                                "    traced.save(\"model.pt\")";

std::string inQuotes(const std::filesystem::path& file)
{
    std::string text = "'";
    text += file.string();
    return text += "'";
}

} // namespace

ImportedNetwork importModel(const std::filesystem::path& file, const ImportOptions& options, JobContext& context)
{
    switch (fileKindOf(file)) {
    case FileKind::Onnx:
        return importOnnx(file, options, context);
    case FileKind::TorchScript:
        return importTorchScript(file, options, context);
    case FileKind::PickledState:
        throw Error(ErrorCode::Unsupported, inQuotes(file) + pickled);
    default:
        throw Error(ErrorCode::Unsupported, inQuotes(file) + " is neither an ONNX model nor a TorchScript file.");
    }
}

} // namespace bitscape
