// SPDX-License-Identifier: GPL-2.0-only
// Floods by the kernel's pktgen: a driver's transmit function and what follows from it, with no socket before it.
#include "clock.hpp"
#include "pktgen.hpp"
#include "sockets.hpp"
#include "workload.hpp"

#include <cstdio>

namespace bench {

namespace {

constexpr unsigned frames = 60'000;
constexpr std::uint16_t port = 9;
const std::string folder = "/proc/net/pktgen/";
constexpr Mac nobody{2, 0, 0, 0, 0, 0x99};

// One end at home, where pktgen's threads are, the other in a namespace of its own.
class Field {
public:
	explicit Field(const Device &device)
		: far_(Namespace::make()), cable_(device, {&Namespace::home(), "a0", address(10, 0, 0, 1)},
						  {far_.get(), "b0", address(10, 0, 0, 2)})
	{
	}

	const End &sender() const { return cable_.a(); }
	const End &receiver() const { return cable_.b(); }

private:
	std::unique_ptr<Namespace> far_;
	Cable cable_;
};

std::vector<Value> flood(const Workload &self, const Device &device, bool foreign, bool open)
{
	const Field field(device);
	Descriptor listener;
	if (open)
		listener = udp_socket(*field.receiver().where, field.receiver().address, port);
	Flood plan;
	plan.devices = {field.sender().name};
	plan.mac = foreign ? nobody : field.receiver().where->mac_of(field.receiver().name);
	plan.to = field.receiver().address;
	plan.port = port;
	// The warm-up also fills the socket, so that each frame that is timed meets a full one.
	plan.frames = frames / 10;
	pktgen(plan);
	plan.frames = frames;
	return {{std::string(self.name), "ns/packet", pktgen(plan)}};
}

std::vector<Value> to_nobody(const Workload &self, const Device &device)
{
	return flood(self, device, true, false);
}

std::vector<Value> to_closed_port(const Workload &self, const Device &device)
{
	return flood(self, device, false, false);
}

std::vector<Value> to_open_port(const Workload &self, const Device &device)
{
	return flood(self, device, false, true);
}

void describe(const Flood &plan, const std::string &file)
{
	char mac[18], to[16];
	std::snprintf(mac, sizeof(mac), "%02x:%02x:%02x:%02x:%02x:%02x", plan.mac[0], plan.mac[1], plan.mac[2],
		      plan.mac[3], plan.mac[4], plan.mac[5]);
	std::snprintf(to, sizeof(to), "%u.%u.%u.%u", plan.to >> 24, plan.to >> 16 & 255, plan.to >> 8 & 255,
		      plan.to & 255);
	const std::string number = std::to_string(plan.port);
	for (const std::string &line :
	     {"count " + std::to_string(plan.frames), std::string("pkt_size 60"), std::string("delay 0"),
	      std::string("clone_skb 0"), std::string("dst_mac ") + mac, std::string("dst ") + to,
	      "udp_dst_min " + number, "udp_dst_max " + number})
		write_file(file, line + "\n");
}

// "Result: OK: 164380(c164380+d0) usec, 60000 (60byte,0frags)"; returns nanoseconds per frame. On a machine of several
// processors that has no time, pktgen says that it is done before a thread has begun; so this waits for the result.
double result_of(const Flood &plan, const std::string &file)
{
	constexpr unsigned attempts = 600;
	std::string told;
	for (unsigned i = 0; i < attempts; i++) {
		told = read_file(file);
		const auto at = told.find("Result: OK: ");
		unsigned long long microseconds = 0;
		unsigned sent = 0;
		if (at != std::string::npos &&
		    std::sscanf(told.c_str() + at, "Result: OK: %llu(%*[^)]) usec, %u", &microseconds, &sent) == 2 &&
		    sent == plan.frames)
			return static_cast<double>(microseconds) * 1000 / sent;
		settle();
	}
	const auto at = told.find("Result: ");
	throw std::runtime_error("pktgen: " + told.substr(at == std::string::npos ? 0 : at));
}

const Workload workloads[] = {
	{"pktgen-foreign", to_nobody, everything, "pktgen"},
	{"pktgen-closed", to_closed_port, pairs, "pktgen"},
	// In one run of ten or so the lookup of the socket takes longer, with any device.
	{"pktgen-open", to_open_port, pairs, "pktgen", 5},
};

} // namespace

double pktgen(const Flood &plan)
{
	const auto thread = [](std::size_t number) { return folder + "kpktgend_" + std::to_string(number); };
	for (std::size_t i = 0; i < plan.devices.size(); i++) {
		write_file(thread(i), "rem_device_all\n");
		write_file(thread(i), "add_device " + plan.devices[i] + "\n");
		describe(plan, folder + plan.devices[i]);
	}
	settle();
	write_file(folder + "pgctrl", "start\n");
	double rate = 0;
	for (std::size_t i = 0; i < plan.devices.size(); i++) {
		rate += 1 / result_of(plan, folder + plan.devices[i]);
		write_file(thread(i), "rem_device_all\n");
	}
	return 1 / rate;
}

std::span<const Workload> flood_workloads()
{
	return workloads;
}

} // namespace bench
