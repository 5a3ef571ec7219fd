// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/example_exploration.h"

#include "ui/jobs/cli_process.h"

namespace bitscape::ui {
namespace {

constexpr std::uint64_t kSeed = 1;

RunRequest requestOf(RunKind kind, std::optional<RunId> parent, nlohmann::json parameters)
{
    RunRequest request;
    request.kind = kind;
    request.parent = parent;
    request.parameters = std::move(parameters);
    request.seed = kSeed;
    return request;
}

} // namespace

ExampleExploration::ExampleExploration(ProjectDocument& document, JobQueue& queue, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_queue(queue)
{
}

void ExampleExploration::start()
{
    const QString path = m_document.path();
    m_steps = {
        [=, this] {
            command(tr("Drawing the glyphs"), { "data", "add", path, "--kind", "glyphs" });
        },
        [=, this] {
            command(tr("Adding lenet5"), { "model", "add", path, "zoo:lenet5" });
        },
        [=, this] {
            submit(requestOf(RunKind::Train, {}, { { "epochs", 6 } }), [this](RunId train) {
                m_first = train;
                submit(requestOf(RunKind::Score, train, nlohmann::json::object()), [this](RunId score) { queueSearches(score); });
            });
        },
    };
    next();
}

void ExampleExploration::queueSearches(RunId score)
{
    for (const char* strategy : { "cq", "fisher", "model-wise" }) {
        m_steps.emplace_back([=, this] {
            submit(requestOf(RunKind::Search, score, { { "strategy", strategy }, { "target_bits", 2.0 } }), [this](RunId search) {
                submit(requestOf(RunKind::Refine, search, { { "epochs", 1 } }), [this](RunId) { next(); });
            });
        });
    }
    next();
}

void ExampleExploration::next()
{
    if (m_steps.empty()) {
        if (m_first)
            emit queued(*m_first);
        return;
    }
    const Step step = std::move(m_steps.front());
    m_steps.pop_front();
    step();
}

void ExampleExploration::command(const QString& what, const QStringList& arguments)
{
    emit stage(what);
    auto* process = new CliProcess(this);
    connect(process, &CliProcess::finished, this, [this, process](int exitCode, const QString& failure) {
        process->deleteLater();
        m_document.refresh();
        if (exitCode == 0)
            next();
        else
            emit failed(failure.isEmpty() ? tr("The example was not prepared.") : failure);
    });
    process->start(arguments);
}

void ExampleExploration::submit(RunRequest request, std::function<void(RunId)> then)
{
    emit stage(tr("Queueing: %1").arg(QString::fromStdString(toString(request.kind))));
    m_queue.submit(request, std::move(then), [this](const QString& sentence) { emit failed(sentence); });
}

} // namespace bitscape::ui
