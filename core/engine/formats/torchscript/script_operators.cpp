// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/script_operators.h"

#include <map>
#include <set>

namespace bitscape::script {
namespace {

const std::vector<OperatorList>& networkOperators()
{
    static const std::vector<OperatorList> lists { layerOperators(), activationOperators(), poolOperators(), viewOperators(),
        pieceOperators(), arithmeticOperators() };
    return lists;
}

std::map<std::string, Operator, std::less<>> allOperators()
{
    std::map<std::string, Operator, std::less<>> all;
    for (const OperatorList& list : networkOperators())
        all.insert(list.begin(), list.end());
    for (const OperatorList& list : { scalarOperators(), queryOperators() })
        all.insert(list.begin(), list.end());
    return all;
}

} // namespace

Operator operatorNamed(const std::string& name)
{
    static const auto all = allOperators();
    const auto found = all.find(name);
    return found == all.end() ? nullptr : found->second;
}

std::string understoodOperators()
{
    std::set<std::string> names;
    for (const OperatorList& list : networkOperators()) {
        for (const auto& [name, function] : list)
            names.emplace(name);
    }
    std::string text;
    for (const std::string& name : names)
        text += (text.empty() ? "" : ", ") + name;
    return text;
}

} // namespace bitscape::script
