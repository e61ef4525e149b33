// SPDX-License-Identifier: GPL-2.0-only
#include "cni/plan.hpp"

#include "cni/cni_error.hpp"
#include "cni/host_end.hpp"

#include <fmt/format.h>

#include <sys/random.h>

#include <algorithm>

namespace etun::cni {
namespace {

HardwareAddress random_address()
{
	HardwareAddress address{};
	if (getrandom(address.data(), address.size(), 0) != static_cast<ssize_t>(address.size()))
		throw refusal("a hardware address", Error(errno, "no random numbers"));
	// Locally administered, of one device.
	address.front() = static_cast<std::uint8_t>((address.front() & ~1) | 2);
	return address;
}

/// The first host's of the network; where there is but one address in it, that one.
IpAddress first_host(const IpAddress &address)
{
	IpAddress host = network_of(address);
	if (address.prefix < address.bits())
		host.host[address.bytes() - 1] |= 1;
	return alone(host);
}

/// The gateway of an address, or the one that it gets where it has none.
IpAddress gateway_of(const AssignedIp &ip)
{
	const IpAddress gateway = ip.gateway.value_or(first_host(ip.address));
	if (gateway.same_host(ip.address))
		throw CniError{ErrorCode::invalid_configuration,
			       fmt::format("the container's address {} is its gateway's too", to_text(ip.address)),
			       "let the IPAM plugin give another address, or name another gateway"};
	return gateway;
}

bool is_default(const Route &route, int family)
{
	return route.destination.family == family && route.destination.prefix == 0;
}

/// The default route: whatever the family, all bits are 0.
Route default_route(const IpAddress &gateway)
{
	return {.destination = {.family = gateway.family}, .gateway = gateway};
}

class Planner {
public:
	Planner(const Network &network, const AttachmentSettings &settings, const Call &call, const AddResult &ipam)
		: settings_(settings), ipam_(ipam)
	{
		plan_.host_alias = host_end_alias(network.name, call.attachment);
		plan_.pair = pair_of(network, call);
		plan_.result.routes = ipam.routes;
		plan_.result.interfaces = {{.name = plan_.pair.one.name},
					   {.name = plan_.pair.other.name, .sandbox = call.netns}};
		const auto dns = network.json.find("dns");
		const bool own = dns != network.json.end() && dns->is_object() && !dns->empty();
		plan_.result.dns = own ? *dns : ipam.dns;
	}

	Plan plan(const Lots &lots)
	{
		PairDescription &pair = plan_.pair;
		pair.one.address = lots.host;
		pair.other.address = settings_.mac.value_or(lots.container);
		for (const AssignedIp &ip : ipam_.ips)
			settings_.bridge ? attach_to_bridge(*settings_.bridge, ip) : attach_to_host(ip);
		for (const Route &route : plan_.result.routes)
			plan_.container_routes.push_back(with_gateway(route));
		plan_.result.interfaces[0].mac = to_text(*pair.one.address);
		plan_.result.interfaces[1].mac = to_text(*pair.other.address);
		return std::move(plan_);
	}

private:
	PairDescription pair_of(const Network &network, const Call &call) const
	{
		const auto &ours = settings_;
		const std::string name = host_end_name(network.name, call.attachment);
		return {.one = {.name = name,
				.mtu = ours.mtu,
				.queues = ours.queues,
				.mode = ours.host_mode ? ours.host_mode : ours.mode,
				.ring = ours.host_ring ? ours.host_ring : ours.ring,
				.up = true},
			.other = {.name = call.attachment.interface,
				  .mtu = ours.mtu,
				  .queues = ours.queues,
				  .mode = ours.mode,
				  .ring = ours.ring,
				  .up = true}};
	}

	void assign(const AssignedIp &ip, std::optional<IpAddress> gateway)
	{
		plan_.result.ips.push_back({.address = ip.address, .gateway = gateway, .interface = 1});
	}

	void forward(int family)
	{
		if (std::find(plan_.forwarded.begin(), plan_.forwarded.end(), family) == plan_.forwarded.end())
			plan_.forwarded.push_back(family);
	}

	/// All that the container sends goes to the host's end, which has the gateway's address, and nobody else is on
	/// that link.
	void attach_to_host(const AssignedIp &ip)
	{
		const IpAddress gateway = gateway_of(ip);
		const bool more = ip.address.prefix < ip.address.bits();
		plan_.container_addresses.push_back({ip.address, false});
		plan_.container_routes.push_back({.destination = gateway});
		if (more)
			plan_.container_routes.push_back({.destination = network_of(ip.address), .gateway = gateway});
		plan_.host_addresses.push_back({gateway, false});
		plan_.host_routes.push_back({.destination = alone(ip.address)});
		forward(ip.address.family);
		assign(ip, gateway);
	}

	void attach_to_bridge(const BridgeSettings &bridge, const AssignedIp &ip)
	{
		plan_.container_addresses.push_back({ip.address, true});
		if (!bridge.is_gateway)
			return assign(ip, ip.gateway);
		IpAddress gateway = gateway_of(ip);
		assign(ip, gateway);
		add_default_route(bridge, gateway);
		gateway.prefix = ip.address.prefix;
		plan_.host_addresses.push_back({gateway, true});
		forward(ip.address.family);
	}

	void add_default_route(const BridgeSettings &bridge, const IpAddress &gateway)
	{
		const int family = gateway.family;
		const auto &routes = plan_.result.routes;
		if (bridge.is_default_gateway &&
		    std::none_of(routes.begin(), routes.end(),
				 [family](const Route &route) { return is_default(route, family); }))
			plan_.result.routes.push_back(default_route(gateway));
	}

	/// A route without a gateway goes by that of an address of its family, if there is one.
	Route with_gateway(Route route) const
	{
		for (const AssignedIp &ip : plan_.result.ips)
			if (!route.gateway && ip.gateway && ip.gateway->family == route.destination.family)
				route.gateway = ip.gateway;
		return route;
	}

	const AttachmentSettings &settings_;
	const AddResult &ipam_;
	Plan plan_;
};

} // namespace

Lots draw_lots()
{
	return {random_address(), random_address()};
}

Plan plan_attachment(const Network &network, const AttachmentSettings &settings, const Call &call,
		     const AddResult &ipam, const Lots &lots)
{
	return Planner(network, settings, call, ipam).plan(lots);
}

} // namespace etun::cni
