// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/project/project.h"

#include <QObject>
#include <QPointer>
#include <QString>

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

namespace bitscape::ui {

/// A connection to a project file in a thread of its own, so that the interface never waits for a disk. Questions are answered one after
/// the other, in the order in which they were asked; answers arrive in the thread of this object (the interface's). Lives in one thread.
class ProjectThread final : public QObject {
    Q_OBJECT
public:
    enum class Mode { Open, Create };

    /// The file is opened, or made, with the first question.
    explicit ProjectThread(QString path, Mode mode = Mode::Open, QObject* parent = nullptr);
    /// Waits for the question under way; those behind it are not asked any more, but notes (tell()) are still taken.
    ~ProjectThread() override;

    using Refused = std::function<void(const QString& sentence)>;

    /// Has `question(Project&)` asked in the other thread, and `answer(result)` called here afterwards, unless `asker` is gone by then.
    /// Where it throws, `refused` is called with the sentence; without `refused`, failed() is emitted.
    template <typename Question, typename Answer> void ask(QObject* asker, Question question, Answer answer, Refused refused = {})
    {
        QPointer<QObject> who(asker);
        auto told = std::make_shared<Answer>(std::move(answer));
        post(
            [this, who, told, question = std::move(question)](Project& project) mutable {
                if constexpr (std::is_void_v<std::invoke_result_t<Question, Project&>>) {
                    question(project);
                    deliver(who, [told] { (*told)(); });
                } else {
                    using Result = std::decay_t<std::invoke_result_t<Question, Project&>>;
                    auto result = std::make_shared<Result>(question(project));
                    deliver(who, [told, result] { (*told)(std::move(*result)); });
                }
            },
            who, std::move(refused), false);
    }

    /// A note to be taken, whatever happens to whoever gave it: it reaches the file even where the project is closed right afterwards.
    template <typename Note> void tell(Note note)
    {
        post([note = std::move(note)](Project& project) mutable { note(project); }, this, {}, true);
    }

signals:
    /// A question could not be answered and its asker did not say what then.
    void failed(const QString& sentence);

private:
    struct Task {
        std::function<void(Project&)> run;
        QPointer<QObject> who;
        Refused refused;
        bool isNote;
    };

    void post(std::function<void(Project&)> run, const QPointer<QObject>& who, Refused refused, bool isNote);
    void deliver(const QPointer<QObject>& who, std::function<void()> answer);
    void work(const std::stop_token& stop);
    void carryOut(std::optional<Project>& project, const Task& task);
    Project connection() const;

    QString m_path;
    Mode m_mode;
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Task> m_tasks;
    std::jthread m_thread; ///< last: it uses all of the above
};

} // namespace bitscape::ui
