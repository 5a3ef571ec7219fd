// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/studio.h"

#include "ui/help/help_window.h"
#include "ui/window/main_window.h"
#include "ui/window/single_instance.h"

#include <QApplication>
#include <QFileInfo>
#include <QStyleFactory>

#include <algorithm>

namespace bitscape::ui {

Studio::Studio(QSettings& store, QObject* parent)
    : QObject(parent)
    , m_store(store)
    , m_settings(store)
    , m_recent(store)
{
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    connect(&m_theme, &Theme::changed, this, &Studio::applyTheme);
    connect(&m_helpKey, &HelpKey::wanted, this, &Studio::openHelp);
    connect(&m_settings, &Settings::changed, this, [this] {
        if (m_theme.choice() != m_settings.theme())
            m_theme.choose(m_settings.theme());
        m_recent.setLimit(m_settings.recentProjects());
    });
    m_recent.setLimit(m_settings.recentProjects());
    m_theme.choose(m_settings.theme());
    applyTheme();
}

Studio::~Studio()
{
    for (const QPointer<MainWindow>& window : m_windows)
        delete window.data();
}

void Studio::applyTheme()
{
    QApplication::setPalette(m_theme.palette());
    qApp->setStyleSheet(m_theme.styleSheet());
}

MainWindow* Studio::newWindow()
{
    auto* window = new MainWindow(*this);
    window->setAttribute(Qt::WA_DeleteOnClose);
    m_windows.emplace_back(window);
    window->show();
    return window;
}

MainWindow* Studio::openProject(const QString& path, ProjectThread::Mode mode, MainWindow* from)
{
    std::erase_if(m_windows, [](const QPointer<MainWindow>& window) { return window.isNull(); });
    const QString name = SingleInstance::serverName(path);
    for (const QPointer<MainWindow>& window : m_windows) {
        if (window->workspace() && SingleInstance::serverName(window->workspace()->document().path()) == name) {
            window->comeToFront();
            return window;
        }
    }
    auto instance = std::make_unique<SingleInstance>(path);
    if (!instance->claim())
        return nullptr; // another process has it and comes to the front
    MainWindow* window = from && !from->workspace() ? from : newWindow();
    window->openProject(QFileInfo(path).absoluteFilePath(), mode, std::move(instance));
    return window;
}

void Studio::openHelp(const QString& topic)
{
    if (!m_help)
        m_help = std::make_unique<HelpWindow>(m_theme, m_store);
    m_help->open(topic);
}

void Studio::quit()
{
    if (m_help)
        m_help->close();
    for (const QPointer<MainWindow>& window : std::vector<QPointer<MainWindow>>(m_windows)) {
        if (window)
            window->close();
    }
}

} // namespace bitscape::ui
