// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget> // first: see selection.h

#include "core/jobs/parameters.h"

#include <QString>
#include <optional>
#include <vector>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;

namespace bitscape::ui {

/// One parameter in a form: takes exactly what the command line takes, and says in its words what it does not.
class ParameterEditor final : public QWidget {
    Q_OBJECT
public:
    explicit ParameterEditor(const ParameterSpec& spec, QWidget* parent = nullptr);

    const ParameterSpec& spec() const { return m_spec; }
    /// Nothing where what stands there is no value; complaint() says why.
    std::optional<nlohmann::json> value() const;
    /// A value that cannot be shown as it is (a word that is no choice) is complained about, never replaced by another.
    void setValue(const nlohmann::json& value);
    const QString& complaint() const { return m_complaint; }
    bool isDefault() const;
    /// Greyed with the reason in its tooltip; empty: has an effect.
    void setIneffective(const QString& reason);
    const QString& ineffective() const { return m_ineffective; }

    /// The wheel scrolls the form: it changes no value on its way.
    bool eventFilter(QObject* watched, QEvent* event) override;

public slots:
    void reset();

signals:
    void changed();

private:
    QWidget* makeInput();
    QWidget* makeChoice();
    QWidget* makeBits();
    QWidget* makeLine();
    QWidget* makeReset();
    QWidget* makeHelp();
    QString text() const;
    void setText(const QString& text);
    void check();
    void judge(const std::string& text);
    QString helpText() const;

    ParameterSpec m_spec;
    QLineEdit* m_line = nullptr;
    QComboBox* m_combo = nullptr;
    QCheckBox* m_flag = nullptr;
    std::vector<QCheckBox*> m_bits;
    QWidget* m_input;
    QWidget* m_resetButton;
    QLabel* m_words;
    std::optional<nlohmann::json> m_value;
    QString m_complaint;
    QString m_ineffective;
};

} // namespace bitscape::ui
