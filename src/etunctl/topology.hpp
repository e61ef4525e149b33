// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What a person wants to be there: namespaces, pairs and bridges, as etun.conf(5) has them.
#ifndef ETUN_ETUNCTL_TOPOLOGY_HPP
#define ETUN_ETUNCTL_TOPOLOGY_HPP

#include "libetun/ip_address.hpp"
#include "libetun/link.hpp"

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

/// An end. What is not given stays as it is, or is as the driver makes it.
struct WantedEnd {
	DeviceName device;
	std::optional<HardwareAddress> mac = {};
	std::optional<unsigned> mtu = {};
	std::optional<unsigned> queues = {}; ///< in use, to transmit as well as to receive
	std::optional<Mode> mode = {};
	std::optional<unsigned> ring = {};
	std::optional<bool> up = {};
	std::vector<IpAddress> addresses = {};

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
	std::vector<std::string> ports = {}; ///< ends in the bridge's namespace

	bool operator==(const WantedBridge &) const = default;
};

/// All of it, in the order of the file.
struct Topology {
	std::vector<std::string> namespaces;
	std::vector<WantedPair> pairs;
	std::vector<WantedBridge> bridges;

	bool operator==(const Topology &) const = default;
};

} // namespace etun

#endif
