// SPDX-License-Identifier: GPL-2.0-only
#include "device.hpp"

#include <array>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>

namespace bench {

namespace {

// netkit's attributes of IFLA_INFO_DATA, which the headers of Debian 12's libc do not have.
constexpr std::uint16_t netkit_peer_info = 1;
constexpr std::uint16_t netkit_mode = 5;
constexpr std::uint32_t netkit_mode_l2 = 0;

constexpr Device devices[] = {
	{"dummy", "dummy"},
	{"lo", "lo"},
	{"veth", "veth"},
	{"veth-napi", "veth", Mode::Backlog, true},
	{"netkit", "netkit"},
	{"etun-backlog", ETUN_KIND, Mode::Backlog},
	{"etun-napi", ETUN_KIND, Mode::Napi},
	{"etun-gro", ETUN_KIND, Mode::Backlog, true},
	{"etun-direct", ETUN_KIND, Mode::Direct},
};

void add_peer(Message &message, std::uint16_t type, const std::string &name, int where)
{
	const auto peer = message.open(type);
	message.body(ifinfomsg{});
	message.text(IFLA_IFNAME, name);
	if (where >= 0)
		message.number(IFLA_NET_NS_FD, where);
	message.close(peer);
}

} // namespace

std::span<const Device> all_devices()
{
	return devices;
}

void add_pair(Rtnetlink &socket, const Device &device, const std::string &a, const std::string &b, int namespace_of_b)
{
	Message message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	message.body(ifinfomsg{});
	message.text(IFLA_IFNAME, a);
	const auto about = message.open(IFLA_LINKINFO);
	message.text(IFLA_INFO_KIND, device.kind);
	const auto data = message.open(IFLA_INFO_DATA);
	if (device.kind == "veth") {
		add_peer(message, VETH_INFO_PEER, b, namespace_of_b);
	} else if (device.kind == "netkit") {
		message.number(netkit_mode, netkit_mode_l2);
		add_peer(message, netkit_peer_info, b, namespace_of_b);
	} else {
		// The default is not said, so that a driver without modes can be measured too.
		if (device.mode != Mode::Backlog)
			message.number(ETUN_INFO_MODE, device.mode);
		add_peer(message, ETUN_INFO_PEER, b, namespace_of_b);
	}
	message.close(data);
	message.close(about);
	socket.request(message, std::string(device.name));
}

void add_pair(const Device &device, const Place &a, const Place &b)
{
	add_pair(a.where->rtnetlink(), device, a.name, b.name, b.where->fd());
	for (const Place &end : {a, b})
		if (device.gro)
			end.where->ethtool(end.name, ETHTOOL_SGRO, 1);
}

std::string why_refused(const Device &device)
{
	if (device.is_loopback())
		return {};
	auto &home = Namespace::home();
	try {
		if (device.is_dummy())
			home.add_plain("dummy", "try0");
		else
			add_pair(device, {&home, "try0"}, {&home, "try1"});
	} catch (const Refused &refused) {
		return refused.what();
	}
	home.remove("try0");
	return {};
}

Cable::Cable(const Device &device) : left_(Namespace::make())
{
	if (device.is_pair())
		right_ = Namespace::make();
	a_ = {left_.get(), "a0", address(10, 0, 0, 1)};
	b_ = {right_.get(), "b0", address(10, 0, 0, 2)};
	plug(device);
}

Cable::Cable(const Device &device, const End &a, const End &b) : a_(a), b_(b)
{
	plug(device);
}

void Cable::plug(const Device &device)
{
	if (device.is_loopback()) {
		a_ = b_ = {a_.where, "lo", address(127, 0, 0, 1)};
		a_.where->up("lo");
		return;
	}
	made_ = true;
	if (device.is_dummy()) {
		a_.where->add_plain("dummy", a_.name);
		b_.where = nullptr;
	} else {
		add_pair(device, {a_.where, a_.name}, {b_.where, b_.name});
	}
	for (const End *end : {&a_, &b_}) {
		if (!end->where)
			continue;
		end->where->up(end->name);
		if (end->address)
			end->where->add_address(end->name, end->address, 24);
	}
	if (a_.address && b_.address)
		a_.where->add_neighbour(a_.name, b_.address,
					b_.where ? b_.where->mac_of(b_.name) : Mac{2, 0, 0, 0, 0, 0x99});
	if (b_.where && a_.address && b_.address)
		b_.where->add_neighbour(b_.name, a_.address, a_.where->mac_of(a_.name));
}

Cable::~Cable()
{
	// Before the namespaces go: their own end would come later, amid the next measurement.
	if (made_ && a_.where->has(a_.name))
		a_.where->remove(a_.name);
}

} // namespace bench
