// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/run_view.h"
#include "ui/whatif/accuracy_server.h"
#include "ui/whatif/edit_session.h"

#include <QTimer>

#include <map>
#include <memory>
#include <optional>
#include <vector>

class QComboBox;
class QLabel;
class QPushButton;
class QTableView;
class QUndoView;

namespace bitscape::ui {

class BitMap;
class Chart;
class ClassEffects;
class EditControls;
class PaintControls;
class WhatIfFigures;

/// What if this run's filters had other bits: thresholds to drag, a target, weights of classes, bits to paint, locks. Cost follows at once,
/// accuracy as images are evaluated. Every change can be undone; what is worth it is kept as a run. Edits of a run wait here while others
/// are looked at.
class WhatIfView final : public RunView {
    Q_OBJECT
public:
    explicit WhatIfView(const ViewContext& context, QWidget* parent = nullptr);
    ~WhatIfView() override;

    void setResults(const ResultsPtr& results) override;
    /// Of the run that is shown; null before its scores and tables are loaded.
    EditSession* session() const { return m_session; }

protected:
    QString missing(const RunResults& results) const override;
    void render(const RunResults& results) override;
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makeHead();
    QWidget* makeHistogram();
    QWidget* makeMap();
    QWidget* makeSide();
    void begin(const ResultsPtr& results, std::shared_ptr<EditSources> sources);
    void listenTo(EditSession& session);
    void show(EditSession* session);
    void showState();
    void showMap();
    void showSelection();
    void offerRuns();
    void askAccuracy();
    void take(const ServedEstimate& estimate);
    void dragThreshold(int mark, double value);
    void paint(const std::vector<FilterRef>& filters);
    void applyBrush();
    void weigh(int classNumber, double weight);
    void loadBits(RunId run);
    void keep();
    /// A sentence for the person, until the next change.
    void say(const QString& sentence);
    std::optional<double> accuracyBefore() const;

    WhatIfFigures* m_figures;
    Chart* m_histogram;
    BitMap* m_map;
    QComboBox* m_order;
    EditControls* m_controls;
    PaintControls* m_brush;
    ClassEffects* m_classes;
    QTableView* m_classTable;
    QUndoView* m_history;
    QLabel* m_message;
    QPushButton *m_undo, *m_redo, *m_keep;
    AccuracyServer m_server;
    QTimer m_showing;
    QTimer m_asking; ///< a moment's rest of the hand before accuracy is asked for
    std::map<RunId, std::unique_ptr<EditSession>> m_sessions;
    EditSession* m_session = nullptr;
    std::optional<RunId> m_loading;
    int m_gesture = 0; ///< of the drag or stroke under way
    FilterSelection m_stroke;
};

} // namespace bitscape::ui
