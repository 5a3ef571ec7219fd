// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/compare_command.h"
#include "app/cli/exit_codes.h"
#include "app/cli/export_command.h"
#include "app/cli/manual_commands.h"
#include "app/cli/preset_commands.h"
#include "app/cli/project_commands.h"
#include "app/cli/report_commands.h"
#include "app/cli/run_commands.h"
#include "app/cli/serve_command.h"
#include "app/cli/sweep_command.h"

#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <iostream>
#include <malloc.h>
#include <string_view>
#include <unistd.h>
#include <vector>

namespace {

/// LibTorch takes and gives back large blocks all the time: keeping them spares the system from clearing pages (about a third of training
/// time).
void keepMemory()
{
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_TOP_PAD, 64 << 20);
}

/// Whether the command only looks at a project or presets, or notes something there.
bool isQuick(int argc, char** argv)
{
    static constexpr std::string_view kQuick[]
        = { "new", "model", "data", "preset", "cancel", "remove", "runs", "show", "compare", "table", "completion", "manual" };
    return argc < 2 || argv[1][0] == '-' || std::ranges::find(kQuick, argv[1]) != std::end(kQuick);
}

/// Threads that wait for one another by spinning take the processor from every other worker on the machine: with two jobs at once a step
/// takes several times as long. OpenMP reads its policy before main(), so the program starts itself once more with it.
void waitPassively(char** argv)
{
    if (std::getenv("OMP_WAIT_POLICY"))
        return;
    setenv("OMP_WAIT_POLICY", "PASSIVE", 1);
    execv("/proc/self/exe", argv); // comes back only where it failed: then as it was
}

/// A file opened later must not be taken for standard input, output or error because whoever started the program had closed that.
void keepStandardStreams()
{
    for (int stream : { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO }) {
        if (fcntl(stream, F_GETFD) < 0 && open("/dev/null", O_RDWR) < 0) // which takes the lowest free number
            std::exit(bitscape::kFailed);
    }
}

constexpr const char* kExamples = R"(From data to a refined network:
  bitscape-cli new demo
  bitscape-cli model add demo zoo:lenet5
  bitscape-cli data add demo --kind glyphs
  bitscape-cli train demo --set epochs=5
  bitscape-cli score demo --from last
  bitscape-cli search demo --from last --set target_bits=2
  bitscape-cli refine demo --from last
  bitscape-cli compare demo 1 3 4
Many runs at once: bitscape-cli sweep demo RECIPE.json

Exit codes: 0 done, 1 failed, 2 wrong use, 3 bad input, 130 cancelled.)";

std::vector<const CLI::App*> commandsOf(const CLI::App& app)
{
    return app.get_subcommands([](const CLI::App*) { return true; });
}

const CLI::App* commandNamed(const CLI::App& app, const std::string& name)
{
    const auto commands = commandsOf(app);
    const auto found = std::ranges::find(commands, name, [](const CLI::App* command) { return command->get_name(); });
    return found == commands.end() ? nullptr : *found;
}

/// Refuses a word in the place of a command that is none; CLI11 would say that a command is missing.
void checkCommand(const CLI::App& app, int argc, char** argv, int at)
{
    if (commandsOf(app).empty() || argc <= at || argv[at][0] == '-')
        return;
    if (const CLI::App* command = commandNamed(app, argv[at]))
        return checkCommand(*command, argc, argv, at + 1);
    std::string names;
    for (const CLI::App* command : commandsOf(app))
        names += (names.empty() ? "" : ", ") + command->get_name();
    throw bitscape::Error(bitscape::ErrorCode::BadArgument, std::string("There is no command '") + argv[at] + "'; there is " + names + ".");
}

/// "bitscape-cli: --threads: Value 0 not in range 1 to 1024 (see: bitscape-cli train --help)"
std::string usageText(const CLI::App& app, int argc, char** argv, const std::string& what)
{
    std::string command = "bitscape-cli";
    const CLI::App* at = &app;
    for (int i = 1; i < argc && (at = commandNamed(*at, argv[i])); ++i)
        command += std::string(" ") + argv[i];
    return "bitscape-cli: " + what + " (see: " + command + " --help)\n";
}

int runProgram(int argc, char** argv)
{
    using namespace bitscape;
    CLI::App app("Bitscape: how few bits and how few multiply-accumulates a trained network can do with.", "bitscape-cli");
    app.set_version_flag("--version", std::string("bitscape ") + BITSCAPE_VERSION);
    app.require_subcommand(1);
    app.failure_message([&](const CLI::App*, const CLI::Error& error) { return usageText(app, argc, argv, error.what()); });
    CommandAction action;
    addProjectCommands(app, action);
    addRunCommands(app, action);
    addSweepCommand(app, action);
    addReportCommands(app, action);
    addCompareCommand(app, action);
    addExportCommand(app, action);
    addPresetCommands(app, action);
    addServeCommand(app, action);
    addManualCommands(app, action);
    app.footer(kExamples); // behind the commands, which would take it over
    checkCommand(app, argc, argv, 1);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? kDone : kWrongUse;
    }
    return action();
}

} // namespace

int main(int argc, char** argv)
{
    keepStandardStreams();
    if (!isQuick(argc, argv))
        waitPassively(argv);
    keepMemory();
    try {
        return runProgram(argc, argv);
    } catch (const bitscape::Error& error) {
        std::cerr << "bitscape-cli: " << error.what() << "\n";
        return bitscape::exitCodeOf(error.code());
    } catch (const std::exception& error) {
        std::cerr << "bitscape-cli: unexpected: " << error.what() << "\n";
        return bitscape::kFailed;
    }
}
