// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Pairs, put together from their ends in all namespaces that can be reached.
#ifndef ETUN_LIBETUN_PAIRS_HPP
#define ETUN_LIBETUN_PAIRS_HPP

#include "libetun/link.hpp"
#include "libetun/net_namespace.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace etun {

/// An end, and in which of the namespaces it is that were looked at.
struct PlacedEnd {
	Link link;
	std::size_t netns = 0; ///< index into those
};

/// A pair, or as much of it as can be seen.
struct Pair {
	std::uint64_t id = 0;
	PlacedEnd one;
	std::optional<PlacedEnd> other; ///< missing when it is in a namespace without a name, or the pair is going
};

/// Those ends of a pair that can be seen, the first one first.
std::vector<const PlacedEnd *> ends_of(const Pair &pair);

/// True for a pair that was cut: both ends are seen to be up and not held down, and yet there is no carrier. A cut
/// can't be told from an end that is down, or that can't be seen.
bool is_cut(const Pair &pair);

/// Joins \p ends by the numbers of their pairs, in the order of these. Of two ends the first is that of the earlier
/// namespace, else of the earlier name.
std::vector<Pair> join_ends(std::vector<PlacedEnd> ends);

/// Namespaces, and the pairs that have an end in one of them.
struct Census {
	std::vector<NetNamespace> namespaces; ///< the current one first
	std::vector<Pair> pairs;
	/// Indexes of namespaces that could not be looked into, for want of a privilege.
	std::vector<std::size_t> closed;
};

/// Looks into all reachable namespaces, and into \p others.
Outcome<Census> take_census(std::vector<NetNamespace> others = {});

} // namespace etun

#endif
