// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/ethtool_socket.hpp"

#include <net/if.h>

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace etun {

Outcome<EthtoolSocket> EthtoolSocket::open(const NetNamespace &where)
{
	const auto visit = NamespaceVisit::enter(where);
	if (!visit)
		return fail(visit.error());
	Descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
	if (!socket)
		return system_failure("no socket");
	return EthtoolSocket(std::move(socket));
}

Outcome<Done> EthtoolSocket::ask(const std::string &name, void *request, std::string_view what) const
{
	ifreq message{};
	std::copy_n(name.c_str(), std::min<std::size_t>(name.size(), IFNAMSIZ - 1), message.ifr_name);
	message.ifr_data = static_cast<char *>(request);
	// More than 0 is no failure: it says of features that not all were given that are wanted.
	if (ioctl(socket_.number(), SIOCETHTOOL, &message) < 0)
		return system_failure(what);
	return Done{};
}

} // namespace etun
