// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/network/graph.h"

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace bitscape {

/// An ONNX model under construction. Values, nodes and constants are named after what is asked for, with a number behind it where that name
/// is taken.
class OnnxModel final {
public:
    OnnxModel();

    /// The image, [batch, C, H, W] float32; `batch` 0: any number. Answers the value's name.
    std::string input(const std::string& name, const Shape& shape, std::int64_t batch);
    void output(const std::string& value, const Shape& shape, std::int64_t batch);

    /// Adds an operator with one output; answers that value's name, which the node bears as well. An empty input is one left out.
    onnx::NodeProto& node(const std::string& type, const std::string& name, const std::vector<std::string>& inputs);

    /// Constants; each answers its name. `data` has as many elements as `shape`.
    std::string floats(const std::string& name, const std::vector<std::int64_t>& shape, const std::vector<float>& data);
    std::string scalar(const std::string& name, float value) { return floats(name, {}, { value }); }
    std::string int64s(const std::string& name, const std::vector<std::int64_t>& data);
    /// int8, uint8 or int32, whichever `type` says.
    std::string integers(
        const std::string& name, const std::vector<std::int64_t>& shape, const std::vector<int>& data, onnx::TensorProto::DataType type);

    /// An entry of the model's metadata.
    void note(const std::string& key, const std::string& value);
    /// Domain and version of operators beyond ONNX's own.
    void use(const std::string& domain, std::int64_t version);

    /// The file. Throws Error(Unsupported) where it would be larger than the 2 GiB that the format allows.
    std::string bytes() const;

private:
    std::string fresh(const std::string& name);
    onnx::TensorProto& constant(const std::string& name, const std::vector<std::int64_t>& shape, onnx::TensorProto::DataType type);

    onnx::ModelProto m_model;
    std::set<std::string> m_names;
};

/// Attributes.
onnx::NodeProto& with(onnx::NodeProto& node, const std::string& name, std::int64_t value);
onnx::NodeProto& with(onnx::NodeProto& node, const std::string& name, float value);
onnx::NodeProto& with(onnx::NodeProto& node, const std::string& name, const std::string& value);
onnx::NodeProto& with(onnx::NodeProto& node, const std::string& name, const std::vector<std::int64_t>& values);

} // namespace bitscape
