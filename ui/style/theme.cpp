// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/theme.h"

#include <QApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QEvent>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

/// The icons lie in a static library, whose resources have to be asked for; the macro does not work inside a namespace.
static void loadResources()
{
    Q_INIT_RESOURCE(bitscape);
}

namespace bitscape::ui {
namespace {

QColor mixed(const QColor& a, const QColor& b, double share)
{
    const auto between = [share](float from, float to) { return from + (to - from) * static_cast<float>(share); };
    return QColor::fromRgbF(between(a.redF(), b.redF()), between(a.greenF(), b.greenF()), between(a.blueF(), b.blueF()));
}

/// Okabe and Ito's colours, which people with any common colour blindness tell apart; darkened or lightened to stand out.
std::vector<QColor> seriesColours(bool dark)
{
    if (dark)
        return { "#56b4e9", "#e69f00", "#1fbf92", "#e57fb4", "#f0e442", "#ff7b47", "#9aa9ff", "#b5b5b5" };
    return { "#0072b2", "#c47f00", "#008f68", "#b8548f", "#8a7d00", "#d55e00", "#4b4fc4", "#5f5f5f" };
}

/// From cool and weak to warm and strong: rising lightness on dark, falling on light, so that the order is seen without colour too.
std::vector<QColor> bitColours(bool dark)
{
    if (dark)
        return { "#3a3f47", "#3b4f9b", "#2f7fb5", "#2aa3a0", "#4fc37c", "#a6d854", "#e3d54a", "#f2b134", "#f7e3a1" };
    return { "#d9dce1", "#a9c4f0", "#6fa8dc", "#3f94b5", "#2a8a7a", "#3f7f3f", "#6f6f1f", "#8a4f10", "#5a2a0a" };
}

Colours darkColours()
{
    Colours c;
    c.window = "#16191e";
    c.panel = "#1c2026";
    c.base = "#12151a";
    c.raised = "#272c34";
    c.text = "#e6e9ee";
    c.muted = "#a2abb8";
    c.faint = "#6c7583";
    c.border = "#323842";
    c.grid = "#2a3038";
    c.accent = "#4ea1ff";
    c.accentText = "#081220";
    c.good = "#3fc380";
    c.warning = "#f0b429";
    c.bad = "#ff6b6b";
    c.series = seriesColours(true);
    c.bits = bitColours(true);
    c.bitsFull = "#ffffff";
    return c;
}

Colours lightColours()
{
    Colours c;
    c.window = "#f2f4f7";
    c.panel = "#f9fafb";
    c.base = "#ffffff";
    c.raised = "#ffffff";
    c.text = "#1b2028";
    c.muted = "#57606e";
    c.faint = "#98a1af";
    c.border = "#d3d9e1";
    c.grid = "#e6e9ee";
    c.accent = "#1668c7";
    c.accentText = "#ffffff";
    c.good = "#157f4b";
    c.warning = "#9a6700";
    c.bad = "#c62b2b";
    c.series = seriesColours(false);
    c.bits = bitColours(false);
    c.bitsFull = "#1b2028";
    return c;
}

constexpr auto kPortal = "org.freedesktop.portal.Desktop";
constexpr auto kPortalPath = "/org/freedesktop/portal/desktop";
constexpr auto kPortalSettings = "org.freedesktop.portal.Settings";
constexpr auto kAppearance = "org.freedesktop.appearance";

bool isPaletteDark()
{
    return QApplication::palette().color(QPalette::Window).lightness() < 128;
}

/// In this role, which Theme::palette() leaves alone, the application's palette shows the platform's own, whatever lies over the others.
QColor untouchedColour()
{
    return QApplication::palette().color(QPalette::Midlight);
}

} // namespace

QColor Colours::heat(double share) const
{
    // Strong enough at the first step to be told from the background.
    return mixed(base, series.front(), std::clamp(std::sqrt(std::max(0.0, share)), 0.0, 1.0));
}

QColor Colours::difference(double share) const
{
    return mixed(base, share < 0 ? series[5] : series[0], std::clamp(std::abs(share), 0.0, 1.0));
}

QColor Colours::ofBits(int width) const
{
    return width >= 0 && width < static_cast<int>(bits.size()) ? bits[static_cast<std::size_t>(width)] : bitsFull;
}

QColor Colours::writingOn(const QColor& background)
{
    const double luminance = qGray(background.rgb()) / 255.0;
    return luminance > 0.55 ? QColor("#10131a") : QColor("#ffffff");
}

Theme::Theme(QObject* parent)
    : QObject(parent)
    , m_platformDark(isPaletteDark())
    , m_dark(m_platformDark)
    , m_colours(m_dark ? darkColours() : lightColours())
{
    loadResources();
    follow();
    QMetaObject::invokeMethod(this, &Theme::watchPlatform, Qt::QueuedConnection); // after the program's own start
    QDBusConnection::sessionBus().connect(
        kPortal, kPortalPath, kPortalSettings, "SettingChanged", this, SLOT(portalChanged(QString, QString, QDBusVariant)));
}

void Theme::choose(Choice choice)
{
    m_choice = choice;
    if (choice == Choice::System)
        follow();
    else
        apply(choice == Choice::Dark);
}

void Theme::watchPlatform()
{
    m_untouched = untouchedColour();
    qApp->installEventFilter(this);
}

bool Theme::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == qApp && event->type() == QEvent::ApplicationPaletteChange && untouchedColour() != m_untouched) {
        m_untouched = untouchedColour();
        QMetaObject::invokeMethod(this, &Theme::askPlatform, Qt::QueuedConnection);
    }
    return QObject::eventFilter(watched, event);
}

/// Takes the application's palette away for a moment: what lies below is the platform's.
void Theme::askPlatform()
{
    const QPalette ours = QApplication::palette();
    QApplication::setPalette({});
    const bool dark = isPaletteDark();
    QApplication::setPalette(ours);
    if (std::exchange(m_platformDark, dark) != dark && m_choice == Choice::System)
        follow();
}

/// Asks the desktop without waiting for it.
void Theme::follow()
{
    apply(m_platformDark);
    QDBusMessage question = QDBusMessage::createMethodCall(kPortal, kPortalPath, kPortalSettings, "Read");
    question << QString(kAppearance) << QStringLiteral("color-scheme");
    auto* watcher = new QDBusPendingCallWatcher(QDBusConnection::sessionBus().asyncCall(question), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher] {
        const QDBusPendingReply<QVariant> reply = *watcher;
        watcher->deleteLater();
        if (!reply.isError())
            portalChanged(kAppearance, QStringLiteral("color-scheme"), QDBusVariant(reply.value()));
    });
}

void Theme::portalChanged(const QString& group, const QString& key, const QDBusVariant& value)
{
    if (group != QLatin1String(kAppearance) || key != QLatin1String("color-scheme"))
        return;
    QVariant inner = value.variant();
    while (inner.canConvert<QDBusVariant>())
        inner = inner.value<QDBusVariant>().variant();
    const uint wanted = inner.toUInt(); // 1: dark, 2: light, 0: no preference
    if (wanted != 1 && wanted != 2)
        return;
    m_platformDark = wanted == 1; // remembered also while another look is chosen
    if (m_choice == Choice::System)
        apply(m_platformDark);
}

void Theme::apply(bool dark)
{
    m_dark = dark;
    m_colours = dark ? darkColours() : lightColours();
    emit changed();
}

QPalette Theme::palette() const
{
    const Colours& c = m_colours;
    QPalette palette;
    const std::array<std::pair<QPalette::ColorRole, QColor>, 14> roles { { { QPalette::Window, c.window }, { QPalette::WindowText, c.text },
        { QPalette::Base, c.base }, { QPalette::AlternateBase, c.panel }, { QPalette::Text, c.text }, { QPalette::Button, c.raised },
        { QPalette::ButtonText, c.text }, { QPalette::BrightText, c.bad }, { QPalette::Highlight, c.accent },
        { QPalette::HighlightedText, c.accentText }, { QPalette::Link, c.accent }, { QPalette::ToolTipBase, c.raised },
        { QPalette::ToolTipText, c.text }, { QPalette::PlaceholderText, c.faint } } };
    for (const auto& [role, colour] : roles)
        palette.setColor(role, colour);
    for (const auto role : { QPalette::WindowText, QPalette::Text, QPalette::ButtonText })
        palette.setColor(QPalette::Disabled, role, c.faint);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, c.border);
    palette.setColor(QPalette::Light, c.raised.lighter(110));
    palette.setColor(QPalette::Mid, c.border);
    palette.setColor(QPalette::Dark, c.border.darker(120));
    palette.setColor(QPalette::Shadow, QColor("#000000"));
    return palette;
}

QString Theme::styleSheet() const
{
    const Colours& c = m_colours;
    QString sheet = QStringLiteral(R"(
QToolTip { color: @text; background: @raised; border: 1px solid @border; padding: 4px 6px; }
QMainWindow::separator { background: @border; width: 1px; height: 1px; }
QDockWidget { color: @muted; font-weight: 600; }
QDockWidget::title { background: @panel; padding: 6px 8px; border-bottom: 1px solid @border; }
QTabWidget::pane { border: none; border-top: 1px solid @border; }
QTabBar { background: @window; }
QTabBar::tab { background: transparent; color: @muted; padding: 7px 9px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: @text; border-bottom: 2px solid @accent; }
QTabBar::tab:hover { color: @text; }
QHeaderView::section { background: @panel; color: @muted; border: none; border-bottom: 1px solid @border; border-right: 1px solid @border; padding: 4px 6px; }
QTreeView, QTableView, QListView { border: none; background: @base; alternate-background-color: @panel; }
QTreeView::item, QListView::item { padding: 2px 0; }
QStatusBar { background: @panel; border-top: 1px solid @border; color: @muted; }
QMenuBar { background: @panel; border-bottom: 1px solid @border; }
QToolBar { background: @panel; border: none; spacing: 2px; }
QLineEdit, QPlainTextEdit { background: @base; border: 1px solid @border; border-radius: 4px; padding: 3px 6px; selection-background-color: @accent; selection-color: @accentText; }
QLineEdit:focus, QPlainTextEdit:focus { border: 1px solid @accent; }
QAbstractSpinBox { background: @base; border: 1px solid @border; border-radius: 4px; padding: 3px 2px 3px 6px; selection-background-color: @accent; selection-color: @accentText; }
QAbstractSpinBox:focus { border: 1px solid @accent; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; width: 16px; }
QAbstractSpinBox::up-arrow { image: url(:/icons/spin-up.svg); width: 9px; height: 9px; }
QAbstractSpinBox::down-arrow { image: url(:/icons/spin-down.svg); width: 9px; height: 9px; }
QPushButton { background: @raised; border: 1px solid @border; border-radius: 4px; padding: 5px 14px; }
QPushButton:hover, QPushButton:focus { border-color: @accent; }
QPushButton:default { background: @accent; color: @accentText; border-color: @accent; }
QPushButton:disabled { color: @faint; background: @panel; border-color: @border; }
QToolButton { border: none; border-radius: 4px; padding: 4px; }
QToolButton:hover, QToolButton:focus { background: @raised; }
QToolButton[framed="true"] { background: @raised; border: 1px solid @border; padding: 4px 10px; }
QToolButton[framed="true"]:hover, QToolButton[framed="true"]:focus { border-color: @accent; }
QToolButton[framed="true"]:disabled { color: @faint; background: @panel; }
QToolButton:checked { background: @raised; border: 1px solid @accent; }
QProgressBar { background: @base; border: 1px solid @border; border-radius: 4px; text-align: center; color: @text; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
QScrollBar:vertical { background: transparent; width: 11px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 11px; margin: 0; }
QScrollBar::handle { background: @border; border-radius: 4px; min-width: 24px; min-height: 24px; margin: 2px; }
QScrollBar::handle:hover { background: @faint; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QCheckBox::indicator, QTreeView::indicator { width: 13px; height: 13px; border: 1px solid @faint; border-radius: 3px; background: @base; }
QCheckBox::indicator:checked { background: @accent; border-color: @accent; image: url(:/icons/check.svg); }
QCheckBox::indicator:focus { border-color: @accent; }
QCheckBox::indicator:disabled { border-color: @border; }
QFrame#palette { background: @raised; border: 1px solid @faint; border-radius: 8px; }
QLabel#drop-overlay { background: @panel; color: @text; border: 2px dashed @accent; border-radius: 12px; }
QLabel#hint { color: @muted; padding: 40px; }
QLabel#heading { font-weight: 600; }
QLabel#muted { color: @muted; }
QLabel#bad { color: @bad; }
)");
    const std::array<std::pair<const char*, QColor>, 11> names { { { "@accentText", c.accentText }, { "@accent", c.accent },
        { "@window", c.window }, { "@panel", c.panel }, { "@base", c.base }, { "@raised", c.raised }, { "@text", c.text },
        { "@muted", c.muted }, { "@faint", c.faint }, { "@border", c.border }, { "@bad", c.bad } } };
    for (const auto& [name, colour] : names)
        sheet.replace(QLatin1String(name), colour.name());
    return sheet;
}

} // namespace bitscape::ui
