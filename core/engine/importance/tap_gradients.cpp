// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/importance/tap_gradients.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>

namespace bitscape {

TapGradients tapGradients(const Graph& graph, const TensorMap& tensors, const at::Tensor& images, const std::vector<int>& nodes,
    const std::function<at::Tensor(const at::Tensor& logits)>& target)
{
    const at::AutoGradMode gradient(true);
    std::vector<at::Tensor> taps(nodes.size());
    ExecutionOptions options;
    options.hook = [&](int node, const at::Tensor& output) {
        const auto found = std::ranges::find(nodes, node);
        if (found == nodes.end())
            return output;
        // The first taps are where gradients begin: in front of them nothing is recorded.
        at::Tensor tap = output.requires_grad() ? output : output.detach().requires_grad_(true);
        taps[static_cast<std::size_t>(found - nodes.begin())] = tap;
        return tap;
    };
    const at::Tensor logits = execute(graph, tensors, images, options);
    const auto gradients = torch::autograd::grad({ target(logits) }, taps, {}, {}, false, true);
    TapGradients result;
    for (std::size_t i = 0; i < taps.size(); ++i) {
        result.activations.push_back(taps[i].detach());
        result.gradients.push_back(gradients[i].defined() ? gradients[i].detach() : at::zeros_like(taps[i].detach()));
    }
    return result;
}

} // namespace bitscape
