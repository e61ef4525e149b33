// SPDX-License-Identifier: GPL-2.0-only
// What is measured. A workload runs once per device and round, and gives one value or several.
#pragma once

#include "device.hpp"

#include <span>
#include <string>
#include <vector>

namespace bench {

struct Value {
	/// Name of the row, which begins with the workload's name.
	std::string row;
	std::string unit;
	double value;
};

struct Workload {
	std::string_view name;
	std::vector<Value> (*run)(const Workload &self, const Device &device);
	/// Whether it makes sense for the device; those it does not are not mentioned.
	bool (*suits)(const Device &device);
	/// A kernel module that it needs, or none.
	std::string_view module = {};
	/// How often it is repeated within a boot, in rounds over all devices.
	unsigned rounds = 2;
};

/// Rounds of what takes so long that it only runs, once, when it is named.
constexpr unsigned on_request = 0;

/// As they are made.
inline bool plain_pairs(const Device &device)
{
	return device.is_pair() && !device.gro;
}

inline bool plain_pairs_and_loopback(const Device &device)
{
	return plain_pairs(device) || device.is_loopback();
}

inline bool pairs(const Device &device)
{
	return device.is_pair();
}

inline bool pairs_and_loopback(const Device &device)
{
	return pairs(device) || device.is_loopback();
}

inline bool everything(const Device & /*device*/)
{
	return true;
}

std::span<const Workload> flood_workloads();
std::span<const Workload> request_workloads();
std::span<const Workload> burst_workloads();
std::span<const Workload> forward_workloads();
std::span<const Workload> xdp_workloads();
std::span<const Workload> stream_workloads();
std::span<const Workload> bloat_workloads();
std::span<const Workload> lifetime_workloads();
std::span<const Workload> scaling_workloads();

} // namespace bench
