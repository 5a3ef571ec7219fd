// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject> // first: moc 6.4 trips over <compare> where nothing of the standard library stands before it

#include "core/project/ids.h"

#include <optional>

namespace bitscape::ui {

/// A filter of a network, by its layer's position among the weighted layers; -1 where only a layer, or nothing, is meant.
struct FilterRef {
    int layer = -1;
    int filter = -1;
    bool operator==(const FilterRef&) const = default;
};

/// What the person looks at: one thing everywhere (design.md section 7). Every view shows it and may change it.
class Selection final : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    const std::optional<RunId>& run() const { return m_run; }
    const std::optional<ModelId>& model() const { return m_model; }
    const std::optional<DatasetId>& dataset() const { return m_dataset; }
    const FilterRef& filter() const { return m_filter; }
    /// The selected filter or layer where it is one of this model's, which all that show one model's filters ask for; else none.
    FilterRef filterIn(const std::optional<ModelId>& model) const;
    int classNumber() const { return m_class; }

public slots:
    /// The filter stays selected where the model stays the same; views drop it where it does not exist.
    void selectRun(std::optional<bitscape::RunId> run);
    void selectModel(std::optional<bitscape::ModelId> model);
    void selectDataset(std::optional<bitscape::DatasetId> dataset);
    /// `model`: whose filter it is; none where any model's is meant.
    void selectFilter(const bitscape::ui::FilterRef& filter, std::optional<bitscape::ModelId> model = {});
    /// -1: none.
    void selectClass(int number);

signals:
    void runChanged();
    void modelChanged();
    void datasetChanged();
    void filterChanged();
    void classChanged();

private:
    std::optional<RunId> m_run;
    std::optional<ModelId> m_model;
    std::optional<DatasetId> m_dataset;
    FilterRef m_filter;
    std::optional<ModelId> m_filterModel;
    int m_class = -1;
};

} // namespace bitscape::ui
