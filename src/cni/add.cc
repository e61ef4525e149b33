// SPDX-License-Identifier: GPL-2.0-only
#include "cni/commands.hpp"

#include "cni/cni_error.hpp"
#include "cni/delegate.hpp"
#include "cni/place.hpp"
#include "cni/plan.hpp"
#include "libetun/address_message.hpp"
#include "libetun/link_request.hpp"
#include "libetun/namesake.hpp"

#include <fmt/format.h>

#include <sys/file.h>

#include <functional>

namespace etun::cni {
namespace {

/// What has been done, to be undone in the reverse order unless all went well.
class Undo {
public:
	Undo() = default;
	Undo(const Undo &) = delete;
	Undo &operator=(const Undo &) = delete;
	~Undo()
	{
		for (auto step = steps_.rbegin(); step != steps_.rend(); ++step)
			(*step)();
	}

	void push(std::function<void()> step) { steps_.push_back(std::move(step)); }
	void keep_all() { steps_.clear(); }

private:
	std::vector<std::function<void()>> steps_;
};

/// One ADD at a time has the host's bridges: none may use one that another takes back. The lock is on the namespace,
/// and goes with its descriptor.
NetNamespace lock_bridges()
{
	NetNamespace host = or_refusal(current_namespace(), "the host's network namespace");
	while (flock(host.descriptor.number(), LOCK_EX) != 0)
		if (errno != EINTR)
			throw refusal("a lock on the host's network namespace", Error(errno));
	return host;
}

void need_free(Place &place, const std::string &name, const std::string &where)
{
	// What was attached before may be going with its container's namespace.
	if (place.find(name) && !NamesakeWait().until_free({place.netns(), name}))
		throw CniError{ErrorCode::refused, fmt::format("there is a device {} {} already", name, where),
			       "an attachment is made once; call DEL before ADD, or give another CNI_IFNAME. A device "
			       "that goes with its container's namespace is waited for, up to ten seconds"};
}

class Attaching {
public:
	Attaching(Place &host, Place &container, Plan plan, Undo &undo)
		: host_(host), container_(container), plan_(std::move(plan)), undo_(undo)
	{
		plan_.pair.other.netns = container_.netns().descriptor.number();
	}

	/// The result, with the devices as they are.
	AddResult attach(const std::optional<BridgeSettings> &settings)
	{
		std::optional<Link> bridge;
		if (settings)
			bridge = ready_bridge(settings->name);
		make_pair(bridge);
		if (settings && settings->hairpin)
			host_.ask(set_hairpin(end_.index, true), end_.name + ": hairpin");
		set_up_container();
		set_up_host(bridge ? bridge->index : end_.index, bridge ? bridge->name : end_.name);
		return result(bridge);
	}

private:
	Link ready_bridge(const std::string &name)
	{
		auto found = host_.find(name);
		if (!found) {
			// Its own address, so that it does not change with its ports.
			host_.ask(create_bridge(name, true, draw_lots().host), name);
			undo_.push([&host = host_, name] { static_cast<void>(host.socket().ask(delete_link(name))); });
			found = host_.link(name);
		}
		if (found->kind != "bridge")
			throw CniError{ErrorCode::invalid_configuration, fmt::format("{} is no bridge", name),
				       "name another one, which is made if it is not there"};
		if (!found->up)
			host_.ask(change_link(found->index, {.up = true}), name);
		return *found;
	}

	/// All of both ends in one message.
	void make_pair(const std::optional<Link> &bridge)
	{
		const std::string &name = plan_.pair.one.name;
		if (bridge)
			plan_.pair.master = bridge->index;
		const std::string &inside = plan_.pair.other.name;
		static_cast<void>(or_refusal(ask_for_names(host_.socket(), create_pair(plan_.pair),
							   {{host_.netns(), name}, {container_.netns(), inside}}),
					     fmt::format("the pair of {} and {}", name, inside)));
		undo_.push([&host = host_, name] { static_cast<void>(host.socket().ask(delete_link(name))); });
		end_ = host_.link(name);
		if (!plan_.host_alias.empty())
			host_.ask(change_link(end_.index, {.alias = plan_.host_alias}), name + ": alias");
		// What is in a container must not tell the host where to route.
		host_.set(fmt::format("ipv6/conf/{}/accept_ra", name), "0");
	}

	void set_up_container()
	{
		const std::string &name = plan_.pair.other.name;
		const unsigned index = container_.link(name).index;
		for (const PlannedAddress &planned : plan_.container_addresses)
			if (planned.address.family == AF_INET6)
				container_.set(fmt::format("ipv6/conf/{}/disable_ipv6", name), "0");
		give(container_, index, name, plan_.container_addresses);
		for (Route route : plan_.container_routes) {
			route.index = index;
			const auto added = container_.socket().ask(add_route(route));
			// A network that the container has joined before may have the default route.
			if (!added && added.error().number() != EEXIST)
				throw refusal(fmt::format("{}: route to {}", name, to_text(route.destination)),
					      added.error());
		}
	}

	void set_up_host(unsigned gateway, const std::string &name)
	{
		give(host_, gateway, name, plan_.host_addresses);
		for (Route route : plan_.host_routes) {
			route.index = end_.index;
			host_.ask(add_route(route),
				  fmt::format("{}: route to {}", end_.name, to_text(route.destination)));
		}
		for (const int family : plan_.forwarded)
			host_.set(family == AF_INET ? "ipv4/ip_forward" : "ipv6/conf/all/forwarding", "1");
	}

	/// Whose address it is decides the IPAM plugin, so nobody has to be asked whether it is taken.
	static void give(Place &place, unsigned index, const std::string &name,
			 const std::vector<PlannedAddress> &addresses)
	{
		for (const PlannedAddress &planned : addresses)
			place.ask(add_address(index, planned.address,
					      {.prefix_route = planned.prefix_route, .detect_duplicates = false}),
				  fmt::format("{}: address {}", name, to_text(planned.address)));
	}

	AddResult result(const std::optional<Link> &bridge)
	{
		AddResult result = plan_.result;
		result.interfaces[0].mtu = end_.mtu;
		result.interfaces[1].mtu = container_.link(plan_.pair.other.name).mtu;
		if (!bridge)
			return result;
		const Link now = host_.link(bridge->name);
		return joined({.interfaces = {{.name = now.name,
					       .mac = to_text(now.address.value_or(HardwareAddress{})),
					       .mtu = now.mtu}},
			       .ips = {},
			       .routes = {}},
			      result);
	}

	Place &host_;
	Place &container_;
	Plan plan_;
	Undo &undo_;
	Link end_;
};

} // namespace

nlohmann::json add(const Network &network, const Call &call)
{
	const AttachmentSettings settings = read_attachment(network, call);
	const auto previous = read_previous_result(network);
	Place host = Place::host();
	Place container = Place::container(call.netns);
	// Before IPAM is asked: what it would give back then is somebody's.
	const Plan without_addresses = plan_attachment(network, settings, call, {}, {});
	need_free(container, call.attachment.interface, "in the container");
	need_free(host, without_addresses.pair.one.name, "on the host");

	// In this order: what has been done is undone under the lock.
	std::optional<NetNamespace> locked;
	Undo undo;
	const Delegate ipam(network, call);
	const AddResult addresses = ipam.add();
	undo.push([&ipam] { ipam.release(); });
	Plan plan = plan_attachment(network, settings, call, addresses, draw_lots());
	locked = lock_bridges();
	Attaching attaching(host, container, std::move(plan), undo);
	const AddResult ours = attaching.attach(settings.bridge);
	undo.keep_all();
	return to_json(previous ? joined(*previous, ours) : ours, network.version);
}

} // namespace etun::cni
