// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The end that a person names.
#ifndef ETUN_ETUNCTL_END_LOOKUP_HPP
#define ETUN_ETUNCTL_END_LOOKUP_HPP

#include "libetun/pairs.hpp"

#include <string>
#include <string_view>

namespace etun {

/// Throws a Complaint unless the module is there.
void need_module();

/// All that can be seen; throws a Complaint, also when the module is not there.
Census need_census();

/// An end, its peer, and their pair, in a census.
struct FoundEnd {
	const Pair *pair;
	const PlacedEnd *end;
	const PlacedEnd *peer; ///< null when it can't be seen
};

/// The end called \p name in the namespace \p netns, the current one when that is empty. Throws a Complaint that says
/// in which other namespace there is one.
FoundEnd find_end(const Census &census, const std::string &name, const std::string &netns);

/// Says on standard error which namespaces could not be looked into.
void tell_closed(const Census &census);

/// What a namespace is called in text: its name, or (here) for the current one that has none.
std::string_view label(const NetNamespace &netns);

} // namespace etun

#endif
