// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/namespace_changes.hpp"

#include "etunctl/route_text.hpp"
#include "libetun/complaint.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace etun {
namespace {

constexpr std::string_view all_devices = "all";
constexpr std::string_view new_devices = "default";

[[noreturn]] void refuse(const std::string &path, const std::string &what, const std::string &remedy)
{
	throw Complaint{ExitStatus::bad_file, fmt::format("{}: {}", path, what), remedy};
}

/// What stands in front of what is told of a namespace.
std::string title_of(const std::string &netns)
{
	return netns.empty() ? std::string() : netns + ": ";
}

bool is_of_one_device(const WantedSysctl &sysctl)
{
	const std::string_view device = device_of_sysctl(sysctl.path);
	return !device.empty() && device != all_devices && device != new_devices;
}

/// True for one that sets others as well.
bool sweeps(const WantedSysctl &sysctl)
{
	return device_of_sysctl(sysctl.path) == all_devices || sysctl.path == "net/ipv4/ip_forward";
}

/// A device of the file.
struct FileDevice {
	DeviceName device;
	std::optional<bool> up;
	bool up_when_new = false;
};

/// Those in a namespace, by whichever of its names.
std::vector<FileDevice> devices_of(const Topology &topology, const Inventory &present, const std::string &netns)
{
	std::vector<FileDevice> devices;
	const auto place = find_namespace(present, netns);
	const auto add = [&](const DeviceName &device, std::optional<bool> up, bool up_when_new = false) {
		if (device.netns == netns || (place && find_namespace(present, device.netns) == place))
			devices.push_back({device, up, up_when_new});
	};
	for (const WantedPair &pair : topology.pairs)
		for (const WantedEnd &end : pair.ends) {
			add(end.device, end.up);
			for (const WantedVlan &vlan : end.vlans)
				add(vlan.device, end.up == false ? std::optional(false) : vlan.up);
		}
	for (const WantedBridge &bridge : topology.bridges)
		add(bridge.device, bridge.up, true);
	return devices;
}

/// The sysctls of a namespace, one after the other.
class SysctlPlanner {
public:
	SysctlPlanner(const Topology &wanted, const Inventory &present, const std::string &netns)
		: wanted_(wanted), present_(present), netns_(netns), place_(find_namespace(present, netns))
	{
	}

	void check(const WantedSysctl &sysctl, const std::string &path) const
	{
		const auto known = present_.new_sysctls.find(path_in_new(sysctl.path));
		if (known == present_.new_sysctls.end() || !known->second.writable)
			refuse(path, "a network namespace has no such sysctl of its own that can be set",
			       "those of the whole machine are set with sysctl(8); those of a module that is not "
			       "loaded "
			       "are not there");
		if (!is_of_one_device(sysctl))
			return;
		const std::string device(device_of_sysctl(sysctl.path));
		const auto devices = devices_of(wanted_, present_, netns_);
		if (!find_device(present_, {netns_, device}) &&
		    std::none_of(devices.begin(), devices.end(),
				 [&device](const FileDevice &named) { return named.device.name == device; }))
			refuse(path, fmt::format("there is no device '{}' in this namespace, nor in the file", device),
			       "a dot within its name is written as a slash: net.ipv4.conf.eth0/5.forwarding");
	}

	std::optional<Step> change(const WantedSysctl &sysctl)
	{
		std::string text = fmt::format("~ {}{}", title_of(netns_), sysctl_name(sysctl.path));
		const auto before = value_of(sysctl);
		if (before == sysctl.value)
			return {};
		swept_ |= sweeps(sysctl);
		text += before ? fmt::format(" {} -> {}", *before, sysctl.value) : fmt::format(" = {}", sysctl.value);
		return Step{std::move(text), SetSysctl{netns_, sysctl}};
	}

private:
	/// Nothing where it will be something else by then.
	std::optional<std::string> value_of(const WantedSysctl &sysctl) const
	{
		if (!place_ || (swept_ && !sweeps(sysctl) && !device_of_sysctl(sysctl.path).empty()))
			return {};
		const auto &sysctls = present_.surroundings[*place_].sysctls;
		const auto found = sysctls.find(sysctl.path);
		return found == sysctls.end() ? std::nullopt : std::optional(found->second.value);
	}

	const Topology &wanted_;
	const Inventory &present_;
	const std::string &netns_;
	std::optional<std::size_t> place_;
	bool swept_ = false;
};

/// The routes of a namespace.
class RoutePlanner {
public:
	RoutePlanner(const Topology &wanted, const Inventory &present, const PlacedIndexes &going,
		     const std::string &netns)
		: present_(present), netns_(netns), place_(find_namespace(present, netns)),
		  devices_(devices_of(wanted, present, netns))
	{
		if (!place_)
			return;
		for (const Route &route : present.surroundings[*place_].routes)
			if (!going.contains({*place_, route.index}))
				routes_.push_back(&route);
	}

	/// A device has to be up for a route to go by it.
	void check(const WantedRoute &route, const std::string &path) const
	{
		if (route.device.empty())
			return;
		const Device *there = find_device(present_, {netns_, route.device});
		const auto named = std::find_if(devices_.begin(), devices_.end(), [&route](const FileDevice &device) {
			return device.device.name == route.device;
		});
		if (!there && named == devices_.end())
			refuse(path + ".dev",
			       fmt::format("there is no device '{}' in this namespace, nor in the file", route.device),
			       "name an end, a VLAN or a bridge that is in the namespace of the route");
		const bool otherwise = there ? there->link.up : named->up_when_new;
		if (!(named == devices_.end() ? otherwise : named->up.value_or(otherwise)))
			refuse(path + ".dev", fmt::format("'{}' is down, so no route goes by it", route.device),
			       "say \"up\": true of it");
	}

	void plan(const WantedRoute &wanted, const std::string &path, std::vector<Step> &steps) const
	{
		std::vector<const Route *> in_the_way;
		for (const Route *route : routes_) {
			if (route->tos != 0 || !have_one_place(wanted, wanted_route(*route, "")))
				continue;
			if (is(*route, wanted))
				return;
			in_the_way.push_back(route);
		}
		for (const Route *route : in_the_way) {
			const std::string text = to_text(wanted_route(*route, name_of_device(route->index)));
			if (route->protocol == RTPROT_KERNEL)
				refuse(path, fmt::format("the kernel has made a route {} itself", text),
				       "give this one another \"metric\"");
			steps.push_back(
				{fmt::format("- {}route {}", title_of(netns_), text), RemoveRoute{netns_, *route}});
		}
		steps.push_back(
			{fmt::format("+ {}route {}", title_of(netns_), to_text(wanted)), AddRoute{netns_, wanted}});
	}

private:
	bool is(const Route &route, const WantedRoute &wanted) const
	{
		return route.type == RTN_UNICAST && !route.more && route.gateway == wanted.gateway &&
		       (wanted.device.empty() || name_of_device(route.index) == wanted.device);
	}

	std::string name_of_device(unsigned index) const
	{
		const Device *device = place_ ? find_device(present_, *place_, index) : nullptr;
		return device ? device->link.name : std::string();
	}

	const Inventory &present_;
	const std::string &netns_;
	std::optional<std::size_t> place_;
	std::vector<FileDevice> devices_;
	std::vector<const Route *> routes_;
};

} // namespace

std::string path_in_new(const std::string &path)
{
	const std::string_view device = device_of_sysctl(path);
	if (device.empty() || device == all_devices)
		return path;
	std::string changed = path;
	return changed.replace(static_cast<std::size_t>(device.data() - path.data()), device.size(), new_devices);
}

std::vector<Step> sysctl_changes(const Topology &wanted, const Inventory &present, SysctlsOf which)
{
	std::vector<Step> steps;
	for (std::size_t i = 0; i < wanted.namespaces.size(); i++) {
		const WantedNamespace &netns = wanted.namespaces[i];
		SysctlPlanner planner(wanted, present, netns.name);
		for (const WantedSysctl &sysctl : netns.sysctls) {
			planner.check(sysctl, fmt::format("namespaces[{}].sysctls.{}", i, sysctl_name(sysctl.path)));
			auto step = planner.change(sysctl);
			if (step && is_of_one_device(sysctl) == (which == SysctlsOf::devices))
				steps.push_back(std::move(*step));
		}
	}
	return steps;
}

std::vector<Step> route_changes(const Topology &wanted, const Inventory &present, const PlacedIndexes &going)
{
	std::vector<Step> steps;
	for (std::size_t i = 0; i < wanted.namespaces.size(); i++) {
		const WantedNamespace &netns = wanted.namespaces[i];
		const RoutePlanner planner(wanted, present, going, netns.name);
		for (std::size_t j = 0; j < netns.routes.size(); j++) {
			const std::string path = fmt::format("namespaces[{}].routes[{}]", i, j);
			planner.check(netns.routes[j], path);
			planner.plan(netns.routes[j], path, steps);
		}
	}
	return steps;
}

} // namespace etun
