// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/sample_images.h"

#include "core/base/error.h"

#include <algorithm>
#include <string>

namespace bitscape::ui {
namespace {

constexpr std::size_t kColours = 3;

/// One image of planes [C,H,W].
QImage decoded(const std::byte* planes, int channels, int height, int width)
{
    const bool colour = channels == static_cast<int>(kColours);
    QImage image(width, height, colour ? QImage::Format_RGB888 : QImage::Format_Grayscale8);
    const std::size_t plane = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
    for (int y = 0; y < height; ++y) {
        uchar* line = image.scanLine(y);
        const std::byte* from = planes + static_cast<std::size_t>(y) * static_cast<std::size_t>(width);
        for (std::size_t x = 0; x < static_cast<std::size_t>(width); ++x) {
            for (std::size_t c = 0; colour && c < kColours; ++c)
                line[x * kColours + c] = std::to_integer<uchar>(from[c * plane + x]);
            if (!colour)
                line[x] = std::to_integer<uchar>(from[x]);
        }
    }
    return image;
}

} // namespace

SampleImages sampleImages(const Dataset& dataset, const std::vector<std::byte>& bytes)
{
    const auto size = static_cast<std::size_t>(std::max(0, dataset.channels)) * static_cast<std::size_t>(std::max(0, dataset.height))
        * static_cast<std::size_t>(std::max(0, dataset.width));
    const std::size_t classes = dataset.classNames.size();
    if (size * classes == 0 || bytes.size() % (size * classes) != 0)
        throw Error(ErrorCode::BadInput,
            "The sample images of data set " + dataset.name + " have " + std::to_string(bytes.size())
                + " bytes, which is no whole number of images per class.");
    const std::size_t perClass = bytes.size() / (size * classes);
    SampleImages images;
    for (std::size_t m = 0; m < classes; ++m) {
        auto& samples = images.classes.emplace_back();
        for (std::size_t i = 0; i < perClass; ++i)
            samples.push_back(decoded(bytes.data() + (m * perClass + i) * size, dataset.channels, dataset.height, dataset.width));
    }
    return images;
}

} // namespace bitscape::ui
