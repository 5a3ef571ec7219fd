// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <functional>

class QWidget;

namespace bitscape::ui {

/// Writes a file whole or not at all. Throws Error(Store) with what to do about it; what was there before is then still there.
void writeWhole(const QString& path, const QByteArray& bytes);

/// Does `work` on another thread and then, in the GUI thread, `done`, or tells over `owner` in a sentence what the work threw as an
/// Error. Nothing of either where the owner has gone meanwhile.
void inBackground(QWidget& owner, std::function<void()> work, std::function<void()> done = {});

/// A box over the owner: something was not saved.
void tellNotSaved(QWidget& owner, const QString& sentence);

} // namespace bitscape::ui
