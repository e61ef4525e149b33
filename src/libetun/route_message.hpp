// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Routes in rtnetlink messages: what can be asked, and what is answered.
#ifndef ETUN_LIBETUN_ROUTE_MESSAGE_HPP
#define ETUN_LIBETUN_ROUTE_MESSAGE_HPP

#include "libetun/error.hpp"
#include "libetun/ip_address.hpp"
#include "libetun/message.hpp"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <cstdint>
#include <optional>

namespace etun {

/// A route by one device. What is not given is as the kernel has it.
struct Route {
	IpAddress destination = {};		    ///< a network; of prefix 0: the default route
	std::optional<IpAddress> gateway = {};	    ///< of the same family; without one the destination is on the link
	unsigned index = 0;			    ///< of the device
	std::optional<std::uint32_t> mtu = {};	    ///< of the path, in bytes
	std::optional<std::uint32_t> advmss = {};   ///< segment size in bytes that TCP announces
	std::optional<std::uint32_t> priority = {}; ///< less is preferred
	std::optional<std::uint32_t> table = {};    ///< main unless given
	std::optional<std::uint8_t> scope = {};	    ///< RT_SCOPE_; as the gateway has it unless given
	std::uint8_t protocol = RTPROT_STATIC;	    ///< who made it
	std::uint8_t type = RTN_UNICAST;
	std::uint8_t tos = 0;
	/// It has more than is read here: several hops, a source address, an encapsulation, other metrics.
	bool more = false;

	bool operator==(const Route &) const = default;
};

/// Adds \p route. EEXIST when there is one to the same destination with the same priority, by whatever device;
/// ENETUNREACH when its gateway can't be reached, ENETDOWN when its device is down.
Message add_route(const Route &route);
/// Takes away the route to the same destination with the same table, priority and, where it has one, device. ESRCH when
/// there is none.
Message remove_route(const Route &route);
/// Asks for the routes of \p family, in all tables.
Message dump_routes(int family);

/// Reads an RTM_NEWROUTE of nlmsg_len bytes; index 0 for one that has no device or several. EBADMSG when it is cut off,
/// or an attribute has the wrong length.
Outcome<Route> read_route(const nlmsghdr *message);

} // namespace etun

#endif
