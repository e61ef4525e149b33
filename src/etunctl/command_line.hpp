// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// etunctl's command line.
#ifndef ETUN_ETUNCTL_COMMAND_LINE_HPP
#define ETUN_ETUNCTL_COMMAND_LINE_HPP

namespace etun {

/// Carries out one command; returns the exit status. What went wrong has been said on standard error.
int run_command_line(int argc, char **argv);

} // namespace etun

#endif
