// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/dialog_sizes.h"

#include <QDialog>
#include <QScreen>
#include <QSettings>

namespace bitscape::ui {

void openDialog(QDialog& dialog, QSettings& store)
{
    const QString key = QStringLiteral("dialogs/") + dialog.objectName();
    const QSize kept = store.value(key).toSize();
    if (kept.isValid()) // the screen may be a smaller one now
        dialog.resize(kept.boundedTo(dialog.screen()->availableSize()));
    dialog.setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(&dialog, &QDialog::finished, &dialog, [&dialog, &store, key] { store.setValue(key, dialog.size()); });
    dialog.open();
}

} // namespace bitscape::ui
