// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/jobs/run_name.h"

#include "core/jobs/parameters.h"

namespace bitscape {

std::string defaultRunName(RunKind kind, const nlohmann::json& parameters)
{
    std::string name = toString(kind);
    for (const char* telling : { "strategy", "target_bits", "effect", "epochs" }) {
        if (parameters.contains(telling))
            name += " " + parameterText(parameters.at(telling));
    }
    return name;
}

} // namespace bitscape
