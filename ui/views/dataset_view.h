// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/class_model.h"
#include "ui/views/run_view.h"
#include "ui/views/sample_images.h"

#include <QSortFilterProxyModel>
#include <QWidget>

#include <optional>

class QLabel;
class QScrollArea;
class QStackedLayout;
class QTableView;

namespace bitscape::ui {

class SampleGrid;

/// A data set's facts, a line each: what and where it is; what its images and their normalisation are; what was read.
QString datasetFacts(const Dataset& dataset);

/// The data set of the selected entry or run: facts, images per class, the first images of each class. A class picked here is selected
/// everywhere.
class DatasetView final : public QWidget {
    Q_OBJECT
public:
    explicit DatasetView(const ViewContext& context, QWidget* parent = nullptr);

    std::optional<DatasetId> dataset() const { return m_id; }

private:
    /// What is asked of the project and the disk, in another thread.
    struct Samples {
        SampleImages images;
        bool isThere = true; ///< whether anything is where the images were read from
    };

    QWidget* makeTable();
    QWidget* makeSamples();
    void follow();
    void takeSelection();
    void takeRun();
    void showDataset();
    void askForSamples(const Dataset& dataset);
    void showSamples(const Dataset& dataset, Samples samples);
    void say(const QString& sentence);
    void pickClass();
    void showClass();

    ViewContext m_context;
    std::optional<DatasetId> m_id;
    std::optional<Dataset> m_shown;
    ClassModel m_model;
    QSortFilterProxyModel m_sorted;
    QStackedLayout* m_stack;
    QLabel *m_hint, *m_name, *m_facts, *m_gone, *m_noSamples;
    QTableView* m_table;
    QScrollArea* m_scroll;
    SampleGrid* m_grid;
    bool m_showing = false; ///< a selection made elsewhere is being shown
};

} // namespace bitscape::ui
