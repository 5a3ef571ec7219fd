// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/manual_commands.h"

#include "app/cli/exit_codes.h"
#include "app/cli/manual/completion.h"
#include "app/cli/manual/manual_page.h"

#include <iostream>
#include <memory>

namespace bitscape {

void addManualCommands(CLI::App& app, CommandAction& chosen)
{
    const auto shell = std::make_shared<std::string>();
    CLI::App* completion = app.add_subcommand("completion", "print a script that completes commands and parameters in a shell");
    completion->add_option("SHELL", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({ "bash", "zsh", "fish" }));
    completion->callback([=, &app, &chosen] {
        chosen = [=, &app] {
            const CommandEntry program = commandTree(app);
            std::cout << (*shell == "bash" ? bashCompletion(program) : *shell == "zsh" ? zshCompletion(program) : fishCompletion(program));
            return kDone;
        };
    });
    CLI::App* manual = app.add_subcommand("manual", "print the manual page, for 'man -l -'");
    manual->callback([&app, &chosen] {
        chosen = [&app] {
            std::cout << manualPage(commandTree(app), BITSCAPE_VERSION, app.get_footer());
            return kDone;
        };
    });
}

} // namespace bitscape
