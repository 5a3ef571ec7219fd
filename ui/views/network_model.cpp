// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/network_model.h"

#include "ui/style/figures.h"
#include "ui/views/share_delegate.h"

#include <QStringList>

#include <algorithm>
#include <array>
#include <map>

namespace bitscape::ui {
namespace {

const QString kNone = QStringLiteral("–");

QString pairText(const Pair& pair)
{
    return QStringLiteral("%1×%2").arg(pair[0]).arg(pair[1]);
}

/// One number where both are the same.
QString shortText(const Pair& pair)
{
    return pair[0] == pair[1] ? QString::number(pair[0]) : pairText(pair);
}

QString operationText(const Node& node)
{
    switch (node.op) {
    case Op::Input:
        return NetworkModel::tr("input");
    case Op::Conv2d:
        return node.groups > 1 ? NetworkModel::tr("grouped convolution") : NetworkModel::tr("convolution");
    case Op::Linear:
        return NetworkModel::tr("fully connected");
    case Op::BatchNorm:
        return NetworkModel::tr("batch normalisation");
    case Op::Relu:
        return NetworkModel::tr("ReLU");
    case Op::Relu6:
        return NetworkModel::tr("ReLU6");
    case Op::Clip:
        return NetworkModel::tr("clip");
    case Op::LeakyRelu:
        return NetworkModel::tr("leaky ReLU");
    case Op::Sigmoid:
        return NetworkModel::tr("sigmoid");
    case Op::HardSigmoid:
        return NetworkModel::tr("hard sigmoid");
    case Op::Silu:
        return NetworkModel::tr("SiLU");
    case Op::HardSwish:
        return NetworkModel::tr("hard swish");
    case Op::Gelu:
        return NetworkModel::tr("GELU");
    case Op::MaxPool:
        return NetworkModel::tr("max pooling");
    case Op::AveragePool:
        return NetworkModel::tr("average pooling");
    case Op::AdaptiveAveragePool:
        return NetworkModel::tr("adaptive average pooling");
    case Op::GlobalMaxPool:
        return NetworkModel::tr("global max pooling");
    case Op::Reshape:
        return NetworkModel::tr("reshape");
    case Op::Slice:
        return NetworkModel::tr("slice");
    case Op::Pad:
        return NetworkModel::tr("padding");
    case Op::Concat:
        return NetworkModel::tr("concatenation");
    case Op::Multiply:
        return NetworkModel::tr("product");
    case Op::GlobalAveragePool:
        return NetworkModel::tr("global average pooling");
    case Op::Flatten:
        return NetworkModel::tr("flatten");
    case Op::Add:
        return NetworkModel::tr("sum");
    case Op::Identity:
        return NetworkModel::tr("identity");
    }
    return {};
}

QString windowText(const Node& node)
{
    if (node.op != Op::Conv2d && node.op != Op::MaxPool && node.op != Op::AveragePool)
        return {};
    QStringList parts { pairText(node.kernel) };
    if (node.stride != Pair { 1, 1 })
        parts << NetworkModel::tr("stride %1").arg(shortText(node.stride));
    if (node.padding != Pair { 0, 0 })
        parts << NetworkModel::tr("padding %1").arg(shortText(node.padding));
    if (node.dilation != Pair { 1, 1 })
        parts << NetworkModel::tr("dilation %1").arg(shortText(node.dilation));
    if (node.groups > 1)
        parts << NetworkModel::tr("%1 groups").arg(node.groups);
    return parts.join(QStringLiteral(", "));
}

QString shapeText(const Shape& shape)
{
    return QString::fromStdString(toString(shape)).replace(QLatin1Char('x'), QStringLiteral("×"));
}

QString quantizableText(const NetworkRow& row)
{
    return row.layer < 0 ? kNone : row.quantizable ? NetworkModel::tr("yes") : NetworkModel::tr("edge");
}

/// A count that most nodes do not have.
QString countOrNone(std::int64_t count)
{
    return count > 0 ? countText(count) : kNone;
}

bool isNumber(int column)
{
    return column == NetworkModel::Filters || column == NetworkModel::Parameters || column == NetworkModel::Macs
        || column == NetworkModel::Share;
}

const std::array<std::pair<const char*, const char*>, NetworkModel::ColumnCount>& heads()
{
    static constexpr std::array<std::pair<const char*, const char*>, NetworkModel::ColumnCount> kHeads { {
        { QT_TR_NOOP("Name"), QT_TR_NOOP("Name of the node in the network") },
        { QT_TR_NOOP("Operation"), QT_TR_NOOP("What the node computes") },
        { QT_TR_NOOP("Reads from"), QT_TR_NOOP("Nodes whose outputs it reads") },
        { QT_TR_NOOP("Output"), QT_TR_NOOP("Channels × height × width of what it makes") },
        { QT_TR_NOOP("Kernel"),
            QT_TR_NOOP("Height × width of the window, and its stride, padding, dilation and groups where they are not plain") },
        { QT_TR_NOOP("Filters"), QT_TR_NOOP("Output channels or neurons with weights of their own") },
        { QT_TR_NOOP("Parameters"), QT_TR_NOOP("Weights, biases and statistics kept with the node") },
        { QT_TR_NOOP("MACs"), QT_TR_NOOP("Multiply-accumulates for one image") },
        { QT_TR_NOOP("MAC share"), QT_TR_NOOP("Share of the network's multiply-accumulates") },
        { QT_TR_NOOP("Quantizable"),
            QT_TR_NOOP("Whether a search gives its filters bits; edge layers (the first and the last) keep theirs") },
    } };
    return kHeads;
}

} // namespace

std::vector<NetworkRow> networkRows(const ModelEntry& entry)
{
    const Graph& graph = entry.graph;
    std::map<std::string, std::int64_t> elements;
    for (const TensorInfo& tensor : graph.tensors)
        elements[tensor.name] = tensor.elements();
    std::vector<NetworkRow> rows;
    for (const Node& node : graph.nodes) {
        NetworkRow row;
        row.name = QString::fromStdString(node.name);
        row.operation = operationText(node);
        QStringList inputs;
        for (const int input : node.inputs)
            inputs << QString::fromStdString(graph.nodes[static_cast<std::size_t>(input)].name);
        row.inputs = inputs.join(QStringLiteral(", "));
        row.shape = node.shape;
        row.window = windowText(node);
        for (const std::string& tensor : { node.weight, node.bias, node.mean, node.variance }) {
            const auto found = elements.find(tensor);
            row.parameters += found == elements.end() ? 0 : found->second;
        }
        rows.push_back(std::move(row));
    }
    for (std::size_t i = 0; i < entry.layers.size(); ++i) {
        const Layer& layer = entry.layers[i];
        NetworkRow& row = rows[static_cast<std::size_t>(layer.node)];
        row.layer = static_cast<int>(i);
        row.filters = layer.filters;
        row.macs = layer.macs();
        row.quantizable = layer.quantizable;
    }
    return rows;
}

void NetworkModel::setRows(std::vector<NetworkRow> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    m_macs = 0;
    for (const NetworkRow& row : m_rows)
        m_macs += row.macs;
    endResetModel();
}

int NetworkModel::rowOfLayer(int layer) const
{
    const auto found = std::ranges::find(m_rows, layer, &NetworkRow::layer);
    return layer < 0 || found == m_rows.end() ? -1 : static_cast<int>(std::distance(m_rows.begin(), found));
}

int NetworkModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int NetworkModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

double NetworkModel::share(const NetworkRow& row) const
{
    return m_macs > 0 ? static_cast<double>(row.macs) / static_cast<double>(m_macs) : 0;
}

QVariant NetworkModel::shown(const NetworkRow& row, int column) const
{
    switch (column) {
    case Name:
        return row.name;
    case Operation:
        return row.operation;
    case Inputs:
        return row.inputs.isEmpty() ? kNone : row.inputs;
    case Output:
        return shapeText(row.shape);
    case Window:
        return row.window.isEmpty() ? kNone : row.window;
    case Filters:
        return countOrNone(row.filters);
    case Parameters:
        return countOrNone(row.parameters);
    case Macs:
        return countOrNone(row.macs);
    case Share:
        return row.macs > 0 ? percentText(share(row), 1) : kNone;
    case Quantizable:
        return quantizableText(row);
    default:
        return {};
    }
}

QVariant NetworkModel::sorted(const NetworkRow& row, int place, int column) const
{
    switch (column) {
    case Inputs:
        return place; // as the graph has them
    case Output:
        return static_cast<qlonglong>(row.shape.size());
    case Filters:
        return static_cast<qlonglong>(row.filters);
    case Parameters:
        return static_cast<qlonglong>(row.parameters);
    case Macs:
    case Share:
        return static_cast<qlonglong>(row.macs);
    case Quantizable:
        return row.layer < 0 ? 0 : row.quantizable ? 2 : 1;
    default:
        return shown(row, column);
    }
}

QString NetworkModel::exported(const NetworkRow& row, int column) const
{
    switch (column) {
    case Output:
        return QString::fromStdString(toString(row.shape));
    case Filters:
        return QString::number(row.filters);
    case Parameters:
        return QString::number(row.parameters);
    case Macs:
        return QString::number(row.macs);
    case Share:
        return QString::number(share(row), 'g', 6);
    default:
        const QString text = shown(row, column).toString();
        return text == kNone ? QString() : text;
    }
}

QVariant NetworkModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const NetworkRow& row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return shown(row, index.column());
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::Alignment((isNumber(index.column()) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    case kSortRole:
        return sorted(row, index.row(), index.column());
    case kExportRole:
        return exported(row, index.column());
    case kShareRole:
        return index.column() == Share && row.macs > 0 ? QVariant(share(row)) : QVariant();
    default:
        return {};
    }
}

QVariant NetworkModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    const auto& [title, help] = heads()[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole)
        return tr(title);
    if (role == Qt::ToolTipRole)
        return tr(help);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::Alignment((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    return {};
}

} // namespace bitscape::ui
