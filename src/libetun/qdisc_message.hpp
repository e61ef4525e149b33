// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Queueing disciplines in rtnetlink messages.
#ifndef ETUN_LIBETUN_QDISC_MESSAGE_HPP
#define ETUN_LIBETUN_QDISC_MESSAGE_HPP

#include "libetun/error.hpp"
#include "libetun/message.hpp"

#include <linux/netlink.h>

#include <string>

namespace etun {

/// A qdisc, or the place where filters of a device hang (clsact, ingress).
struct Qdisc {
	unsigned index = 0; ///< of the device
	std::string kind;
	bool made = false; ///< by somebody: those that the kernel gives a device have no handle
};

/// Asks for the qdiscs of all devices.
Message dump_qdiscs();
/// Reads an RTM_NEWQDISC of nlmsg_len bytes. EBADMSG when it is cut off.
Outcome<Qdisc> read_qdisc(const nlmsghdr *message);

} // namespace etun

#endif
