// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/split.h"

#include "core/base/error.h"

#include <cstddef>

namespace bitscape {

Split resolveSplit(const std::string& text, const ImageSet& set)
{
    return resolveSplit(text, set.train.count(), set.test.count());
}

const ImagePart& partOf(const ImageSet& set, const Split& split)
{
    if (split.part != "train" && split.part != "test")
        throw Error(ErrorCode::BadArgument, "A data set has no part \"" + split.part + "\"; the parts are train and test.");
    return split.part == "train" ? set.train : set.test;
}

std::vector<std::int64_t> firstPerClass(const ImageSet& set, const Split& split, int perClass)
{
    if (perClass < 1)
        throw Error(ErrorCode::BadArgument, "At least 1 image per class must be taken, not " + std::to_string(perClass) + ".");
    const ImagePart& part = partOf(set, split);
    if (split.first < 0 || split.last > part.count())
        throw Error(ErrorCode::BadArgument, "The split of " + split.part + " does not belong to this data set: it ends beyond its images.");
    const auto wanted = static_cast<std::size_t>(perClass);
    std::vector<std::vector<std::int64_t>> found(set.classNames.size());
    for (std::int64_t i = split.first; i < split.last; ++i) {
        auto& positions = found.at(part.labels[static_cast<std::size_t>(i)]);
        if (positions.size() < wanted)
            positions.push_back(i);
    }
    std::vector<std::int64_t> all;
    for (std::size_t c = 0; c < found.size(); ++c) {
        if (found[c].size() < wanted) {
            throw Error(ErrorCode::BadInput,
                "Class \"" + set.classNames[c] + "\" has only " + std::to_string(found[c].size()) + " images in " + split.part + "["
                    + std::to_string(split.first) + ":" + std::to_string(split.last) + "], but " + std::to_string(perClass)
                    + " of each class are to be taken; take fewer or widen the split.");
        }
        all.insert(all.end(), found[c].begin(), found[c].end());
    }
    return all;
}

} // namespace bitscape
