// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/file_writing.h"

#include "core/base/error.h"

#include <QCoreApplication>
#include <QMessageBox>
#include <QPointer>
#include <QSaveFile>
#include <QThreadPool>

namespace bitscape::ui {

void writeWhole(const QString& path, const QByteArray& bytes)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        throw Error(ErrorCode::Store,
            QCoreApplication::translate("FileWriting", "%1 cannot be written: %2. Choose another place.")
                .arg(path, file.errorString())
                .toStdString());
}

void inBackground(QWidget& owner, std::function<void()> work, std::function<void()> done)
{
    QThreadPool::globalInstance()->start([work = std::move(work), done = std::move(done), owner = QPointer(&owner)] {
        QString failure;
        try {
            work();
        } catch (const Error& error) {
            failure = QString::fromUtf8(error.what());
        }
        const auto tell = [owner, failure, done] {
            if (owner && !failure.isEmpty())
                tellNotSaved(*owner, failure);
            else if (owner && done)
                done();
        };
        QMetaObject::invokeMethod(qApp, tell, Qt::QueuedConnection);
    });
}

void tellNotSaved(QWidget& owner, const QString& sentence)
{
    auto* box
        = new QMessageBox(QMessageBox::Warning, QCoreApplication::translate("FileWriting", "Not saved"), sentence, QMessageBox::Ok, &owner);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

} // namespace bitscape::ui
