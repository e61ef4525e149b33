// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The end that a person names.
#ifndef ETUN_ETUNCTL_END_LOOKUP_HPP
#define ETUN_ETUNCTL_END_LOOKUP_HPP

#include "libetun/pairs.hpp"

#include <string>
#include <string_view>

namespace etun {

/// Whether the module is there.
bool has_module();
/// Throws a Complaint unless it is.
void need_module();

/// The namespace that a person gives by its name, a PID or a path; the current one when \p given is empty. Throws a
/// Complaint.
NetNamespace need_namespace(const std::string &given);
/// Those of \p given that are not empty.
std::vector<NetNamespace> need_namespaces(const std::vector<std::string> &given);

/// All that can be seen, in the namespaces that are \p given as well; throws a Complaint, also when the module is not
/// there.
Census need_census(const std::vector<std::string> &given = {});

/// An end, its peer, and their pair, in a census.
struct FoundEnd {
	const Pair *pair;
	const PlacedEnd *end;
	const PlacedEnd *peer; ///< null when it can't be seen
};

/// The end called \p name, if only as another name, in the namespace \p netns, the current one when that is empty.
/// Throws a Complaint that says in which other namespace there is one.
FoundEnd find_end(const Census &census, const std::string &name, const std::string &netns);

/// Says on standard error which namespaces could not be looked into.
void tell_closed(const Census &census);

/// An end and its namespace in text: `a0 (here)`, `b0 blue`.
std::string told(const Census &census, const PlacedEnd &end);

/// What a namespace is called in text: its name, or (here) for the current one that has none.
std::string_view label(const NetNamespace &netns);

} // namespace etun

#endif
