// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Commands that make, change and destroy pairs. All of them throw a Complaint when they could not.
#ifndef ETUN_ETUNCTL_PAIR_COMMANDS_HPP
#define ETUN_ETUNCTL_PAIR_COMMANDS_HPP

#include "libetun/link.hpp"

#include <optional>
#include <string>
#include <vector>

namespace etun {

/// `etunctl add`.
struct AddCommand {
	PairDescription pair; ///< names and namespaces are filled in
	std::string name_a, name_b;
	std::string netns_a, netns_b;
	std::string pattern;
	unsigned count = 1;
	unsigned start = 0;
};
/// Makes the pairs: all of them, or none when one is refused or the user interrupts.
void add_pairs(AddCommand command);

/// `etunctl del`.
struct DeleteCommand {
	std::vector<std::string> names;
	std::string netns;
	std::string pattern;
	unsigned count = 1;
	unsigned start = 0;
};
/// Looks all of them up before the first one goes.
void delete_pairs(const DeleteCommand &command);

/// `etunctl cut`: takes the carrier away at this end, and so at both.
void cut_cable(const std::string &name, const std::string &netns);
/// `etunctl join`: lifts what was cut, at both ends; says why when there is no carrier then.
void join_cable(const std::string &name, const std::string &netns);

} // namespace etun

#endif
