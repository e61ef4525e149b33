// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/surroundings.hpp"

#include "etunctl/end_lookup.hpp"
#include "etunctl/namespace_changes.hpp"
#include "libetun/complaint.hpp"
#include "libetun/packet_filter.hpp"
#include "libetun/qdisc_message.hpp"
#include "libetun/route_socket.hpp"
#include "libetun/rule_message.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace etun {
namespace {

std::string looking_into(const NetNamespace &netns)
{
	return fmt::format("looking into namespace {}", label(netns));
}

void take_routes(RouteSocket &socket, const NetNamespace &netns, Surroundings &into)
{
	for (const int family : {AF_INET, AF_INET6}) {
		auto routes = socket.routes(family);
		// A kernel without IPv6 has none.
		if (!routes && (routes.error().number() == EOPNOTSUPP || routes.error().number() == EAFNOSUPPORT))
			continue;
		for (const Route &route : or_complain(std::move(routes), looking_into(netns)))
			if (route.table != RT_TABLE_LOCAL)
				into.routes.push_back(route);
	}
}

/// \p device takes the devices of the namespace.
void take_qdiscs(RouteSocket &socket, std::vector<Device> &devices)
{
	const auto done = socket.dump(dump_qdiscs(), [&devices](const nlmsghdr *answer) -> Outcome<Done> {
		auto qdisc = read_qdisc(answer);
		if (!qdisc)
			return fail(qdisc.error());
		const auto device = std::find_if(devices.begin(), devices.end(), [&qdisc](const Device &candidate) {
			return candidate.link.index == qdisc->index;
		});
		if (qdisc->made && device != devices.end())
			device->qdiscs.push_back(qdisc->kind);
		return Done{};
	});
	// It is for a remark only: what came until something changed does for that.
	static_cast<void>(done);
}

void take_rules(RouteSocket &socket, Surroundings &into)
{
	for (const int family : {AF_INET, AF_INET6}) {
		const auto done = socket.dump(dump_rules(family), [&into](const nlmsghdr *answer) -> Outcome<Done> {
			into.rules |= is_rule_of_somebody(answer);
			return Done{};
		});
		static_cast<void>(done);
	}
}

/// What can't be read is not there.
void take_sysctl(const NetNamespace &netns, const std::string &path, std::map<std::string, Sysctl> &into)
{
	if (auto sysctl = read_sysctl(netns, path))
		into[path] = std::move(*sysctl);
}

} // namespace

void look_around(Inventory &inventory, const Topology &wanted)
{
	std::optional<NetNamespace> fresh;
	for (const WantedNamespace &netns : wanted.namespaces) {
		const auto place = find_namespace(inventory, netns.name);
		const bool open = place && !is_closed(inventory, *place);
		if (open && !netns.routes.empty()) {
			const NetNamespace &where = inventory.census.namespaces[*place];
			RouteSocket socket = or_complain(RouteSocket::open(where), looking_into(where));
			take_routes(socket, where, inventory.surroundings[*place]);
		}
		for (const WantedSysctl &sysctl : netns.sysctls) {
			if (!fresh)
				fresh = or_complain(unnamed_namespace(), "looking which sysctls a namespace has");
			take_sysctl(*fresh, path_in_new(sysctl.path), inventory.new_sysctls);
			if (open)
				take_sysctl(inventory.census.namespaces[*place], sysctl.path,
					    inventory.surroundings[*place].sysctls);
		}
	}
}

void look_at_all(Inventory &inventory)
{
	auto fresh = unnamed_namespace();
	for (const SavedSysctl &saved : saved_sysctls())
		if (fresh)
			take_sysctl(*fresh, saved.path, inventory.new_sysctls);
	for (std::size_t i = 0; i < inventory.census.namespaces.size(); i++) {
		if (is_closed(inventory, i))
			continue;
		const NetNamespace &netns = inventory.census.namespaces[i];
		Surroundings &into = inventory.surroundings[i];
		RouteSocket socket = or_complain(RouteSocket::open(netns), looking_into(netns));
		take_routes(socket, netns, into);
		take_qdiscs(socket, inventory.devices[i]);
		take_rules(socket, into);
		into.packet_filter = has_packet_filter(netns);
		for (const SavedSysctl &saved : saved_sysctls())
			take_sysctl(netns, saved.path, into.sysctls);
	}
}

const std::vector<SavedSysctl> &saved_sysctls()
{
	static const std::vector<SavedSysctl> all = {
		{"net/ipv4/ip_forward", "0"},
		{"net/ipv6/conf/all/forwarding", "0"},
	};
	return all;
}

bool is_of_somebody(const Route &route)
{
	return route.protocol == RTPROT_STATIC || route.protocol == RTPROT_BOOT;
}

bool can_be_saved(const Route &route)
{
	return route.type == RTN_UNICAST && route.tos == 0 && !route.more && !route.mtu && !route.advmss;
}

} // namespace etun
