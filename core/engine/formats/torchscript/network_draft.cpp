// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/torchscript/network_draft.h"

#include "core/base/error.h"
#include "core/engine/network/tensors.h"

#include <ATen/ATen.h>

#include <map>
#include <set>

namespace bitscape {
namespace {

/// Hands out names: the wish, or the wish with the first free number behind it.
class Names final {
public:
    std::string unique(const std::string& wish)
    {
        std::string name = wish;
        for (int& next = m_next[wish]; !m_taken.insert(name).second;)
            name = wish + "_" + std::to_string(next = std::max(next, 1) + 1);
        return name;
    }

private:
    std::set<std::string> m_taken;
    std::map<std::string, int> m_next;
};

std::vector<std::uint8_t> leadingTo(int output, const std::vector<NetworkDraft::Entry>& entries)
{
    std::vector<std::uint8_t> kept(entries.size(), 0);
    kept[0] = 1;
    kept[static_cast<std::size_t>(output)] = 1;
    for (std::size_t i = entries.size(); i-- > 0;) {
        for (const int input : entries[i].node.inputs) {
            if (kept[i])
                kept[static_cast<std::size_t>(input)] = 1;
        }
    }
    return kept;
}

void noteUnread(const std::vector<NetworkDraft::Entry>& entries, const std::vector<std::uint8_t>& kept, std::vector<std::string>& notes)
{
    std::string names;
    int layers = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const Op op = entries[i].node.op;
        if (kept[i] || (op != Op::Conv2d && op != Op::Linear))
            continue;
        names += (layers++ ? ", '" : "'") + entries[i].node.name + "'";
    }
    if (layers > 0)
        notes.push_back("Layers that do not lead to the output were left out: " + names + ".");
}

/// Gives a node's tensor its name, and keeps it under that name; one without a wish is called after its node.
void place(std::string& name, const std::string& node, const std::string& word, const at::Tensor& tensor, Names& names, TensorMap& tensors)
{
    if (!tensor.defined())
        return;
    name = names.unique(name.empty() ? node + "." + word : name);
    tensors.emplace(name, tensor);
}

void placeAll(NetworkDraft::Entry& entry, Names& names, TensorMap& tensors, std::vector<std::string>& notes)
{
    Node& node = entry.node;
    const std::string wish = node.weight;
    place(node.weight, node.name, "weight", entry.weight, names, tensors);
    place(node.bias, node.name, "bias", entry.bias, names, tensors);
    place(node.mean, node.name, "running_mean", entry.mean, names, tensors);
    place(node.variance, node.name, "running_var", entry.variance, names, tensors);
    if (!wish.empty() && node.weight != wish)
        notes.push_back("'" + wish + "' is used more than once: '" + node.name + "' has a copy of its own.");
}

void checkTensors(const Graph& graph, const TensorMap& tensors)
{
    for (const TensorInfo& info : graph.tensors) {
        const auto found = tensors.find(info.name);
        if (found == tensors.end() || found->second.sizes() != at::IntArrayRef(info.shape))
            throw Error(ErrorCode::BadInput, "Tensor '" + info.name + "' is missing, or has a shape that does not fit its node.");
        if (!at::isfinite(found->second).all().item<bool>())
            throw Error(ErrorCode::BadInput,
                "Tensor '" + info.name + "' holds values that are not finite numbers: train or save the network again.");
    }
}

} // namespace

NetworkDraft::NetworkDraft(const Shape& input)
{
    Entry entry;
    entry.node.name = "input";
    entry.node.shape = input;
    entry.node.shape = outputShape(entry.node, {});
    m_entries.push_back(std::move(entry));
}

int NetworkDraft::add(Entry entry)
{
    std::vector<Shape> inputs;
    for (const int input : entry.node.inputs)
        inputs.push_back(shape(input));
    entry.node.shape = outputShape(entry.node, inputs);
    m_entries.push_back(std::move(entry));
    return static_cast<int>(m_entries.size()) - 1;
}

ImportedNetwork NetworkDraft::finish(int output)
{
    ImportedNetwork network;
    const auto kept = leadingTo(output, m_entries);
    noteUnread(m_entries, kept, network.notes);
    TensorMap tensors;
    Names nodeNames, tensorNames;
    std::vector<int> positions(m_entries.size(), -1);
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        if (!kept[i])
            continue;
        Entry& entry = m_entries[i];
        entry.node.name = nodeNames.unique(entry.node.name);
        placeAll(entry, tensorNames, tensors, network.notes);
        for (int& input : entry.node.inputs)
            input = positions[static_cast<std::size_t>(input)];
        positions[i] = static_cast<int>(network.graph.nodes.size());
        if (!entry.node.inputs.empty())
            std::ranges::move(tensorsOf(entry.node, network.graph.nodes[static_cast<std::size_t>(entry.node.inputs[0])].shape),
                std::back_inserter(network.graph.tensors));
        network.graph.nodes.push_back(std::move(entry.node));
    }
    network.graph.output = positions[static_cast<std::size_t>(output)];
    checkGraph(network.graph);
    checkTensors(network.graph, tensors);
    network.weights = tensorsToBytes(network.graph, tensors);
    return network;
}

} // namespace bitscape
