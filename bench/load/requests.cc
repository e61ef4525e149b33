// SPDX-License-Identifier: GPL-2.0-only
// A request and its answer: UDP and TCP, in one process, where no scheduler takes part, and in two.
#include "clock.hpp"
#include "traffic.hpp"
#include "workload.hpp"

#include <sys/socket.h>

namespace bench {

namespace {

constexpr unsigned warm_up = 500;
constexpr unsigned exchanges = 5000;
constexpr std::size_t size = 64;
constexpr std::uint16_t client_port = 4000, server_port = 5000;

struct Talk {
	Descriptor client, server;
};

Talk talk_between(const End &a, const End &b, Protocol protocol)
{
	Talk talk;
	if (protocol == Protocol::Tcp) {
		auto made = tcp_connection(a, b, server_port);
		return {std::move(made.client), std::move(made.server)};
	}
	talk.client = udp_socket(*a.where, a.address, client_port);
	talk.server = udp_socket(*b.where, b.address, server_port);
	connect_to(talk.client, b.address, server_port);
	connect_to(talk.server, a.address, client_port);
	return talk;
}

void must(bool done)
{
	if (!done)
		throw std::runtime_error("a message was lost");
}

void both_sides(const Talk &talk, unsigned count)
{
	char data[size] = {};
	for (unsigned i = 0; i < count; i++)
		must(send_all(talk.client, data, size) && receive_all(talk.server, data, size) &&
		     send_all(talk.server, data, size) && receive_all(talk.client, data, size));
}

void client_side(const Talk &talk, unsigned count)
{
	char data[size] = {};
	for (unsigned i = 0; i < count; i++)
		must(send_all(talk.client, data, size) && receive_all(talk.client, data, size));
}

void answer(const Talk &talk)
{
	char data[size];
	while (receive_all(talk.server, data, size) && send_all(talk.server, data, size))
		;
}

template <class Exchange> double timed(const Talk &talk, Exchange exchange)
{
	settle();
	exchange(talk, warm_up);
	const auto start = now();
	exchange(talk, exchanges);
	return static_cast<double>(now() - start) / exchanges;
}

template <Protocol protocol, Processes processes>
std::vector<Value> over_cable(const Workload &self, const Device &device)
{
	const Cable cable(device);
	return {{std::string(self.name), "ns/round trip", round_trip(cable.a(), cable.b(), protocol, processes)}};
}

const Workload workloads[] = {
	{"udp-rr-1", over_cable<Protocol::Udp, Processes::One>, pairs_and_loopback},
	{"udp-rr-2", over_cable<Protocol::Udp, Processes::Two>, pairs_and_loopback},
	{"tcp-rr-1", over_cable<Protocol::Tcp, Processes::One>, pairs_and_loopback},
	{"tcp-rr-2", over_cable<Protocol::Tcp, Processes::Two>, pairs_and_loopback},
};

} // namespace

double round_trip(const End &a, const End &b, Protocol protocol, Processes processes)
{
	const Talk talk = talk_between(a, b, protocol);
	if (processes == Processes::One)
		return timed(talk, both_sides);
	const Process server([&] { answer(talk); });
	return timed(talk, client_side);
}

void talk_forever(const End &a, const End &b)
{
	const Talk talk = talk_between(a, b, Protocol::Udp);
	for (;;)
		both_sides(talk, exchanges);
}

std::span<const Workload> request_workloads()
{
	return workloads;
}

} // namespace bench
