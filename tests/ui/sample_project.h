// SPDX-License-Identifier: GPL-3.0-or-later
// A small finished project made through core, and what views need to look at it.
#pragma once

#include "ui/project/project_document.h"
#include "ui/project/results_loader.h"
#include "ui/project/selection.h"
#include "ui/style/theme.h"
#include "ui/views/run_view.h"

#include "core/jobs/parameters.h"
#include "core/network/cost.h"
#include "core/network/graph_json.h"
#include "core/network/zoo.h"
#include "core/project/datasets.h"
#include "core/project/models.h"
#include "core/project/results.h"
#include "core/project/runs.h"

#include <QTemporaryDir>

#include <cmath>
#include <span>
#include <string>
#include <vector>

namespace bitscape::ui {

/// Weight i of all: different everywhere, and to be computed again.
inline float weightAt(std::size_t i)
{
    return 0.1F * static_cast<float>(std::sin(static_cast<double>(i)));
}

/// A lenet5 with scores, searches of two seeds and one refinement, as core would have left them.
struct Sample {
    QTemporaryDir folder;
    QString path = folder.filePath(QStringLiteral("sample.bitscape"));
    Graph graph = zooGraph(zooRequestFrom("zoo:lenet5"));
    std::vector<Layer> layers = layersOf(graph);
    LayerBits bits = uniformBits(layers, 2, 8);
    RunId train, score, search, again, failed;

    Sample()
    {
        Project project = Project::create(path.toStdString());
        std::vector<float> weights(static_cast<std::size_t>(parameterCount(graph)));
        for (std::size_t i = 0; i < weights.size(); ++i)
            weights[i] = weightAt(i);
        const ModelId model = addSampleModel(project, project.putBlob(std::as_bytes(std::span(weights))));
        const DatasetId data = addSampleData(project);
        bits[1][0] = 0;
        const auto add = [&](RunKind kind, std::optional<RunId> parent, const nlohmann::json& parameters, std::uint64_t seed) {
            Run run;
            run.kind = kind;
            run.name = toString(kind);
            run.model = model;
            run.dataset = data;
            run.parent = parent;
            run.parameters = completeParameters(kind, parameters);
            run.seed = seed;
            const RunId id = addRun(project, run);
            claimRun(project, id, 2, "cpu", { { "bitscape", "0.1.0" } });
            return id;
        };
        train = add(RunKind::Train, {}, nullptr, 1);
        putMetrics(project, train, { { "accuracy", 0.97 } });
        score = add(RunKind::Score, train, nullptr, 1);
        putScores(project, score, sampleScores());
        search = add(RunKind::Search, score, { { "strategy", "random" }, { "target_bits", 1.5 } }, 1);
        again = add(RunKind::Search, score, { { "strategy", "random" }, { "target_bits", 1.5 } }, 2);
        for (const RunId id : { search, again }) {
            putBits(project, id, bits);
            const double accuracy = id == search ? 0.90 : 0.93;
            putMetrics(project, id,
                { { "accuracy", accuracy }, { "full_accuracy", 0.97 }, { "average_bits", 1.5 }, { "macs", 268566 }, { "bitops", 3e7 },
                    { "size_bits", 128000 } });
        }
        failed = add(RunKind::Search, score, nullptr, 3);
        for (const RunId id : { train, score, search, again })
            endRun(project, id, RunState::Finished, 192);
        endRun(project, failed, RunState::Failed, 1, "the data set is gone");
    }

    ModelId addSampleModel(Project& project, const std::string& weights) const
    {
        Model model;
        model.name = "lenet5";
        model.source = "zoo:lenet5";
        model.graph = graphToJson(graph);
        model.weights = weights;
        return addModel(project, model);
    }

    static DatasetId addSampleData(Project& project)
    {
        Dataset data;
        data.name = "glyphs";
        data.kind = "glyphs";
        data.path = "glyphs";
        data.channels = 1;
        data.height = data.width = 28;
        for (int m = 0; m < 10; ++m)
            data.classNames.push_back("class " + std::to_string(m));
        data.trainCounts = data.testCounts = std::vector<std::int64_t>(10, 100);
        data.mean = data.stddev = { 0.5 };
        return addDataset(project, data);
    }

    std::vector<LayerScores> sampleScores() const
    {
        std::vector<LayerScores> scores;
        for (const Layer& layer : layers) {
            LayerScores one { layer.name, 100, {} };
            for (std::int64_t i = 0; i < layer.filters * 10; ++i)
                one.counts.push_back(static_cast<std::uint32_t>(i * 37 % 101));
            scores.push_back(std::move(one));
        }
        return scores;
    }

    /// Of a layer's tensor.
    std::size_t offsetOf(std::size_t layer) const
    {
        std::size_t offset = 0;
        for (const TensorInfo& tensor : graph.tensors) {
            if (tensor.name == graph.nodes[static_cast<std::size_t>(layers[layer].node)].weight)
                return offset;
            offset += static_cast<std::size_t>(tensor.elements());
        }
        return offset;
    }
};

/// An open project with what views stand on.
struct SampleStudio {
    explicit SampleStudio(const QString& path)
        : document(path, ProjectThread::Mode::Open)
        , loader(document)
    {
    }
    Theme theme;
    ProjectDocument document;
    Selection selection;
    ResultsLoader loader;
    ViewContext context { document, selection, loader, theme };

    bool isOpen() const { return document.isOpen() && !document.models().empty() && !document.datasets().empty(); }
};

} // namespace bitscape::ui
