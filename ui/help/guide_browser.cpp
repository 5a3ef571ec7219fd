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

constexpr int kWidest = 924; ///< that a page makes use of, in pixels

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
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn); // one that comes and goes would change the width each time
    connect(this, &QTextBrowser::sourceChanged, this, [this](const QUrl& address) { // going back comes by here only
        m_address = address;
        dress();
        emit opened();
    });
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
    return QFileInfo(m_address.path()).completeBaseName();
}

QVariant GuideBrowser::loadResource(int type, const QUrl& name)
{
    if (type == QTextDocument::MarkdownResource || type == QTextDocument::HtmlResource)
        return guideText(QFileInfo(name.path()).completeBaseName()).toUtf8();
    return type == QTextDocument::ImageResource ? picture(name) : QTextBrowser::loadResource(type, name);
}

/// Every picture is there twice.
QImage GuideBrowser::picture(const QUrl& name) const
{
    QString path = QLatin1Char(':') + m_address.resolved(name).path();
    if (m_theme.isDark())
        path.replace(QStringLiteral("-light."), QStringLiteral("-dark."));
    return QImage(path).convertToFormat(QImage::Format_RGB32); // a palette would be dithered when scaled
}

/// A page gets its anchors only after it was read, so its own is looked for then.
void GuideBrowser::doSetSource(const QUrl& name, QTextDocument::ResourceType type)
{
    m_address = name;
    QTextBrowser::doSetSource(name, type);
    if (name.hasFragment())
        scrollToAnchor(name.fragment());
}

/// Not at once: the document may be about to be read.
void GuideBrowser::resizeEvent(QResizeEvent* event)
{
    QTextBrowser::resizeEvent(event);
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (!m_address.isEmpty() && std::min(viewport()->width(), kWidest) != m_dressedWidth)
                dress();
        },
        Qt::QueuedConnection);
}

void GuideBrowser::dress()
{
    m_dressedWidth = std::min(viewport()->width(), kWidest);
    dressGuide(
        *document(), m_theme.colours(), { [this](const QUrl& name) { return picture(name); }, m_dressedWidth - 48, devicePixelRatioF() });
    document()->setModified(false);
    markWords(m_words);
}

void GuideBrowser::resizeText(int points)
{
    zoomIn(points);
    dress();
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
