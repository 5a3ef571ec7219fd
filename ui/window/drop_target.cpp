// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/drop_target.h"

#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QWidget>

#include <algorithm>

namespace bitscape::ui {

Drop dropOf(const QList<QUrl>& urls, bool isFolder)
{
    if (urls.isEmpty() || !urls.front().isLocalFile())
        return {};
    const QString path = urls.front().toLocalFile();
    if (isFolder)
        return { Drop::Kind::Dataset, path };
    const QString name = QFileInfo(path).fileName().toLower();
    const auto endsWithOneOf = [&](std::initializer_list<const char*> endings) {
        return std::any_of(endings.begin(), endings.end(), [&](const char* ending) { return name.endsWith(QLatin1String(ending)); });
    };
    if (endsWithOneOf({ ".bitscape" }))
        return { Drop::Kind::Project, path };
    if (endsWithOneOf({ ".pt", ".pth", ".ts", ".onnx" }))
        return { Drop::Kind::Model, path };
    if (endsWithOneOf({ ".gz", ".bin", "-ubyte" })) // one of several files: the folder is the data set
        return { Drop::Kind::Dataset, QFileInfo(path).path() };
    return {};
}

DropTarget::DropTarget(QWidget& window)
    : QObject(&window)
    , m_window(window)
    , m_overlay(new QLabel(&window))
{
    window.setAcceptDrops(true);
    window.installEventFilter(this);
    m_overlay->setObjectName(QStringLiteral("drop-overlay"));
    m_overlay->setAlignment(Qt::AlignCenter);
    m_overlay->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_overlay->hide();
}

bool DropTarget::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != &m_window)
        return false;
    if (event->type() == QEvent::DragEnter) {
        auto* drag = static_cast<QDragEnterEvent*>(event);
        const Drop drop = acceptable(*drag->mimeData());
        if (drop.kind != Drop::Kind::Nothing) {
            hover(drop);
            drag->acceptProposedAction();
            return true;
        }
    } else if (event->type() == QEvent::DragLeave) {
        m_overlay->hide();
    } else if (event->type() == QEvent::Drop) {
        auto* fall = static_cast<QDropEvent*>(event);
        m_overlay->hide();
        const Drop drop = acceptable(*fall->mimeData());
        if (drop.kind != Drop::Kind::Nothing) {
            fall->acceptProposedAction();
            emit dropped(drop);
            return true;
        }
    }
    return false;
}

Drop DropTarget::acceptable(const QMimeData& data) const
{
    const QList<QUrl> urls = data.urls();
    const Drop drop = dropOf(urls, !urls.isEmpty() && QFileInfo(urls.front().toLocalFile()).isDir());
    return drop.kind == Drop::Kind::Project || m_all ? drop : Drop {};
}

void DropTarget::hover(const Drop& drop)
{
    const QString name = QFileInfo(drop.path).fileName();
    m_overlay->setText(drop.kind == Drop::Kind::Project ? tr("Drop to open the project %1").arg(name)
            : drop.kind == Drop::Kind::Model            ? tr("Drop to add the model %1").arg(name)
                                                        : tr("Drop to add the data set in %1").arg(name));
    m_overlay->setGeometry(m_window.rect().adjusted(40, 40, -40, -40));
    m_overlay->raise();
    m_overlay->show();
}

} // namespace bitscape::ui
