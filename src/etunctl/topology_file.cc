// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/topology_file.hpp"

#include "core/frame.hpp"
#include "core/setting_words.hpp"
#include "etunctl/name_fault.hpp"
#include "etunctl/namespace_place.hpp"
#include "libetun/json_place.hpp"
#include "libetun/link_group.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

namespace etun {
namespace {

std::string read_device_name(const JsonPlace &place)
{
	std::string name = place.text();
	if (const auto fault = fault_of_device_name(name))
		place.refuse(fault->what, fault->remedy);
	return name;
}

std::string read_netns(const JsonPlace &place)
{
	std::string name = place.text();
	if (const auto fault = fault_of_netns_name(name))
		place.refuse(fault->what, fault->remedy);
	return name;
}

DeviceName read_device(const JsonPlace &place)
{
	DeviceName device;
	device.name = read_device_name(place.need_member("name"));
	if (const auto netns = place.member("netns"))
		device.netns = read_netns(*netns);
	return device;
}

/// A value that is one of \p words, which stand in the order of \p Choice.
template <typename Choice, std::size_t count>
std::optional<Choice> read_choice(const std::optional<JsonPlace> &place, const std::array<const char *, count> &words)
{
	if (!place)
		return {};
	const std::string word = place->text();
	const auto found = std::find(words.begin(), words.end(), word);
	if (found == words.end())
		place->refuse(fmt::format("'{}' is none of the words here", word),
			      fmt::format("there are: {}", fmt::join(words, ", ")));
	return static_cast<Choice>(found - words.begin());
}

std::optional<unsigned> read_number(const std::optional<JsonPlace> &place, unsigned least, unsigned most)
{
	return place ? std::optional(place->number(least, most)) : std::nullopt;
}

std::optional<bool> read_truth(const std::optional<JsonPlace> &place)
{
	return place ? std::optional(place->truth()) : std::nullopt;
}

std::optional<HardwareAddress> read_mac(const std::optional<JsonPlace> &place)
{
	if (!place)
		return {};
	const auto address = parse_hardware_address(place->text());
	const bool multicast = address && (address->front() & 1) != 0;
	if (!address || multicast || *address == HardwareAddress{})
		place->refuse(fmt::format("'{}' is no address of a device", place->text()),
			      "write it as 02:00:00:00:00:01; the first byte is even, and not all are zero");
	return address;
}

std::vector<IpAddress> read_addresses(const JsonPlace &owner)
{
	std::vector<IpAddress> addresses;
	for (const JsonPlace &place : owner.elements_of("addresses")) {
		const auto address = parse_ip_address(place.text());
		if (!address)
			place.refuse(fmt::format("'{}' is no IP address of a device", place.text()),
				     "write it with the length of its prefix: 192.0.2.1/24, 2001:db8::1/64");
		for (const IpAddress &other : addresses)
			if (*address == other || (address->family == AF_INET6 && address->same_host(other)))
				place.refuse(fmt::format("'{}' is there already", place.text()),
					     "take one of them out");
		addresses.push_back(*address);
	}
	return addresses;
}

std::optional<unsigned> read_group(const std::optional<JsonPlace> &place)
{
	if (!place)
		return {};
	const auto group = parse_link_group(place->text_or_number());
	if (!group)
		place->refuse(fmt::format("there is no group '{}'", place->text_or_number()),
			      "write its number; names of groups stand in /etc/iproute2/group");
	return group;
}

std::optional<std::string> read_alias(const std::optional<JsonPlace> &place)
{
	if (!place)
		return {};
	std::string alias = place->text();
	if (alias.size() > link_alias_max || alias.find('\0') != std::string::npos)
		place->refuse("an alias can't be so",
			      fmt::format("it has at most {} bytes, and no zero among them", link_alias_max));
	return alias;
}

/// Words for several features first, so that what is said of one of these counts.
Offload read_offload(const std::optional<JsonPlace> &place)
{
	Offload offload;
	if (!place)
		return offload;
	Offload single;
	for (const auto &[word, switched] : place->members()) {
		const auto features = features_of(word);
		if (features.empty())
			switched.refuse(
				fmt::format("an end has no offload '{}'", word),
				fmt::format("there are: {}; and the names that ethtool -k gives for single ones",
					    fmt::join(offload_words(), ", ")));
		const bool exact = features.front() == word;
		for (const std::string &feature : features)
			(exact ? single : offload)[feature] = switched.truth();
	}
	for (const auto &[feature, on] : single)
		offload[feature] = on;
	return offload;
}

std::vector<WantedVlan> read_vlans(const JsonPlace &end, const DeviceName &device)
{
	constexpr unsigned id_max = 4094; // IEEE 802.1Q
	std::vector<WantedVlan> vlans;
	for (const JsonPlace &place : end.elements_of("vlans")) {
		place.need_object({"id", "name", "mtu", "up", "addresses"});
		WantedVlan vlan{.device = {device.netns, ""},
				.id = place.need_member("id").number(1, id_max),
				.mtu = read_number(place.member("mtu"), mtu_min, mtu_max),
				.up = read_truth(place.member("up")),
				.addresses = read_addresses(place)};
		const auto name = place.member("name");
		vlan.device.name = name ? read_device_name(*name) : fmt::format("{}.{}", device.name, vlan.id);
		if (fault_of_device_name(vlan.device.name))
			place.refuse(fmt::format("'{}' is too long for the name of a device", vlan.device.name),
				     "give it a \"name\"");
		for (const WantedVlan &other : vlans)
			if (other.id == vlan.id)
				place.refuse(fmt::format("'{}' has a VLAN {} already", to_text(device), vlan.id),
					     "take one of them out");
		vlans.push_back(std::move(vlan));
	}
	return vlans;
}

WantedEnd read_end(const JsonPlace &place)
{
	place.need_object({"name", "netns", "mac", "mtu", "queues", "mode", "ring", "wire", "up", "txqueuelen", "group",
			   "alias", "offload", "addresses", "vlans"});
	const DeviceName device = read_device(place);
	return {.device = device,
		.mac = read_mac(place.member("mac")),
		.mtu = read_number(place.member("mtu"), mtu_min, mtu_max),
		.queues = read_number(place.member("queues"), 1, std::numeric_limits<unsigned short>::max()),
		.mode = read_choice<Mode>(place.member("mode"), mode_words),
		.ring = read_number(place.member("ring"), ring_slots_min, ring_slots_max),
		.wire = read_truth(place.member("wire")),
		.up = read_truth(place.member("up")),
		.tx_queue_length = read_number(place.member("txqueuelen"), 0, std::numeric_limits<unsigned>::max()),
		.group = read_group(place.member("group")),
		.alias = read_alias(place.member("alias")),
		.offload = read_offload(place.member("offload")),
		.addresses = read_addresses(place),
		.vlans = read_vlans(place, device)};
}

WantedPair read_pair(const JsonPlace &place)
{
	place.need_object({"ends", "mtu_policy"});
	const auto ends = place.need_member("ends").elements();
	WantedPair pair;
	if (ends.size() != pair.ends.size())
		place.need_member("ends").refuse(fmt::format("a pair has two ends, not {}", ends.size()),
						 "[{\"name\": ...}, {\"name\": ...}]");
	pair.ends = {read_end(ends[0]), read_end(ends[1])};
	pair.mtu_policy = read_choice<MtuPolicy>(place.member("mtu_policy"), mtu_policy_words);
	if (pair.mtu_policy != MtuPolicy::equal)
		return pair;
	// What is said of one end is meant for both.
	std::optional<unsigned> &one = pair.ends[0].mtu;
	std::optional<unsigned> &other = pair.ends[1].mtu;
	if (one && other && *one != *other)
		place.refuse(fmt::format("the MTU policy is equal, but the MTUs are {} and {}", *one, *other),
			     "give both ends one MTU, or say \"mtu_policy\": \"independent\"");
	one = one ? one : other;
	other = one;
	return pair;
}

/// A name alone, or an object.
WantedNamespace read_namespace(const JsonPlace &place)
{
	if (place.is_text())
		return {.name = read_netns(place)};
	place.need_object({"name", "sysctls", "routes"});
	const auto name = place.member("name");
	return {.name = name ? read_netns(*name) : std::string(),
		.sysctls = read_sysctls(place),
		.routes = read_routes(place)};
}

WantedBridge read_bridge(const JsonPlace &place)
{
	place.need_object({"name", "netns", "up", "addresses", "ports"});
	WantedBridge bridge{
		.device = read_device(place), .up = read_truth(place.member("up")), .addresses = read_addresses(place)};
	for (const JsonPlace &port : place.elements_of("ports"))
		bridge.ports.push_back(read_device_name(port));
	return bridge;
}

/// What names must be among themselves: each device is described once, and a port is an end in one bridge.
class NamesChecked {
public:
	void take(const JsonPlace &place, const DeviceName &device)
	{
		if (!devices_.insert(device).second) {
			const NameFault fault = fault_of_another(device, "in this file");
			place.refuse(fault.what, fault.remedy);
		}
	}
	void take_end(const JsonPlace &place, const WantedEnd &end)
	{
		take_possible_port(place, end.device);
		const auto vlans = place.elements_of("vlans");
		for (std::size_t i = 0; i < vlans.size(); i++)
			take_possible_port(vlans[i], end.vlans[i].device);
	}
	void take_port(const JsonPlace &place, const DeviceName &port)
	{
		if (!ends_.contains(port))
			place.refuse(fmt::format("no pair in this file has an end '{}'", to_text(port)),
				     "a port is an end in the bridge's namespace or a VLAN on one, and its pair is in "
				     "the file");
		if (!ports_.insert(port).second)
			place.refuse(fmt::format("'{}' is a port already", to_text(port)), "take one of them out");
	}

private:
	void take_possible_port(const JsonPlace &place, const DeviceName &device)
	{
		take(place, device);
		ends_.insert(device);
	}

	std::set<DeviceName> devices_, ends_, ports_;
};

void check_names(const JsonPlace &document, const Topology &topology)
{
	NamesChecked names;
	const auto pairs = document.elements_of("pairs");
	for (std::size_t i = 0; i < pairs.size(); i++) {
		const auto ends = pairs[i].elements_of("ends");
		for (std::size_t j = 0; j < ends.size(); j++)
			names.take_end(ends[j], topology.pairs[i].ends[j]);
	}
	const auto bridges = document.elements_of("bridges");
	for (std::size_t i = 0; i < bridges.size(); i++) {
		const DeviceName &device = topology.bridges[i].device;
		names.take(bridges[i], device);
		for (const JsonPlace &port : bridges[i].elements_of("ports"))
			names.take_port(port, {device.netns, port.text()});
	}
}

} // namespace

Topology parse_topology(std::string_view text)
{
	const nlohmann::json json = parse_json(text);
	const JsonPlace document(json, "");
	document.need_object({"namespaces", "pairs", "bridges"});
	Topology topology;
	for (const JsonPlace &place : document.elements_of("namespaces")) {
		WantedNamespace netns = read_namespace(place);
		const auto same = [&netns](const WantedNamespace &other) { return other.name == netns.name; };
		if (std::any_of(topology.namespaces.begin(), topology.namespaces.end(), same))
			place.refuse(netns.name.empty() ? "there is another object without a name"
							: fmt::format("'{}' is there already", netns.name),
				     "take one of them out");
		topology.namespaces.push_back(std::move(netns));
	}
	for (const JsonPlace &place : document.elements_of("pairs"))
		topology.pairs.push_back(read_pair(place));
	for (const JsonPlace &place : document.elements_of("bridges"))
		topology.bridges.push_back(read_bridge(place));
	check_names(document, topology);
	return topology;
}

} // namespace etun
