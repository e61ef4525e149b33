// SPDX-License-Identifier: GPL-2.0-only
// The load program of the benchmark: runs in the guest as root, and prints one JSON object a line.
//
//   load [--rounds N] [WORKLOAD...]     without a workload: all of them, but for those that take long
//   load --list
//
// Rows of a workload are interleaved: each round runs it once over every device.
#include "clock.hpp"
#include "device.hpp"
#include "workload.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <spawn.h>
#include <string>
#include <sys/mman.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <vector>

using namespace bench;

namespace {

std::string quoted(std::string_view text)
{
	std::string made = "\"";
	for (const char letter : text) {
		if (letter == '"' || letter == '\\')
			made += '\\';
		made += static_cast<unsigned char>(letter) < ' ' ? ' ' : letter;
	}
	return made + '"';
}

void run_program(std::vector<const char *> words)
{
	pid_t pid = 0;
	int status = 0;
	words.push_back(nullptr);
	if (posix_spawnp(&pid, words[0], nullptr, nullptr, const_cast<char **>(words.data()), environ) == 0)
		waitpid(pid, &status, 0);
}

std::vector<const Workload *> all_workloads()
{
	std::vector<const Workload *> all;
	for (const auto group :
	     {flood_workloads(), request_workloads(), burst_workloads(), forward_workloads(), xdp_workloads(),
	      stream_workloads(), bloat_workloads(), lifetime_workloads(), scaling_workloads()})
		for (const auto &workload : group)
			all.push_back(&workload);
	return all;
}

// Says which devices this kernel refuses, and returns the others.
std::vector<const Device *> present_devices()
{
	std::vector<const Device *> present;
	for (const auto &device : all_devices()) {
		const std::string reason = why_refused(device);
		if (reason.empty())
			present.push_back(&device);
		else
			std::printf("{\"left_out\": %s, \"reason\": %s}\n", quoted(device.name).c_str(),
				    quoted(reason).c_str());
	}
	return present;
}

void run_one(const Workload &workload, const Device &device, unsigned round)
{
	const std::string head = "\"workload\": " + quoted(workload.name) + ", \"device\": " + quoted(device.name) +
				 ", \"round\": " + std::to_string(round);
	try {
		for (const auto &value : workload.run(workload, device))
			std::printf("{%s, \"row\": %s, \"unit\": %s, \"value\": %.3f}\n", head.c_str(),
				    quoted(value.row).c_str(), quoted(value.unit).c_str(), value.value);
	} catch (const std::exception &error) {
		std::printf("{%s, \"error\": %s}\n", head.c_str(), quoted(error.what()).c_str());
	}
	std::fflush(stdout);
	settle();
}

void run_workload(const Workload &workload, const std::vector<const Device *> &devices, unsigned rounds)
{
	const std::string module(workload.module);
	if (!module.empty())
		run_program({"modprobe", module.c_str()});
	for (unsigned round = 1; round <= (rounds ? rounds : std::max(workload.rounds, 1U)); round++)
		for (const auto *device : devices)
			if (workload.suits(*device))
				run_one(workload, *device, round);
	// So that what it keeps for each namespace is not there when something else is measured.
	if (!module.empty())
		run_program({"modprobe", "-r", module.c_str()});
}

} // namespace

int main(int argc, char **argv)
{
	unsigned rounds = 0;
	std::vector<const Workload *> chosen;
	const auto all = all_workloads();
	for (int i = 1; i < argc; i++) {
		if (!std::strcmp(argv[i], "--list")) {
			for (const auto *workload : all)
				std::printf("%.*s\n", static_cast<int>(workload->name.size()), workload->name.data());
			return 0;
		}
		if (!std::strcmp(argv[i], "--rounds") && i + 1 < argc) {
			rounds = static_cast<unsigned>(std::atoi(argv[++i]));
			continue;
		}
		const auto found =
			std::ranges::find_if(all, [&](const auto *workload) { return workload->name == argv[i]; });
		if (found == all.end()) {
			std::fprintf(stderr, "load: there is no workload %s; see load --list\n", argv[i]);
			return 2;
		}
		chosen.push_back(*found);
	}
	// No page may have to be fetched from the host while a clock runs.
	mlockall(MCL_CURRENT | MCL_FUTURE);
	for (const char *module : {"dummy", "veth", "etun"})
		run_program({"modprobe", module});
	utsname kernel{};
	uname(&kernel);
	std::printf("{\"kernel\": %s}\n", quoted(kernel.release).c_str());
	const auto devices = present_devices();
	// What the kernel puts off while it boots is done by then.
	settle(5000);
	// In a fixed order, whatever that of the words is: what ran before moves a number by up to a percent.
	for (const auto *workload : all)
		if (chosen.empty() ? workload->rounds != on_request
				   : std::ranges::find(chosen, workload) != chosen.end())
			run_workload(*workload, devices, rounds);
}
