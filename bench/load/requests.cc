// SPDX-License-Identifier: GPL-2.0-only
// A request and its answer: UDP and TCP, in one process, where no scheduler takes part, and in two.
#include "clock.hpp"
#include "sockets.hpp"
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

Talk udp_talk(const Cable &cable)
{
	Talk talk;
	talk.client = udp_socket(*cable.a().where, cable.a().address, client_port);
	talk.server = udp_socket(*cable.b().where, cable.b().address, server_port);
	connect_to(talk.client, cable.b().address, server_port);
	connect_to(talk.server, cable.a().address, client_port);
	return talk;
}

Talk tcp_talk(const Cable &cable)
{
	auto made = tcp_connection(cable.a(), cable.b(), server_port);
	return {std::move(made.client), std::move(made.server)};
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

template <class Exchange> std::vector<Value> timed(const Workload &self, const Talk &talk, Exchange exchange)
{
	settle();
	exchange(talk, warm_up);
	const auto start = now();
	exchange(talk, exchanges);
	return {{std::string(self.name), "ns/round trip", static_cast<double>(now() - start) / exchanges}};
}

std::vector<Value> in_one(const Workload &self, const Talk &talk)
{
	return timed(self, talk, both_sides);
}

std::vector<Value> in_two(const Workload &self, const Talk &talk)
{
	const Process server([&] { answer(talk); });
	return timed(self, talk, client_side);
}

std::vector<Value> udp_one(const Workload &self, const Device &device)
{
	const Cable cable(device);
	return in_one(self, udp_talk(cable));
}

std::vector<Value> udp_two(const Workload &self, const Device &device)
{
	const Cable cable(device);
	return in_two(self, udp_talk(cable));
}

std::vector<Value> tcp_one(const Workload &self, const Device &device)
{
	const Cable cable(device);
	return in_one(self, tcp_talk(cable));
}

std::vector<Value> tcp_two(const Workload &self, const Device &device)
{
	const Cable cable(device);
	return in_two(self, tcp_talk(cable));
}

const Workload workloads[] = {
	{"udp-rr-1", udp_one, pairs_and_loopback},
	{"udp-rr-2", udp_two, pairs_and_loopback},
	{"tcp-rr-1", tcp_one, pairs_and_loopback},
	{"tcp-rr-2", tcp_two, pairs_and_loopback},
};

} // namespace

std::span<const Workload> request_workloads()
{
	return workloads;
}

} // namespace bench
