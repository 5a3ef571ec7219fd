// SPDX-License-Identifier: GPL-3.0-or-later
// Icons drawn from SVG in the theme's colours at whatever size and scale is asked for.
#include "ui/style/theme.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPointer>
#include <QSvgRenderer>

namespace bitscape::ui {
namespace {

class ThemeIconEngine final : public QIconEngine {
public:
    ThemeIconEngine(const Theme* theme, QByteArray svg)
        : m_theme(theme)
        , m_svg(std::move(svg))
    {
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        QByteArray svg = m_svg;
        if (m_theme) {
            const Colours& c = m_theme->colours();
            const QColor text = mode == QIcon::Disabled ? c.faint : mode == QIcon::Selected ? c.accentText : c.text;
            svg.replace("currentColor", text.name().toUtf8());
            svg.replace("accentColor", (mode == QIcon::Selected ? c.accentText : c.accent).name().toUtf8());
        }
        QSvgRenderer(svg).render(painter, rect);
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
    QPointer<const Theme> m_theme;
    QByteArray m_svg; ///< with "currentColor" and "accentColor" where the theme's colours go
};

} // namespace

QIcon Theme::icon(const QString& name) const
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    return file.open(QIODevice::ReadOnly) ? QIcon(new ThemeIconEngine(this, file.readAll())) : QIcon();
}

} // namespace bitscape::ui
