// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/parameter_editor.h"

#include "ui/help/help_topics.h"

#include "core/base/error.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

namespace bitscape::ui {
namespace {

QString textOf(const nlohmann::json& value)
{
    return value.is_null() ? QString() : QString::fromStdString(parameterText(value));
}

} // namespace

ParameterEditor::ParameterEditor(const ParameterSpec& spec, QWidget* parent)
    : QWidget(parent)
    , m_spec(spec)
    , m_input(makeInput())
    , m_words(new QLabel)
{
    setObjectName(QStringLiteral("parameter-") + QString::fromStdString(spec.name));
    m_input->setAccessibleName(QString::fromStdString(spec.name));
    m_input->setAccessibleDescription(QString::fromStdString(spec.help));
    setFocusProxy(m_input);
    auto* line = new QHBoxLayout;
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(6);
    line->addWidget(m_input, 1);
    auto* unit = new QLabel(QString::fromStdString(spec.unit)); // the same room everywhere, so that fields end in one line
    unit->setObjectName(QStringLiteral("muted"));
    unit->setFixedWidth(fontMetrics().horizontalAdvance(QStringLiteral("score units")) + 4);
    line->addWidget(unit);
    m_resetButton = makeReset();
    line->addWidget(m_resetButton);
    line->addWidget(makeHelp());
    m_words->setObjectName(QStringLiteral("bad"));
    m_words->setWordWrap(true);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(1);
    rows->addLayout(line);
    rows->addWidget(m_words);
    setToolTip(helpText());
    reset();
}

QWidget* ParameterEditor::makeInput()
{
    switch (m_spec.type) {
    case ParameterType::Flag:
        m_flag = new QCheckBox;
        connect(m_flag, &QCheckBox::toggled, this, [this](bool on) {
            m_flag->setText(on ? tr("yes") : tr("no"));
            check();
        });
        m_flag->setText(tr("no"));
        return m_flag;
    case ParameterType::Choice:
        return makeChoice();
    case ParameterType::Bits:
        return makeBits();
    default:
        return makeLine();
    }
}

QWidget* ParameterEditor::makeChoice()
{
    m_combo = new QComboBox;
    if (m_spec.optional)
        m_combo->addItem(tr("none: %1").arg(QString::fromStdString(m_spec.noneMeaning)), QString());
    for (const std::string& choice : m_spec.choices)
        m_combo->addItem(QString::fromStdString(choice), QString::fromStdString(choice));
    m_combo->setFocusPolicy(Qt::StrongFocus);
    m_combo->installEventFilter(this);
    connect(m_combo, &QComboBox::currentIndexChanged, this, &ParameterEditor::check);
    return m_combo;
}

QWidget* ParameterEditor::makeLine()
{
    m_line = new QLineEdit;
    if (m_spec.optional)
        m_line->setPlaceholderText(tr("none: %1").arg(QString::fromStdString(m_spec.noneMeaning)));
    else if (m_spec.type == ParameterType::Reals)
        m_line->setPlaceholderText(tr("empty"));
    if (m_spec.type == ParameterType::Split)
        m_line->setCompleter(new QCompleter({ "train", "test", "train[:90%]", "train[90%:]", "test[:1000]" }, m_line));
    connect(m_line, &QLineEdit::textChanged, this, &ParameterEditor::check);
    return m_line;
}

/// Keeps its room while it is hidden, so that nothing moves while a value is typed.
QWidget* ParameterEditor::makeReset()
{
    auto* button = new QToolButton;
    button->setText(QStringLiteral("↺"));
    button->setObjectName(QStringLiteral("reset"));
    button->setToolTip(tr("Back to the default: %1").arg(m_spec.fallback.is_null() ? tr("none") : textOf(m_spec.fallback)));
    button->setAccessibleName(tr("%1 back to the default").arg(QString::fromStdString(m_spec.name)));
    QSizePolicy keepsRoom = button->sizePolicy();
    keepsRoom.setRetainSizeWhenHidden(true);
    button->setSizePolicy(keepsRoom);
    connect(button, &QToolButton::clicked, this, &ParameterEditor::reset);
    return button;
}

/// For the mouse; F1 in the field does the same.
QWidget* ParameterEditor::makeHelp()
{
    auto* button = new QToolButton;
    button->setText(QStringLiteral("?"));
    button->setObjectName(QStringLiteral("more"));
    button->setToolTip(tr("More about %1 in the guide (F1)").arg(QString::fromStdString(m_spec.name)));
    button->setAccessibleName(tr("%1 in the guide").arg(QString::fromStdString(m_spec.name)));
    button->setFocusPolicy(Qt::NoFocus);
    connect(button, &QToolButton::clicked, this, [this] { askForHelp(*this, helpTopic(this)); });
    return button;
}

/// A box for every bit-width in the parameter's range.
QWidget* ParameterEditor::makeBits()
{
    auto* boxes = new QWidget;
    auto* line = new QHBoxLayout(boxes);
    line->setContentsMargins(0, 0, 0, 0);
    for (int width = static_cast<int>(m_spec.minimum.value_or(0)); width <= static_cast<int>(m_spec.maximum.value_or(8)); ++width) {
        auto* box = new QCheckBox(QString::number(width));
        box->setAccessibleName(tr("%n bit(s)", nullptr, width));
        connect(box, &QCheckBox::toggled, this, &ParameterEditor::check);
        m_bits.push_back(box);
        line->addWidget(box);
    }
    line->addStretch(1);
    boxes->setFocusProxy(m_bits.front());
    return boxes;
}

QString ParameterEditor::text() const
{
    if (m_flag)
        return m_flag->isChecked() ? QStringLiteral("true") : QStringLiteral("false");
    if (m_combo) {
        const QString word = m_combo->currentData().toString();
        return word.isEmpty() ? QStringLiteral("none") : word;
    }
    if (!m_bits.empty()) {
        QStringList widths;
        for (const QCheckBox* box : m_bits) {
            if (box->isChecked())
                widths << box->text();
        }
        return widths.join(QLatin1Char(','));
    }
    const QString typed = m_line->text(); // as it is: the command line takes no blanks around a number either
    return typed.isEmpty() && m_spec.optional ? QStringLiteral("none") : typed;
}

void ParameterEditor::setText(const QString& text)
{
    if (m_flag)
        m_flag->setChecked(text == QLatin1String("true"));
    else if (m_combo)
        m_combo->setCurrentIndex(m_combo->findData(text)); // -1, nothing, for a word that is no choice
    else if (m_line)
        m_line->setText(text);
    const QStringList widths = text.split(QLatin1Char(','));
    for (QCheckBox* box : m_bits)
        box->setChecked(widths.contains(box->text()));
}

void ParameterEditor::check()
{
    judge(text().toStdString());
}

void ParameterEditor::judge(const std::string& text)
{
    m_complaint.clear();
    try {
        m_value = parseParameter(m_spec, text);
    } catch (const Error& error) {
        m_value.reset();
        m_complaint = QString::fromUtf8(error.what());
    }
    m_words->setText(QStringLiteral("⚠ ") + m_complaint);
    m_words->setVisible(!m_complaint.isEmpty());
    m_resetButton->setVisible(!isDefault());
    emit changed();
}

std::optional<nlohmann::json> ParameterEditor::value() const
{
    return m_value;
}

/// Judged by the value's own text: what a combo or boxes cannot show is not lost in them.
void ParameterEditor::setValue(const nlohmann::json& value)
{
    {
        const QSignalBlocker quiet(this);
        setText(textOf(value));
    }
    judge(parameterText(value));
}

bool ParameterEditor::isDefault() const
{
    return m_value && *m_value == m_spec.fallback;
}

void ParameterEditor::reset()
{
    setValue(m_spec.fallback);
}

void ParameterEditor::setIneffective(const QString& reason)
{
    m_ineffective = reason;
    m_input->setEnabled(reason.isEmpty());
    setToolTip(reason.isEmpty() ? helpText() : reason + QStringLiteral("\n\n") + helpText());
}

bool ParameterEditor::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::Wheel)
        return QWidget::eventFilter(watched, event);
    event->ignore();
    return true;
}

QString ParameterEditor::helpText() const
{
    return QString::fromStdString(describe(m_spec));
}

} // namespace bitscape::ui
