// SPDX-License-Identifier: GPL-3.0-or-later
// bench_search PROJECT SCORE-RUN TARGET-BITS: CQ's search as a plain script would run it, to compare the engine's with: eager, nothing
// folded, contiguous, batch 128, LibTorch's default threads, every move evaluated on all images of the search split. Prints one line of
// JSON.
#include "core/engine/quantize/bit_network.h"
#include "core/engine/runs/run_images.h"
#include "core/engine/search/threshold_search.h"
#include "core/jobs/parameters.h"
#include "core/network/cost.h"
#include "core/project/results.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>

using namespace bitscape;

namespace {

struct Plain {
    const Graph& graph;
    std::vector<Batch> batches;
    std::int64_t images = 0;
    int evaluations = 0;

    double accuracy(const TensorMap& tensors)
    {
        const c10::InferenceMode inference;
        ++evaluations;
        std::int64_t right = 0;
        for (const Batch& batch : batches)
            right += at::argmax(execute(graph, tensors, batch.images), 1).eq(batch.labels).sum().item<std::int64_t>();
        return static_cast<double>(right) / static_cast<double>(images);
    }
};

TensorMap contiguous(TensorMap tensors)
{
    for (auto& [name, tensor] : tensors)
        tensor = tensor.contiguous();
    return tensors;
}

FilterScores scoresOf(Project& project, RunId run, std::size_t classes)
{
    FilterScores result;
    for (const LayerScores& layer : scores(project, run)) {
        result.emplace_back();
        for (std::size_t f = 0; f * classes < layer.counts.size(); ++f) {
            double sum = 0;
            for (std::size_t m = 0; m < classes; ++m)
                sum += layer.counts[f * classes + m];
            result.back().push_back(sum / static_cast<double>(layer.samples));
        }
    }
    return result;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 4)
        return std::fprintf(stderr, "bench_search PROJECT SCORE-RUN TARGET-BITS\n"), 2;
    Project project = Project::open(argv[1]);
    SilentContext context;
    Run run = bitscape::run(project, RunId { std::atoll(argv[2]) });
    const RunInputs inputs = loadInputs(project, run, context);
    const auto layers = inputs.layers();
    const std::string text = "train[90%:]";
    const Split split = resolveSplit(text, inputs.images);
    Plain plain { inputs.graph, batchesOf(inputs.images, split, inputs.normalisation, 128, at::kCPU), split.count() };
    for (Batch& batch : plain.batches)
        batch.images = batch.images.contiguous();
    BitNetwork network(inputs.graph, layers, inputs.tensors, {}, at::kCPU);
    ThresholdSearchOptions options;
    options.targetBits = std::atof(argv[3]);
    options.skipUnchanged = false;
    const auto started = std::chrono::steady_clock::now();
    options.fullAccuracy = plain.accuracy(contiguous(inputs.tensors));
    const auto accuracy = [&](const LayerBits& bits) { return plain.accuracy(contiguous(network.tensors(bits))); };
    const SearchWorld world { accuracy,
        [&](const SearchMove& move) {
            const double found = accuracy(move.bits);
            return Verdict { found, found, found >= move.floor };
        },
        [] { return 0.0; }, [](const SearchMove&) {} };
    const SearchResult result
        = searchThresholds(layers, scoresOf(project, run.id, inputs.images.classNames.size()), options, world, context);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    std::string bits;
    for (const auto& layer : result.bits) {
        for (const std::uint8_t b : layer)
            bits += static_cast<char>('0' + b);
    }
    const nlohmann::json line { { "seconds", seconds }, { "evaluations", plain.evaluations },
        { "images_evaluated", plain.evaluations * plain.images }, { "thresholds", result.thresholds }, { "bits", bits },
        { "decision_accuracy", accuracy(result.bits) } };
    std::puts(line.dump().c_str());
    return 0;
}
