// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/adding_options.h"

namespace bitscape {

CLI::App* addCommand(CLI::App& parent, const std::string& name, const std::string& help, std::string& project)
{
    CLI::App* sub = parent.add_subcommand(name, help);
    sub->add_option("PROJECT", project, "project file")->required();
    return sub;
}

void addNormalisation(CLI::App& sub, std::vector<double>& mean, std::vector<double>& stddev)
{
    sub.add_option("--mean", mean, "mean of each channel, m1,m2,..., of pixels scaled to 0..1")->delimiter(',');
    sub.add_option("--std", stddev, "standard deviation of each channel, likewise")->delimiter(',');
}

void addEvents(CLI::App& sub, bool& events)
{
    sub.add_flag("--events", events, "tell events as JSON lines; obey pause, resume, cancel on standard input");
}

} // namespace bitscape
