// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget> // first: see selection.h

#include "ui/forms/run_choices.h"

#include <vector>

class QComboBox;
class QLabel;
class QToolButton;

namespace bitscape::ui {

class PresetStore;

/// Parameters to begin with: defaults, presets built in and of one's own, earlier runs. Own ones are saved and removed here.
class PresetPicker final : public QWidget {
    Q_OBJECT
public:
    explicit PresetPicker(QWidget* parent = nullptr);

    /// What there is to choose from for a kind; what was chosen stays so where it is still there.
    void offer(RunKind kind, const RunMap& runs);
    /// Marks the entry whose values these are, or none. Only what is `valid` can be saved.
    void mark(const nlohmann::json& values, bool valid);

protected:
    /// The file may have been written elsewhere while the person was there.
    bool event(QEvent* event) override;

signals:
    /// The values that differ from the defaults.
    void picked(const nlohmann::json& values);

private:
    void fill();
    void pick();
    void askName();
    void askToRemove();
    void tell(const QString& sentence);
    const ParameterChoice* current() const;
    void updateButtons();

    PresetStore* m_store;
    QComboBox* m_combo;
    QToolButton* m_save;
    QToolButton* m_remove;
    QLabel* m_words; ///< what is wrong with the person's own presets
    RunKind m_kind = RunKind::Train;
    std::vector<ParameterChoice> m_others, m_choices; ///< those without own ones, and all, as listed
    nlohmann::json m_values = nlohmann::json::object();
    bool m_valid = true;
};

} // namespace bitscape::ui
