// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/name_fault.hpp"

#include "libetun/complaint.hpp"
#include "libetun/device_name.hpp"

#include <fmt/core.h>

#include <set>

namespace etun {
namespace {

[[noreturn]] void complain(std::string_view command, NameFault fault)
{
	throw Complaint{ExitStatus::usage, fmt::format("{}: {}", command, fault.what), std::move(fault.remedy)};
}

} // namespace

std::optional<NameFault> fault_of_device_name(std::string_view name)
{
	if (is_device_name(name))
		return {};
	return NameFault{fmt::format("'{}' is no name of a device", name),
			 fmt::format("it has 1 to {} characters, none of them a blank, / : or %", name_length_max)};
}

std::optional<NameFault> fault_of_netns_name(std::string_view name)
{
	if (is_netns_name(name))
		return {};
	return NameFault{
		fmt::format("'{}' is no name of a network namespace", name),
		"it does not begin with a dot and has no slash; leave it out for the namespace that etunctl runs in"};
}

NameFault fault_of_another(const DeviceName &device, std::string_view where)
{
	return {fmt::format("there is another '{}' {}", to_text(device), where),
		"give one of them another name or namespace"};
}

void need_new_names(std::string_view command, const std::vector<DeviceName> &devices)
{
	std::set<DeviceName> taken;
	for (const DeviceName &device : devices) {
		if (auto fault = fault_of_device_name(device.name))
			complain(command, std::move(*fault));
		if (!taken.insert(device).second)
			complain(command, fault_of_another(device, "in this command"));
	}
}

} // namespace etun
