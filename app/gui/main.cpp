// SPDX-License-Identifier: GPL-3.0-or-later
// bitscape [PROJECT]: the studio.
#include "ui/window/main_window.h"
#include "ui/window/studio.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QSettings>

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("bitscape"));
    QApplication::setApplicationDisplayName(QStringLiteral("Bitscape"));
    QApplication::setOrganizationName(QStringLiteral("bitscape"));
    QApplication::setApplicationVersion(QStringLiteral(BITSCAPE_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("bitscape"));

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("main", "Explores how few bits and how few multiply-accumulates a trained network can do with."));
    parser.addHelpOption();
    parser.addVersionOption();
    parser.addPositionalArgument(
        QStringLiteral("PROJECT"), QCoreApplication::translate("main", "project file to open"), QStringLiteral("[PROJECT...]"));
    parser.process(application);

    QSettings store;
    bitscape::ui::Studio studio(store);
    bool shown = parser.positionalArguments().isEmpty();
    if (shown)
        studio.newWindow();
    for (const QString& path : parser.positionalArguments())
        shown = studio.openProject(path, bitscape::ui::ProjectThread::Mode::Open) != nullptr || shown;
    return shown ? QApplication::exec() : 0; // another process shows the project
}
