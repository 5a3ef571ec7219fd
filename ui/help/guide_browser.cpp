// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/help/guide_browser.h"

#include "ui/help/guide.h"
#include "ui/help/guide_look.h"

#include <QFileInfo>
#include <QImage>
#include <QScrollBar>
#include <QTextCursor>

#include <algorithm>

namespace bitscape::ui {
namespace {

constexpr int kWidest = 900; ///< of a picture, in pixels

QUrl urlOf(const QString& topic)
{
    const QString id = topic.section(QLatin1Char('#'), 0, 0).remove(QStringLiteral(".md")), anchor = topic.section(QLatin1Char('#'), 1);
    const bool known = std::ranges::find(guidePages(), id, &GuidePage::id) != guidePages().end();
    QUrl url(QStringLiteral("qrc:/help/%1.md").arg(known ? id : guidePages().front().id));
    url.setFragment(known ? anchor : QString());
    return url;
}

} // namespace

GuideBrowser::GuideBrowser(const Theme& theme, QWidget* parent)
    : QTextBrowser(parent)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("guide"));
    setAccessibleName(tr("Guide"));
    setFrameShape(QFrame::NoFrame);
    setOpenExternalLinks(true);
    connect(&theme, &Theme::changed, this, [this] {
        if (source().isEmpty())
            return;
        const int place = verticalScrollBar()->value();
        reload();
        verticalScrollBar()->setValue(place);
    });
}

void GuideBrowser::open(const QString& topic)
{
    setSource(urlOf(topic));
}

QString GuideBrowser::page() const
{
    return QFileInfo(source().path()).completeBaseName();
}

QVariant GuideBrowser::loadResource(int type, const QUrl& name)
{
    const QUrl whole = source().isEmpty() ? name : source().resolved(name);
    if (type == QTextDocument::MarkdownResource || type == QTextDocument::HtmlResource)
        return guideText(QFileInfo(whole.path()).completeBaseName()).toUtf8();
    if (type == QTextDocument::ImageResource) {
        QString path = QLatin1Char(':') + whole.path();
        if (m_theme.isDark()) // every picture is there twice
            path.replace(QStringLiteral("-light."), QStringLiteral("-dark."));
        return QImage(path);
    }
    return QTextBrowser::loadResource(type, name);
}

/// A page gets its anchors only after it was read, so its own is looked for then.
void GuideBrowser::doSetSource(const QUrl& name, QTextDocument::ResourceType type)
{
    QTextBrowser::doSetSource(name, type);
    dress();
    if (name.hasFragment())
        scrollToAnchor(name.fragment());
}

void GuideBrowser::resizeEvent(QResizeEvent* event)
{
    QTextBrowser::resizeEvent(event);
    if (!source().isEmpty() && std::min(viewport()->width(), kWidest) != m_dressedWidth)
        dress();
}

void GuideBrowser::dress()
{
    m_dressedWidth = std::min(viewport()->width(), kWidest);
    dressGuide(*document(), m_theme.colours(), m_dressedWidth - 48);
    document()->setModified(false);
    markWords(m_words);
}

void GuideBrowser::markWords(const QStringList& words)
{
    m_words = words;
    QList<ExtraSelection> marks;
    QTextCharFormat look;
    look.setBackground(m_theme.colours().warning);
    look.setForeground(Colours::writingOn(m_theme.colours().warning));
    for (const QString& word : words) {
        for (QTextCursor found = document()->find(word); !found.isNull(); found = document()->find(word, found))
            marks.push_back({ found, look });
    }
    setExtraSelections(marks);
}

} // namespace bitscape::ui
