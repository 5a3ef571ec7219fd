// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/data/batches.h"
#include "core/engine/evaluate/answers.h"
#include "core/engine/network/executor.h"
#include "core/jobs/job_context.h"
#include "core/network/graph.h"
#include "core/network/layers.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace bitscape {

/// A network in two: what stands in front of all quantizable layers, which no bits change, and what reads its one output.
struct NetworkCut {
    Graph head, tail;                      ///< the tail's input is the head's output
    std::vector<int> headNodes, tailNodes; ///< per node, its place in the whole; of the tail's input, that of the head's output
};

/// Nothing where there is no such place, or where the output is no picture.
std::optional<NetworkCut> cutNetwork(const Graph& graph, const std::vector<Layer>& layers);

/// Computes networks that differ in bits only, and what is in front of all bits once: with the same results, bit for bit, as from the image
/// on. In inference mode.
class FixedPart final {
public:
    /// `batches` of images will be asked for; `hook`: activation quantizers, if any.
    FixedPart(const std::vector<Layer>& layers, NetworkCut cut, std::size_t batches, const NodeHook& hook);

    /// Bytes that are kept of this many images.
    static std::int64_t bytesFor(const NetworkCut& cut, std::int64_t images);

    /// recalibrated() of the whole on these images, the same ones every time.
    TensorMap recalibrated(const TensorMap& tensors, const std::vector<Batch>& images, JobContext& context);

    /// For the folded network that is evaluated next.
    void prepare(const InferenceNetwork& network);
    /// Its logits for the images of a batch, the same ones every time. From any number of threads, each with other batches.
    at::Tensor logits(std::size_t batch, const at::Tensor& images);

private:
    void runHead(const TensorMap& tensors, const std::vector<Batch>& images, JobContext& context);

    std::vector<Layer> m_layers;
    NetworkCut m_cut;
    NodeHook m_headHook, m_tailHook;
    std::vector<Batch> m_calibration; ///< as the tail reads it; empty before
    TensorMap m_statistics;           ///< of the head
    InferenceNetwork m_head, m_tail;
    std::vector<at::Tensor> m_kept; ///< per batch, what the tail reads; undefined before
};

} // namespace bitscape
