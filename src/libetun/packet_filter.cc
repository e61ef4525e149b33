// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/packet_filter.hpp"

#include "libetun/message.hpp"

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include <fstream>
#include <memory>
#include <string>

namespace etun {
namespace {

/// The name of a table of iptables that somebody has used here.
bool has_iptables()
{
	for (const char *path : {"/proc/thread-self/net/ip_tables_names", "/proc/thread-self/net/ip6_tables_names"}) {
		std::ifstream file(path);
		std::string name;
		if (file >> name)
			return true;
	}
	return false;
}

/// Asking would load the module, so it is only asked where that is there.
bool has_nftables()
{
	if (access("/sys/module/nf_tables", F_OK) != 0)
		return false;
	const std::unique_ptr<mnl_socket, int (*)(mnl_socket *)> socket(
		mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC), mnl_socket_close);
	if (!socket || mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) != 0)
		return false;
	constexpr std::uint16_t type = (NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETTABLE;
	Message message(type, NLM_F_DUMP);
	message.put_header<nfgenmsg>()->nfgen_family = AF_UNSPEC;
	if (mnl_socket_sendto(socket.get(), message.header(), message.header()->nlmsg_len) < 0)
		return false;
	// The first answer tells: a table, or the end of them.
	alignas(nlmsghdr) std::array<char, 65536> bytes;
	const ssize_t size = mnl_socket_recvfrom(socket.get(), bytes.data(), bytes.size());
	// SAFETY: the buffer is aligned for a header; mnl_nlmsg_ok looks no further than what was received.
	const auto *answer = reinterpret_cast<const nlmsghdr *>(bytes.data());
	return size > 0 && mnl_nlmsg_ok(answer, static_cast<int>(size)) &&
	       answer->nlmsg_type == ((NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_NEWTABLE);
}

} // namespace

bool has_packet_filter(const NetNamespace &where)
{
	const auto visit = NamespaceVisit::enter(where);
	return visit && (has_iptables() || has_nftables());
}

} // namespace etun
