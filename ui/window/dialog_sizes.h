// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QDialog;
class QSettings;

namespace bitscape::ui {

/// Opens a dialog in the size that it was last left with, by its objectName, and keeps the size that it is left with. It deletes itself.
/// `store` outlives the dialog.
void openDialog(QDialog& dialog, QSettings& store);

} // namespace bitscape::ui
