// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"
#include "ui/views/sample_images.h"

#include <QStringList>
#include <QWidget>

#include <utility>

namespace bitscape::ui {

/// Sample images, a row per class behind its name, wrapped where there is no room. A click on a class picks it; the arrows up and down do
/// the same.
class SampleGrid final : public QWidget {
    Q_OBJECT
public:
    explicit SampleGrid(const Theme& theme, QWidget* parent = nullptr);

    void setImages(SampleImages images, const QStringList& classNames);
    const SampleImages& images() const { return m_images; }
    /// -1: none.
    void selectClass(int number);
    int selectedClass() const { return m_selected; }

    /// Where an image, or all of a class, is drawn.
    QRect imageRect(int classNumber, int image) const;
    QRect classRect(int classNumber) const;
    /// Class and image at a place; image -1 beside the images, class -1 outside.
    std::pair<int, int> at(const QPoint& place) const;
    QString tooltipAt(const QPoint& place) const;

signals:
    void classClicked(int number);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    int perClass() const;
    int columns() const;
    void measure();

    const Theme& m_theme;
    SampleImages m_images;
    QStringList m_names;
    int m_selected = -1;
    QSize m_shown; ///< of one image
    int m_nameWidth = 0;
    int m_classHeight = 0;
};

} // namespace bitscape::ui
