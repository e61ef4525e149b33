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

template <typename Value>
void give_back(const std::optional<Value> &asked, const std::optional<Value> &before, const std::optional<Value> &now,
	       std::optional<Value> &back)
{
	if (asked && before && before != now)
		back = before;
}

/// What of \p asked came about between \p before and \p now, as it was before.
LinkChange way_back(const LinkChange &asked, const Link &before, const Link &now)
{
	LinkChange back;
	give_back(asked.address, before.address, now.address, back.address);
	give_back<unsigned>(asked.mtu, before.mtu, now.mtu, back.mtu);
	give_back<bool>(asked.up, before.up, now.up, back.up);
	if (!before.end || !now.end)
		return back;
	const EndAttributes &was = *before.end;
	const EndAttributes &is = *now.end;
	// A mode of a newer module can be put back, for it is but a number here.
	give_back<Mode>(asked.mode, was.mode, is.mode, back.mode);
	give_back(asked.peer_mode, was.peer_mode, is.peer_mode, back.peer_mode);
	give_back<unsigned>(asked.ring, was.ring, is.ring, back.ring);
	give_back(asked.peer_ring, was.peer_ring, is.peer_ring, back.peer_ring);
	give_back<bool>(asked.wire, was.wire, is.wire, back.wire);
	give_back(asked.peer_wire, was.peer_wire, is.peer_wire, back.peer_wire);
	give_back<MtuPolicy>(asked.mtu_policy, was.mtu_policy, is.mtu_policy, back.mtu_policy);
	return back;
}

/// Gives \p end what it had of what was \p asked for; \p complaint, which was the reason, tells as well when that
/// fails.
void put_back(const Census &census, const PlacedEnd &end, const LinkChange &asked, Complaint &complaint)
{
	const auto done = [&]() -> Outcome<Done> {
		auto socket = RouteSocket::open(census.namespaces[end.netns]);
		if (!socket)
			return fail(socket.error());
		const auto now = socket->link(end.link.name);
		if (!now)
			return fail(now.error());
		const LinkChange back = way_back(asked, end.link, *now);
		return back == LinkChange{} ? Done{} : socket->ask(change_link(end.link.index, back));
	}();
	if (!done)
		complaint.what += fmt::format("; {} keeps what it was given: {}", told(census, end),
					      complaint_about("set " + end.link.name, done.error()).what);
}

/// What \p wanted says of the end is for its peer, too.
LinkChange for_both(const FoundEnd &found, LinkChange wanted)
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
	return wanted;
}

/// All of \p wanted or nothing: the kernel does some of a message before it refuses the rest of it.
void change_whole(const Census &census, const FoundEnd &found, const LinkChange &wanted, const LinkChange &of_peer)
{
	try {
		if (of_peer != LinkChange{})
			change(census, *found.peer, of_peer);
		change(census, *found.end, wanted);
	} catch (Complaint &complaint) {
		// The end first, which has the policy by which the peer's MTU follows.
		put_back(census, *found.end, wanted, complaint);
		LinkChange touched = of_peer;
		if (wanted.mtu_policy && !touched.mtu)
			touched.mtu = found.end->link.mtu;
		if (found.peer && touched != LinkChange{})
			put_back(census, *found.peer, touched, complaint);
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
		change_whole(census, found, for_both(found, command.change), share_of_peer(command.change));
	else
		change_whole(census, found, command.change, {});
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
	// The kernel moves a device before it gives it a name, and leaves it there when the name is taken.
	if (!command.new_name.empty() && !NamesakeWait().until_free({to, name}))
		throw complaint_about(fmt::format("move {}", command.name),
				      Error(EEXIST, fmt::format("a device called {} exists in {}", name, label(to))));
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
