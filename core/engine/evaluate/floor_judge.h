// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/layer_bits.h"
#include "core/engine/evaluate/kept_activations.h"
#include "core/engine/evaluate/prepared_images.h"
#include "core/jobs/job_context.h"

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

namespace bitscape {

/// Ways to the same decisions with less work; each can be switched off (methods.md section 3).
struct Shortcuts {
    bool keepActivations = true;                        ///< of what stands in front of the first changed layer
    bool followFilters = true;                          ///< few changed filters are followed on their own; only with kept activations
    bool stopEarly = true;                              ///< as soon as the rest of the images cannot change the comparison
    std::int64_t cacheBytes = std::int64_t { 1 } << 30; ///< for images, and as much for kept activations
};

/// What is known of an accuracy on `images` images once it has been compared with a floor.
struct Judgement {
    std::int64_t least = 0; ///< right answers
    std::int64_t most = 0;
    std::int64_t images = 0;
    bool kept = true; ///< at or above the floor
    bool isExact() const { return least == most; }
};

/// Compares the accuracy of one network with other and other weights with floors.
class FloorJudge final {
public:
    /// With `delta`, images are shuffled and a decision is allowed to be wrong with that probability; without, it is exact.
    struct Options {
        Shortcuts shortcuts;
        std::optional<double> delta;
        std::uint64_t seed = 0; ///< of the orders that tests draw images in
    };

    /// `images`: shuffled where a test decides; else best in the order of their difficulty, so that batches are easy or hard.
    FloorJudge(const Graph& graph, const std::vector<Layer>& layers, PreparedImages images, const Options& options);

    /// Every image.
    Judgement count(const InferenceNetwork& network, const LayerBits& weights, JobContext& context);

    /// As many images as it takes.
    Judgement judge(const InferenceNetwork& network, const LayerBits& weights, double floor, JobContext& context);

    /// Puts images into batches anew, hard ones in front, as they were last computed: a decision then needs fewer of them. What is kept of
    /// the batches is lost.
    void regroup();

    std::int64_t imagesComputed() const { return m_computed; }

    /// Per image, in the order of the images, whether it was right (1): what decisions lean on. From the same anchor follow the same
    /// decisions.
    struct Anchor {
        std::vector<std::uint8_t> isRight;
        std::uint64_t number = 0; ///< of this anchor: the order is drawn from it
    };
    /// Where a test decides: of the last network that every image was computed with.
    const Anchor& anchor() const { return m_anchor; }
    /// Puts another in its place: that of another judge, or a guess.
    void setAnchor(Anchor anchor);

private:
    void setAnswers(std::vector<std::uint8_t> answers);
    void dropAnchor();
    void compute(const InferenceNetwork& network, const LayerBits& weights, const std::vector<std::size_t>& batches, JobContext& context);
    std::int64_t rightIn(const InferenceNetwork& network, std::size_t batch);
    Judgement judgeExactly(const InferenceNetwork& network, const LayerBits& weights, std::int64_t needed, JobContext& context);
    Judgement judgeByTest(const InferenceNetwork& network, const LayerBits& weights, std::int64_t needed, JobContext& context);

    PreparedImages m_images;
    Options m_options;
    std::optional<KeptActivations> m_kept;
    std::vector<std::int64_t> m_right;   ///< per batch, right answers when it was last computed
    std::vector<std::uint8_t> m_isRight; ///< per image, the same
    std::vector<float> m_leads;          ///< per image, Answer::lead, the same
    Anchor m_anchor;
    std::vector<std::size_t> m_order; ///< of the batches, in which tests draw them until the next anchor
    std::int64_t m_computed = 0;
};

} // namespace bitscape
