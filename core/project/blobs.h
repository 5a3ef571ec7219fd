// SPDX-License-Identifier: GPL-3.0-or-later
// Who refers to which blob; not for other folders. Each function belongs inside a write transaction of its caller.
#pragma once

#include <SQLiteCpp/Database.h>

#include <string>

namespace bitscape::blobs {

/// To be called as a row comes to refer to a blob, so that it need not be held for its putter any longer; does nothing for an empty name.
/// Throws Error(BadArgument) if there is no such blob.
void attached(SQLite::Database& database, const std::string& sha256);

/// Deletes the blob unless something refers to it or someone has just put it.
void dropIfUnused(SQLite::Database& database, const std::string& sha256);

} // namespace bitscape::blobs
