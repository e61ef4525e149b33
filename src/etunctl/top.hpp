// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// `etunctl top`: what passes through the ends, again and again.
#ifndef ETUN_ETUNCTL_TOP_HPP
#define ETUN_ETUNCTL_TOP_HPP

namespace etun {

/// Prints \p count tables, one each second.
void print_flows(unsigned count);
/// Draws them on the terminal until `q` is pressed or an interrupt comes. Throws a Complaint when there is no terminal.
void watch_flows();

} // namespace etun

#endif
