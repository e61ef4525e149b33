// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Commands that bring a machine into the state that a file describes, and write such a file. They throw a Complaint
/// when they could not.
#ifndef ETUN_ETUNCTL_TOPOLOGY_COMMANDS_HPP
#define ETUN_ETUNCTL_TOPOLOGY_COMMANDS_HPP

#include <string>

namespace etun {

/// `etunctl apply`.
struct ApplyCommand {
	std::string file; ///< - for standard input
	bool dry_run = false;
	bool prune = false;
};
/// Carries out the difference step by step, and prints each step that was done. When one fails, those before it stay.
void apply_file(const ApplyCommand &command);

/// `etunctl save`: writes what is there into \p file, or to standard output when that is empty.
void save_file(const std::string &file);

} // namespace etun

#endif
