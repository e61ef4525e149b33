// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What has to be done to attach a container: from the network's configuration and the addresses that IPAM gave. No
/// kernel is asked.
#ifndef ETUN_CNI_PLAN_HPP
#define ETUN_CNI_PLAN_HPP

#include "cni/call.hpp"
#include "cni/network.hpp"
#include "cni/result.hpp"
#include "libetun/address_message.hpp"
#include "libetun/link.hpp"
#include "libetun/route_message.hpp"

#include <string>
#include <vector>

namespace etun::cni {

/// An address that a device gets.
struct PlannedAddress {
	IpAddress address;
	bool prefix_route = true; ///< see AddressOptions
};

/// A plan. The routes' devices, the namespace of the container's end and the bridge's index are not in it, as they are
/// not known before it is carried out.
struct Plan {
	PairDescription pair; ///< the host's end is the first
	std::string host_alias;
	std::vector<PlannedAddress> container_addresses;
	std::vector<Route> container_routes;
	/// Of the host's end, or of its bridge.
	std::vector<PlannedAddress> host_addresses;
	std::vector<Route> host_routes; ///< by the host's end
	std::vector<int> forwarded;	///< families that the host has to forward
	AddResult result;		///< addresses, routes and names; the interfaces without a bridge
};

/// What is drawn by lot, so that a plan depends on nothing else.
struct Lots {
	HardwareAddress host, container;
};

/// Draws addresses that are locally administered.
Lots draw_lots();

/// Plans the attachment of \p call with the addresses and routes of \p ipam. Throws a CniError when those make no sense
/// for it.
Plan plan_attachment(const Network &network, const AttachmentSettings &settings, const Call &call,
		     const AddResult &ipam, const Lots &lots);

} // namespace etun::cni

#endif
