// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/zoo.h"

#include "core/network/graph_builder.h"

#include "core/base/error.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace bitscape {
namespace {

constexpr std::string_view kScheme = "zoo:";

std::int64_t scaled(std::int64_t filters, double width)
{
    return std::max<std::int64_t>(1, std::llround(static_cast<double>(filters) * width));
}

/// Convolution without bias, batch normalisation, ReLU.
int convBlock(GraphBuilder& graph, const std::string& index, int from, std::int64_t filters, int kernel)
{
    int node = graph.conv("conv" + index, from, filters, kernel, 1, kernel / 2, false);
    node = graph.batchNorm("bn" + index, node);
    return graph.relu("relu" + index, node);
}

Graph mlp(const ZooRequest& request)
{
    GraphBuilder graph(*request.input);
    int node = graph.flatten("flatten", 0);
    for (std::size_t i = 0; i < request.hidden.size(); ++i) {
        const std::string index = std::to_string(i + 1);
        node = graph.linear("fc" + index, node, scaled(request.hidden[i], request.width));
        node = graph.relu("relu" + index, node);
    }
    return graph.finish(graph.linear("fc" + std::to_string(request.hidden.size() + 1), node, request.classes));
}

Graph lenet5(const ZooRequest& request)
{
    GraphBuilder graph(*request.input);
    const int padding = request.input->height < 32 ? 2 : 0;
    int node = graph.relu("relu1", graph.conv("conv1", 0, scaled(6, request.width), 5, 1, padding));
    node = graph.maxPool("pool1", node, 2, 2);
    node = graph.relu("relu2", graph.conv("conv2", node, scaled(16, request.width), 5));
    node = graph.flatten("flatten", graph.maxPool("pool2", node, 2, 2));
    node = graph.relu("relu3", graph.linear("fc1", node, scaled(120, request.width)));
    node = graph.relu("relu4", graph.linear("fc2", node, scaled(84, request.width)));
    return graph.finish(graph.linear("fc3", node, request.classes));
}

Graph lenet3c1l(const ZooRequest& request)
{
    GraphBuilder graph(*request.input);
    int node = 0;
    int index = 1;
    for (const std::int64_t filters : { 32, 32, 64 }) {
        const std::string name = std::to_string(index++);
        node = graph.maxPool("pool" + name, convBlock(graph, name, node, scaled(filters, request.width), 5), 2, 2);
    }
    return graph.finish(graph.linear("fc", graph.flatten("flatten", node), request.classes));
}

/// Stages of 3x3 convolutions, each stage ending in 2x2 max pooling; answers the flattened features.
int vggFeatures(GraphBuilder& graph, const ZooRequest& request, const std::vector<std::vector<std::int64_t>>& stages)
{
    int node = 0;
    int index = 1;
    for (std::size_t stage = 0; stage < stages.size(); ++stage) {
        for (const std::int64_t filters : stages[stage])
            node = convBlock(graph, std::to_string(index++), node, scaled(filters, request.width), 3);
        node = graph.maxPool("pool" + std::to_string(stage + 1), node, 2, 2);
    }
    return graph.flatten("flatten", node);
}

Graph vggSmall(const ZooRequest& request)
{
    GraphBuilder graph(*request.input);
    const int features = vggFeatures(graph, request, { { 128, 128 }, { 256, 256 }, { 512, 512 } });
    return graph.finish(graph.linear("fc", features, request.classes));
}

Graph vgg16(const ZooRequest& request)
{
    GraphBuilder graph(*request.input);
    int node = vggFeatures(graph, request, { { 64, 64 }, { 128, 128 }, { 256, 256, 256 }, { 512, 512, 512 }, { 512, 512, 512 } });
    node = graph.relu("fc1_relu", graph.linear("fc1", node, scaled(512, request.width)));
    node = graph.relu("fc2_relu", graph.linear("fc2", node, scaled(512, request.width)));
    return graph.finish(graph.linear("fc3", node, request.classes));
}

int basicBlock(GraphBuilder& graph, const std::string& name, int from, std::int64_t filters, int stride)
{
    int node = graph.batchNorm(name + ".bn1", graph.conv(name + ".conv1", from, filters, 3, stride, 1, false));
    node = graph.relu(name + ".relu1", node);
    node = graph.batchNorm(name + ".bn2", graph.conv(name + ".conv2", node, filters, 3, 1, 1, false));
    int shortcut = from;
    if (stride != 1 || graph.shape(from).channels != filters)
        shortcut = graph.batchNorm(name + ".shortcut.bn", graph.conv(name + ".shortcut.conv", from, filters, 1, stride, 0, false));
    return graph.relu(name + ".relu2", graph.sum(name + ".add", node, shortcut));
}

Graph resnet20(const ZooRequest& request)
{
    GraphBuilder graph(*request.input);
    int node = convBlock(graph, "1", 0, scaled(16, request.width), 3);
    const std::array<std::int64_t, 3> filters { 16, 32, 64 };
    for (std::size_t stage = 0; stage < filters.size(); ++stage) {
        for (int block = 0; block < 3; ++block) {
            const std::string name = "stage" + std::to_string(stage + 1) + ".block" + std::to_string(block + 1);
            node = basicBlock(graph, name, node, scaled(filters[stage], request.width), stage > 0 && block == 0 ? 2 : 1);
        }
    }
    node = graph.flatten("flatten", graph.globalAveragePool("pool", node));
    return graph.finish(graph.linear("fc", node, request.classes));
}

struct ZooEntry {
    const char* name;
    Shape input;
    Graph (*make)(const ZooRequest&);
};

const std::array<ZooEntry, 6> kZoo { {
    { "mlp", { 1, 28, 28, false }, mlp },
    { "lenet5", { 1, 28, 28, false }, lenet5 },
    { "lenet-3c1l", { 3, 32, 32, false }, lenet3c1l },
    { "vgg-small", { 3, 32, 32, false }, vggSmall },
    { "vgg16", { 3, 32, 32, false }, vgg16 },
    { "resnet20", { 3, 32, 32, false }, resnet20 },
} };

const ZooEntry* entryOf(const std::string& name)
{
    const auto found = std::find_if(kZoo.begin(), kZoo.end(), [&](const ZooEntry& entry) { return name == entry.name; });
    return found == kZoo.end() ? nullptr : found;
}

[[noreturn]] void refuse(const std::string& source, const std::string& what)
{
    throw Error(ErrorCode::BadArgument, "'" + source + "': " + what + ".");
}

/// The shortest text of a number.
template <typename Number> std::string shown(Number value)
{
    std::array<char, 32> text {};
    return { text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr };
}

template <typename Number>
Number number(const std::string& source, const std::string& key, const std::string& text, Number low, Number high)
{
    Number value {};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !(value >= low && value <= high))
        refuse(source, key + " wants a number from " + shown(low) + " to " + shown(high) + ", not '" + text + "'");
    return value;
}

std::vector<std::int64_t> numbers(const std::string& source, const std::string& key, const std::string& text)
{
    std::vector<std::int64_t> values;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const std::size_t end = std::min(text.find('x', begin), text.size());
        values.push_back(number<std::int64_t>(source, key, text.substr(begin, end - begin), 1, 65536));
        begin = end + 1;
    }
    return values;
}

void applyOption(ZooRequest& request, const std::string& source, const std::string& key, const std::string& value)
{
    if (key == "width") {
        request.width = number<double>(source, key, value, 0.05, 16.0);
    } else if (key == "classes") {
        request.classes = number<std::int64_t>(source, key, value, 2, 10000);
    } else if (key == "input") {
        const auto sizes = numbers(source, key, value);
        if (sizes.size() != 3 || sizes[0] > 16 || sizes[1] > 1024 || sizes[2] > 1024)
            refuse(source, "input wants CxHxW of at most 16x1024x1024, such as 1x28x28, not '" + value + "'");
        request.input = Shape { sizes[0], sizes[1], sizes[2], false };
    } else if (key == "hidden" && request.name == "mlp") {
        request.hidden = numbers(source, key, value);
    } else {
        refuse(source, "there is no option '" + key + "'; there are width, classes, input" + (request.name == "mlp" ? ", hidden" : ""));
    }
}

} // namespace

std::vector<std::string> zooNames()
{
    std::vector<std::string> names;
    for (const ZooEntry& entry : kZoo)
        names.emplace_back(entry.name);
    return names;
}

bool isZooSource(const std::string& source)
{
    return source.starts_with(kScheme);
}

ZooRequest zooRequestFrom(const std::string& source)
{
    const std::string text = isZooSource(source) ? source.substr(kScheme.size()) : source;
    const std::size_t question = std::min(text.find('?'), text.size());
    ZooRequest request;
    request.name = text.substr(0, question);
    const ZooEntry* entry = entryOf(request.name);
    if (!entry) {
        std::string names;
        for (const std::string& name : zooNames())
            names += (names.empty() ? "" : ", ") + name;
        refuse(source, "there is no built-in network '" + request.name + "'; there are " + names);
    }
    request.input = entry->input;
    std::size_t begin = question + 1;
    while (begin < text.size()) {
        const std::size_t end = std::min(text.find('&', begin), text.size());
        const std::string option = text.substr(begin, end - begin);
        const std::size_t equals = option.find('=');
        if (equals == std::string::npos)
            refuse(source, "an option is written name=value, not '" + option + "'");
        applyOption(request, source, option.substr(0, equals), option.substr(equals + 1));
        begin = end + 1;
    }
    return request;
}

Graph zooGraph(const ZooRequest& request)
{
    const ZooEntry* entry = entryOf(request.name);
    if (!entry)
        throw Error(ErrorCode::BadArgument, "There is no built-in network '" + request.name + "'.");
    ZooRequest complete = request;
    if (!complete.input)
        complete.input = entry->input;
    return entry->make(complete);
}

} // namespace bitscape
