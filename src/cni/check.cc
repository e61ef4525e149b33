// SPDX-License-Identifier: GPL-2.0-only
#include "cni/commands.hpp"

#include "cni/cni_error.hpp"
#include "cni/delegate.hpp"
#include "cni/host_end.hpp"
#include "cni/place.hpp"

#include <fmt/format.h>

#include <linux/rtnetlink.h>

#include <algorithm>

namespace etun::cni {
namespace {

[[noreturn]] void differ(std::string what)
{
	throw CniError{ErrorCode::not_as_made, std::move(what), "detach the container with DEL and attach it anew"};
}

AddResult need_previous(const Network &network)
{
	if (network.version < with_check)
		throw CniError{ErrorCode::incompatible_version,
			       fmt::format("CNI {} has no CHECK", version_text(network.version)),
			       "set cniVersion to 0.4.0 or a later one, which have it"};
	auto previous = read_previous_result(network);
	if (!previous)
		throw CniError{ErrorCode::invalid_configuration, "'prevResult' is missing",
			       "CHECK compares with the result of ADD"};
	return *previous;
}

/// The index of the container's end among the interfaces of the result.
unsigned container_interface(const AddResult &previous, const std::string &name)
{
	const auto found = std::find_if(previous.interfaces.begin(), previous.interfaces.end(),
					[&name](const Interface &i) { return i.name == name && !i.sandbox.empty(); });
	if (found == previous.interfaces.end())
		differ(fmt::format("the result of ADD has no interface {} in a container", name));
	return static_cast<unsigned>(found - previous.interfaces.begin());
}

Link need_end(Place &place, const std::string &name, const std::string &where)
{
	const auto link = place.find(name);
	if (!link)
		differ(fmt::format("there is no device {} {}", name, where));
	if (!link->end)
		differ(fmt::format("{} {} is no end of a pair", name, where));
	if (!link->up)
		differ(fmt::format("{} {} is down", name, where));
	return *link;
}

/// Compares a device with what the result says of one of its name.
void check_interface(const Link &link, const Interface &wanted)
{
	const std::string mac = link.address ? to_text(*link.address) : "";
	const auto wanted_mac = parse_hardware_address(wanted.mac);
	if (wanted_mac && to_text(*wanted_mac) != mac)
		differ(fmt::format("{} has the address {}, not {}", link.name, mac, wanted.mac));
	if (wanted.mtu && *wanted.mtu != link.mtu)
		differ(fmt::format("{} has the MTU {}, not {}", link.name, link.mtu, *wanted.mtu));
}

void check_bridge(Place &host, const Link &end, const BridgeSettings &settings)
{
	const auto bridge = host.find(settings.name);
	if (!bridge || bridge->kind != "bridge")
		differ(fmt::format("there is no bridge {}", settings.name));
	if (!bridge->up)
		differ(fmt::format("the bridge {} is down", settings.name));
	if (end.master != bridge->index)
		differ(fmt::format("{} is no port of {}", end.name, settings.name));
	if (end.hairpin != settings.hairpin)
		differ(fmt::format("hairpin mode of {} is {}", end.name, end.hairpin ? "on" : "off"));
}

void check_address(Place &place, const Link &link, const IpAddress &address)
{
	const auto all = or_refusal(place.socket().addresses(), link.name);
	if (std::none_of(all.begin(), all.end(), [&](const DeviceAddress &candidate) {
		    return candidate.index == link.index && candidate.address == address;
	    }))
		differ(fmt::format("{} does not have the address {}", link.name, to_text(address)));
}

/// \p index 0: by any device.
void check_route(Place &place, const Route &wanted, unsigned index)
{
	const std::uint32_t table = wanted.table.value_or(RT_TABLE_MAIN);
	const auto all = or_refusal(place.socket().routes(wanted.destination.family), "routes");
	if (std::none_of(all.begin(), all.end(), [&](const Route &route) {
		    return route.destination == wanted.destination && route.table == table &&
			   (index == 0 || route.index == index);
	    }))
		differ(fmt::format("there is no route to {}", to_text(wanted.destination)));
}

/// The host's way to the container: what no result tells.
void check_way_back(Place &host, const Link &end, const AttachmentSettings &settings, const AssignedIp &ip)
{
	const bool bridged = settings.bridge.has_value();
	if (bridged && !settings.bridge->is_gateway)
		return;
	if (ip.gateway) {
		IpAddress gateway = *ip.gateway;
		if (bridged)
			gateway.prefix = ip.address.prefix;
		check_address(host, bridged ? host.link(settings.bridge->name) : end, gateway);
	}
	if (!bridged)
		check_route(host, {.destination = alone(ip.address)}, end.index);
}

} // namespace

void check(const Network &network, const Call &call)
{
	const AddResult previous = need_previous(network);
	const AttachmentSettings settings = read_attachment(network, call);
	Delegate(network, call).tell("CHECK");

	Place host = Place::host();
	Place container = Place::container(call.netns);
	const std::string &name = call.attachment.interface;
	const std::string host_name = host_end_name(network.name, call.attachment);
	const unsigned number = container_interface(previous, name);
	const Link inside = need_end(container, name, "in the container");
	const Link outside = need_end(host, host_name, "on the host");
	if (inside.end->pair_id != outside.end->pair_id)
		differ(fmt::format("{} in the container and {} on the host are ends of two pairs", name, host_name));
	if (!inside.carrier)
		differ(fmt::format("{} has no carrier", name));
	check_interface(inside, previous.interfaces[number]);
	for (const Interface &interface : previous.interfaces)
		if (interface.sandbox.empty() && interface.name == host_name)
			check_interface(outside, interface);
	if (settings.bridge)
		check_bridge(host, outside, *settings.bridge);
	for (const AssignedIp &ip : previous.ips) {
		if (ip.interface && *ip.interface != number)
			continue;
		check_address(container, inside, ip.address);
		check_way_back(host, outside, settings, ip);
	}
	for (const Route &route : previous.routes)
		check_route(container, route, 0);
}

} // namespace etun::cni
