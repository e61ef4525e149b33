// SPDX-License-Identifier: GPL-2.0-only
// How long a ping takes while another program sends as much as it can: how many frames of the flood lie in front of it.
// The receiver takes its time over each frame, so that there is something to wait for.
#include "bpf.hpp"
#include "clock.hpp"
#include "traffic.hpp"
#include "workload.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace bench {

namespace {

constexpr unsigned pings = 100, senders = 6;
constexpr std::uint16_t first_port = 4000;

void flood(int sender)
{
	static char data[1400];
	for (;;)
		send(sender, data, sizeof(data), 0);
}

// One ping through a socket of the kind that ping has; the kernel answers it.
double ping(int fd, unsigned number)
{
	icmphdr echo{};
	echo.type = ICMP_ECHO;
	echo.un.echo.sequence = htons(static_cast<std::uint16_t>(number));
	const auto start = now();
	if (send(fd, &echo, sizeof(echo), 0) < 0)
		return -1;
	icmphdr answer{};
	do {
		if (recv(fd, &answer, sizeof(answer), 0) < 0)
			return -1;
	} while (answer.type != ICMP_ECHOREPLY || answer.un.echo.sequence != echo.un.echo.sequence);
	return static_cast<double>(now() - start);
}

Descriptor ping_socket(const End &from, const End &to)
{
	from.where->sysctl("ipv4/ping_group_range", "0 0");
	const Inside inside(*from.where);
	Descriptor fd(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP));
	if (fd < 0)
		fail("ping");
	const timeval patience{0, 200'000};
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	connect_to(fd, to.address, 0);
	return fd;
}

// What waits for a processor is not to be measured, but what waits in a queue: the pinger goes first.
class First {
public:
	First()
	{
		const sched_param most{10};
		sched_setscheduler(0, SCHED_FIFO, &most);
	}
	First(const First &) = delete;
	First &operator=(const First &) = delete;
	~First()
	{
		const sched_param none{};
		sched_setscheduler(0, SCHED_OTHER, &none);
	}
};

void add_fair_queueing(Namespace &where, const std::string &link)
{
	Message message(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE);
	tcmsg info{};
	info.tcm_ifindex = where.index_of(link);
	info.tcm_parent = TC_H_ROOT;
	message.body(info);
	message.text(TCA_KIND, "fq_codel");
	where.rtnetlink().request(message, link + ": fq_codel");
}

// The receiver is at home, where sysfs shows it.
class Field {
public:
	Field(const Device &device, bool threaded)
		: cable_(device, {away_.get(), "a0", address(10, 0, 0, 1)},
			 {&Namespace::home(), "b0", address(10, 0, 0, 2)})
	{
		receiver().where->attach_xdp("b0", load_xdp("toil"), XDP_FLAGS_DRV_MODE);
		add_fair_queueing(*away_, "a0");
		if (threaded)
			write_file("/sys/class/net/b0/threaded", "1");
	}

	const End &sender() const { return cable_.a(); }
	const End &receiver() const { return cable_.b(); }

private:
	std::unique_ptr<Namespace> away_ = Namespace::make();
	Cable cable_;
};

template <bool threaded> std::vector<Value> ping_under_load(const Workload &self, const Device &device)
{
	const Field field(device, threaded);
	const std::string name(self.name);
	// One sender's buffer holds about 90 frames; together they can fill any ring, and mostly sleep.
	std::vector<Descriptor> bulk;
	std::vector<std::unique_ptr<Process>> flooders;
	for (unsigned i = 0; i < senders; i++) {
		bulk.push_back(udp_socket(*field.sender().where, field.sender().address,
					  static_cast<std::uint16_t>(first_port + i)));
		connect_to(bulk.back(), field.receiver().address, 5000);
	}
	const Descriptor sink = udp_socket(*field.receiver().where, field.receiver().address, 5000);
	const Descriptor pinger = ping_socket(field.sender(), field.receiver());
	for (const auto &socket : bulk)
		flooders.push_back(std::make_unique<Process>([&] { flood(socket); }));
	const First first;
	settle(20);
	std::vector<double> took;
	for (unsigned i = 0; i < pings; i++) {
		settle(3);
		const double time = ping(pinger, i);
		if (time >= 0)
			took.push_back(time);
	}
	if (took.empty())
		throw std::runtime_error("no ping came back");
	std::ranges::sort(took);
	return {{name, "ns", took[took.size() / 2]},
		{name + "-worst", "ns", took.back()},
		{name + "-lost", "%", 100.0 * static_cast<double>(pings - took.size()) / pings}};
}

bool with_ring(const Device &device)
{
	return device.name == "veth-napi" || (device.kind == "etun" && !device.gro);
}

const Workload workloads[] = {
	{"ping-loaded", ping_under_load<false>, with_ring},
	{"ping-loaded-threaded", ping_under_load<true>, with_ring},
};

} // namespace

std::span<const Workload> bloat_workloads()
{
	return workloads;
}

} // namespace bench
