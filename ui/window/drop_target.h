// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QUrl>

class QLabel;
class QMimeData;
class QWidget;

namespace bitscape::ui {

/// What a thing dropped onto the window is to become.
struct Drop {
    enum class Kind { Nothing, Project, Model, Dataset };
    Kind kind = Kind::Nothing;
    QString path;
    bool operator==(const Drop&) const = default;
};

/// Of the first local file or folder: by its extension; a folder (`isFolder`), .gz, .bin and idx files are data sets.
Drop dropOf(const QList<QUrl>& urls, bool isFolder);

/// Lets a window take files that are dropped onto it, and says what would become of them while they hover.
class DropTarget final : public QObject {
    Q_OBJECT
public:
    /// Models and data sets are only taken while `takesAll()` was last told true: where a project is open.
    explicit DropTarget(QWidget& window);
    void takeAll(bool all) { m_all = all; }

signals:
    void dropped(const bitscape::ui::Drop& drop);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    Drop acceptable(const QMimeData& data) const;
    void hover(const Drop& drop);

    QWidget& m_window;
    QLabel* m_overlay;
    bool m_all = false;
};

} // namespace bitscape::ui
