// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/namesake.hpp"

#include "libetun/netns_id.hpp"

#include <algorithm>
#include <optional>
#include <thread>

namespace etun {
namespace {

constexpr std::chrono::milliseconds between_looks{10};
/// How long a device is waited for that is known to go. A busy machine takes its time.
constexpr std::chrono::milliseconds patience_with_goer{10000};

/// Whether \p id is the number of a namespace that has a name, or of ours.
Outcome<bool> has_name(RouteSocket &socket, int id)
{
	auto known = reachable_namespaces();
	if (!known)
		return fail(known.error());
	return std::any_of(known->begin(), known->end(), [&](const NetNamespace &netns) {
		const auto found = netns_id(socket, netns);
		return found && *found == id;
	});
}

} // namespace

Outcome<Stay> stay_of(RouteSocket &socket, const std::string &name)
{
	auto link = socket.link(name);
	if (!link && link.error().number() == ENODEV)
		return Stay::gone;
	if (!link)
		return fail(link.error());
	if (link->end && !link->end->peer_index)
		return Stay::goes;
	if (!link->link_netnsid)
		return Stay::stays;
	const auto there = is_netns_there(socket, *link->link_netnsid);
	if (!there)
		return fail(there.error());
	if (!*there)
		return Stay::goes;
	const auto named = has_name(socket, *link->link_netnsid);
	if (!named)
		return fail(named.error());
	return *named ? Stay::stays : Stay::may_go;
}

bool NamesakeWait::until_free(const WantedName &wanted)
{
	auto socket = RouteSocket::open(wanted.where);
	if (!socket)
		return false;
	for (;; std::this_thread::sleep_for(between_looks)) {
		const auto stay = stay_of(*socket, wanted.name);
		if (!stay || *stay == Stay::stays)
			return false;
		if (*stay == Stay::gone)
			return true;
		if (*stay == Stay::goes)
			patience_ = patience_with_goer;
		if (is_over())
			return false;
	}
}

bool NamesakeWait::until_free(const std::vector<WantedName> &all)
{
	// Whoever makes and destroys such devices all the time must not stop us for ever.
	if (is_over())
		return false;
	std::this_thread::sleep_for(between_looks);
	return std::all_of(all.begin(), all.end(), [this](const WantedName &wanted) { return until_free(wanted); });
}

Outcome<Done> ask_for_names(RouteSocket &socket, const Message &request, const std::vector<WantedName> &wanted)
{
	std::optional<NamesakeWait> wait;
	bool were_free = false;
	for (;;) {
		auto done = socket.ask(request);
		// When all names were free, it is something else that exists, of which the kernel's own sentence tells.
		if (done || done.error().number() != EEXIST || were_free)
			return done;
		if (!wait)
			wait.emplace();
		were_free = wait->until_free(wanted);
		if (were_free)
			continue;
		if (!wait->is_over())
			return done;
		return fail(Error(EEXIST, "a device of this name exists, and did not go while it was waited for"));
	}
}

} // namespace etun
