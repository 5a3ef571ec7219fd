// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/exit_codes.h"

namespace bitscape {

ExitCode exitCodeOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::BadArgument:
        return kWrongUse;
    case ErrorCode::BadInput:
    case ErrorCode::Unsupported:
    case ErrorCode::Store:
        return kBadInput;
    case ErrorCode::Device:
    case ErrorCode::Internal:
        break;
    }
    return kFailed;
}

} // namespace bitscape
