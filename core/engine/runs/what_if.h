// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/engine/runs/deployed_network.h"
#include "core/engine/runs/fixed_part.h"
#include "core/engine/runs/run_evaluator.h"
#include "core/engine/runs/run_inputs.h"
#include "core/jobs/serve_protocol.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <vector>

namespace bitscape {

/// Tells how accurate a run's network is with other bits: at once about, and better and better until it is exact, which is then what an
/// edit run with these bits reports. Network, data and batches of images are loaded once. Belongs to one thread.
class WhatIf final {
public:
    using Clock = std::chrono::steady_clock;
    using Tell = std::function<void(const ServedEstimate&)>;

    struct Pace {
        std::chrono::milliseconds first { 150 }; ///< after which an estimate is told first, counted from the question
        std::chrono::milliseconds every { 100 }; ///< and then again
    };

    /// `base`: what an edit run may start from. `images`: of its data set, where somebody has read it already. Throws Error as an edit run
    /// would.
    WhatIf(Project& project, const Run& base, std::optional<ImageSet> images, JobContext& context);
    WhatIf(const WhatIf&) = delete;
    WhatIf& operator=(const WhatIf&) = delete;

    const Run& base() const { return m_base; }

    /// Tells estimates from fair samples of the test split, then the exact accuracy, which the project keeps as any evaluation. `asked`:
    /// when the question came. Throws Error(BadArgument) for bits that are not those of this network, or what `context` throws.
    void evaluate(const LayerBits& bits, Clock::time_point asked, const Pace& pace, const Tell& tell, JobContext& context);

    /// The data set, for the next one; this object is then done with.
    ImageSet takeImages() { return std::move(m_inputs.images); }

private:
    /// Which images of the split, in file order, a network answers right.
    struct Known {
        LayerBits bits; ///< empty: of the full-precision network
        std::vector<std::uint8_t> right;
        std::int64_t count = 0;
    };
    class Count;

    void check(const LayerBits& bits) const;
    LayerBits startBits() const;
    PreparedImages shuffledImages(JobContext& context);
    std::optional<FixedPart> fixedPart() const;
    InferenceNetwork networkFor(const LayerBits& bits, JobContext& context);
    std::vector<std::size_t> orderFor(const LayerBits& bits) const;
    const Known* nearest(const LayerBits& bits) const;
    void remember(const LayerBits& bits, const std::vector<std::uint16_t>& answers);
    std::optional<std::vector<std::uint16_t>> known(const LayerBits& bits);
    std::vector<std::uint16_t> computed(
        const LayerBits& bits, Clock::time_point due, const Pace& pace, const Tell& tell, JobContext& context);
    std::vector<std::uint16_t> labels() const;

    Project& m_project;
    Run m_base;
    RunInputs m_inputs;
    DeployedNetwork m_network;
    Deployment m_deployment;
    RunEvaluator m_evaluator;
    Statistics m_statistics;
    std::string m_split;
    Split m_resolved;
    PreparedImages m_images;          ///< shuffled
    std::vector<Batch> m_calibration; ///< empty where statistics stay as they are
    std::optional<FixedPart> m_fixed; ///< nothing where it would not pay
    std::deque<Known> m_known;
};

} // namespace bitscape
