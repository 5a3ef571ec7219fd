// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bitscape {

/// One node of an ONNX graph, with its attributes by name. Attributes of the wrong type throw Error(BadInput) that names the node.
class NodeView final {
public:
    explicit NodeView(const onnx::NodeProto& node)
        : m_node(node)
    {
    }

    const std::string& type() const { return m_node.op_type(); }
    /// Its own name, or that of its first output.
    std::string name() const;

    int inputs() const { return m_node.input_size(); }
    int outputs() const { return m_node.output_size(); }
    /// The name of an input, "" where it is left out.
    std::string input(int k) const { return k < inputs() ? m_node.input(k) : std::string(); }
    const std::string& output(int k) const { return m_node.output(k); }
    bool has(int k) const { return !input(k).empty(); }

    bool hasAttribute(const std::string& name) const { return attribute(name) != nullptr; }
    std::int64_t integer(const std::string& name, std::int64_t plain) const;
    double real(const std::string& name, double plain) const;
    std::string text(const std::string& name, const std::string& plain) const;
    std::optional<std::vector<std::int64_t>> integers(const std::string& name) const;
    std::optional<std::vector<float>> reals(const std::string& name) const;
    const onnx::TensorProto* tensor(const std::string& name) const;

    /// "Node 'conv1' (Conv) " and what is wrong with it.
    [[noreturn]] void refuse(ErrorCode code, const std::string& what) const;
    [[noreturn]] void refuse(const std::string& what) const { refuse(ErrorCode::Unsupported, what); }

private:
    const onnx::AttributeProto* attribute(const std::string& name) const;
    const onnx::AttributeProto* typed(const std::string& name, onnx::AttributeProto::AttributeType type) const;

    const onnx::NodeProto& m_node;
};

} // namespace bitscape
