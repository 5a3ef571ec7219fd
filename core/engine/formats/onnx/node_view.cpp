// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/onnx/node_view.h"

namespace bitscape {

using onnx::AttributeProto;

std::string NodeView::name() const
{
    return m_node.name().empty() && outputs() > 0 ? output(0) : m_node.name();
}

std::int64_t NodeView::integer(const std::string& name, std::int64_t plain) const
{
    const AttributeProto* found = typed(name, AttributeProto::INT);
    return found ? found->i() : plain;
}

double NodeView::real(const std::string& name, double plain) const
{
    const AttributeProto* found = typed(name, AttributeProto::FLOAT);
    return found ? static_cast<double>(found->f()) : plain;
}

std::string NodeView::text(const std::string& name, const std::string& plain) const
{
    const AttributeProto* found = typed(name, AttributeProto::STRING);
    return found ? found->s() : plain;
}

std::optional<std::vector<std::int64_t>> NodeView::integers(const std::string& name) const
{
    const AttributeProto* found = typed(name, AttributeProto::INTS);
    return found ? std::optional(std::vector<std::int64_t>(found->ints().begin(), found->ints().end())) : std::nullopt;
}

std::optional<std::vector<float>> NodeView::reals(const std::string& name) const
{
    const AttributeProto* found = typed(name, AttributeProto::FLOATS);
    return found ? std::optional(std::vector<float>(found->floats().begin(), found->floats().end())) : std::nullopt;
}

const onnx::TensorProto* NodeView::tensor(const std::string& name) const
{
    const AttributeProto* found = typed(name, AttributeProto::TENSOR);
    return found ? &found->t() : nullptr;
}

void NodeView::refuse(ErrorCode code, const std::string& what) const
{
    throw Error(code, "Node '" + name() + "' (" + type() + ") " + what);
}

const AttributeProto* NodeView::attribute(const std::string& name) const
{
    for (const auto& attribute : m_node.attribute()) {
        if (attribute.name() == name)
            return &attribute;
    }
    return nullptr;
}

const AttributeProto* NodeView::typed(const std::string& name, AttributeProto::AttributeType type) const
{
    const AttributeProto* found = attribute(name);
    if (found && (found->type() != type || !found->ref_attr_name().empty()))
        refuse(ErrorCode::BadInput, "has an attribute '" + name + "' of the wrong type.");
    return found;
}

} // namespace bitscape
