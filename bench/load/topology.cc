// SPDX-License-Identifier: GPL-2.0-only
#include "topology.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bench {

namespace {

int own_namespace()
{
	const int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail("/proc/thread-self/ns/net");
	return fd;
}

class Control {
public:
	Control() : fd_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {}
	Control(const Control &) = delete;
	Control &operator=(const Control &) = delete;
	~Control() { close(fd_); }

	bool ask(const std::string &link, unsigned long request, ifreq &answer) const
	{
		std::strncpy(answer.ifr_name, link.c_str(), sizeof(answer.ifr_name) - 1);
		return ioctl(fd_, request, &answer) == 0;
	}

private:
	int fd_;
};

} // namespace

void write_file(const std::string &path, const std::string &text)
{
	const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		fail(path);
	const ssize_t put = write(fd, text.data(), text.size());
	const int error = errno;
	close(fd);
	errno = error;
	if (put != static_cast<ssize_t>(text.size()))
		fail(path + " <- " + text.substr(0, 60));
}

std::string read_file(const std::string &path)
{
	const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fail(path);
	std::string text;
	char buffer[4096];
	for (ssize_t got; (got = read(fd, buffer, sizeof(buffer))) > 0;)
		text.append(buffer, static_cast<std::size_t>(got));
	close(fd);
	return text;
}

Namespace::Namespace(int fd) : fd_(fd)
{
	rtnetlink_.emplace();
}

Namespace::~Namespace()
{
	close(fd_);
}

Namespace &Namespace::home()
{
	static Namespace first(own_namespace());
	return first;
}

std::unique_ptr<Namespace> Namespace::make()
{
	home();
	if (unshare(CLONE_NEWNET))
		fail("a network namespace");
	std::unique_ptr<Namespace> made(new Namespace(own_namespace()));
	home().enter();
	made->sysctl("ipv6/conf/all/disable_ipv6", "1");
	made->sysctl("ipv6/conf/default/disable_ipv6", "1");
	made->up("lo");
	return made;
}

void Namespace::enter() const
{
	if (setns(fd_, CLONE_NEWNET))
		fail("setns");
}

int Namespace::index_of(const std::string &link) const
{
	const Inside inside(*this);
	ifreq answer{};
	if (!Control().ask(link, SIOCGIFINDEX, answer))
		fail("no link " + link);
	return answer.ifr_ifindex;
}

unsigned long long Namespace::received(const std::string &link) const
{
	const Inside inside(*this);
	const std::string told = read_file("/proc/thread-self/net/dev");
	const auto at = told.find(link + ":");
	unsigned long long bytes = 0, frames = 0;
	if (at == std::string::npos ||
	    std::sscanf(told.c_str() + at + link.size() + 1, "%llu %llu", &bytes, &frames) != 2)
		throw std::runtime_error("no counters of " + link);
	return frames;
}

bool Namespace::has(const std::string &link) const
{
	const Inside inside(*this);
	ifreq answer{};
	return Control().ask(link, SIOCGIFINDEX, answer);
}

Mac Namespace::mac_of(const std::string &link) const
{
	const Inside inside(*this);
	ifreq answer{};
	if (!Control().ask(link, SIOCGIFHWADDR, answer))
		fail("no link " + link);
	Mac mac;
	std::copy_n(reinterpret_cast<unsigned char *>(answer.ifr_hwaddr.sa_data), mac.size(), mac.begin());
	return mac;
}

void Namespace::up(const std::string &link, bool on)
{
	ifinfomsg info{};
	info.ifi_index = index_of(link);
	info.ifi_flags = on ? IFF_UP : 0;
	info.ifi_change = IFF_UP;
	Message message(RTM_NEWLINK, 0);
	message.body(info);
	rtnetlink_->request(message, link + " up");
}

void Namespace::set_mtu(const std::string &link, int mtu)
{
	const Inside inside(*this);
	ifreq request{};
	request.ifr_mtu = mtu;
	if (!Control().ask(link, SIOCSIFMTU, request))
		fail(link + ": MTU");
}

void Namespace::add_address(const std::string &link, Address address, int prefix)
{
	ifaddrmsg info{};
	info.ifa_family = AF_INET;
	info.ifa_prefixlen = static_cast<unsigned char>(prefix);
	info.ifa_index = static_cast<unsigned>(index_of(link));
	Message message(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
	message.body(info);
	message.number(IFA_LOCAL, htonl(address));
	message.number(IFA_ADDRESS, htonl(address));
	rtnetlink_->request(message, link + ": address");
}

void Namespace::add_neighbour(const std::string &link, Address address, const Mac &mac)
{
	ndmsg info{};
	info.ndm_family = AF_INET;
	info.ndm_ifindex = index_of(link);
	info.ndm_state = NUD_PERMANENT;
	Message message(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE);
	message.body(info);
	message.number(NDA_DST, htonl(address));
	message.attribute(NDA_LLADDR, mac.data(), mac.size());
	rtnetlink_->request(message, link + ": neighbour");
}

void Namespace::add_route(Address to, int prefix, Address gateway)
{
	rtmsg info{};
	info.rtm_family = AF_INET;
	info.rtm_dst_len = static_cast<unsigned char>(prefix);
	info.rtm_table = RT_TABLE_MAIN;
	info.rtm_protocol = RTPROT_STATIC;
	info.rtm_scope = RT_SCOPE_UNIVERSE;
	info.rtm_type = RTN_UNICAST;
	Message message(RTM_NEWROUTE, NLM_F_CREATE);
	message.body(info);
	message.number(RTA_DST, htonl(to));
	message.number(RTA_GATEWAY, htonl(gateway));
	rtnetlink_->request(message, "route");
}

void Namespace::enslave(const std::string &link, const std::string &bridge)
{
	ifinfomsg info{};
	info.ifi_index = index_of(link);
	Message message(RTM_NEWLINK, 0);
	message.body(info);
	message.number(IFLA_MASTER, index_of(bridge));
	rtnetlink_->request(message, link + ": master " + bridge);
}

void Namespace::add_plain(const std::string &kind, const std::string &link)
{
	Message message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	message.body(ifinfomsg{});
	message.text(IFLA_IFNAME, link);
	const auto about = message.open(IFLA_LINKINFO);
	message.text(IFLA_INFO_KIND, kind);
	message.close(about);
	rtnetlink_->request(message, link + ": new " + kind);
}

void Namespace::remove(const std::string &link)
{
	Message message(RTM_DELLINK, 0);
	message.body(ifinfomsg{});
	message.text(IFLA_IFNAME, link);
	rtnetlink_->request(message, link + ": delete");
}

void Namespace::ethtool(const std::string &link, unsigned command, unsigned value)
{
	const Inside inside(*this);
	ethtool_value data{command, value};
	ifreq request{};
	request.ifr_data = reinterpret_cast<char *>(&data);
	if (!Control().ask(link, SIOCETHTOOL, request))
		fail(link + ": ethtool " + std::to_string(command));
}

void Namespace::attach_xdp(const std::string &link, int program, unsigned flags)
{
	ifinfomsg info{};
	info.ifi_index = index_of(link);
	Message message(RTM_NEWLINK, 0);
	message.body(info);
	const auto nest = message.open(IFLA_XDP | NLA_F_NESTED);
	message.number(IFLA_XDP_FD, program);
	message.number(IFLA_XDP_FLAGS, flags);
	message.close(nest);
	rtnetlink_->request(message, link + ": XDP");
}

void Namespace::sysctl(const std::string &name, const std::string &value) const
{
	const Inside inside(*this);
	write_file("/proc/sys/net/" + name, value);
}

} // namespace bench
