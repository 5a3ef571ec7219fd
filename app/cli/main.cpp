// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/exit_codes.h"
#include "app/cli/project_commands.h"
#include "app/cli/report_commands.h"
#include "app/cli/run_commands.h"
#include "app/cli/worker_control.h"

#include <cstdlib>
#include <iostream>
#include <malloc.h>

namespace {

/// LibTorch takes and gives back large blocks all the time: keeping them spares the system from clearing pages (about a third of training time).
void keepMemory()
{
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    mallopt(M_TOP_PAD, 64 << 20);
}

int runProgram(int argc, char** argv)
{
    using namespace bitscape;
    CLI::App app("Bitscape: how few bits and how few multiply-accumulates a trained network can do with.", "bitscape-cli");
    app.set_version_flag("--version", std::string("bitscape ") + BITSCAPE_VERSION);
    app.require_subcommand(1);
    CommandAction action;
    addProjectCommands(app, action);
    addRunCommands(app, action);
    addReportCommands(app, action);
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
    keepMemory();
    bitscape::blockInterrupts();
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
