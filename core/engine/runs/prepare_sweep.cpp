// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/runs/prepare_sweep.h"

#include "core/base/error.h"
#include "core/engine/runs/run_inputs.h"
#include "core/jobs/parameters.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace bitscape {
namespace {

template <typename Read> auto at(const SweepStage& stage, const Read& read)
{
    try {
        return read();
    } catch (const Error& error) {
        throw Error(error.code(), "Recipe, stage '" + stage.id + "': " + error.what());
    }
}

bool isStage(const SweepRecipe& recipe, const std::string& from)
{
    return std::ranges::find(recipe.stages, from, &SweepStage::id) != recipe.stages.end();
}

RunId runNumber(Project& project, const std::string& text)
{
    if (text == "last") {
        if (const auto last = lastRun(project))
            return *last;
        throw Error(ErrorCode::BadArgument, "the project has no runs yet to start from");
    }
    RunId id;
    const char* const end = text.data() + text.size();
    if (const auto [stop, failure] = std::from_chars(text.data(), end, id.value); failure != std::errc() || stop != end)
        throw Error(ErrorCode::BadArgument, "a run is a number or 'last', not '" + text + "'");
    return id;
}

/// The finished run that a stage starts from.
Run outsideRun(Project& project, const std::string& from)
{
    Run outside = run(project, runNumber(project, from));
    if (outside.state != RunState::Finished)
        throw Error(ErrorCode::BadArgument,
            "run " + std::to_string(outside.id.value) + " is " + toString(outside.state)
                + ", not finished: resume it first, or start from another run");
    if (outside.kind == RunKind::Sweep)
        throw Error(ErrorCode::BadArgument, "run " + std::to_string(outside.id.value) + " is a sweep: start from one of its children");
    return outside;
}

/// The run and what it comes from, up to the nearest training: what lies beyond belongs to other weights.
std::vector<Run> upToTraining(std::vector<Run> line)
{
    const auto training = std::ranges::find(line, RunKind::Train, &Run::kind);
    if (training != line.end())
        line.erase(training + 1, line.end());
    return line;
}

/// Gives the planned children their models and data sets, and checks each with those that it comes from.
class PlanCheck final {
public:
    PlanCheck(Project& project, const SweepRecipe& recipe, const SweepSubjects& subjects)
        : m_project(project)
        , m_recipe(recipe)
        , m_subjects(subjects)
    {
    }

    void add(const PlannedChild& child)
    {
        const SweepStage& stage = m_recipe.stages[child.stage];
        at(stage, [&] {
            std::vector<Run> line = ancestorsOf(child, stage);
            Run run = child.run;
            const Run* parent = line.empty() ? nullptr : &line.front();
            takeSubjects(run, child, parent);
            checkRun(run, line, m_subjects.model(*run.model), m_subjects.dataset(*run.dataset), Parents::UnderWay,
                m_subjects.model(*run.model).weights);
            line.insert(line.begin(), run);
            m_lines.push_back(upToTraining(std::move(line)));
        });
    }

private:
    std::vector<Run> ancestorsOf(const PlannedChild& child, const SweepStage& stage)
    {
        if (child.startsFrom > 0)
            return m_lines.at(static_cast<std::size_t>(child.startsFrom) - 1);
        if (stage.from.empty())
            return {};
        return upToTraining(ancestry(m_project, outsideRun(m_project, stage.from).id));
    }

    void takeSubjects(Run& run, const PlannedChild& child, const Run* parent) const
    {
        run.model = parent && child.model.empty() ? parent->model : m_subjects.model(child.model).id;
        run.dataset = parent && child.data.empty() ? parent->dataset : m_subjects.dataset(child.data).id;
        if (parent && parent->model != run.model)
            throw Error(ErrorCode::BadArgument,
                "what it starts from is of model '" + m_subjects.model(*parent->model).name + "', not of '"
                    + m_subjects.model(*run.model).name + "': leave 'model' out here and vary it where the weights are made");
    }

    Project& m_project;
    const SweepRecipe& m_recipe;
    const SweepSubjects& m_subjects;
    std::vector<std::vector<Run>> m_lines; ///< per child: itself and what it comes from
};

/// Says what the recipe leaves open, so that it means the same later.
void resolve(Project& project, SweepRecipe& recipe, const SweepSubjects& subjects)
{
    for (SweepStage& stage : recipe.stages) {
        const auto varies = [&](const char* name) {
            return stage.grid.contains(name)
                || std::ranges::any_of(stage.list, [&](const auto& entry) { return entry.is_object() && entry.contains(name); });
        };
        at(stage, [&] {
            if (!stage.from.empty() && !isStage(recipe, stage.from))
                stage.from = std::to_string(outsideRun(project, stage.from).id.value);
            if ((stage.from.empty() || !stage.model.empty()) && !varies("model"))
                stage.model = subjects.model(stage.model).name;
            if ((stage.from.empty() || !stage.data.empty()) && !varies("data"))
                stage.data = subjects.dataset(stage.data).name;
        });
    }
}

template <typename Id> std::optional<Id> same(const std::vector<NewChild>& children, std::optional<Id> Run::*member)
{
    const auto first = children.empty() ? std::nullopt : children.front().run.*member;
    return std::ranges::all_of(children, [&](const NewChild& child) { return child.run.*member == first; }) ? first : std::nullopt;
}

/// The run that all those children start from that start from none of the others.
std::optional<RunId> commonParent(const std::vector<NewChild>& children)
{
    std::optional<RunId> parent;
    for (const NewChild& child : children) {
        if (child.startsFrom > 0)
            continue;
        if (!child.run.parent || (parent && parent != child.run.parent))
            return {};
        parent = child.run.parent;
    }
    return parent;
}

} // namespace

PreparedSweep prepareSweep(Project& project, SweepRecipe recipe, const std::string& device, JobContext& context)
{
    const auto plan = sweepPlan(recipe); // before anything large is read
    SweepSubjects subjects(project, recipe, context);
    resolve(project, recipe, subjects);
    PlanCheck check(project, recipe, subjects);
    for (const PlannedChild& child : plan) {
        context.checkpoint();
        check.add(child);
    }
    Run sweep;
    sweep.kind = RunKind::Sweep;
    sweep.name = recipe.name.empty() ? "sweep of " + std::to_string(plan.size()) : recipe.name;
    nlohmann::json parameters = nlohmann::json::object();
    if (recipe.workers)
        parameters["workers"] = *recipe.workers;
    if (recipe.maxSeconds)
        parameters["max_seconds"] = *recipe.maxSeconds;
    sweep.parameters = completeParameters(RunKind::Sweep, parameters);
    sweep.device = device;
    return { std::move(sweep), std::move(recipe), std::move(subjects) };
}

RunId storeSweep(Project& project, const PreparedSweep& prepared)
{
    prepared.subjects.store(project);
    const auto children = newChildren(project, prepared.recipe, prepared.sweep.device);
    Run sweep = prepared.sweep;
    sweep.parent = commonParent(children);
    sweep.model = same(children, &Run::model);
    sweep.dataset = same(children, &Run::dataset);
    return addSweep(project, sweep, toText(prepared.recipe), children);
}

std::vector<NewChild> newChildren(Project& project, const SweepRecipe& recipe, const std::string& device)
{
    SilentContext silent;
    const SweepSubjects subjects(project, {}, silent);
    std::vector<NewChild> children;
    for (PlannedChild& planned : sweepPlan(recipe)) {
        const SweepStage& stage = recipe.stages[planned.stage];
        NewChild child { std::move(planned.run), planned.startsFrom };
        const Run* from = planned.startsFrom > 0 ? &children.at(static_cast<std::size_t>(planned.startsFrom) - 1).run : nullptr;
        std::optional<Run> outside;
        if (!from && !stage.from.empty())
            from = &outside.emplace(run(project, runNumber(project, stage.from)));
        child.run.model = from && planned.model.empty() ? from->model : subjects.model(planned.model).id;
        child.run.dataset = from && planned.data.empty() ? from->dataset : subjects.dataset(planned.data).id;
        child.run.device = device;
        if (outside)
            child.run.parent = outside->id;
        children.push_back(std::move(child));
    }
    return children;
}

} // namespace bitscape
