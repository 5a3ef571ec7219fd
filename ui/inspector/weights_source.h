// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/project/results_loader.h"
#include "ui/project/selection.h"

#include <QObject>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace bitscape::ui {

/// Fetches the weights of filters. What it has read of a run's weights it keeps, up to 64 MiB, so that the next filter is there at once; of
/// larger networks it reads one filter after the other in the background. The latest request is the only one that is answered.
class WeightsSource final : public QObject {
    Q_OBJECT
public:
    explicit WeightsSource(ProjectDocument& document, QObject* parent = nullptr);

    /// ready() or missing() follows, at once where the weights are kept. The results are of a run, or of a model (run number 0).
    void request(const ResultsPtr& results, const FilterRef& filter);
    /// No answer is wanted any more.
    void forget();

signals:
    void ready(const bitscape::ui::FilterRef& filter, const bitscape::FilterWeights& weights);
    /// Why there are none, in words.
    void missing(const QString& sentence);

private:
    struct Blob {
        std::string sha256;
        std::vector<std::byte> bytes;
    };
    using BlobPtr = std::shared_ptr<const Blob>;
    struct Answer {
        BlobPtr blob; ///< null where it is too large to be kept, or not there
        FilterWeights weights;
        bool untrained = false;
    };
    static Answer fetch(Project& project, const RunResults& results, const FilterRef& filter, BlobPtr known);
    void answerFromKept();
    void ask();
    void take(const ResultsPtr& results, const FilterRef& filter, Answer answer);

    ProjectDocument& m_document;
    ResultsPtr m_results; ///< of the latest request; null: none
    FilterRef m_filter;
    BlobPtr m_kept;
    ResultsPtr m_keptFor; ///< the results that m_kept belongs to
    bool m_asking = false;
};

} // namespace bitscape::ui
