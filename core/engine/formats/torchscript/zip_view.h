// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/torchscript/zip_archive.h"

#include <caffe2/serialize/read_adapter_interface.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace bitscape {

/// Some entries of a zip file as LibTorch reads it: the file's own bytes, followed by a directory that was written from the checked
/// entries, so that LibTorch's reader can find nothing else in it.
class ZipView final : public caffe2::serialize::ReadAdapterInterface {
public:
    /// `archive` must live as long as the view and what LibTorch makes with it.
    ZipView(ZipArchive& archive, const std::function<bool(const std::string&)>& isShown);

    std::size_t size() const override;
    /// Bytes read; less at the end.
    std::size_t read(std::uint64_t position, void* bytes, std::size_t count, const char* what) const override;

private:
    ZipArchive& m_archive;
    std::string m_directory;
};

} // namespace bitscape
