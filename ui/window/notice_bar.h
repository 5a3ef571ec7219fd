// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/style/theme.h"

#include <QFrame>
#include <QString>

#include <functional>
#include <vector>

class QHBoxLayout;
class QLabel;
class QVBoxLayout;

namespace bitscape::ui {

/// Something that the person should know or may decide, above the documents, without stopping anything.
struct Notice {
    enum class Kind { Info, Warning, Error };
    struct Choice {
        QString text;
        std::function<void()> chosen;
    };
    QString id; ///< a notice of the same id takes its place
    Kind kind = Kind::Info;
    QString text;
    std::vector<Choice> choices; ///< buttons; each takes the notice away
};

/// The notices of a window, the newest on top, at most four; each can be dismissed.
class NoticeBar final : public QWidget {
    Q_OBJECT
public:
    explicit NoticeBar(const Theme& theme, QWidget* parent = nullptr);

    void show(const Notice& notice);
    void dismiss(const QString& id);
    int count() const;

private:
    QFrame* rowFor(const Notice& notice);
    void rebuild();

    const Theme& m_theme;
    QVBoxLayout* m_rows;
    std::vector<Notice> m_notices; ///< in the order of their rows
};

} // namespace bitscape::ui
