// SPDX-License-Identifier: GPL-3.0-or-later
// Icons drawn from SVG in the theme's colours at whatever size and scale is asked for.
#include "ui/style/theme.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QPointer>
#include <QSvgRenderer>

namespace bitscape::ui {
namespace {

QColor textColour(const Colours& colours, QIcon::Mode mode)
{
    return mode == QIcon::Disabled ? colours.faint : mode == QIcon::Selected ? colours.accentText : colours.text;
}

/// On a selected row the accent is the background.
QColor accentColour(const Colours& colours, QIcon::Mode mode)
{
    return mode == QIcon::Selected ? colours.accentText : colours.accent;
}

class ThemeIconEngine final : public QIconEngine {
public:
    ThemeIconEngine(const Theme* theme, QByteArray svg)
        : m_theme(theme)
        , m_svg(std::move(svg))
        , m_hash(qHash(m_svg))
    {
    }

    /// Drawn once per size and colour: lists paint the same few icons over and over.
    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const qreal scale = painter->device()->devicePixelRatioF();
        const QString text = m_theme ? textColour(m_theme->colours(), mode).name() : QString();
        const QString accent = m_theme ? accentColour(m_theme->colours(), mode).name() : QString();
        const QString key
            = QStringLiteral("icon %1 %2 %3 %4 %5 %6").arg(m_hash).arg(rect.width()).arg(rect.height()).arg(scale).arg(text, accent);
        QPixmap drawn;
        if (!QPixmapCache::find(key, &drawn)) {
            drawn = draw(rect.size(), scale, text.toUtf8(), accent.toUtf8());
            QPixmapCache::insert(key, drawn);
        }
        painter->drawPixmap(rect.topLeft(), drawn);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect({}, size), mode, state);
        return pixmap;
    }

    QIconEngine* clone() const override { return new ThemeIconEngine(*this); }

private:
    QPixmap draw(const QSize& size, qreal scale, const QByteArray& text, const QByteArray& accent) const
    {
        QByteArray svg = m_svg;
        if (!text.isEmpty())
            svg.replace("currentColor", text).replace("accentColor", accent);
        QPixmap drawn((QSizeF(size) * scale).toSize());
        drawn.setDevicePixelRatio(scale);
        drawn.fill(Qt::transparent);
        QPainter painter(&drawn);
        QSvgRenderer(svg).render(&painter, QRectF({}, size));
        return drawn;
    }

    QPointer<const Theme> m_theme;
    QByteArray m_svg; ///< with "currentColor" and "accentColor" where the theme's colours go
    std::size_t m_hash;
};

} // namespace

QIcon Theme::icon(const QString& name) const
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    return file.open(QIODevice::ReadOnly) ? QIcon(new ThemeIconEngine(this, file.readAll())) : QIcon();
}

} // namespace bitscape::ui
