// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/settings.h"

#include <QMetaEnum>
#include <QSettings>
#include <QThread>

#include <algorithm>

namespace bitscape::ui {
namespace {

constexpr int kMostWorkers = 64, kThreadsPerWorker = 4, kUsualRecent = 12, kMostRecent = 50;
const QString kTheme = QStringLiteral("theme"), kWorkers = QStringLiteral("workers"), kOnClose = QStringLiteral("on_close"),
              kDataFolder = QStringLiteral("data_folder"), kRecent = QStringLiteral("recent_projects");

/// An enumerator by its stored word; `fallback` for any other.
template <typename Enum> Enum wordAs(const QVariant& word, Enum fallback)
{
    bool known = false;
    const int value = QMetaEnum::fromType<Enum>().keyToValue(word.toString().toLatin1().constData(), &known);
    return known ? static_cast<Enum>(value) : fallback;
}

template <typename Enum> QString wordFor(Enum value)
{
    return QString::fromLatin1(QMetaEnum::fromType<Enum>().valueToKey(static_cast<int>(value)));
}

} // namespace

Settings::Settings(QSettings& store, QObject* parent)
    : QObject(parent)
    , m_store(store)
{
}

void Settings::put(const QString& key, const QVariant& value)
{
    if (m_store.value(key) == value)
        return;
    m_store.setValue(key, value);
    emit changed();
}

Theme::Choice Settings::theme() const
{
    return wordAs(m_store.value(kTheme), Theme::Choice::System);
}

void Settings::setTheme(Theme::Choice choice)
{
    put(kTheme, wordFor(choice));
}

int Settings::workers() const
{
    const int usual = std::max(1, QThread::idealThreadCount() / kThreadsPerWorker);
    return std::clamp(m_store.value(kWorkers, usual).toInt(), 1, kMostWorkers);
}

void Settings::setWorkers(int workers)
{
    put(kWorkers, std::clamp(workers, 1, kMostWorkers));
}

Settings::OnClose Settings::onClose() const
{
    return wordAs(m_store.value(kOnClose), OnClose::Ask);
}

void Settings::setOnClose(OnClose what)
{
    put(kOnClose, wordFor(what));
}

int Settings::recentProjects() const
{
    return std::clamp(m_store.value(kRecent, kUsualRecent).toInt(), 0, kMostRecent);
}

void Settings::setRecentProjects(int count)
{
    put(kRecent, std::clamp(count, 0, kMostRecent));
}

QString Settings::dataFolder() const
{
    return m_store.value(kDataFolder).toString();
}

void Settings::setDataFolder(const QString& folder)
{
    put(kDataFolder, folder);
}

} // namespace bitscape::ui
