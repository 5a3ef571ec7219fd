// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/project/selection.h"

namespace bitscape::ui {

void Selection::selectRun(std::optional<RunId> run)
{
    if (m_run == run)
        return;
    m_run = run;
    emit runChanged();
}

void Selection::selectModel(std::optional<ModelId> model)
{
    if (m_model == model)
        return;
    m_model = model;
    emit modelChanged();
}

void Selection::selectDataset(std::optional<DatasetId> dataset)
{
    if (m_dataset == dataset)
        return;
    m_dataset = dataset;
    emit datasetChanged();
}

FilterRef Selection::filterIn(const std::optional<ModelId>& model) const
{
    return !m_filterModel || m_filterModel == model ? m_filter : FilterRef {};
}

void Selection::selectFilter(const FilterRef& filter, std::optional<ModelId> model)
{
    if (m_filter == filter && m_filterModel == model)
        return;
    m_filter = filter;
    m_filterModel = model;
    emit filterChanged();
}

void Selection::selectClass(int number)
{
    if (m_class == number)
        return;
    m_class = number;
    emit classChanged();
}

} // namespace bitscape::ui
