// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/formats/add_model.h"

#include "core/base/error.h"
#include "core/base/sha256.h"
#include "core/engine/data/add_dataset.h"
#include "core/engine/formats/import_model.h"
#include "core/network/graph_json.h"
#include "core/network/layers.h"
#include "core/network/zoo.h"

#include <fstream>

namespace bitscape {
namespace {

constexpr std::size_t kPiece = std::size_t { 1 } << 22;

std::string digestOf(const std::filesystem::path& path, JobContext& context)
{
    std::ifstream file(path, std::ios::binary);
    std::string piece(kPiece, '\0');
    Sha256 digest;
    while (file.read(piece.data(), static_cast<std::streamsize>(piece.size())) || file.gcount() > 0) {
        context.checkpoint();
        digest.update(std::string_view(piece.data(), static_cast<std::size_t>(file.gcount())));
    }
    if (!file.eof())
        throw Error(ErrorCode::BadInput, "'" + path.string() + "' cannot be read to its end.");
    return digest.hex();
}

} // namespace

Model modelWith(const Graph& graph)
{
    Model model;
    model.graph = graphToJson(graph);
    for (const Layer& layer : layersOf(graph))
        model.layers.push_back({ layer.name, toString(layer.op), layer.filters, layer.weightsPerFilter(), layer.macsPerFilter() });
    return model;
}

Model builtInModel(const std::string& source, const std::string& name, const std::vector<double>& mean, const std::vector<double>& stddev)
{
    const ZooRequest request = zooRequestFrom(source);
    const Graph graph = zooGraph(request);
    Model model = modelWith(graph);
    model.name = name.empty() ? request.name : name;
    model.source = source;
    model.mean = mean;
    model.stddev = stddev;
    checkNormalisation(mean, stddev, graph.inputShape().channels);
    return model;
}

DescribedModel describeModel(const ModelFile& file, JobContext& context)
{
    ImportedNetwork network = importModel(file.path, file.options, context);
    Model model = modelWith(network.graph);
    model.name = file.name.empty() ? file.path.stem().string() : file.name;
    model.source = std::filesystem::absolute(file.path).lexically_normal().string();
    model.origin = { network.format, digestOf(file.path, context), network.producer, network.opset, network.bits };
    const bool isGiven = !file.mean.empty() || !file.stddev.empty();
    model.mean = isGiven ? file.mean : network.mean;
    model.stddev = isGiven ? file.stddev : network.stddev;
    checkNormalisation(model.mean, model.stddev, network.graph.inputShape().channels);
    return { std::move(model), std::move(network.weights), std::move(network.notes) };
}

ModelId addModel(Project& project, const DescribedModel& described)
{
    Model model = described.model;
    model.weights = described.weights.empty() ? std::string() : project.putBlob(described.weights);
    return addModel(project, model);
}

} // namespace bitscape
