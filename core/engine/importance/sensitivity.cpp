// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/importance/sensitivity.h"

#include "core/engine/importance/tap_gradients.h"
#include "core/engine/quantize/bit_network.h"

#include <ATen/ATen.h>

namespace bitscape {
namespace {

/// Mean and variance per filter over all images and positions, merged batch by batch (Chan, Golub, LeVeque).
struct Moments {
    double count = 0;
    at::Tensor mean, squares; ///< [F], float64; squares: sum of squared distances from the mean

    void add(const at::Tensor& output)
    {
        const at::Tensor values = output.transpose(0, 1).reshape({ output.size(1), -1 }).to(at::kDouble);
        const double more = static_cast<double>(values.size(1));
        const at::Tensor ownMean = values.mean(1);
        const at::Tensor own = (values - ownMean.unsqueeze(1)).square().sum(1);
        if (count <= 0) {
            mean = ownMean;
            squares = own;
        } else {
            const at::Tensor apart = ownMean - mean;
            squares = squares + own + apart.square() * (count * more / (count + more));
            mean = mean + apart * (more / (count + more));
        }
        count += more;
    }
    at::Tensor variance() const { return squares / count; }
};

/// A quantizable layer with what its damage is computed from.
struct Probe {
    std::size_t index = 0; ///< among the layers
    const Node* node = nullptr;
    const Node* norm = nullptr;      ///< the batch normalisation that recalibration repairs; null: none
    int point = -1;                  ///< the node at whose output the gradient is taken
    std::vector<at::Tensor> weights; ///< per column, quantized
    std::vector<Moments> moments;    ///< per column
    at::Tensor sums;                 ///< [F, columns, classes], float64
};

at::Tensor perChannel(const at::Tensor& vector, std::int64_t dimensions)
{
    std::vector<std::int64_t> shape(static_cast<std::size_t>(dimensions), 1);
    shape[1] = -1;
    return vector.view(shape);
}

/// The layer's linear part with other weights; no bias, which cancels in every difference and every normalisation.
at::Tensor product(const Node& node, const at::Tensor& input, const at::Tensor& weight)
{
    if (node.op == Op::Linear)
        return at::linear(input, weight);
    return at::conv2d(input, weight, {}, node.stride, node.padding, node.dilation, node.groups);
}

class SensitivityMeasurement final {
public:
    SensitivityMeasurement(const Graph& graph, const std::vector<Layer>& layers, const TensorMap& tensors, const std::vector<int>& bits,
        const QuantizerOptions& options, bool recalibrate, std::size_t classes)
        : m_graph(graph)
        , m_tensors(tensors)
        , m_bits(bits)
    {
        for (std::size_t i = 0; i < layers.size(); ++i) {
            if (layers[i].quantizable)
                m_probes.push_back(probeOf(i, layers[i], options, recalibrate, classes));
        }
    }

    /// First pass: statistics of every quantized filter's own output.
    void measureMoments(const Batch& batch)
    {
        const at::NoGradGuard noGradient;
        eachInput(batch, [&](Probe& probe, const at::Tensor& input) {
            for (std::size_t column = 0; probe.norm && column < m_bits.size(); ++column)
                probe.moments[column].add(product(*probe.node, input, probe.weights[column]));
        });
    }

    /// Second pass: gradients at the probes' points and the changes there.
    void measureDamage(const Batch& batch, std::size_t classIndex)
    {
        std::vector<int> points;
        for (const Probe& probe : m_probes)
            points.push_back(probe.point);
        const at::Tensor labels = batch.labels;
        const TapGradients run = tapGradients(m_graph, m_tensors, batch.images, points,
            [&](const at::Tensor& logits) { return at::cross_entropy_loss(logits, labels, {}, at::Reduction::Sum); });
        const at::NoGradGuard noGradient;
        std::size_t next = 0;
        eachInput(batch, [&](Probe& probe, const at::Tensor& input) {
            const std::size_t at = next++;
            for (std::size_t column = 0; column < m_bits.size(); ++column) {
                const at::Tensor change = changeAt(probe, column, input, run.activations[at]);
                const at::Tensor perImage
                    = (run.gradients[at] * change).reshape({ change.size(0), change.size(1), -1 }).sum(2, false, at::kDouble);
                probe.sums.select(1, static_cast<std::int64_t>(column)).select(1, static_cast<std::int64_t>(classIndex))
                    += perImage.square().sum(0);
            }
        });
    }

    const std::vector<Probe>& probes() const { return m_probes; }

private:
    Probe probeOf(std::size_t index, const Layer& layer, const QuantizerOptions& options, bool recalibrate, std::size_t classes) const
    {
        Probe probe;
        probe.index = index;
        probe.node = &m_graph.nodes[static_cast<std::size_t>(layer.node)];
        probe.norm = recalibrate && layer.batchNorm >= 0 ? &m_graph.nodes[static_cast<std::size_t>(layer.batchNorm)] : nullptr;
        probe.point = probe.norm ? layer.batchNorm : layer.node;
        const at::Tensor& weight = m_tensors.at(probe.node->weight);
        for (const int b : m_bits) {
            const std::vector<std::uint8_t> all(static_cast<std::size_t>(layer.filters), static_cast<std::uint8_t>(b));
            probe.weights.push_back(at::empty_like(weight).copy_(quantizeWeight(weight, all, options).values));
        }
        probe.moments.resize(m_bits.size());
        probe.sums = at::zeros({ layer.filters, static_cast<std::int64_t>(m_bits.size()), static_cast<std::int64_t>(classes) },
            weight.options().dtype(at::kDouble));
        return probe;
    }

    /// Runs the full-precision network and hands each probe its layer's input, in graph order.
    template <typename Visit> void eachInput(const Batch& batch, Visit visit)
    {
        std::vector<at::Tensor> inputs(m_graph.nodes.size());
        ExecutionOptions options;
        options.hook = [&](int node, const at::Tensor& output) {
            inputs[static_cast<std::size_t>(node)] = output;
            return output;
        };
        execute(m_graph, m_tensors, batch.images, options);
        for (Probe& probe : m_probes)
            visit(probe, inputs[static_cast<std::size_t>(probe.node->inputs.front())]);
    }

    /// How the output at the probe's point changes when every filter takes the column's bits, filter by filter.
    at::Tensor changeAt(const Probe& probe, std::size_t column, const at::Tensor& input, const at::Tensor& output) const
    {
        const at::Tensor& weight = m_tensors.at(probe.node->weight);
        if (!probe.norm)
            return product(*probe.node, input, probe.weights[column] - weight);
        if (m_bits[column] == 0)
            return -output; // a pruned channel stays exactly dead behind its normalisation
        const at::Tensor own = product(*probe.node, input, probe.weights[column]);
        const Moments& moments = probe.moments[column];
        const at::Tensor factor = m_tensors.at(probe.norm->weight) / at::sqrt(moments.variance().to(at::kFloat) + probe.norm->epsilon);
        const at::Tensor centred = own - perChannel(moments.mean.to(at::kFloat), own.dim());
        return centred * perChannel(factor, own.dim()) + perChannel(m_tensors.at(probe.norm->bias), own.dim()) - output;
    }

    const Graph& m_graph;
    const TensorMap& m_tensors;
    std::vector<int> m_bits;
    std::vector<Probe> m_probes;
};

} // namespace

SensitivityTable measureSensitivity(const Graph& graph, const std::vector<Layer>& layers, const TensorMap& tensors,
    const std::vector<std::vector<Batch>>& classImages, const std::vector<int>& bits, const QuantizerOptions& options, bool recalibrate,
    JobContext& context)
{
    SensitivityMeasurement measurement(graph, layers, tensors, bits, options, recalibrate, classImages.size());
    std::size_t batches = 0;
    for (const auto& images : classImages)
        batches += images.size();
    double done = 0;
    const auto note = [&](const std::string& stage) {
        context.progress({ ++done, 2.0 * static_cast<double>(batches), stage, {} });
        context.checkpoint();
    };
    if (measurement.probes().empty())
        return { bits, static_cast<int>(classImages.size()), std::vector<std::vector<float>>(layers.size()) };
    for (const auto& images : classImages) {
        for (const Batch& batch : images) {
            measurement.measureMoments(batch);
            note("statistics");
        }
    }
    SensitivityTable table { bits, static_cast<int>(classImages.size()), std::vector<std::vector<float>>(layers.size()) };
    std::vector<double> counts;
    for (std::size_t m = 0; m < classImages.size(); ++m) {
        double count = 0;
        for (const Batch& batch : classImages[m]) {
            measurement.measureDamage(batch, m);
            count += static_cast<double>(batch.labels.size(0));
            note("sensitivity");
        }
        counts.push_back(count);
    }
    for (const Probe& probe : measurement.probes()) {
        const at::Tensor mean = (probe.sums.to(at::kCPU) / at::tensor(counts, at::kDouble)).to(at::kFloat).contiguous();
        table.damage[probe.index].assign(mean.data_ptr<float>(), mean.data_ptr<float>() + mean.numel());
    }
    return table;
}

} // namespace bitscape
