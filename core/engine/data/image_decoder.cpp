// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/image_decoder.h"

#include "core/engine/data/data_limits.h"
#include "core/engine/data/image_check.h"
#include "core/engine/data/source_file.h"

#include <cstdlib>
#include <memory>
#include <string>

namespace {

/// A small PNG can ask for gigabytes while it is decompressed.
constexpr std::size_t kMaxAllocation = std::size_t { 64 } << 20;

void* boundedAllocate(std::size_t size)
{
    return size <= kMaxAllocation ? std::malloc(size) : nullptr;
}

void* boundedReallocate(void* memory, std::size_t size)
{
    return size <= kMaxAllocation ? std::realloc(memory, size) : nullptr;
}

} // namespace

// The decoder is compiled here, not taken from libstb: only two formats, bounded allocations, and the sanitizers see it.
#define STBI_ONLY_JPEG
#define STBI_ONLY_PNG
#define STBI_NO_STDIO
#define STBI_NO_HDR
#define STBI_NO_LINEAR
#define STBI_MALLOC(size) boundedAllocate(size)
#define STBI_REALLOC(memory, size) boundedReallocate(memory, size)
#define STBI_FREE(memory) std::free(memory)
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
// Where stb expands our macros its casts count as ours.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wold-style-cast"
#include <stb_image.h>
#pragma GCC diagnostic pop

namespace bitscape {

namespace {

struct PixelsDeleter {
    void operator()(stbi_uc* pixels) const { stbi_image_free(pixels); }
};
using Pixels = std::unique_ptr<stbi_uc, PixelsDeleter>;

[[noreturn]] void refuseUndecoded(const std::filesystem::path& path)
{
    const char* reason = stbi_failure_reason();
    refuseFile(path, std::string("cannot be decoded: ") + (reason ? reason : "unknown reason") + "; replace or remove it.");
}

void requireSize(int width, int height, const std::filesystem::path& path)
{
    if (static_cast<std::uint64_t>(width) > kMaxImageSide || static_cast<std::uint64_t>(height) > kMaxImageSide)
        refuseFile(path, "has " + std::to_string(width) + "x" + std::to_string(height) + " pixels; at most 1024x1024 are read.");
}

/// Holds what the header says against the limits. Where the header cannot be read the decoder cannot either, and says why.
void checkHeader(std::span<const std::uint8_t> bytes, const std::filesystem::path& path)
{
    const int size = static_cast<int>(bytes.size());
    int width = 0;
    int height = 0;
    int channels = 0;
    if (!stbi_info_from_memory(bytes.data(), size, &width, &height, &channels))
        return;
    requireSize(width, height, path);
    if (stbi_is_16_bit_from_memory(bytes.data(), size))
        refuseFile(path, "has 16 bits per channel; convert it to 8.");
}

void requireOpaque(std::span<const stbi_uc> pixels, std::size_t channels, const std::filesystem::path& path)
{
    for (std::size_t i = channels - 1; i < pixels.size(); i += channels) {
        if (pixels[i] != 255)
            refuseFile(path, "has transparent pixels: put it on an opaque background.");
    }
}

/// [H,W,stored] to [C,H,W] without the alpha channel.
DecodedImage toPlanes(std::span<const stbi_uc> pixels, std::size_t stored, int height, int width)
{
    DecodedImage image;
    image.shape = { stored >= 3 ? 3 : 1, height, width };
    image.pixels.reserve(static_cast<std::size_t>(image.shape.size()));
    for (std::size_t channel = 0; channel < static_cast<std::size_t>(image.shape.channels); ++channel) {
        for (std::size_t i = channel; i < pixels.size(); i += stored)
            image.pixels.push_back(pixels[i]);
    }
    return image;
}

} // namespace

DecodedImage decodeImage(std::span<const std::uint8_t> bytes, const std::filesystem::path& path)
{
    if (const std::string damage = imageFileDamage(bytes); !damage.empty())
        refuseFile(path, damage + "; replace or remove it.");
    checkHeader(bytes, path);
    int width = 0;
    int height = 0;
    int channels = 0;
    const Pixels pixels(stbi_load_from_memory(bytes.data(), static_cast<int>(bytes.size()), &width, &height, &channels, 0));
    if (!pixels)
        refuseUndecoded(path);
    requireSize(width, height, path);
    const auto stored = static_cast<std::size_t>(channels);
    const std::span view(pixels.get(), stored * static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    if (stored == 2 || stored == 4)
        requireOpaque(view, stored, path);
    return toPlanes(view, stored, height, width);
}

} // namespace bitscape
