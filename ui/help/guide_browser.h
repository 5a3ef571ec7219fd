// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QImage>
#include <QTextBrowser>
#include <QUrl>

namespace bitscape::ui {

/// Shows pages of the guide, with history. Links to the web open outside.
class GuideBrowser final : public QTextBrowser {
    Q_OBJECT
public:
    explicit GuideBrowser(const Theme& theme, QWidget* parent = nullptr);

    /// "view-bitmap", or with an anchor "parameters#step"; a page that there is not is the first one.
    void open(const QString& topic);
    /// The page that is shown: "view-bitmap".
    QString page() const;
    const QUrl& address() const { return m_address; }
    /// Larger by so many points, or smaller.
    void resizeText(int points);
    /// Marks these words wherever they stand in the page; none: marks nothing.
    void markWords(const QStringList& words);

    QVariant loadResource(int type, const QUrl& name) override;

signals:
    /// page() is another one, or another place of the same.
    void opened();

protected:
    void doSetSource(const QUrl& name, QTextDocument::ResourceType type) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QImage picture(const QUrl& name) const;
    void dress();

    const Theme& m_theme;
    QUrl m_address; ///< known earlier than source(), which is the last page while one is being read
    QStringList m_words;
    int m_dressedWidth = 0;
};

} // namespace bitscape::ui
