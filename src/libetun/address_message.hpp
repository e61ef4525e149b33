// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// IP addresses of devices in rtnetlink messages: what can be asked, and what is answered.
#ifndef ETUN_LIBETUN_ADDRESS_MESSAGE_HPP
#define ETUN_LIBETUN_ADDRESS_MESSAGE_HPP

#include "libetun/error.hpp"
#include "libetun/ip_address.hpp"
#include "libetun/message.hpp"

#include <linux/netlink.h>

namespace etun {

/// An address, and the device that has it.
struct DeviceAddress {
	unsigned index = 0; ///< of the device
	IpAddress address;
	/// Somebody gave it to the device for good: the kernel did not make it, nor does it expire.
	bool lasting = false;
};

/// How an address is given to a device.
struct AddressOptions {
	bool prefix_route = true;      ///< with a route to its network
	bool detect_duplicates = true; ///< IPv6 asks the network first whether somebody has it, and waits
};

/// Gives \p address to the device of \p index; nothing happens when it has it.
Message add_address(unsigned index, const IpAddress &address, AddressOptions options = {});
/// Takes it away. EADDRNOTAVAIL when the device does not have it.
Message remove_address(unsigned index, const IpAddress &address);
/// Asks for the addresses of all devices, of both families.
Message dump_addresses();

/// Reads an RTM_NEWADDR of nlmsg_len bytes. EBADMSG when it is cut off, or an attribute has the wrong length.
Outcome<DeviceAddress> read_address(const nlmsghdr *message);

} // namespace etun

#endif
