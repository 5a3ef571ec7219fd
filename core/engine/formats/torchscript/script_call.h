// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/torchscript/network_draft.h"
#include "core/engine/formats/torchscript/script_value.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace torch::jit {
struct Node;
}

namespace bitscape::script {

/// One use of an operator with what its inputs stand for, and the network that it adds to.
class Call final {
public:
    /// `self`: the module whose method is running. `values`: in the order of the node's inputs.
    Call(const torch::jit::Node& node, const Module& self, std::vector<Value> values, NetworkDraft& draft, std::vector<std::string>& notes);

    const torch::jit::Node& node() const { return m_node; }
    const std::vector<Value>& values() const { return m_values; }
    NetworkDraft& draft() const { return m_draft; }

    /// One plain sentence for the import's notes, once.
    void note(const std::string& sentence) const;

    /// The input of that name in the operator's schema, or nullptr where this overload has none.
    const Value* find(std::string_view name) const;
    const Value& at(std::string_view name) const;
    bool isNone(std::string_view name) const;

    /// Inputs of a kind. Throw Error(Unsupported) that says what stands there instead.
    ActivationPtr activation(std::string_view name) const;
    ActivationPtr activation(const Value& value, std::string_view name) const;
    /// Also one that only counts for more positions than it has.
    ActivationPtr factor(std::string_view name) const;
    std::int64_t integer(std::string_view name) const;
    double number(std::string_view name) const;
    bool flag(std::string_view name) const;
    std::vector<std::int64_t> integers(std::string_view name) const; ///< a number counts as a list of one
    Pair pair(std::string_view name) const;                          ///< one number counts twice
    /// A float tensor of the file as float32, contiguous; nothing for None.
    std::optional<Parameter> parameter(std::string_view name) const;

    /// "layer1.0.relu" in a module of its own, "layer1.0.add" among others.
    std::string name(const std::string& word) const;
    /// The path of a parameter without its last part, else as above.
    std::string layerName(const Parameter& parameter, const std::string& word) const;
    std::string operatorName() const; ///< "aten::conv2d"

    /// Throws Error(Unsupported): operator, place, `what`.
    [[noreturn]] void refuse(const std::string& what) const;

    /// Adds a node that reads `inputs` and answers its output; refuses where it does not fit.
    Value add(NetworkDraft::Entry entry, const std::vector<ActivationPtr>& inputs) const;
    /// The same, changing the memory of the first input where the operator's name says so.
    Value addInPlace(Node node, const std::vector<ActivationPtr>& inputs) const;
    /// The same memory seen with other sizes; vectors and images get a node that makes them.
    ActivationPtr view(const ActivationPtr& x, const std::vector<std::int64_t>& dims) const;
    /// As [C,H,W] for those that need an image.
    ActivationPtr image(std::string_view name) const;

private:
    ActivationPtr checked(const Value& value, std::string_view name) const;

    const torch::jit::Node& m_node;
    const Module& m_self;
    std::vector<Value> m_values;
    NetworkDraft& m_draft;
    std::vector<std::string>& m_notes;
};

/// "in module 'layer1.0', line 12 of code/__torch__.py": the script as it stands in the zip file.
std::string placeOf(const torch::jit::Node& node, const Module& self);

inline constexpr const char* kActivationsNote
    = "The file's quantizers of activations were left out: activations are in full precision here.";

using Operator = Value (*)(const Call&);
using OperatorList = std::vector<std::pair<std::string_view, Operator>>;

/// Operators by name without "aten::" and without the underscore of those that work in place.
OperatorList layerOperators();
OperatorList activationOperators();
OperatorList poolOperators();
OperatorList viewOperators();
OperatorList pieceOperators();
OperatorList arithmeticOperators();
/// Of numbers, lists and shapes: what only steers the script.
OperatorList scalarOperators();
OperatorList queryOperators();

} // namespace bitscape::script
