// SPDX-License-Identifier: GPL-2.0-only
// Bulk: a TCP stream, and a UDP receiver that cannot keep up. Both hang on the scheduler as much as on the device, so
// they are reported and not judged.
#include "clock.hpp"
#include "sockets.hpp"
#include "workload.hpp"

#include <cstring>
#include <linux/ethtool.h>
#include <sys/socket.h>

namespace bench {

namespace {

constexpr std::uint16_t port = 5000;
constexpr std::size_t chunk = 65536;

void send_forever(int fd)
{
	static char data[chunk];
	while (send_all(fd, data, sizeof(data)))
		;
}

// Without segmentation by the device, each segment that arrives is as long as the MTU allows.
void without_segmentation(const Cable &cable)
{
	for (const End *end : {&cable.a(), &cable.b()}) {
		end->where->ethtool(end->name, ETHTOOL_STSO, 0);
		end->where->ethtool(end->name, ETHTOOL_SGSO, 0);
		end->where->set_mtu(end->name, 1500);
	}
}

template <bool segments> std::vector<Value> tcp_stream(const Workload &self, const Device &device)
{
	constexpr std::size_t chunks = segments ? 160 : 480;
	static char data[chunk];
	const Cable cable(device);
	if (segments)
		without_segmentation(cable);
	const auto connection = tcp_connection(cable.a(), cable.b(), port);
	const Process sender([&] { send_forever(connection.client); });
	for (std::size_t i = 0; i < chunks / 8; i++)
		receive_all(connection.server, data, chunk);
	const auto start = now();
	for (std::size_t i = 0; i < chunks; i++)
		if (!receive_all(connection.server, data, chunk))
			fail("TCP stream");
	const auto spent = static_cast<double>(now() - start);
	if (device.is_loopback() && segments)
		cable.a().where->set_mtu(cable.a().name, 65536);
	return {{std::string(self.name), "ns/KB", spent / (chunks * chunk / 1024)}};
}

// Each datagram says its number, so that the receiver knows how many it missed. Those behind the last come slowly, so
// that one of them gets through.
void send_numbers(int fd, unsigned count)
{
	char data[64] = {};
	for (unsigned i = 0;; i++) {
		if (i > count)
			settle(20);
		std::memcpy(data, &i, sizeof(i));
		send(fd, data, sizeof(data), 0);
	}
}

std::vector<Value> slow_receiver(const Workload &self, const Device &device)
{
	constexpr unsigned count = 20'000;
	constexpr std::int64_t toil = 10'000;
	const Cable cable(device);
	const Descriptor receiver = udp_socket(*cable.b().where, cable.b().address, port);
	const Descriptor out = udp_socket(*cable.a().where, cable.a().address, port - 1);
	connect_to(out, cable.b().address, port);
	const Process sender([&] { send_numbers(out, count); });
	unsigned got = 0, number = 0;
	while (number < count) {
		char data[64];
		if (recv(receiver, data, sizeof(data), 0) < 0)
			fail("recv");
		std::memcpy(&number, data, sizeof(number));
		got += number < count;
		for (const auto until = now() + toil; now() < until;)
			;
	}
	return {{std::string(self.name), "% lost", 100.0 * (count - got) / count}};
}

const Workload workloads[] = {
	{"tcp-stream-mss", tcp_stream<true>, plain_pairs_and_loopback, {}, 3},
	{"tcp-stream-64k", tcp_stream<false>, plain_pairs_and_loopback, {}, 3},
	{"slow-receiver", slow_receiver, plain_pairs_and_loopback},
};

} // namespace

std::span<const Workload> stream_workloads()
{
	return workloads;
}

} // namespace bench
