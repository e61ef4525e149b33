// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/setting_text.hpp"
#include "etunctl/topology_file.hpp"

#include <nlohmann/json.hpp>

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
	put(json, "up", end.up);
	put_addresses(json, end.addresses);
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
	Json json = {{"namespaces", topology.namespaces}, {"pairs", Json::array()}, {"bridges", Json::array()}};
	for (const WantedPair &pair : topology.pairs)
		json["pairs"].push_back(pair_json(pair));
	for (const WantedBridge &bridge : topology.bridges)
		json["bridges"].push_back(bridge_json(bridge));
	return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

} // namespace etun
