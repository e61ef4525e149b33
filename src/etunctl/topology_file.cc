// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/topology_file.hpp"

#include "core/frame.hpp"
#include "core/name.hpp"
#include "core/setting_words.hpp"
#include "etunctl/json_place.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

namespace etun {
namespace {

/// As the kernel has it (dev_valid_name), and no pattern, for which it would find a number.
bool is_device_name(std::string_view name)
{
	constexpr std::string_view not_allowed = "/:%";
	const auto bad = [not_allowed](char c) { return is_space(c) || not_allowed.find(c) != not_allowed.npos; };
	return !name.empty() && name.size() <= name_length_max && name != "." && name != ".." &&
	       std::none_of(name.begin(), name.end(), bad);
}

std::string read_device_name(const JsonPlace &place)
{
	std::string name = place.text();
	if (!is_device_name(name))
		place.refuse(fmt::format("'{}' is no name of a device", name),
			     fmt::format("it has 1 to {} characters, none of them a blank, / : or %", name_length_max));
	return name;
}

std::string read_netns(const JsonPlace &place)
{
	std::string name = place.text();
	if (name.empty() || name.front() == '.' || name.find('/') != std::string::npos)
		place.refuse(
			fmt::format("'{}' is no name of a network namespace", name),
			"it does not begin with a dot and has no slash; leave it out for the namespace that etunctl "
			"runs in");
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

WantedEnd read_end(const JsonPlace &place)
{
	place.need_object({"name", "netns", "mac", "mtu", "queues", "mode", "ring", "up", "addresses"});
	return {.device = read_device(place),
		.mac = read_mac(place.member("mac")),
		.mtu = read_number(place.member("mtu"), mtu_min, mtu_max),
		.queues = read_number(place.member("queues"), 1, std::numeric_limits<unsigned short>::max()),
		.mode = read_choice<Mode>(place.member("mode"), mode_words),
		.ring = read_number(place.member("ring"), ring_slots_min, ring_slots_max),
		.up = read_truth(place.member("up")),
		.addresses = read_addresses(place)};
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
		if (!devices_.insert(device).second)
			place.refuse(fmt::format("there is another '{}' in this file", to_text(device)),
				     "give one of them another name or namespace");
	}
	void take_end(const JsonPlace &place, const DeviceName &device)
	{
		take(place, device);
		ends_.insert(device);
	}
	void take_port(const JsonPlace &place, const DeviceName &port)
	{
		if (!ends_.contains(port))
			place.refuse(fmt::format("no pair in this file has an end '{}'", to_text(port)),
				     "a port is an end in the bridge's namespace, and its pair is in the file");
		if (!ports_.insert(port).second)
			place.refuse(fmt::format("'{}' is a port already", to_text(port)), "take one of them out");
	}

private:
	std::set<DeviceName> devices_, ends_, ports_;
};

void check_names(const JsonPlace &document, const Topology &topology)
{
	NamesChecked names;
	const auto pairs = document.elements_of("pairs");
	for (std::size_t i = 0; i < pairs.size(); i++) {
		const auto ends = pairs[i].elements_of("ends");
		for (std::size_t j = 0; j < ends.size(); j++)
			names.take_end(ends[j], topology.pairs[i].ends[j].device);
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
		std::string name = read_netns(place);
		if (std::find(topology.namespaces.begin(), topology.namespaces.end(), name) !=
		    topology.namespaces.end())
			place.refuse(fmt::format("'{}' is there already", name), "take one of them out");
		topology.namespaces.push_back(std::move(name));
	}
	for (const JsonPlace &place : document.elements_of("pairs"))
		topology.pairs.push_back(read_pair(place));
	for (const JsonPlace &place : document.elements_of("bridges"))
		topology.bridges.push_back(read_bridge(place));
	check_names(document, topology);
	return topology;
}

} // namespace etun
