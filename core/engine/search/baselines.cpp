// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/search/baselines.h"

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/network/cost.h"

#include <algorithm>
#include <optional>
#include <string>

namespace bitscape {
namespace {

constexpr double kTargetSlack = 1e-9;

struct LayerStep {
    std::size_t layer = 0;
    double lossPerBit = 0;
    std::int64_t weights = 0;
};

bool isBetter(const LayerStep& a, const LayerStep& b)
{
    return a.lossPerBit < b.lossPerBit || (a.lossPerBit <= b.lossPerBit && a.weights > b.weights);
}

/// Lowers filters of a layer from its last on, as few as bring the average to the target.
void mixLayer(const std::vector<Layer>& layers, LayerBits& bits, std::size_t layer, int lower, double targetBits)
{
    for (std::size_t f = bits[layer].size(); f-- > 0 && averageBits(layers, bits) > targetBits + kTargetSlack;)
        bits[layer][f] = static_cast<std::uint8_t>(lower);
}

} // namespace

LayerBits modelWiseBits(
    const std::vector<Layer>& layers, const BitChoice& choice, double targetBits, const std::function<void(const LayerBits&, bool)>& steps)
{
    const auto ceiling = std::ranges::find_if(choice.allowed, [&](int b) { return b + kTargetSlack >= targetBits; });
    if (ceiling == choice.allowed.end())
        throw Error(ErrorCode::BadArgument, "target_bits is above every allowed bit-width.");
    LayerBits bits = uniformBits(layers, *ceiling, choice.edgeBits);
    steps(bits, true);
    for (std::size_t i = layers.size(); i-- > 0 && averageBits(layers, bits) > targetBits + kTargetSlack;) {
        if (!layers[i].quantizable)
            continue;
        const int lower = *std::prev(ceiling);
        LayerBits whole = bits;
        std::ranges::fill(whole[i], static_cast<std::uint8_t>(lower));
        const bool kept = averageBits(layers, whole) >= targetBits - kTargetSlack;
        steps(whole, kept);
        if (kept)
            bits = whole;
        else
            mixLayer(layers, bits, i, lower, targetBits);
    }
    return bits;
}

LayerSensitivity measureLayers(
    const std::vector<Layer>& layers, const BitChoice& choice, const std::function<double(const LayerBits&)>& accuracy, JobContext& context)
{
    const LayerBits full = uniformBits(layers, kFullPrecisionBits, choice.edgeBits);
    LayerSensitivity result(layers.size(), std::vector<double>(choice.allowed.size()));
    const auto quantizable = std::ranges::count_if(layers, &Layer::quantizable);
    double done = 0;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        for (std::size_t b = 0; layers[i].quantizable && b < choice.allowed.size(); ++b) {
            context.checkpoint();
            if (choice.allowed[b] > 0) {
                LayerBits bits = full;
                std::ranges::fill(bits[i], static_cast<std::uint8_t>(choice.allowed[b]));
                result[i][b] = accuracy(bits);
            }
            const double total = static_cast<double>(quantizable) * static_cast<double>(choice.allowed.size());
            context.progress({ ++done, total, "layer " + layers[i].name, { { "accuracy", result[i][b] } } });
        }
    }
    return result;
}

LayerBits layerWiseBits(const std::vector<Layer>& layers, const BitChoice& choice, const LayerSensitivity& accuracy, double targetBits)
{
    const auto& allowed = choice.allowed;
    std::vector<std::size_t> at(layers.size(), allowed.size() - 1);
    LayerBits bits = uniformBits(layers, allowed.back(), choice.edgeBits);
    while (averageBits(layers, bits) > targetBits + kTargetSlack) {
        std::optional<LayerStep> best;
        for (std::size_t i = 0; i < layers.size(); ++i) {
            if (!layers[i].quantizable || at[i] == 0 || allowed[at[i] - 1] < 1)
                continue;
            const double loss = std::max(0.0, accuracy[i][at[i]] - accuracy[i][at[i] - 1]);
            const double saved = static_cast<double>(layers[i].weights()) * (allowed[at[i]] - allowed[at[i] - 1]);
            const LayerStep step { i, loss / saved, layers[i].weights() };
            if (!best || isBetter(step, *best))
                best = step;
        }
        if (!best)
            break;
        --at[best->layer];
        std::ranges::fill(bits[best->layer], static_cast<std::uint8_t>(allowed[at[best->layer]]));
    }
    return bits;
}

LayerBits shuffledBits(const std::vector<Layer>& layers, const LayerBits& bits, std::uint64_t seed)
{
    LayerBits dealt = bits;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        Random random(deriveSeed(seed, i));
        if (layers[i].quantizable)
            shuffle(dealt[i], random);
    }
    return dealt;
}

FilterScores magnitudeScores(const std::vector<std::vector<double>>& norms, int classes)
{
    FilterScores scores = norms;
    for (auto& layer : scores) {
        const double largest = layer.empty() ? 0.0 : *std::ranges::max_element(layer);
        for (double& score : layer)
            score = largest > 0 ? score / largest * classes : 0.0;
    }
    return scores;
}

} // namespace bitscape
