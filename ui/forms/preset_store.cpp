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
    reload();
}

void PresetStore::reload()
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
            Answer answer;
            try {
                change();
                answer.isDamaged = true; // if reading throws
                for (const RunKind kind : offeredKinds()) {
                    if (auto presets = ownPresets(file, kind); !presets.empty())
                        answer.all[kind] = std::move(presets);
                }
                answer.isDamaged = false;
            } catch (const std::exception& error) {
                answer.failure = QString::fromUtf8(error.what());
            }
            QMetaObject::invokeMethod(qApp, [self, answer, then, question] {
                if (!self)
                    return;
                self->take(answer, question);
                if (answer.failure.isEmpty())
                    then();
            });
        });
}

void PresetStore::take(const Answer& answer, int question)
{
    const QString before = m_damage;
    if (answer.isDamaged || answer.failure.isEmpty())
        m_damage = answer.failure;
    if (!answer.failure.isEmpty()) {
        if (!answer.isDamaged || answer.failure != before)
            emit refused(answer.failure);
    } else if (question == m_asked && (answer.all != m_presets || !before.isEmpty())) {
        m_presets = answer.all;
        emit changed();
    }
}

} // namespace bitscape::ui
