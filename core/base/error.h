// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>
#include <string>

namespace bitscape {

/// What went wrong, as far as a caller can act on it.
enum class ErrorCode {
    BadArgument, ///< a parameter or flag that cannot be used as given
    BadInput,    ///< a file, data set or network whose content is wrong
    Unsupported, ///< well-formed, but outside what Bitscape does
    Store,       ///< the project file refused: missing, foreign, newer, corrupt, read-only, locked
    Device,      ///< the compute device or its memory
    Internal     ///< a bug in Bitscape
};

/// Every failure that a person is told about. The message is one sentence: what, where, what to do.
class Error : public std::runtime_error {
public:
    Error(ErrorCode code, const std::string& message)
        : std::runtime_error(message)
        , m_code(code)
    {
    }

    ErrorCode code() const noexcept { return m_code; }

private:
    ErrorCode m_code;
};

} // namespace bitscape
