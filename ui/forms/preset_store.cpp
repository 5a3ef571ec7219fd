// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/forms/preset_store.h"

#include "ui/forms/run_choices.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

namespace bitscape::ui {

PresetStore::PresetStore(std::filesystem::path file, QObject* parent)
    : QObject(parent)
    , m_file(std::move(file))
{
    run([] {}, [] {});
}

const std::vector<Preset>& PresetStore::presets(RunKind kind) const
{
    static const std::vector<Preset> kNone;
    const auto found = m_presets.find(kind);
    return found == m_presets.end() ? kNone : found->second;
}

void PresetStore::save(RunKind kind, const std::string& name, const nlohmann::json& values)
{
    run([=, file = m_file] { saveOwnPreset(file, kind, name, values, Existing::Replace); },
        [=, this] { emit saved(kind, QString::fromStdString(name)); });
}

void PresetStore::remove(RunKind kind, const std::string& name)
{
    run([=, file = m_file] { removeOwnPreset(file, kind, name); }, [] {});
}

void PresetStore::run(std::function<void()> change, std::function<void()> then)
{
    const int question = ++m_asked;
    QThreadPool::globalInstance()->start(
        [self = QPointer(this), file = m_file, change = std::move(change), then = std::move(then), question] {
            All all;
            QString failure;
            try {
                change();
                for (const RunKind kind : offeredKinds())
                    all[kind] = ownPresets(file, kind);
            } catch (const std::exception& error) {
                failure = QString::fromUtf8(error.what());
            }
            QMetaObject::invokeMethod(qApp, [self, all, failure, then, question] {
                if (!self)
                    return;
                self->take(all, failure, question);
                if (failure.isEmpty())
                    then();
            });
        });
}

void PresetStore::take(const All& all, const QString& failure, int question)
{
    if (!failure.isEmpty()) {
        emit refused(failure);
    } else if (question == m_asked) {
        m_presets = all;
        emit changed();
    }
}

} // namespace bitscape::ui
