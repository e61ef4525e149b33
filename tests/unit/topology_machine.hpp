// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// A machine for the tests of topologies.
#ifndef ETUN_TESTS_UNIT_TOPOLOGY_MACHINE_HPP
#define ETUN_TESTS_UNIT_TOPOLOGY_MACHINE_HPP

#include "complaint_of.hpp"
#include "etunctl/topology_file.hpp"
#include "etunctl/topology_plan.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace etun {

/// A machine that is put together piece by piece: this namespace, which is called home, red, and what lies there.
class Machine {
public:
	Machine()
	{
		add_netns("home");
		add_netns("red");
		present_.census.namespaces[0].current = true;
	}

	void add_netns(const char *name)
	{
		present_.census.namespaces.emplace_back().name = name;
		present_.devices.emplace_back();
		present_.surroundings.emplace_back();
	}

	Device &add_device(std::size_t netns, const char *name, const char *kind)
	{
		Device &device = present_.devices[netns].emplace_back();
		device.link.index = next_index_++;
		device.link.name = name;
		device.link.kind = kind;
		device.link.mtu = 1500;
		device.link.tx_queue_length = tx_queue_length_default;
		device.link.tx_queues = device.link.rx_queues = 4;
		device.link.address = HardwareAddress{2, 0, 0, 0, 0, 9};
		return device;
	}

	Device &add_end(std::size_t netns, const char *name, std::uint64_t pair)
	{
		Device &device = add_device(netns, name, "etun");
		device.link.end.emplace().pair_id = pair;
		device.link.end->ring = 256;
		device.queues = QueuesInUse{1, 1};
		device.offload = default_offload();
		return device;
	}

	/// A VLAN on a device of the same namespace.
	Device &add_vlan(std::size_t netns, const char *name, const char *lower, std::uint16_t id)
	{
		const unsigned index = device(netns, lower).link.index;
		Device &vlan = add_device(netns, name, "vlan");
		vlan.link.lower = index;
		vlan.link.vlan = VlanTag{.id = id};
		return vlan;
	}

	Surroundings &surroundings(std::size_t netns) { return present_.surroundings[netns]; }
	/// A sysctl that each namespace has, with the value of a new one.
	void add_sysctl(const char *path, const char *value, bool writable = true)
	{
		present_.new_sysctls[path] = {value, writable};
		for (Surroundings &there : present_.surroundings)
			there.sysctls[path] = {value, writable};
	}

	/// a0 here, b0 in red.
	void add_pair()
	{
		add_end(0, "a0", 1);
		add_end(1, "b0", 1);
	}

	Device &device(std::size_t netns, const char *name)
	{
		for (Device &device : present_.devices[netns])
			if (device.link.name == name)
				return device;
		throw std::out_of_range(name);
	}

	const Inventory &present()
	{
		std::vector<PlacedEnd> ends;
		for (std::size_t i = 0; i < present_.devices.size(); i++)
			for (const Device &device : present_.devices[i])
				if (device.link.end)
					ends.push_back({device.link, i});
		present_.census.pairs = join_ends(std::move(ends));
		return present_;
	}

	/// The steps to what \p file describes, a line each.
	std::string plan(const std::string &file, bool prune = false)
	{
		std::string text;
		for (const Step &step : plan_changes(parse_topology(file), present(), prune))
			text += step.text + '\n';
		return text;
	}

	std::string refusal(const std::string &file)
	{
		const Complaint complaint = complaint_of([&] { plan(file); });
		EXPECT_EQ(complaint.status, ExitStatus::bad_file);
		EXPECT_FALSE(complaint.remedy.empty());
		return complaint.what;
	}

	void close(std::size_t netns) { present_.census.closed.push_back(netns); }

private:
	Inventory present_;
	unsigned next_index_ = 2;
};

/// The pair of add_pair() with these members of its ends, and of itself.
inline std::string pair_file(const std::string &a, const std::string &b = "", const std::string &pair = "")
{
	return R"({"pairs": [{)" + pair + R"("ends": [{"name": "a0")" + a + R"(}, {"name": "b0", "netns": "red")" + b +
	       "}]}]}";
}

} // namespace etun

#endif
