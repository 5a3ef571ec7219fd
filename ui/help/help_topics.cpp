// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/help/help_topics.h"

#include "ui/help/guide.h"

#include <QApplication>
#include <QKeyEvent>
#include <QWhatsThisClickedEvent>
#include <QWidget>

#include <algorithm>
#include <array>
#include <utility>

namespace bitscape::ui {
namespace {

/// By the name of a widget, or of one that it lies in. Views are called as their pages are.
constexpr std::array<std::pair<const char*, const char*>, 18> kTopics { { { "add-model", "models" },
    { "add-subnets", "models#subnets-as-a-network" }, { "add-dataset", "data" }, { "new-run", "runs" }, { "save-preset", "runs#presets" },
    { "remove-preset", "runs#presets" }, { "export", "export" }, { "settings", "window#settings" }, { "project-file", "first-steps" },
    { "palette", "window#keys" }, { "close-question", "jobs" }, { "dock-project", "runs#the-list-of-runs" },
    { "dock-inspector", "window#the-inspector" }, { "dock-jobs", "jobs" }, { "dock-log", "jobs#the-log" }, { "models", "models" },
    { "datasets", "data" }, { "welcome-example", "first-steps" } } };

QString topicNamed(const QString& name)
{
    constexpr QLatin1String parameter("parameter-"), view("view-");
    if (name.startsWith(parameter) && name != QLatin1String("parameter-filter"))
        return QStringLiteral("parameters#") + name.mid(parameter.size());
    if (name.startsWith(view)) {
        const QString page = view + name.section(QLatin1Char('-'), 1, 1);
        return std::ranges::find(guidePages(), page, &GuidePage::id) == guidePages().end() ? QString() : page;
    }
    const auto found = std::ranges::find_if(kTopics, [&](const auto& entry) { return name == QLatin1String(entry.first); });
    return found == kTopics.end() ? QString() : QString::fromLatin1(found->second);
}

} // namespace

QString helpTopic(const QWidget* widget)
{
    for (; widget; widget = widget->parentWidget()) {
        if (const QString topic = topicNamed(widget->objectName()); !topic.isEmpty())
            return topic;
    }
    return guidePages().front().id;
}

void askForHelp(QWidget& widget, const QString& topic)
{
    QWhatsThisClickedEvent event(topic);
    QCoreApplication::sendEvent(&widget, &event);
}

HelpKey::HelpKey(QObject* parent)
    : QObject(parent)
{
    qApp->installEventFilter(this);
}

bool HelpKey::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::WhatsThisClicked) {
        emit wanted(static_cast<QWhatsThisClickedEvent*>(event)->href());
        return true;
    }
    const bool isPressed = event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->matches(QKeySequence::HelpContents);
    auto* widget = qobject_cast<QWidget*>(watched);
    if (!isPressed || !widget)
        return QObject::eventFilter(watched, event);
    emit wanted(helpTopic(widget));
    return true;
}

} // namespace bitscape::ui
