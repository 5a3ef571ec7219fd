// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/formats/torchscript/network_draft.h"
#include "core/engine/formats/torchscript/script_value.h"
#include "core/jobs/job_context.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace torch::jit {
struct Block;
struct Graph;
struct Node;
struct Value;
}

namespace bitscape::script {

/// Follows a script with an image of known shape in hand, without computing anything: what it does to the image becomes nodes of
/// the draft, what only steers it (shape checks, loops over lists) is worked out.
class Interpreter final {
public:
    Interpreter(NetworkDraft& draft, std::vector<std::string>& notes, JobContext& context);

    /// Answers what `forward` of the module answers for the draft's input. Throws Error(Unsupported) that names operator and place for
    /// whatever has no node, for a branch or loop that depends on what the network computes, and for a script without an end.
    Value forward(const Module& network);

private:
    struct Frame {
        const Module& self;
        std::unordered_map<const torch::jit::Value*, Value> values;
    };

    Value run(const torch::jit::Graph& graph, const Module& self, std::vector<Value> arguments);
    void step();
    void runBlock(const torch::jit::Block& block, Frame& frame);
    void runNode(const torch::jit::Node& node, Frame& frame);
    void runIf(const torch::jit::Node& node, Frame& frame);
    void runLoop(const torch::jit::Node& node, Frame& frame);
    Value resultOf(const torch::jit::Node& node, Frame& frame);
    Value callMethod(const torch::jit::Node& node, Frame& frame);
    Value callFunction(const torch::jit::Node& node, Frame& frame);
    Value callOperator(const torch::jit::Node& node, Frame& frame);

    NetworkDraft& m_draft;
    std::vector<std::string>& m_notes;
    JobContext& m_context;
    int m_steps = 0;
    int m_depth = 0;
};

} // namespace bitscape::script
