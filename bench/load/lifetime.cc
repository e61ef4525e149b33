// SPDX-License-Identifier: GPL-2.0-only
// Creation and deletion, what a packet costs when there are many pairs, and how much memory a pair takes. Times are
// those of the guest's clock, waits for grace periods included: of those deletion mostly consists.
#include "clock.hpp"
#include "crowd.hpp"
#include "workload.hpp"

#include <algorithm>

namespace bench {

namespace {

// Pairs of all modes are made and unmade alike; so one mode of etun is enough, but memory and packets differ.
bool one_mode_each(const Device &device)
{
	return plain_pairs(device) && device.mode == Mode::Backlog;
}

class Clock {
public:
	Clock() : start_(now()) {}
	/// Nanoseconds for each of so many since the last question.
	double each(unsigned count)
	{
		const auto at = now();
		const auto spent = static_cast<double>(at - start_) / count;
		start_ = at;
		return spent;
	}

private:
	std::int64_t start_;
};

class Rows {
public:
	explicit Rows(unsigned count) : behind_("-" + std::to_string(count)) {}
	void add(const std::string &row, double value, const std::string &unit = "ns/pair")
	{
		values_.push_back({row + behind_, unit, value});
	}
	std::vector<Value> take() { return std::move(values_); }

private:
	std::string behind_;
	std::vector<Value> values_;
};

template <unsigned count> std::vector<Value> one_by_one(const Workload &, const Device &device)
{
	Rows rows(count);
	Crowd crowd(device, count);
	settle();
	Clock clock;
	crowd.create();
	rows.add("create", clock.each(count));
	settle();
	clock.each(1);
	crowd.remove_one_by_one();
	rows.add("delete", clock.each(count));
	return rows.take();
}

template <unsigned count> std::vector<Value> in_batches(const Workload &, const Device &device)
{
	Rows rows(count);
	Crowd crowd(device, count);
	Clock clock;
	if (device.kind == "etun") {
		settle();
		clock.each(1);
		crowd.create_by_newif();
		rows.add("create-newif", clock.each(count));
		settle();
		clock.each(1);
		crowd.remove_by_delif();
		rows.add("delete-delif", clock.each(count));
	}
	crowd.create();
	crowd.join_group();
	settle();
	clock.each(1);
	crowd.remove_group();
	rows.add("delete-group", clock.each(count));
	crowd.create();
	settle();
	rows.add("delete-netns", crowd.remove_with_namespace() / count);
	return rows.take();
}

template <unsigned count> std::vector<Value> packets(const Workload &, const Device &device)
{
	Rows rows(count);
	Crowd crowd(device, count);
	crowd.create();
	crowd.up();
	settle();
	rows.add("packet-among", crowd.send_in_turn(std::max(10'000U, 2 * count)), "ns/packet");
	return rows.take();
}

// A field of /proc/meminfo, in kB.
double memory_field(const std::string &name)
{
	const std::string told = read_file("/proc/meminfo");
	return std::stod(told.substr(told.find("\n" + name + ":") + name.size() + 2));
}

// "0" or "0-15": the number of processors that may ever be there, for which the kernel keeps room.
unsigned possible_processors()
{
	const std::string told = read_file("/sys/devices/system/cpu/possible");
	return static_cast<unsigned>(std::stoul(told.substr(told.find('-') + 1))) + 1;
}

std::vector<Value> memory(const Workload &, const Device &device)
{
	constexpr unsigned count = 200;
	Rows rows(possible_processors());
	Crowd crowd(device, count);
	// What the first pair of a kind needs stays, so it is not counted.
	crowd.create();
	crowd.remove_one_by_one();
	settle(2000);
	const double available = memory_field("MemAvailable"), slab = memory_field("Slab");
	crowd.create();
	settle(2000);
	rows.add("memory", (available - memory_field("MemAvailable")) / count, "kB/pair");
	rows.add("memory-slab", (memory_field("Slab") - slab) / count, "kB/pair");
	crowd.up();
	settle(2000);
	rows.add("memory-up", (available - memory_field("MemAvailable")) / count, "kB/pair");
	return rows.take();
}

const Workload workloads[] = {
	{"pairs-1", one_by_one<1>, one_mode_each},
	{"pairs-10", one_by_one<10>, one_mode_each},
	{"pairs-100", one_by_one<100>, one_mode_each},
	{"pairs-1000", one_by_one<1000>, one_mode_each},
	{"pairs-5000", one_by_one<5000>, one_mode_each, {}, on_request},
	{"batch-10", in_batches<10>, one_mode_each},
	{"batch-100", in_batches<100>, one_mode_each},
	{"batch-1000", in_batches<1000>, one_mode_each, {}, 1},
	{"batch-5000", in_batches<5000>, one_mode_each, {}, on_request},
	{"among-1", packets<1>, plain_pairs},
	{"among-100", packets<100>, plain_pairs},
	{"among-1000", packets<1000>, plain_pairs, {}, 1},
	{"among-5000", packets<5000>, plain_pairs, {}, on_request},
	{"memory", memory, plain_pairs},
};

} // namespace

std::span<const Workload> lifetime_workloads()
{
	return workloads;
}

} // namespace bench
