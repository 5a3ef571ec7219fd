// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/subnet_state_store.h"

#include "core/base/error.h"

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include <cstring>
#include <map>

namespace bitscape {
namespace {

using Json = nlohmann::json;

void append(std::vector<std::byte>& bytes, Json& list, const TensorMap& tensors)
{
    for (const auto& [name, tensor] : std::map<std::string, at::Tensor>(tensors.begin(), tensors.end())) {
        const at::Tensor plain = tensor.detach().to(at::kCPU).contiguous(at::MemoryFormat::Contiguous);
        list.push_back({ { "name", name }, { "shape", plain.sizes().vec() } });
        const auto* first = reinterpret_cast<const std::byte*>(plain.data_ptr<float>());
        bytes.insert(bytes.end(), first, first + plain.nbytes());
    }
}

TensorMap take(std::span<const std::byte>& bytes, const Json& list)
{
    TensorMap tensors;
    for (const Json& entry : list) {
        at::Tensor tensor = at::empty(entry.at("shape").get<std::vector<std::int64_t>>());
        if (bytes.size() < tensor.nbytes())
            throw Error(ErrorCode::Store, "The checkpoint of the subnets is cut short.");
        std::memcpy(tensor.data_ptr<float>(), bytes.data(), tensor.nbytes());
        bytes = bytes.subspan(tensor.nbytes());
        tensors[entry.at("name").get<std::string>()] = tensor;
    }
    return tensors;
}

Json iterationsJson(const std::vector<IterationRecord>& iterations)
{
    Json list = Json::array();
    for (const IterationRecord& record : iterations)
        list.push_back({ record.macs, record.accuracy, record.loss });
    return list;
}

Json epochsJson(const std::vector<Epoch>& epochs)
{
    Json list = Json::array();
    for (const Epoch& epoch : epochs)
        list.push_back({ epoch.epoch, epoch.loss, epoch.accuracy, epoch.learningRate, epoch.seconds });
    return list;
}

} // namespace

std::vector<std::byte> subnetStateToBytes(const SubnetState& state, SubnetKind kind)
{
    Json head { { "kind", toString(kind) }, { "groups", state.groups }, { "importance", state.importance },
        { "constructed", state.constructed }, { "iterations", iterationsJson(state.iterations) }, { "epochs", epochsJson(state.epochs) },
        { "tensors", Json::array() }, { "velocity", Json::array() } };
    std::vector<std::byte> floats;
    append(floats, head["tensors"], state.tensors);
    append(floats, head["velocity"], state.velocity);
    const std::string text = head.dump();
    std::vector<std::byte> bytes;
    for (int i = 0; i < 8; ++i)
        bytes.push_back(static_cast<std::byte>(text.size() >> (8 * i) & 0xff));
    const auto body = std::as_bytes(std::span(text));
    bytes.insert(bytes.end(), body.begin(), body.end());
    bytes.insert(bytes.end(), floats.begin(), floats.end());
    return bytes;
}

SubnetState subnetStateFromBytes(std::span<const std::byte> bytes, SubnetKind kind)
{
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < 8 && bytes.size() >= 8; ++i)
        length |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
    if (bytes.size() < 8 || length > bytes.size() - 8)
        throw Error(ErrorCode::Store, "The checkpoint of the subnets is cut short.");
    const auto* text = reinterpret_cast<const char*>(bytes.data()) + 8;
    const Json head = Json::parse(text, text + length);
    if (head.at("kind") != toString(kind))
        throw Error(ErrorCode::Store, "The checkpoint is one of " + head.at("kind").get<std::string>() + " subnets.");
    SubnetState state;
    head.at("groups").get_to(state.groups);
    head.at("importance").get_to(state.importance);
    head.at("constructed").get_to(state.constructed);
    for (const Json& record : head.at("iterations"))
        state.iterations.push_back(
            { record[0].get<std::vector<std::int64_t>>(), record[1].get<std::vector<double>>(), record[2].get<double>() });
    for (const Json& epoch : head.at("epochs"))
        state.epochs.push_back(
            { epoch[0].get<int>(), epoch[1].get<double>(), epoch[2].get<double>(), epoch[3].get<double>(), epoch[4].get<double>() });
    std::span<const std::byte> floats = bytes.subspan(8 + length);
    state.tensors = take(floats, head.at("tensors"));
    state.velocity = take(floats, head.at("velocity"));
    return state;
}

} // namespace bitscape
