// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QObject>
#include <QPalette>
#include <QString>

#include <vector>

class QDBusVariant;

namespace bitscape::ui {

/// Every colour that Bitscape draws with. One set for dark and one for light; both are safe for colour blindness.
struct Colours {
    QColor window, panel, base, raised; ///< backgrounds: behind everything, docks, lists and plots, buttons
    QColor text, muted, faint;          ///< writing, secondary writing, what is switched off
    QColor border, grid;                ///< lines between areas; lines in plots
    QColor accent, accentText;          ///< selection, primary buttons, links
    QColor good, warning, bad;          ///< always with a word or sign beside them
    std::vector<QColor> series;         ///< curves, in order
    std::vector<QColor> bits;           ///< by bit-width 0..8; 0 is drawn struck out too
    QColor bitsFull;                    ///< 32 bits
    /// A colour for a share 0..1, from the background to strong, even to the eye.
    QColor heat(double share) const;
    /// For -1..1, around the background.
    QColor difference(double share) const;
    /// Of a bit-width 0..8 or 32.
    QColor ofBits(int bits) const;
    /// Black or white, whichever is read better on `background`.
    static QColor writingOn(const QColor& background);
};

/// The look of the studio: follows the system or is set (`Choice`); tells when it changes so that what is painted can be painted anew.
class Theme final : public QObject {
    Q_OBJECT
public:
    enum class Choice { System, Light, Dark };
    Q_ENUM(Choice)

    /// Is made before anybody gives the application a palette or style: it looks at the platform's own.
    explicit Theme(QObject* parent = nullptr);

    Choice choice() const { return m_choice; }
    void choose(Choice choice);
    bool isDark() const { return m_dark; }
    const Colours& colours() const { return m_colours; }
    QPalette palette() const;
    /// The application's style sheet: spacing and shape, every colour from colours().
    QString styleSheet() const;
    /// One of resources/icons/NAME.svg in the theme's text colour, sharp at every scale. Is drawn in the theme of the moment.
    QIcon icon(const QString& name) const;

signals:
    void changed();

protected:
    /// Hears of the platform's own palette.
    bool eventFilter(QObject* watched, QEvent* event) override;

private slots:
    void portalChanged(const QString& group, const QString& key, const QDBusVariant& value);

private:
    void watchPlatform();
    void askPlatform();
    void follow();
    void apply(bool dark);

    Choice m_choice = Choice::System;
    bool m_platformDark = false; ///< what there is to go by where no desktop portal answers
    QColor m_untouched;          ///< the platform's colour in the role that palette() leaves alone, as last seen
    bool m_dark = false;
    Colours m_colours;
};

} // namespace bitscape::ui
