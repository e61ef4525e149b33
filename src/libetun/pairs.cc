// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/pairs.hpp"

#include "libetun/route_socket.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace etun {

std::vector<const PlacedEnd *> ends_of(const Pair &pair)
{
	std::vector<const PlacedEnd *> ends{&pair.one};
	if (pair.other)
		ends.push_back(&*pair.other);
	return ends;
}

bool is_cut(const Pair &pair)
{
	const auto willing = [](const Link &link) { return link.up && !link.proto_down && !link.carrier; };
	return pair.other && willing(pair.one.link) && willing(pair.other->link);
}

std::vector<Pair> join_ends(std::vector<PlacedEnd> ends)
{
	std::sort(ends.begin(), ends.end(), [](const PlacedEnd &one, const PlacedEnd &other) {
		return std::tie(one.netns, one.link.name) < std::tie(other.netns, other.link.name);
	});
	std::map<std::uint64_t, Pair> pairs;
	for (PlacedEnd &end : ends) {
		if (!end.link.end)
			continue;
		const std::uint64_t id = end.link.end->pair_id;
		const auto [known, is_new] = pairs.try_emplace(id);
		if (is_new)
			known->second = {id, std::move(end), {}};
		else
			known->second.other = std::move(end);
	}
	std::vector<Pair> in_order;
	in_order.reserve(pairs.size());
	for (auto &[id, pair] : pairs)
		in_order.push_back(std::move(pair));
	return in_order;
}

Outcome<Census> take_census(std::vector<NetNamespace> others)
{
	auto namespaces = reachable_namespaces(std::move(others));
	if (!namespaces)
		return fail(namespaces.error());
	Census census{.namespaces = std::move(*namespaces), .pairs = {}, .closed = {}};
	std::vector<PlacedEnd> ends;
	for (std::size_t i = 0; i < census.namespaces.size(); i++) {
		auto socket = RouteSocket::open(census.namespaces[i]);
		if (!socket) {
			if (socket.error().number() != EPERM)
				return fail(socket.error());
			census.closed.push_back(i);
			continue;
		}
		auto links = socket->links(link_kind);
		if (!links)
			return fail(links.error());
		for (Link &link : *links)
			ends.push_back({std::move(link), i});
	}
	census.pairs = join_ends(std::move(ends));
	return census;
}

} // namespace etun
