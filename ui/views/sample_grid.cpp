// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/sample_grid.h"

#include "ui/plots/pointing.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>

namespace bitscape::ui {
namespace {

constexpr int kMargin = 8, kGap = 4, kClassGap = 8;
constexpr int kSide = 56;        ///< small images are enlarged by whole numbers to about this
constexpr int kLargestSide = 96; ///< larger ones are made smaller
constexpr int kMostNameWidth = 120;

QSize shownSize(const QSize& size)
{
    const int longest = std::max(size.width(), size.height());
    if (longest > kLargestSide)
        return size.scaled(kLargestSide, kLargestSide, Qt::KeepAspectRatio).expandedTo({ 1, 1 });
    return size * std::max(1, (kSide + longest / 2) / std::max(1, longest));
}

} // namespace

SampleGrid::SampleGrid(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setObjectName(QStringLiteral("sampleGrid"));
    setAccessibleName(tr("Sample images by class"));
    setFocusPolicy(Qt::StrongFocus);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void SampleGrid::setImages(SampleImages images, const QStringList& classNames)
{
    m_images = std::move(images);
    m_names = classNames;
    m_names.resize(static_cast<qsizetype>(m_images.classes.size()));
    m_selected = -1;
    measure();
}

void SampleGrid::measure()
{
    const bool any = perClass() > 0;
    m_shown = any ? shownSize(m_images.classes.front().front().size()) : QSize();
    int widest = 0;
    for (const QString& name : m_names)
        widest = std::max(widest, fontMetrics().horizontalAdvance(name));
    m_nameWidth = std::min(widest, kMostNameWidth) + 2 * kMargin;
    const int lines = any ? (perClass() + columns() - 1) / columns() : 0;
    m_classHeight = std::max(lines * (m_shown.height() + kGap) - kGap, fontMetrics().height()) + kClassGap;
    setMinimumHeight(any ? 2 * kMargin + static_cast<int>(m_images.classes.size()) * m_classHeight : 0);
    update();
}

int SampleGrid::perClass() const
{
    return m_images.classes.empty() ? 0 : static_cast<int>(m_images.classes.front().size());
}

int SampleGrid::columns() const
{
    return std::clamp((width() - m_nameWidth - kMargin + kGap) / (m_shown.width() + kGap), 1, std::max(1, perClass()));
}

QRect SampleGrid::imageRect(int classNumber, int image) const
{
    const int x = m_nameWidth + image % columns() * (m_shown.width() + kGap);
    const int y = kMargin + classNumber * m_classHeight + image / columns() * (m_shown.height() + kGap);
    return { QPoint(x, y), m_shown };
}

QRect SampleGrid::classRect(int classNumber) const
{
    return { 0, kMargin + classNumber * m_classHeight - kClassGap / 2, width(), m_classHeight };
}

std::pair<int, int> SampleGrid::at(const QPoint& place) const
{
    for (int m = 0; m < static_cast<int>(m_images.classes.size()); ++m) {
        if (!classRect(m).contains(place))
            continue;
        for (int i = 0; i < perClass(); ++i) {
            if (imageRect(m, i).contains(place))
                return { m, i };
        }
        return { m, -1 };
    }
    return { -1, -1 };
}

QString SampleGrid::tooltipAt(const QPoint& place) const
{
    const auto [number, image] = at(place);
    if (number < 0)
        return {};
    const QString name = tr("class %1: %2").arg(number).arg(m_names[number]);
    return image < 0 ? name : tr("%1\nimage %2 of the class's first %3 in the training part").arg(name).arg(image + 1).arg(perClass());
}

void SampleGrid::selectClass(int number)
{
    m_selected = number < static_cast<int>(m_images.classes.size()) ? number : -1;
    setAccessibleDescription(m_selected < 0 ? QString() : tr("class %1: %2").arg(m_selected).arg(m_names[m_selected]));
    update();
}

void SampleGrid::paintEvent(QPaintEvent* event)
{
    QPainter painter(this);
    const Colours& colours = m_theme.colours();
    painter.fillRect(event->rect(), colours.base);
    for (int m = 0; m < static_cast<int>(m_images.classes.size()); ++m) {
        if (!classRect(m).intersects(event->rect()))
            continue;
        if (m == m_selected) {
            painter.fillRect(classRect(m), colours.panel);
            painter.fillRect(QRect(classRect(m).topLeft(), QSize(3, m_classHeight)), colours.accent);
        }
        painter.setPen(colours.text);
        const QRect name(kMargin, imageRect(m, 0).top(), m_nameWidth - 2 * kMargin + 1, std::max(m_shown.height(), fontMetrics().height()));
        painter.drawText(name, Qt::AlignLeft | Qt::AlignVCenter, fontMetrics().elidedText(m_names[m], Qt::ElideRight, name.width()));
        for (int i = 0; i < perClass(); ++i) {
            const QImage& image = m_images.classes[static_cast<std::size_t>(m)][static_cast<std::size_t>(i)];
            painter.setRenderHint(QPainter::SmoothPixmapTransform, m_shown.width() < image.width());
            painter.drawImage(imageRect(m, i), image);
        }
    }
    drawFocusFrame(painter, *this, colours);
}

void SampleGrid::resizeEvent(QResizeEvent*)
{
    measure();
}

void SampleGrid::mouseReleaseEvent(QMouseEvent* event)
{
    const int number = at(event->position().toPoint()).first;
    if (event->button() == Qt::LeftButton && number >= 0)
        emit classClicked(number);
}

void SampleGrid::keyPressEvent(QKeyEvent* event)
{
    const int by = event->key() == Qt::Key_Down ? 1 : event->key() == Qt::Key_Up ? -1 : 0;
    if (by == 0 || m_images.classes.empty())
        return QWidget::keyPressEvent(event);
    emit classClicked(std::clamp(m_selected + by, 0, static_cast<int>(m_images.classes.size()) - 1));
}

bool SampleGrid::event(QEvent* event)
{
    return answerTooltip(*this, *event, [this](const QPoint& place) { return Told { tooltipAt(place), {} }; }) || QWidget::event(event);
}

} // namespace bitscape::ui
