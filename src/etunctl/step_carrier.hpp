// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Carries out the steps of a plan.
#ifndef ETUN_ETUNCTL_STEP_CARRIER_HPP
#define ETUN_ETUNCTL_STEP_CARRIER_HPP

#include "etunctl/topology_step.hpp"
#include "libetun/ethtool_socket.hpp"
#include "libetun/net_namespace.hpp"
#include "libetun/route_socket.hpp"

#include <map>
#include <string>

namespace etun {

/// Keeps a socket for each namespace that it has worked in.
class StepCarrier {
public:
	Outcome<Done> carry_out(const Step &step);

private:
	struct Place {
		NetNamespace netns;
		RouteSocket socket;
	};

	Outcome<Place *> place(const std::string &netns);
	Outcome<EthtoolSocket> ethtool_in(const std::string &netns);
	/// Sends what \p request makes of the index of \p device.
	template <typename Request> Outcome<Done> ask(const DeviceName &device, const Request &request);

	Outcome<Done> act(const AddNamespace &step);
	Outcome<Done> act(const DeletePair &step);
	Outcome<Done> act(const AddPair &step);
	Outcome<Done> act(const AddBridge &step);
	Outcome<Done> act(const ChangeDevice &step);
	Outcome<Done> act(const SetQueues &step);
	Outcome<Done> act(const SetOffload &step);
	Outcome<Done> act(const AddVlan &step);
	Outcome<Done> act(const SetMaster &step);
	Outcome<Done> act(const AddAddress &step);
	Outcome<Done> act(const RemoveAddress &step);
	Outcome<Done> act(const SetSysctl &step);
	Outcome<Done> act(const AddRoute &step);
	Outcome<Done> act(const RemoveRoute &step);

	std::map<std::string, Place> places_;
};

} // namespace etun

#endif
