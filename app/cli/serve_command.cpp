// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/serve_command.h"

#include "app/cli/named.h"
#include "app/cli/serve_session.h"

#include "core/engine/runs/device.h"

#include <memory>
#include <string>

namespace bitscape {
namespace {

struct Arguments {
    std::string project;
    int threads = 0, first = 150, every = 100;
};

constexpr const char* kProtocol = R"(One JSON object per line, on standard input:
  {"id": 7, "evaluate": {"run": 4, "bits": [[8, 8], [2, 3, 0], ...]}}
      how accurate run 4's network is with other bits, as 'show --json' has them
  {"id": 7, "evaluate": {"run": 4, "edits": [{"op": "set", "bits": 2}]}}
      the same, by a history of edits from run 4's own bits
  {"id": 7, "prepare": {"run": 4}}   loads what evaluations of run 4 need
  {"cancel": 7}                      gives an evaluation up
  {"quit": true}
and on standard output, several lines per evaluation, the last one "done":
  {"id": 7, "images": 640, "right": 512, "accuracy": 0.8, "low": 0.77,
   "high": 0.83, "per_class": [...], "per_class_images": [...], "done": false}
  {"id": 7, "ready": true}
  {"id": 7, "superseded": true}      a newer evaluation came
  {"id": 7, "cancelled": true}
  {"id": 7, "error": "one sentence"}
It ends when standard input or standard output is closed.)";

int serveProject(const Arguments& arguments)
{
    useThreads(arguments.threads);
    ServeSession session(
        openProject(arguments.project), { std::chrono::milliseconds(arguments.first), std::chrono::milliseconds(arguments.every) });
    return session.run();
}

} // namespace

void addServeCommand(CLI::App& app, CommandAction& chosen)
{
    const auto arguments = std::make_shared<Arguments>();
    CLI::App* sub = app.add_subcommand("serve", "answer at once what other bits would do to a run's accuracy");
    sub->add_option("PROJECT", arguments->project, "project file")->required();
    sub->add_option("--threads", arguments->threads, "threads to compute with (default: one per hardware thread)")
        ->check(CLI::Range(1, 1024));
    sub->add_option("--first", arguments->first, "milliseconds until the first estimate (default 150)")->check(CLI::Range(0, 60000));
    sub->add_option("--every", arguments->every, "milliseconds between estimates (default 100)")->check(CLI::Range(0, 60000));
    sub->footer(kProtocol);
    sub->callback([=, &chosen] { chosen = [=] { return serveProject(*arguments); }; });
}

} // namespace bitscape
