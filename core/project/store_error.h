// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <SQLiteCpp/Exception.h>

#include <filesystem>
#include <stdexcept>
#include <string>

namespace bitscape {

/// A stored value that Bitscape cannot have written. The transaction around it turns it into an Error(Store) that names the file.
class DamagedValue final : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// `path` in quotation marks, as messages name a file.
std::string inQuotes(const std::filesystem::path& path);

/// What SQLite refused to do to the project at `path`, as Error(Store); `lockMs` is how long it waited for locks.
Error storeError(const std::filesystem::path& path, const SQLite::Exception& failure, int lockMs);

/// The project at `path` holds something that cannot be right: `what`, a clause without a full stop.
Error damagedError(const std::filesystem::path& path, const std::string& what);

} // namespace bitscape
