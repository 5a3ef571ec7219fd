// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/inspector/layer_info.h"

#include "ui/style/figures.h"

#include "core/network/channel_flow.h"
#include "core/network/cost.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <set>

namespace bitscape::ui {
namespace {

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(bitscape::ui::Inspector)
};

const Node& nodeOf(const RunResults& results, const Layer& layer)
{
    return results.graph.nodes[static_cast<std::size_t>(layer.node)];
}

const Node& inputOf(const RunResults& results, const Layer& layer)
{
    return results.graph.nodes[static_cast<std::size_t>(nodeOf(results, layer).inputs.front())];
}

QString shapeText(const Shape& shape)
{
    return QString::fromStdString(toString(shape)).replace(QLatin1Char('x'), QStringLiteral(" × "));
}

QString pairText(const Pair& pair)
{
    return QStringLiteral("%1 × %2").arg(pair[0]).arg(pair[1]);
}

QString kernelText(const Node& node)
{
    QStringList parts { pairText(node.kernel) };
    if (node.stride != Pair { 1, 1 })
        parts << Texts::tr("stride %1").arg(pairText(node.stride));
    if (node.padding != Pair { 0, 0 })
        parts << Texts::tr("padding %1").arg(pairText(node.padding));
    if (node.dilation != Pair { 1, 1 })
        parts << Texts::tr("dilation %1").arg(pairText(node.dilation));
    if (node.groups > 1)
        parts << Texts::tr("%1 groups").arg(node.groups);
    return parts.join(QLatin1String(", "));
}

QString exactCount(std::int64_t value)
{
    return countText(value);
}

/// "240 k", or with a second value that differs "240 k → 190 k".
InfoRow beforeAndAfter(const QString& name, std::int64_t before, std::int64_t after, QString (*text)(double), const QString& help)
{
    const auto shown = [text](std::int64_t value) { return text(static_cast<double>(value)); };
    if (before == after)
        return { name, shown(before), exactCount(before), help, false, false };
    return { name, shown(before) + QStringLiteral(" → ") + shown(after), exactCount(before) + QStringLiteral(" → ") + exactCount(after),
        help, false, false };
}

QString shareText(std::int64_t part, std::int64_t whole)
{
    return whole > 0 ? percentText(static_cast<double>(part) / static_cast<double>(whole), 1) : QStringLiteral("–");
}

Cost fullCost(const RunResults& results)
{
    return costOf(results.graph, results.layers, uniformBits(results.layers, kFullPrecisionBits, kFullPrecisionBits));
}

const Cost& costIn(const RunResults& results, const Cost& full)
{
    return results.cost ? *results.cost : full;
}

/// What the layer is, whatever bits it has.
InfoRows natureRows(const RunResults& results, const Layer& layer)
{
    const Node& node = nodeOf(results, layer);
    const bool conv = layer.op == Op::Conv2d;
    InfoRows rows;
    rows.push_back({ Texts::tr("Layer"), QString::fromStdString(layer.name), {}, {}, false, false });
    rows.push_back({ Texts::tr("Operation"), conv ? Texts::tr("convolution") : Texts::tr("fully connected"), {}, {}, false, false });
    rows.push_back({ Texts::tr("Shape"), shapeText(inputOf(results, layer).shape) + QStringLiteral(" → ") + shapeText(node.shape), {},
        Texts::tr("Channels × height × width of what it reads and makes"), false, false });
    if (conv)
        rows.push_back({ Texts::tr("Kernel"), kernelText(node), {}, {}, false, false });
    rows.push_back({ Texts::tr("Weights"), countText(layer.weights()), {}, Texts::tr("Biases not counted"), false, false });
    return rows;
}

void addBitRows(InfoRows& rows, const RunResults& results, std::size_t at)
{
    const auto& bits = results.bits[at];
    const auto pruned = std::ranges::count(bits, std::uint8_t { 0 });
    const auto live = static_cast<std::int64_t>(bits.size()) - pruned;
    rows.push_back({ Texts::tr("Filters"),
        pruned > 0 ? Texts::tr("%1 (%2 live, %3 pruned)").arg(bits.size()).arg(live).arg(pruned)
                   : Texts::tr("%1, all live").arg(bits.size()),
        {}, Texts::tr("Output channels or neurons; pruned ones have 0 bits"), false, false });
    double sum = 0;
    for (const std::uint8_t width : bits)
        sum += width;
    const double average = bits.empty() ? 0 : sum / static_cast<double>(bits.size());
    const QString kept = results.layers[at].quantizable ? QString() : Texts::tr(", kept");
    rows.push_back({ Texts::tr("Average bits"), bitsText(average) + kept, numberText(average, 8),
        results.layers[at].quantizable ? QString() : Texts::tr("The first and the last layer are not searched"), false, false });
}

/// The subnets of a step run; null for other runs, and for those whose subnets do not belong to this network.
const LayerBits* groupsOf(const RunResults& results)
{
    const bool fits = results.stepping && !results.stepping->families.empty() && results.stepping->groups.size() == results.layers.size();
    return fits ? &results.stepping->groups : nullptr;
}

/// "40 from subnet 1 on, 24 from subnet 2 on, 26 in none"
QString subnetsText(const std::vector<std::uint8_t>& groups, std::size_t subnets)
{
    QStringList parts;
    for (std::size_t subnet = 1; subnet <= subnets + 1; ++subnet) {
        const auto count = std::ranges::count(groups, static_cast<std::uint8_t>(subnet));
        if (count > 0)
            parts << (subnet > subnets ? Texts::tr("%1 in none").arg(count) : Texts::tr("%1 from %2 on").arg(count).arg(subnet));
    }
    return parts.join(QLatin1String(", "));
}

/// What a layer of a widened network is, which has subnets and no bits.
InfoRows stepLayerRows(const RunResults& results, std::size_t at)
{
    const Layer& layer = results.layers[at];
    InfoRows rows = natureRows(results, layer);
    rows.push_back({ Texts::tr("Filters"), countText(layer.filters), {}, Texts::tr("Of the widened network"), false, false });
    if (const LayerBits* groups = groupsOf(results))
        rows.push_back({ Texts::tr("Subnets"), subnetsText(groups->at(at), results.stepping->families.front().subnets.size()), {},
            Texts::tr("Filters by the smallest subnet that has them"), false, false });
    const Cost full = fullCost(results);
    const std::int64_t macs = full.layers.at(at).macs;
    rows.push_back({ Texts::tr("MACs"), scaledText(static_cast<double>(macs)), exactCount(macs),
        Texts::tr("Multiply-accumulates of all its filters for one image, before any belongs to a subnet"), false, false });
    rows.push_back(
        { Texts::tr("Share of MACs"), shareText(macs, full.macs), {}, Texts::tr("Of the whole widened network's"), false, false });
    return rows;
}

void addSubnetRow(InfoRows& rows, const RunResults& results, std::size_t at, std::size_t filter)
{
    const LayerBits* groups = groupsOf(results);
    if (!groups || filter >= groups->at(at).size())
        return;
    const std::size_t subnets = results.stepping->families.front().subnets.size(), group = groups->at(at)[filter];
    const QString text = results.layers[at].last ? Texts::tr("all: an output of the network")
        : group > subnets                        ? Texts::tr("none")
        : group == subnets                       ? Texts::tr("%1, the largest").arg(group)
                                                 : Texts::tr("%1 and all larger ones (of %2)").arg(group).arg(subnets);
    rows.push_back({ Texts::tr("Subnet"), text, {}, Texts::tr("The smallest subnet that has the filter"), false, false });
}

QString rankText(const Rank& rank, std::size_t filters)
{
    const QString place = Texts::tr("%1 of %2").arg(rank.place).arg(filters);
    return rank.tied > 0 ? Texts::tr("%1, tied with %2").arg(place).arg(rank.tied) : place;
}

} // namespace

RunResults resultsOf(const ModelEntry& model)
{
    RunResults results;
    results.run.model = model.model.id;
    results.modelName = model.model.name;
    results.graph = model.graph;
    results.layers = model.layers;
    return results;
}

bool hasLayer(const RunResults& results, const FilterRef& ref)
{
    return ref.layer >= 0 && ref.layer < static_cast<int>(results.layers.size());
}

bool hasFilter(const RunResults& results, const FilterRef& ref)
{
    return hasLayer(results, ref) && ref.filter >= 0 && ref.filter < results.layers[static_cast<std::size_t>(ref.layer)].filters;
}

Rank rankOf(const std::vector<double>& scores, std::size_t filter)
{
    const double own = scores.at(filter);
    const auto higher = std::ranges::count_if(scores, [own](double score) { return score > own; });
    return { static_cast<int>(higher) + 1, static_cast<int>(std::ranges::count(scores, own)) - 1 };
}

std::vector<FilterCost> filterCosts(const RunResults& results, std::size_t at)
{
    const Layer& layer = results.layers.at(at);
    const LayerBits bits = results.bits.empty() ? uniformBits(results.layers, kFullPrecisionBits, kFullPrecisionBits) : results.bits;
    const auto input = nodeOf(results, layer).inputs.front();
    const auto dead = deadChannels(results.graph, results.layers, bits)[static_cast<std::size_t>(input)];
    const std::int64_t inputBits = isImage(results.graph, input) ? kImageBits : results.activationBits;
    const auto perGroup = layer.inputs / layer.groups, filtersPerGroup = layer.filters / layer.groups;
    std::vector<FilterCost> costs;
    for (std::int64_t filter = 0; filter < layer.filters; ++filter) {
        const std::int64_t width = bits[at][static_cast<std::size_t>(filter)];
        const auto begin = dead.begin() + filter / filtersPerGroup * perGroup;
        const auto live = std::count(begin, begin + perGroup, std::uint8_t { 0 });
        const std::int64_t macs = width > 0 ? layer.positions * layer.kernelArea * live : 0;
        const std::int64_t scale = width < kFullPrecisionBits ? 32 : 0;
        const std::int64_t size = width > 0 ? width * layer.weightsPerFilter() + scale + (layer.hasBias ? 32 : 0) : 0;
        costs.push_back({ macs, macs * width * inputBits, size });
    }
    return costs;
}

InfoRows layerRows(const RunResults& results, std::size_t at)
{
    if (results.run.kind == RunKind::Step)
        return stepLayerRows(results, at);
    const Layer& layer = results.layers.at(at);
    const Cost full = fullCost(results);
    const Cost& cost = costIn(results, full);
    InfoRows rows = natureRows(results, layer);
    if (results.bits.size() == results.layers.size())
        addBitRows(rows, results, at);
    else
        rows.push_back({ Texts::tr("Filters"), countText(layer.filters), {}, Texts::tr("Output channels or neurons"), false, false });
    const LayerCost &before = full.layers.at(at), &after = cost.layers.at(at);
    rows.push_back(beforeAndAfter(
        Texts::tr("MACs"), before.macs, after.macs, scaledText, Texts::tr("Multiply-accumulates for one image, before and after pruning")));
    rows.push_back(beforeAndAfter(
        Texts::tr("BitOps"), before.bitops, after.bitops, scaledText, Texts::tr("For one image, at 32 bits and at the run's")));
    rows.push_back(beforeAndAfter(Texts::tr("Size"), before.sizeBits, after.sizeBits, sizeText,
        Texts::tr("In bits: weights, scales and biases, at 32 bits and at the run's")));
    rows.push_back({ Texts::tr("Share of MACs"), shareText(after.macs, cost.macs), {}, Texts::tr("Of the whole network's"), false, false });
    rows.push_back(
        { Texts::tr("Share of BitOps"), shareText(after.bitops, cost.bitops), {}, Texts::tr("Of the whole network's"), false, false });
    rows.push_back(
        { Texts::tr("Share of size"), shareText(after.sizeBits, cost.sizeBits), {}, Texts::tr("Of the whole network's"), false, false });
    return rows;
}

InfoRows filterRows(const RunResults& results, std::size_t at, std::size_t filter)
{
    const Layer& layer = results.layers.at(at);
    InfoRows rows;
    rows.push_back(
        { Texts::tr("Filter"), Texts::tr("%1 (0 … %2), %3").arg(filter).arg(layer.filters - 1).arg(QString::fromStdString(layer.name)), {},
            Texts::tr("Counted from 0"), false, false });
    if (results.run.kind == RunKind::Step) {
        addSubnetRow(rows, results, at, filter);
        rows.push_back({ Texts::tr("MACs"), scaledText(static_cast<double>(layer.macsPerFilter())), exactCount(layer.macsPerFilter()),
            Texts::tr("For one image, at most: inputs that its subnet lacks are left out"), false, false });
        return rows;
    }
    if (results.bits.size() == results.layers.size()) {
        const int width = results.bits[at].at(filter);
        rows.push_back({ Texts::tr("Bits"), width == 0 ? Texts::tr("0, pruned") : QString::number(width), {}, {}, false, false });
    }
    if (at < results.filterScores.size() && filter < results.filterScores[at].size()) {
        const double score = results.filterScores[at][filter];
        rows.push_back({ Texts::tr("Score"), Texts::tr("%1 of %2").arg(numberText(score)).arg(results.classes()), numberText(score, 8),
            Texts::tr("For how many classes the filter matters"), false, false });
        rows.push_back({ Texts::tr("Rank in layer"), rankText(rankOf(results.filterScores[at], filter), results.filterScores[at].size()),
            {}, Texts::tr("By score, the highest first"), false, false });
    }
    const FilterCost cost = filterCosts(results, at).at(filter);
    rows.push_back({ Texts::tr("MACs"), scaledText(static_cast<double>(cost.macs)), exactCount(cost.macs),
        Texts::tr("For one image, pruned inputs left out"), false, false });
    rows.push_back({ Texts::tr("BitOps"), scaledText(static_cast<double>(cost.bitops)), exactCount(cost.bitops), {}, false, false });
    rows.push_back({ Texts::tr("Size"), sizeText(static_cast<double>(cost.sizeBits)), Texts::tr("%1 bits").arg(exactCount(cost.sizeBits)),
        Texts::tr("Weights, scale and bias"), false, false });
    return rows;
}

InfoRows weightRows(const FilterWeights& weights)
{
    const auto [least, most] = weights.stored.empty() ? std::ranges::min_max_result<float> {} : std::ranges::minmax(weights.stored);
    InfoRows rows;
    rows.push_back({ Texts::tr("Weights"), countText(static_cast<std::int64_t>(weights.stored.size())), {}, {}, false, false });
    rows.push_back(
        { Texts::tr("Range"), numberText(static_cast<double>(least), 4) + QStringLiteral(" … ") + numberText(static_cast<double>(most), 4),
            numberText(static_cast<double>(least), 9) + QStringLiteral(" … ") + numberText(static_cast<double>(most), 9),
            Texts::tr("The smallest and the largest stored weight"), false, false });
    if (weights.quantized.size() != weights.stored.size() || weights.bits >= kFullPrecisionBits)
        return rows;
    double error = 0, power = 0;
    for (std::size_t i = 0; i < weights.stored.size(); ++i) {
        const double stored = static_cast<double>(weights.stored[i]), difference = static_cast<double>(weights.quantized[i]) - stored;
        error += difference * difference;
        power += stored * stored;
    }
    const std::set<float> levels(weights.quantized.begin(), weights.quantized.end());
    if (weights.bits > 0) {
        const double scale = static_cast<double>(weights.scale);
        rows.push_back(
            { Texts::tr("Scale"), numberText(scale, 5), numberText(scale, 10), Texts::tr("What a level is multiplied by"), false, false });
        rows.push_back({ Texts::tr("Levels used"), QString::number(levels.size()), {}, Texts::tr("Different values of quantized weights"),
            false, false });
    }
    const QString share = power > 0 ? Texts::tr(" (%1 of the weights' squares)").arg(percentText(error / power, 1)) : QString();
    rows.push_back({ Texts::tr("Squared error"), numberText(error, 4) + share, numberText(error, 12),
        Texts::tr("Sum over the weights of the squared difference that quantization makes"), false, false });
    return rows;
}

FilterRef steppedFilter(const std::vector<Layer>& layers, const FilterRef& ref, int step)
{
    const int count = static_cast<int>(layers.size());
    if (count == 0)
        return {};
    if (ref.layer < 0 || ref.layer >= count)
        return { 0, 0 };
    const auto filters = [&](int layer) { return static_cast<int>(layers[static_cast<std::size_t>(layer)].filters); };
    if (ref.filter < 0)
        return { ref.layer, step > 0 ? 0 : filters(ref.layer) - 1 };
    const int next = ref.filter + step;
    if (next >= 0 && next < filters(ref.layer))
        return { ref.layer, next };
    if (step > 0)
        return ref.layer + 1 < count ? FilterRef { ref.layer + 1, 0 } : ref;
    return ref.layer > 0 ? FilterRef { ref.layer - 1, filters(ref.layer - 1) - 1 } : ref;
}

FilterRef steppedLayer(const std::vector<Layer>& layers, const FilterRef& ref, int step)
{
    const int count = static_cast<int>(layers.size());
    if (count == 0)
        return {};
    if (ref.layer < 0 || ref.layer >= count)
        return { step > 0 ? 0 : count - 1, -1 };
    const int layer = std::clamp(ref.layer + step, 0, count - 1);
    return { layer, std::min(ref.filter, static_cast<int>(layers[static_cast<std::size_t>(layer)].filters) - 1) };
}

} // namespace bitscape::ui
