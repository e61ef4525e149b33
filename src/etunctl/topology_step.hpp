// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// What brings a machine from what is there to what is wanted, in steps that are told before they are carried out.
#ifndef ETUN_ETUNCTL_TOPOLOGY_STEP_HPP
#define ETUN_ETUNCTL_TOPOLOGY_STEP_HPP

#include "etunctl/topology.hpp"
#include "libetun/queues_in_use.hpp"
#include "libetun/route_message.hpp"

#include <string>
#include <variant>

namespace etun {

struct AddNamespace {
	std::string name;
};
struct DeletePair {
	DeviceName end; ///< either one
};
/// With all that is said of its ends but their addresses.
struct AddPair {
	WantedPair pair;
};
struct AddBridge {
	DeviceName bridge;
	bool up = true;
};
struct ChangeDevice {
	DeviceName device;
	LinkChange change;
};
struct SetQueues {
	DeviceName end;
	QueuesInUse queues;
};
struct SetOffload {
	DeviceName end;
	Offload offload;
};
struct AddVlan {
	std::string end; ///< in the same namespace
	WantedVlan vlan;
};
struct SetMaster {
	DeviceName port;
	std::string bridge; ///< in the same namespace
};
struct AddAddress {
	DeviceName device;
	IpAddress address;
};
struct RemoveAddress {
	DeviceName device;
	IpAddress address;
};

struct SetSysctl {
	std::string netns;
	WantedSysctl sysctl;
};
struct AddRoute {
	std::string netns;
	WantedRoute route;
};
struct RemoveRoute {
	std::string netns;
	Route route;
};

/// A step.
struct Step {
	/// As in a diff: `+ pair a0,b0`, `~ a0: mtu 1500 -> 9000`, `- pair x0,y0`; lines that begin with a blank go on
	/// with the one in front.
	std::string text;
	std::variant<AddNamespace, DeletePair, AddPair, AddBridge, ChangeDevice, SetQueues, SetOffload, AddVlan,
		     SetMaster, AddAddress, RemoveAddress, SetSysctl, AddRoute, RemoveRoute>
		action;
};

} // namespace etun

#endif
