// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What a person wants to be there: namespaces, pairs and bridges, as etun.conf(5) has them.
#ifndef ETUN_ETUNCTL_TOPOLOGY_HPP
#define ETUN_ETUNCTL_TOPOLOGY_HPP

#include "libetun/ip_address.hpp"
#include "libetun/link.hpp"
#include "libetun/offload.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace etun {

/// A device in a namespace. Two namespaces may have devices of one name.
struct DeviceName {
	std::string netns; ///< empty for where etunctl runs
	std::string name;

	// NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the 0 that the comparison contains for a pointer
	auto operator<=>(const DeviceName &) const = default;
};

/// As `name`, or `netns/name`.
std::string to_text(const DeviceName &device);

/// A VLAN device of 802.1Q on an end, in the end's namespace.
struct WantedVlan {
	DeviceName device;
	unsigned id = 0;
	std::optional<unsigned> mtu = {};
	std::optional<bool> up = {};
	std::vector<IpAddress> addresses = {};

	bool operator==(const WantedVlan &) const = default;
};

/// An end. What is not given stays as it is, or is as the driver makes it.
struct WantedEnd {
	DeviceName device;
	std::optional<HardwareAddress> mac = {};
	std::optional<unsigned> mtu = {};
	std::optional<unsigned> queues = {}; ///< in use, to transmit as well as to receive
	std::optional<Mode> mode = {};
	std::optional<unsigned> ring = {};
	std::optional<bool> wire = {}; ///< frames arrive as on a wire
	std::optional<bool> up = {};
	std::optional<unsigned> tx_queue_length = {};
	std::optional<unsigned> group = {};
	std::optional<std::string> alias = {}; ///< empty: none
	Offload offload = {};		       ///< what is wanted; the rest stays
	std::vector<IpAddress> addresses = {};
	std::vector<WantedVlan> vlans = {};

	bool operator==(const WantedEnd &) const = default;
};

/// A pair.
struct WantedPair {
	std::array<WantedEnd, 2> ends;
	std::optional<MtuPolicy> mtu_policy = {};

	bool operator==(const WantedPair &) const = default;
};

/// A bridge. It is made up unless \c up says otherwise.
struct WantedBridge {
	DeviceName device;
	std::optional<bool> up = {};
	std::vector<IpAddress> addresses = {};
	std::vector<std::string> ports = {}; ///< ends and VLANs in the bridge's namespace

	bool operator==(const WantedBridge &) const = default;
};

/// A route by one way.
struct WantedRoute {
	IpAddress destination = {};		 ///< of prefix 0: the default route
	std::optional<IpAddress> gateway = {};	 ///< of the same family
	std::string device = {};		 ///< empty: the one by which the gateway is reached
	std::optional<unsigned> metric = {};	 ///< as the kernel has it unless given
	std::optional<std::uint32_t> table = {}; ///< main unless given

	bool operator==(const WantedRoute &) const = default;
};

/// A sysctl of a namespace.
struct WantedSysctl {
	std::string path;  ///< below /proc/sys
	std::string value; ///< as sysctl_value() makes it

	bool operator==(const WantedSysctl &) const = default;
};

/// A namespace, and what it has beside devices.
struct WantedNamespace {
	std::string name; ///< empty for where etunctl runs
	std::vector<WantedSysctl> sysctls = {};
	std::vector<WantedRoute> routes = {};

	bool operator==(const WantedNamespace &) const = default;
};

/// All of it, in the order of the file.
struct Topology {
	std::vector<WantedNamespace> namespaces;
	std::vector<WantedPair> pairs;
	std::vector<WantedBridge> bridges;

	bool operator==(const Topology &) const = default;
};

} // namespace etun

#endif
