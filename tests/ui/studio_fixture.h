// SPDX-License-Identifier: GPL-3.0-or-later
// A studio offscreen, worked with by real clicks and keys.
#pragma once

#include "ui/window/main_window.h"
#include "ui/window/studio.h"
#include "ui/window/view_tabs.h"
#include "ui/window/workbench.h"

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QLineEdit>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace studio_test {

using namespace bitscape;
using namespace bitscape::ui;

constexpr int kPatienceMs = 60000;

/// How long the interface's thread spent on each event: the watchdog of "never blocked".
class TimedApplication final : public QApplication {
public:
    using QApplication::QApplication;

    bool notify(QObject* receiver, QEvent* event) override
    {
        const bool outermost = m_depth++ == 0;
        QElapsedTimer timer;
        timer.start();
        const QEvent::Type type = event->type();
        const QByteArray who = receiver->metaObject()->className();
        const bool result = QApplication::notify(receiver, event);
        --m_depth;
        if (outermost && timer.elapsed() > m_longestMs) {
            m_longestMs = timer.elapsed();
            m_longest = who + ", event " + QByteArray::number(type);
        }
        return result;
    }

    qint64 longestMs() const { return m_longestMs; }
    const QByteArray& longest() const { return m_longest; }
    void forget() { m_longestMs = 0; }

private:
    int m_depth = 0;
    qint64 m_longestMs = 0;
    QByteArray m_longest;
};

/// The visible dialog of a name; null while there is none.
template <typename Dialog = QDialog> Dialog* dialog(const char* name)
{
    for (QWidget* widget : QApplication::topLevelWidgets()) {
        if (widget->isVisible() && widget->objectName() == QLatin1String(name))
            return qobject_cast<Dialog*>(widget);
    }
    return nullptr;
}

inline void click(QWidget* widget)
{
    QVERIFY(widget != nullptr);
    QVERIFY2(widget->isEnabled(), qPrintable(widget->objectName()));
    QTest::mouseClick(widget, Qt::LeftButton);
}

template <typename Widget = QWidget> Widget* in(QWidget& parent, const char* name)
{
    return parent.findChild<Widget*>(QLatin1String(name));
}

/// Types over what stands in a line.
inline void type(QLineEdit* line, const QString& text)
{
    QVERIFY(line != nullptr);
    line->setFocus();
    line->selectAll();
    QTest::keyClicks(line, text);
}

/// Chooses an entry of a combo box by keys, as a person would.
inline void choose(QComboBox* combo, const QString& text)
{
    QVERIFY(combo != nullptr);
    combo->setFocus();
    QTest::keyClick(combo, Qt::Key_Home);
    while (!combo->currentText().startsWith(text) && combo->currentIndex() < combo->count() - 1)
        QTest::keyClick(combo, Qt::Key_Down);
    QVERIFY2(combo->currentText().startsWith(text), qPrintable(text));
}

/// A folder, settings of its own, and a studio on them.
struct Place {
    QTemporaryDir folder;
    std::unique_ptr<QSettings> store;
    std::unique_ptr<Studio> studio;

    Place()
        : store(std::make_unique<QSettings>(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat))
    {
        start();
    }
    void start() { studio = std::make_unique<Studio>(*store); }
    QString path(const QString& name) const { return folder.filePath(name); }
};

} // namespace studio_test
