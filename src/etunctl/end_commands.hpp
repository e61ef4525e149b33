// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Commands that change an end that is there. All of them throw a Complaint when they could not.
#ifndef ETUN_ETUNCTL_END_COMMANDS_HPP
#define ETUN_ETUNCTL_END_COMMANDS_HPP

#include "libetun/link.hpp"

#include <string>

namespace etun {

/// `etunctl set`.
struct SetCommand {
	std::string name;
	std::string netns;
	LinkChange change = {};
	bool both = false; ///< what \c change says of the end is for its peer, too
};
/// Changes the end, and with \c both its peer: all that was asked for or nothing. Where a policy makes two MTUs one, it
/// says which.
void set_end(const SetCommand &command);

/// `etunctl rename`.
struct RenameCommand {
	std::string name;
	std::string netns;
	std::string new_name;
};
void rename_end(const RenameCommand &command);

/// `etunctl move`.
struct MoveCommand {
	std::string name;
	std::string netns;
	std::string to;
	std::string new_name; ///< empty: it keeps its name
	bool up = false;
};
/// Moves the end into the namespace \c to, where it is down and without addresses, unless \c up says that it is up.
void move_end(const MoveCommand &command);

} // namespace etun

#endif
