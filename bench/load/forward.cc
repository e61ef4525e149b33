// SPDX-License-Identifier: GPL-2.0-only
// Two pairs with a router or a bridge between them, as containers have it: what each hop costs, and whether the second
// one is reached without a softirq.
#include "clock.hpp"
#include "traffic.hpp"
#include "workload.hpp"

namespace bench {

namespace {

enum class Between { Router, Bridge };

// Three namespaces in a row: P, R and Q. R routes or bridges.
class Path {
public:
	Path(const Device &device, Between between);

	const End &p() const { return first_.a(); }
	const End &q() const { return second_.b(); }

private:
	static constexpr Address p_address = address(10, 0, 1, 1);

	std::unique_ptr<Namespace> left_ = Namespace::make(), middle_ = Namespace::make(), right_ = Namespace::make();
	Cable first_, second_;
};

Path::Path(const Device &device, Between between)
	: first_(device, {left_.get(), "p0", p_address},
		 {middle_.get(), "r0", between == Between::Router ? address(10, 0, 1, 254) : 0}),
	  second_(device, {middle_.get(), "r1", between == Between::Router ? address(10, 0, 2, 254) : 0},
		  {right_.get(), "q0", between == Between::Router ? address(10, 0, 2, 1) : address(10, 0, 1, 2)})
{
	if (between == Between::Router) {
		middle_->sysctl("ipv4/ip_forward", "1");
		left_->add_route(address(10, 0, 2, 0), 24, address(10, 0, 1, 254));
		right_->add_route(address(10, 0, 1, 0), 24, address(10, 0, 2, 254));
		return;
	}
	middle_->add_plain("bridge", "br0");
	for (const char *port : {"r0", "r1"})
		middle_->enslave(port, "br0");
	middle_->up("br0");
	left_->add_neighbour("p0", q().address, right_->mac_of("q0"));
	right_->add_neighbour("q0", p().address, left_->mac_of("p0"));
	settle(2000);
}

template <Between between, Protocol protocol, Processes processes>
std::vector<Value> trip(const Workload &self, const Device &device)
{
	const Path path(device, between);
	return {{std::string(self.name), "ns/round trip", round_trip(path.p(), path.q(), protocol, processes)}};
}

template <Between between> std::vector<Value> burst(const Workload &self, const Device &device)
{
	const Path path(device, between);
	return {{std::string(self.name), "ns/packet", send_and_deliver(path.p(), path.q(), true)}};
}

const Workload workloads[] = {
	{"routed-rr", trip<Between::Router, Protocol::Udp, Processes::One>, pairs},
	{"routed-tcp-rr", trip<Between::Router, Protocol::Tcp, Processes::Two>, pairs},
	{"routed-burst", burst<Between::Router>, pairs},
	{"bridged-rr", trip<Between::Bridge, Protocol::Udp, Processes::One>, pairs, "bridge"},
	{"bridged-tcp-rr", trip<Between::Bridge, Protocol::Tcp, Processes::Two>, pairs, "bridge"},
	{"bridged-burst", burst<Between::Bridge>, pairs, "bridge"},
};

} // namespace

std::span<const Workload> forward_workloads()
{
	return workloads;
}

} // namespace bench
