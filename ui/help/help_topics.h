// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

class QWidget;

namespace bitscape::ui {

/// The topic that belongs to a widget: "parameters#step" for a field of a form, "view-bitmap" for anything in that view, the first page
/// where nothing else fits, or for null.
QString helpTopic(const QWidget* widget);

/// Asks for a topic on behalf of a widget: whoever watches with a HelpKey is told.
void askForHelp(QWidget& widget, const QString& topic);

/// Watches the application for F1 in any window, dialogs too, and for askForHelp().
class HelpKey final : public QObject {
    Q_OBJECT
public:
    explicit HelpKey(QObject* parent = nullptr);

signals:
    void wanted(const QString& topic);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
};

} // namespace bitscape::ui
