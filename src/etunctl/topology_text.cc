// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/setting_text.hpp"
#include "etunctl/topology_file.hpp"
#include "libetun/sysctl.hpp"

#include <nlohmann/json.hpp>

#include <charconv>

namespace etun {
namespace {

// Members keep the order in which they are written down here.
using Json = nlohmann::ordered_json;

template <typename Value> void put(Json &json, const char *name, const std::optional<Value> &value)
{
	if (value)
		json[name] = *value;
}

void put_addresses(Json &json, const std::vector<IpAddress> &addresses)
{
	for (const IpAddress &address : addresses)
		json["addresses"].push_back(to_text(address));
}

Json vlan_json(const WantedVlan &vlan)
{
	Json json = {{"id", vlan.id}, {"name", vlan.device.name}};
	put(json, "mtu", vlan.mtu);
	put(json, "up", vlan.up);
	put_addresses(json, vlan.addresses);
	return json;
}

Json route_json(const WantedRoute &route)
{
	// The gateway says of which family the default route is.
	const bool plain = route.gateway || route.destination.family == AF_INET;
	Json json = {{"to", route.destination.prefix == 0 && plain ? "default" : to_text(route.destination)}};
	if (route.gateway)
		json["via"] = host_text(*route.gateway);
	if (!route.device.empty())
		json["dev"] = route.device;
	put(json, "metric", route.metric);
	put(json, "table", route.table);
	return json;
}

/// A number where the value is one as a number is written.
Json value_json(const std::string &value)
{
	int number = 0;
	const char *const end = value.data() + value.size();
	const auto [stop, error] = std::from_chars(value.data(), end, number);
	if (error == std::errc() && stop == end && std::to_string(number) == value)
		return number;
	return value;
}

/// A name alone where there is nothing else to say.
Json namespace_json(const WantedNamespace &netns)
{
	if (netns.sysctls.empty() && netns.routes.empty() && !netns.name.empty())
		return netns.name;
	Json json = Json::object();
	if (!netns.name.empty())
		json["name"] = netns.name;
	for (const WantedSysctl &sysctl : netns.sysctls)
		json["sysctls"][sysctl_name(sysctl.path)] = value_json(sysctl.value);
	for (const WantedRoute &route : netns.routes)
		json["routes"].push_back(route_json(route));
	return json;
}

Json device_json(const DeviceName &device)
{
	Json json = {{"name", device.name}};
	if (!device.netns.empty())
		json["netns"] = device.netns;
	return json;
}

Json end_json(const WantedEnd &end)
{
	Json json = device_json(end.device);
	if (end.mac)
		json["mac"] = to_text(*end.mac);
	put(json, "mtu", end.mtu);
	put(json, "queues", end.queues);
	if (end.mode)
		json["mode"] = to_text(*end.mode);
	put(json, "ring", end.ring);
	put(json, "wire", end.wire);
	put(json, "up", end.up);
	put(json, "txqueuelen", end.tx_queue_length);
	put(json, "group", end.group);
	put(json, "alias", end.alias);
	for (const auto &[word, on] : in_words(end.offload))
		json["offload"][word] = on;
	put_addresses(json, end.addresses);
	for (const WantedVlan &vlan : end.vlans)
		json["vlans"].push_back(vlan_json(vlan));
	return json;
}

Json pair_json(const WantedPair &pair)
{
	Json json = Json::object();
	if (pair.mtu_policy)
		json["mtu_policy"] = to_text(*pair.mtu_policy);
	json["ends"] = Json::array({end_json(pair.ends[0]), end_json(pair.ends[1])});
	return json;
}

Json bridge_json(const WantedBridge &bridge)
{
	Json json = device_json(bridge.device);
	put(json, "up", bridge.up);
	put_addresses(json, bridge.addresses);
	json["ports"] = bridge.ports;
	return json;
}

} // namespace

std::string to_text(const DeviceName &device)
{
	return device.netns.empty() ? device.name : device.netns + '/' + device.name;
}

std::string topology_text(const Topology &topology)
{
	Json json = {{"namespaces", Json::array()}, {"pairs", Json::array()}, {"bridges", Json::array()}};
	for (const WantedNamespace &netns : topology.namespaces)
		json["namespaces"].push_back(namespace_json(netns));
	for (const WantedPair &pair : topology.pairs)
		json["pairs"].push_back(pair_json(pair));
	for (const WantedBridge &bridge : topology.bridges)
		json["bridges"].push_back(bridge_json(bridge));
	return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

} // namespace etun
