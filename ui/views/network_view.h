// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/network_filter.h"
#include "ui/views/network_model.h"
#include "ui/views/run_view.h"

#include <QWidget>

#include <optional>

class QCheckBox;
class QLabel;
class QLineEdit;
class QStackedLayout;
class QTableView;
class QToolButton;

namespace bitscape::ui {

/// A network's facts in one line: source, input, classes, parameters, MACs, normalisation.
QString networkFacts(const ModelEntry& entry);

/// The network of the selected model or run, a row per node. A weighted layer picked here is selected everywhere.
class NetworkView final : public QWidget {
    Q_OBJECT
public:
    explicit NetworkView(const ViewContext& context, QWidget* parent = nullptr);

    std::optional<ModelId> model() const { return m_id; }
    /// Writes the rows that are shown as CSV, on another thread, and then emits `saved`; a failure is shown in words.
    void saveTo(const QString& path);

signals:
    void saved(const QString& path);

private:
    QWidget* makeHead();
    QWidget* makeTools();
    void setUpTable();
    void follow();
    void takeSelection();
    void takeRun();
    void showModel();
    void showTotals();
    void showFilter();
    void pickLayer();
    void askWhere();

    ViewContext m_context;
    std::optional<ModelId> m_id;
    NetworkModel m_model;
    NetworkFilter m_filtered;
    QStackedLayout* m_stack;
    QLabel *m_hint, *m_name, *m_facts, *m_totals;
    QLineEdit* m_text;
    QCheckBox* m_weighted;
    QToolButton* m_save;
    QTableView* m_table;
    bool m_showing = false; ///< a selection made elsewhere is being shown
};

} // namespace bitscape::ui
