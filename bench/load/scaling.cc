// SPDX-License-Identifier: GPL-2.0-only
// Several processors at once: each with a pair of its own, and all with the same. Only where there are several, which
// rules out the clock that counts instructions; so these are reported and not judged.
#include "pktgen.hpp"
#include "traffic.hpp"
#include "workload.hpp"

#include <algorithm>
#include <sched.h>
#include <unistd.h>

namespace bench {

namespace {

constexpr unsigned frames = 50'000;
constexpr Mac nobody{2, 0, 0, 0, 0, 0x99};

unsigned processors()
{
	return static_cast<unsigned>(std::clamp(sysconf(_SC_NPROCESSORS_ONLN), 1L, 8L));
}

bool several(const Device &device)
{
	return processors() > 1 && plain_pairs(device);
}

void stay_on(unsigned processor)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

std::string numbered(const char *name, unsigned number)
{
	return name + std::to_string(number);
}

double flood(std::vector<std::string> devices)
{
	Flood plan{std::move(devices), nobody, address(10, 0, 0, 2), 9, frames / 10};
	pktgen(plan);
	plan.frames = frames;
	return pktgen(plan);
}

std::vector<Value> flood_own(const Workload &self, const Device &device)
{
	const auto far = Namespace::make();
	std::vector<std::unique_ptr<Cable>> cables;
	std::vector<std::string> devices;
	std::vector<Value> values;
	for (unsigned count = 1; count <= processors(); count++) {
		const End a{&Namespace::home(), numbered("a", count), 0}, b{far.get(), numbered("b", count), 0};
		cables.push_back(std::make_unique<Cable>(device, a, b));
		devices.push_back(a.name);
		values.push_back(
			{numbered((std::string(self.name) + "-").c_str(), count), "ns/packet", flood(devices)});
	}
	return values;
}

std::vector<Value> flood_shared(const Workload &self, const Device &device)
{
	const auto far = Namespace::make();
	const Cable cable(device, {&Namespace::home(), "a0", 0}, {far.get(), "b0", 0});
	std::vector<std::string> devices;
	std::vector<Value> values;
	for (unsigned count = 1; count <= processors(); count++) {
		devices.push_back(numbered("a0@", count - 1));
		values.push_back(
			{numbered((std::string(self.name) + "-").c_str(), count), "ns/packet", flood(devices)});
	}
	return values;
}

// One processor's round trips while the others have theirs, over pairs of their own.
std::vector<Value> talks(const Workload &self, const Device &device)
{
	std::vector<std::unique_ptr<Cable>> cables;
	std::vector<std::unique_ptr<Process>> others;
	std::vector<Value> values;
	for (unsigned count = 1; count <= processors(); count++) {
		if (count > 1) {
			cables.push_back(std::make_unique<Cable>(device));
			others.push_back(std::make_unique<Process>([&] {
				stay_on(count - 1);
				talk_forever(cables.back()->a(), cables.back()->b());
			}));
		}
		const Cable cable(device);
		stay_on(0);
		values.push_back({numbered((std::string(self.name) + "-").c_str(), count), "ns/round trip",
				  round_trip(cable.a(), cable.b(), Protocol::Udp, Processes::One)});
	}
	return values;
}

const Workload workloads[] = {
	{"smp-flood-own", flood_own, several, "pktgen", 3},
	{"smp-flood-shared", flood_shared, several, "pktgen", 3},
	{"smp-rr", talks, several, {}, 3},
};

} // namespace

std::span<const Workload> scaling_workloads()
{
	return workloads;
}

} // namespace bench
