// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/whatif/edit_session.h"

#include "ui/whatif/edit_words.h"

#include "core/base/error.h"

#include <QUndoCommand>

#include <utility>

namespace bitscape::ui {

/// One edit, with the states on both sides of it.
class EditSession::Command final : public QUndoCommand {
public:
    Command(EditSession& session, BitEdit edit, EditState after, int gesture)
        : QUndoCommand(editText(edit))
        , m_session(session)
        , m_edit(std::move(edit))
        , m_before(session.m_state)
        , m_after(std::move(after))
        , m_gesture(gesture)
    {
    }

    const EditState& before() const { return m_before; }
    int id() const override { return m_gesture > 0 ? m_gesture : -1; }

    void undo() override
    {
        m_session.m_history.pop_back();
        m_session.show(m_before);
    }

    void redo() override
    {
        m_session.m_history.push_back(m_edit);
        m_session.show(m_after);
    }

    /// Only commands of the same gesture come here: the later one takes this one's place.
    bool mergeWith(const QUndoCommand* later) override
    {
        const auto& other = static_cast<const Command&>(*later);
        m_session.m_history.erase(m_session.m_history.end() - 2);
        m_edit = other.m_edit;
        m_after = other.m_after;
        setText(other.text());
        return true;
    }

private:
    EditSession& m_session;
    BitEdit m_edit;
    EditState m_before, m_after;
    int m_gesture;
};

EditSession::EditSession(ResultsPtr base, std::shared_ptr<EditSources> sources, QObject* parent)
    : QObject(parent)
    , m_base(std::move(base))
    , m_sources(std::move(sources))
    , m_state(startOf(*m_sources))
{
    m_baseCost = m_cost = costOf(m_base->graph, m_sources->layers, m_state.bits, m_base->activationBits);
}

void EditSession::apply(const BitEdit& edit, int gesture)
{
    const bool goesOn = gesture > 0 && m_undo.index() > 0 && m_undo.command(m_undo.index() - 1)->id() == gesture;
    const EditState from = goesOn ? static_cast<const Command*>(m_undo.command(m_undo.index() - 1))->before() : m_state;
    try {
        EditState after = bitscape::apply(*m_sources, from, edit);
        if (after != m_state)
            m_undo.push(new Command(*this, edit, std::move(after), gesture));
    } catch (const Error& error) {
        emit refused(QString::fromStdString(error.what()));
    }
}

void EditSession::addBits(RunId run, const LayerBits& bits)
{
    m_sources->otherBits[run.value] = bits;
}

void EditSession::show(const EditState& state)
{
    m_state = state;
    m_cost = costOf(m_base->graph, m_sources->layers, m_state.bits, m_base->activationBits);
    emit changed();
}

} // namespace bitscape::ui
