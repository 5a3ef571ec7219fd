// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/run_view.h"

#include <QWidget>

#include <optional>
#include <vector>

class QLabel;
class QScrollArea;
class QStackedLayout;
class QToolButton;

namespace bitscape::ui {

class FilterPart;
class InfoTable;
class Section;

/// The selected run, layer and filter in figures and pictures: what a dock holds. Of a model without a run it shows layers and filters.
class Inspector final : public QWidget {
    Q_OBJECT
public:
    explicit Inspector(const ViewContext& context, QWidget* parent = nullptr);
    ~Inspector() override;

private:
    struct Parts;
    void build();
    void connectAll();
    QToolButton* stepButton(
        const QString& name, const QString& icon, const QString& help, const QKeySequence& keys, int filters, int layers);
    FilterRef selected() const;
    void step(int filters, int layers);

    void followRun();
    void take(RunId id, const ResultsPtr& results);
    void showRun();
    void showLayer();
    void showFilter();
    void scrollToFilter();
    QString missingNetwork() const;

    ViewContext m_context;
    ResultsPtr m_results; ///< of the selected run, or of the selected model; null until they are there
    std::optional<RunId> m_watched;
    std::unique_ptr<Parts> m_parts;
};

} // namespace bitscape::ui
