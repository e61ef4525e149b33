// SPDX-License-Identifier: GPL-2.0-only
#include "etunctl/end_commands.hpp"

#include "etunctl/end_lookup.hpp"
#include "etunctl/name_fault.hpp"
#include "libetun/complaint.hpp"
#include "libetun/link_request.hpp"
#include "libetun/namesake.hpp"
#include "libetun/route_socket.hpp"

#include <fmt/core.h>

namespace etun {
namespace {

RouteSocket socket_of(const Census &census, const PlacedEnd &end)
{
	const NetNamespace &netns = census.namespaces[end.netns];
	return or_complain(RouteSocket::open(netns), fmt::format("namespace {}", label(netns)));
}

void change(const Census &census, const PlacedEnd &end, const LinkChange &wanted)
{
	or_complain(socket_of(census, end).ask(change_link(end.link.index, wanted)), "set " + end.link.name);
}

/// What the peer has to be told itself; the rest goes with the message to the end.
LinkChange share_of_peer(const LinkChange &wanted)
{
	return {.mtu = wanted.mtu, .up = wanted.up};
}

/// Gives \p peer what it had; \p complaint, which was the reason, tells as well when that fails.
void put_back(const Census &census, const PlacedEnd &peer, const LinkChange &before, Complaint &complaint)
{
	const auto done = socket_of(census, peer).ask(change_link(peer.link.index, before));
	if (!done)
		complaint.what += fmt::format("; {} keeps what it was given: {}", told(census, peer),
					      complaint_about("set " + peer.link.name, done.error()).what);
}

/// The peer first: when the end then refuses what the message to it says of both, the peer's share is taken back.
void change_both(const Census &census, const FoundEnd &found, LinkChange wanted)
{
	if (!found.peer)
		throw Complaint{ExitStatus::not_found,
				fmt::format("set {}: its peer can't be seen from here", found.end->link.name),
				"a namespace without a name is seen by those in it; without --both the end alone is "
				"changed"};
	if (!wanted.peer_mode)
		wanted.peer_mode = wanted.mode;
	if (!wanted.peer_ring)
		wanted.peer_ring = wanted.ring;
	if (!wanted.peer_wire)
		wanted.peer_wire = wanted.wire;
	const LinkChange share = share_of_peer(wanted);
	const Link &peer = found.peer->link;
	LinkChange before;
	if (share.mtu)
		before.mtu = peer.mtu;
	if (share.up)
		before.up = peer.up;
	if (share != LinkChange{})
		change(census, *found.peer, share);
	try {
		change(census, *found.end, wanted);
	} catch (Complaint &complaint) {
		if (before != LinkChange{})
			put_back(census, *found.peer, before, complaint);
		throw;
	}
}

/// Taking the policy up gives the peer this end's MTU, which nobody may have had in mind.
void tell_one_mtu(const Census &before, const SetCommand &command)
{
	const FoundEnd found = find_end(before, command.name, command.netns);
	if (!found.peer || (command.both && command.change.mtu))
		return;
	const Census census = need_census({command.netns});
	const FoundEnd now = find_end(census, command.name, command.netns);
	if (found.peer->link.mtu != now.end->link.mtu)
		fmt::print(stderr, "etunctl: set {}: the MTU is {} at both ends now; {} had {}\n", command.name,
			   now.end->link.mtu, told(before, *found.peer), found.peer->link.mtu);
}

} // namespace

void set_end(const SetCommand &command)
{
	const Census census = need_census({command.netns});
	const FoundEnd found = find_end(census, command.name, command.netns);
	if (command.both)
		change_both(census, found, command.change);
	else
		change(census, *found.end, command.change);
	if (command.change.mtu_policy == MtuPolicy::equal)
		tell_one_mtu(census, command);
}

void rename_end(const RenameCommand &command)
{
	need_new_names("rename", {{command.netns, command.new_name}});
	const Census census = need_census({command.netns});
	const PlacedEnd &end = *find_end(census, command.name, command.netns).end;
	RouteSocket socket = socket_of(census, end);
	const auto done = ask_for_names(socket, change_link(end.link.index, {.name = command.new_name}),
					{{census.namespaces[end.netns], command.new_name}});
	if (done)
		return;
	Complaint complaint = complaint_about("rename " + command.name, done.error());
	// From Linux 6.2 on a device may be up.
	if (done.error().number() == EBUSY && end.link.up)
		complaint.remedy =
			fmt::format("this kernel renames devices that are down alone: etunctl set {}{} --down",
				    command.name, command.netns.empty() ? "" : " --netns " + command.netns);
	throw complaint;
}

void move_end(const MoveCommand &command)
{
	const std::string &name = command.new_name.empty() ? command.name : command.new_name;
	if (!command.new_name.empty())
		need_new_names("move", {{command.to, command.new_name}});
	const Census census = need_census({command.netns});
	const PlacedEnd &end = *find_end(census, command.name, command.netns).end;
	const NetNamespace to = need_namespace(command.to);
	LinkChange wanted{.netns = to.descriptor.number()};
	if (!command.new_name.empty())
		wanted.name = command.new_name;
	if (command.up)
		wanted.up = true;
	RouteSocket socket = socket_of(census, end);
	or_complain(ask_for_names(socket, change_link(end.link.index, wanted), {{to, name}}),
		    fmt::format("move {}", command.name));
}

} // namespace etun
