// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject> // first: see selection.h

#include "core/jobs/own_presets.h"

#include <QString>

#include <functional>
#include <map>
#include <vector>

namespace bitscape::ui {

/// A person's own presets as they were last read; the file is read and written in another thread.
class PresetStore final : public QObject {
    Q_OBJECT
public:
    /// Reads `file` at once, as reload() does.
    explicit PresetStore(std::filesystem::path file, QObject* parent = nullptr);

    /// By name.
    const std::vector<Preset>& presets(RunKind kind) const;
    /// The file as it is now, which other windows and the command line write too; changed() or refused() follows where that is news.
    void reload();
    /// In place of one of that name: the person has been asked. saved() or refused() follows.
    void save(RunKind kind, const std::string& name, const nlohmann::json& values);
    /// changed() or refused() follows.
    void remove(RunKind kind, const std::string& name);

signals:
    void changed();
    /// After changed().
    void saved(bitscape::RunKind kind, const QString& name);
    void refused(const QString& sentence);

private:
    using All = std::map<RunKind, std::vector<Preset>>;
    /// `then` once the change is in the file.
    void run(std::function<void()> change, std::function<void()> then);
    struct Answer {
        All all;
        QString failure;
        bool isDamaged = false; ///< the failure is one of reading, not of the change that was asked for
    };
    void take(const Answer& answer, int question);

    std::filesystem::path m_file;
    All m_presets;
    QString m_damage; ///< why the file could not be read the last time; empty where it could
    int m_asked = 0;  ///< questions so far: only what the newest one found counts
};

} // namespace bitscape::ui
