// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/ivalue.h>

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace bitscape::script {

/// What is shared by all views of one piece of memory: how often it was changed in place.
using Storage = std::shared_ptr<int>;

/// A tensor that depends on the image: a node's output, elements in row-major order, seen with the sizes `dims`.
struct Activation {
    int node = 0;
    std::vector<std::int64_t> dims; ///< without the batch: [C,H,W], [F], or what a view is on its way to either
    std::string softmax;            ///< the operator's name, where a softmax that ends the network was left out
    bool expanded = false;          ///< a Cx1x1 that counts for the positions of `dims`
    Storage storage = std::make_shared<int>(0);
    int version = 0; ///< of the storage, when this was made or changed last
};
using ActivationPtr = std::shared_ptr<Activation>;

/// How much of x * relu6(x + 3) / 6, or of relu6(x + 3) / 6, has been seen.
struct PartialSwish {
    enum Stage { Shifted, Clipped, Multiplied };
    Stage stage = Shifted;
    ActivationPtr x;
};

/// How much of clamp(round(x / scale), low, high) * scale, the quantizer of an activation, has been seen.
struct PartialQuantizer {
    enum Stage { Divided, Rounded, Clamped };
    Stage stage = Divided;
    double scale = 1;
    ActivationPtr x;
};

/// A tensor that the file holds. Its name is its path in the module, "" for a constant.
struct Parameter {
    std::string name;
    at::Tensor tensor;
};

struct Module {
    std::string path; ///< "layer1.0", "" for the whole network
    c10::intrusive_ptr<c10::ivalue::Object> object;
};

/// The number of images in a batch.
struct BatchSize { };

/// Known only when the network runs.
struct Unknown {
    std::string what; ///< "the batch size", ...
};

/// A list or a tuple; lists are shared by whoever holds them.
struct List;
using ListPtr = std::shared_ptr<List>;

/// What a name of the script stands for; std::monostate is None.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, BatchSize, Unknown, ActivationPtr, PartialSwish,
    PartialQuantizer, Parameter, Module, ListPtr>;

struct List {
    std::vector<Value> items;
};

inline Value listOf(std::vector<Value> items)
{
    return std::make_shared<List>(List { std::move(items) });
}

/// A value of the file, `name` being its path in the module.
Value valueFrom(const c10::IValue& value, const std::string& name);

/// "an int", "a tensor of the file", ... for a message.
std::string kindOf(const Value& value);

} // namespace bitscape::script
