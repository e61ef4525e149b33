// SPDX-License-Identifier: GPL-2.0-only
// What a datagram costs its sender: a device that delivers on the sender's processor makes the sender pay for all of
// it.
#include "clock.hpp"
#include "traffic.hpp"
#include "workload.hpp"

#include <sys/socket.h>

namespace bench {

namespace {

constexpr unsigned bursts = 200, burst = 32;
constexpr std::size_t size = 64;
constexpr std::uint16_t sender_port = 4000, port = 5000;

double send_bursts(int sender, int receiver, unsigned count)
{
	char data[size] = {};
	std::int64_t spent = 0;
	for (unsigned i = 0; i < count; i++) {
		const auto start = now();
		for (unsigned j = 0; j < burst; j++)
			if (send(sender, data, size, 0) != static_cast<ssize_t>(size))
				fail("send");
		spent += now() - start;
		// What was sent has arrived, as there is one processor; taking it out is not timed.
		for (unsigned j = 0; receiver >= 0 && j < burst; j++)
			if (recv(receiver, data, size, 0) != static_cast<ssize_t>(size))
				fail("recv");
	}
	return static_cast<double>(spent) / count / burst;
}

// Through a dummy it is the floor: the sender's half, that no device can shorten.
template <bool connected> std::vector<Value> over_cable(const Workload &self, const Device &device)
{
	const Cable cable(device);
	return {{std::string(self.name), "ns/packet", send_and_deliver(cable.a(), cable.b(), connected)}};
}

const Workload workloads[] = {
	{"udp-burst", over_cable<true>, everything},
	// The receiver has to look up a route for each datagram, which lo brings with it.
	{"udp-burst-server", over_cable<false>, everything},
};

} // namespace

double send_and_deliver(const End &a, const End &b, bool connected)
{
	const Descriptor sender = udp_socket(*a.where, a.address, sender_port);
	connect_to(sender, b.address, port);
	Descriptor receiver;
	if (b.where)
		receiver = udp_socket(*b.where, b.address, port);
	if (b.where && connected)
		connect_to(receiver, a.address, sender_port);
	settle();
	send_bursts(sender, receiver, bursts / 10);
	return send_bursts(sender, receiver, bursts);
}

std::span<const Workload> burst_workloads()
{
	return workloads;
}

} // namespace bench
