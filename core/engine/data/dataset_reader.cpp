// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/data/dataset_reader.h"

#include "core/base/error.h"
#include "core/engine/data/cifar_reader.h"
#include "core/engine/data/folder_reader.h"
#include "core/engine/data/glyphs.h"
#include "core/engine/data/idx_reader.h"
#include "core/engine/data/source_file.h"

#include <new>

namespace bitscape {

namespace {

struct Kind {
    const char* name;
    ImageSet (*read)(const std::filesystem::path& path, JobContext& context);
};

constexpr Kind kKinds[] = {
    { "idx", readIdx },
    { "cifar10", readCifar10 },
    { "cifar100", readCifar100 },
    { "folder", readFolder },
    { "glyphs", [](const std::filesystem::path& path, JobContext& context) { return readGlyphs(path.string(), context); } },
};

const Kind& kindNamed(const std::string& name)
{
    std::string known;
    for (const Kind& kind : kKinds) {
        if (name == kind.name)
            return kind;
        known += known.empty() ? kind.name : std::string(", ") + kind.name;
    }
    throw Error(ErrorCode::BadArgument, "There is no data set kind \"" + name + "\"; the kinds are " + known + ".");
}

} // namespace

std::vector<std::string> datasetKinds()
{
    std::vector<std::string> names;
    for (const Kind& kind : kKinds)
        names.emplace_back(kind.name);
    return names;
}

ImageSet readDataset(const std::string& kind, const std::filesystem::path& path, JobContext& context)
{
    const Kind& reader = kindNamed(kind);
    try {
        return reader.read(path, context);
    } catch (const std::filesystem::filesystem_error& error) {
        const std::filesystem::path& where = error.path1().empty() ? path : error.path1();
        throw Error(ErrorCode::BadInput, quotedPath(where) + " cannot be read: " + error.code().message() + ".");
    } catch (const std::bad_alloc&) {
        throw Error(ErrorCode::Device, "The data set " + quotedPath(path) + " does not fit in the memory of this machine.");
    }
}

} // namespace bitscape
