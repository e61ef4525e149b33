// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/step_carrier.hpp"

#include "libetun/link_request.hpp"
#include "libetun/namesake.hpp"
#include "libetun/queues_in_use.hpp"
#include "libetun/sysctl.hpp"

namespace etun {
namespace {

EndDescription description_of(const WantedEnd &end, const NetNamespace &netns)
{
	return {.name = end.device.name,
		.netns = netns.descriptor.number(),
		.address = end.mac,
		.mtu = end.mtu,
		.queues = end.queues,
		.mode = end.mode,
		.ring = end.ring,
		.wire = end.wire,
		.up = end.up.value_or(false)};
}

} // namespace

Outcome<StepCarrier::Place *> StepCarrier::place(const std::string &netns)
{
	const auto known = places_.find(netns);
	if (known != places_.end())
		return &known->second;
	auto found = netns.empty() ? current_namespace() : named_namespace(netns);
	if (!found)
		return fail(found.error());
	auto socket = RouteSocket::open(*found);
	if (!socket)
		return fail(socket.error());
	return &places_.emplace(netns, Place{std::move(*found), std::move(*socket)}).first->second;
}

template <typename Request> Outcome<Done> StepCarrier::ask(const DeviceName &device, const Request &request)
{
	auto where = place(device.netns);
	if (!where)
		return fail(where.error());
	auto link = (*where)->socket.link(device.name);
	if (!link)
		return fail(link.error());
	return (*where)->socket.ask(request(link->index));
}

Outcome<Done> StepCarrier::act(const AddNamespace &step)
{
	return add_namespace(step.name);
}

Outcome<Done> StepCarrier::act(const DeletePair &step)
{
	auto gone = ask(step.end, [](unsigned index) { return delete_link(index); });
	// It may have been going with the namespace of its peer.
	if (!gone && gone.error().number() == ENODEV)
		return Done{};
	return gone;
}

Outcome<Done> StepCarrier::act(const AddPair &step)
{
	auto one = place(step.pair.ends[0].device.netns);
	if (!one)
		return fail(one.error());
	auto other = place(step.pair.ends[1].device.netns);
	if (!other)
		return fail(other.error());
	PairDescription pair{.one = description_of(step.pair.ends[0], (*one)->netns),
			     .other = description_of(step.pair.ends[1], (*other)->netns),
			     .mtu_policy = step.pair.mtu_policy};
	// The first end is made where the request is sent.
	pair.one.netns = -1;
	return ask_for_names((*one)->socket, create_pair(pair),
			     {{(*one)->netns, pair.one.name}, {(*other)->netns, pair.other.name}});
}

Outcome<Done> StepCarrier::act(const AddBridge &step)
{
	auto where = place(step.bridge.netns);
	if (!where)
		return fail(where.error());
	return ask_for_names((*where)->socket, create_bridge(step.bridge.name, step.up),
			     {{(*where)->netns, step.bridge.name}});
}

Outcome<Done> StepCarrier::act(const ChangeDevice &step)
{
	return ask(step.device, [&step](unsigned index) { return change_link(index, step.change); });
}

Outcome<EthtoolSocket> StepCarrier::ethtool_in(const std::string &netns)
{
	auto where = place(netns);
	if (!where)
		return fail(where.error());
	return EthtoolSocket::open((*where)->netns);
}

Outcome<Done> StepCarrier::act(const SetQueues &step)
{
	auto socket = ethtool_in(step.end.netns);
	if (!socket)
		return fail(socket.error());
	return set_queues_in_use(*socket, step.end.name, step.queues);
}

Outcome<Done> StepCarrier::act(const SetOffload &step)
{
	auto socket = ethtool_in(step.end.netns);
	if (!socket)
		return fail(socket.error());
	return set_offload(*socket, step.end.name, step.offload);
}

Outcome<Done> StepCarrier::act(const AddVlan &step)
{
	const WantedVlan &vlan = step.vlan;
	return ask({vlan.device.netns, step.end}, [&vlan](unsigned index) {
		return create_vlan({.name = vlan.device.name,
				    .lower = index,
				    .id = static_cast<std::uint16_t>(vlan.id),
				    .mtu = vlan.mtu,
				    .up = vlan.up.value_or(false)});
	});
}

Outcome<Done> StepCarrier::act(const SetMaster &step)
{
	auto where = place(step.port.netns);
	if (!where)
		return fail(where.error());
	auto bridge = (*where)->socket.link(step.bridge);
	if (!bridge)
		return fail(bridge.error());
	const unsigned master = bridge->index;
	return ask(step.port, [master](unsigned index) { return change_link(index, {.master = master}); });
}

Outcome<Done> StepCarrier::act(const AddAddress &step)
{
	return ask(step.device, [&step](unsigned index) { return add_address(index, step.address); });
}

Outcome<Done> StepCarrier::act(const RemoveAddress &step)
{
	return ask(step.device, [&step](unsigned index) { return remove_address(index, step.address); });
}

Outcome<Done> StepCarrier::act(const SetSysctl &step)
{
	auto where = place(step.netns);
	if (!where)
		return fail(where.error());
	return write_sysctl((*where)->netns, step.sysctl.path, step.sysctl.value);
}

Outcome<Done> StepCarrier::act(const AddRoute &step)
{
	const WantedRoute &wanted = step.route;
	const auto route = [&wanted](unsigned index) {
		return add_route({.destination = wanted.destination,
				  .gateway = wanted.gateway,
				  .index = index,
				  .priority = wanted.metric,
				  .table = wanted.table});
	};
	if (!wanted.device.empty())
		return ask({step.netns, wanted.device}, route);
	auto where = place(step.netns);
	if (!where)
		return fail(where.error());
	return (*where)->socket.ask(route(0));
}

Outcome<Done> StepCarrier::act(const RemoveRoute &step)
{
	auto where = place(step.netns);
	if (!where)
		return fail(where.error());
	return (*where)->socket.ask(remove_route(step.route));
}

Outcome<Done> StepCarrier::carry_out(const Step &step)
{
	return std::visit([this](const auto &action) { return act(action); }, step.action);
}

} // namespace etun
