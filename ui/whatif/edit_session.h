// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject> // first: moc 6.4 trips over <compare> where nothing of the standard library stands before it

#include "core/network/bit_edits.h"
#include "core/network/cost.h"
#include "ui/project/results_loader.h"

#include <QUndoStack>

#include <memory>
#include <vector>

namespace bitscape::ui {

/// What a person tries out on a run's bits: edits, each of which can be undone, and where they lead. Computes at once: an edit and its cost
/// take milliseconds for 20000 filters.
class EditSession final : public QObject {
    Q_OBJECT
public:
    /// `base`: a run with results that `sources` are of. Throws Error(BadArgument) where the sources do not fit one another.
    EditSession(ResultsPtr base, std::shared_ptr<EditSources> sources, QObject* parent = nullptr);

    const RunResults& base() const { return *m_base; }
    const EditSources& sources() const { return *m_sources; }
    const EditState& state() const { return m_state; }
    /// From the first edit to the last one that is not undone.
    const std::vector<BitEdit>& history() const { return m_history; }
    const Cost& cost() const { return m_cost; }
    const Cost& baseCost() const { return m_baseCost; }
    QUndoStack& undo() { return m_undo; }
    bool isChanged() const { return m_state.bits != m_sources->start; }

    /// Applies an edit. Edits of one gesture (a drag, a stroke: any number above 0) replace one another and are undone together. Where it
    /// does not fit, nothing changes and refused() says why.
    void apply(const BitEdit& edit, int gesture = 0);
    /// A number for the next gesture.
    int newGesture() { return ++m_gesture; }

    /// Another run's bits to draw on (LikeEdit).
    void addBits(RunId run, const LayerBits& bits);

signals:
    /// The state, and with it history and cost, is another one.
    void changed();
    void refused(const QString& sentence);

private:
    class Command;
    void show(const EditState& state);

    ResultsPtr m_base;
    std::shared_ptr<EditSources> m_sources;
    EditState m_state;
    std::vector<BitEdit> m_history;
    Cost m_cost, m_baseCost;
    int m_gesture = 0;
    QUndoStack m_undo; ///< last: its commands refer to the others
};

} // namespace bitscape::ui
