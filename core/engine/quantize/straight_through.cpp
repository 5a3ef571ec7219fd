// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/quantize/straight_through.h"

#include "core/engine/quantize/activations.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

namespace bitscape {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

struct WeightFunction : public torch::autograd::Function<WeightFunction> {
    static Variable forward(AutogradContext* context, const Variable& weight, const at::Tensor& values, const at::Tensor& limits)
    {
        context->save_for_backward({ weight, limits });
        return values.clone();
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const variable_list saved = context->get_saved_variables();
        const at::Tensor passes = saved[0].abs().le(saved[1]);
        return { gradients[0] * passes, Variable(), Variable() };
    }
};

struct ActivationFunction : public torch::autograd::Function<ActivationFunction> {
    static Variable forward(AutogradContext* context, const Variable& activation, double scale, double lowest, double highest)
    {
        context->save_for_backward({ activation });
        context->saved_data["low"] = lowest * scale;
        context->saved_data["high"] = highest * scale;
        if (scale <= 0)
            return at::zeros_like(activation);
        const auto step = static_cast<float>(scale);
        return at::mul(at::clamp(at::round(activation / step), lowest, highest), step);
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients)
    {
        const at::Tensor activation = context->get_saved_variables()[0];
        const double low = context->saved_data["low"].toDouble();
        const double high = context->saved_data["high"].toDouble();
        const at::Tensor passes = at::logical_and(activation.ge(low), activation.le(high));
        return { gradients[0] * passes, Variable(), Variable(), Variable() };
    }
};

} // namespace

at::Tensor straightThroughWeight(const at::Tensor& weight, const QuantizedWeight& quantized)
{
    std::vector<std::int64_t> perFilter(static_cast<std::size_t>(weight.dim()), 1);
    perFilter[0] = -1;
    const at::Tensor values = at::empty_like(weight.detach()).copy_(quantized.values);
    return WeightFunction::apply(weight, values, quantized.limits.to(weight.device()).view(perFilter));
}

at::Tensor straightThroughActivation(const at::Tensor& activation, const ActivationGrid& grid)
{
    return ActivationFunction::apply(
        activation, static_cast<double>(grid.scale), static_cast<double>(grid.lowest), static_cast<double>(grid.highest));
}

} // namespace bitscape
