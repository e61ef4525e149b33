// SPDX-License-Identifier: GPL-2.0-only
#include "libetun/route_socket.hpp"

#include "libetun/link_answer.hpp"
#include "libetun/link_request.hpp"

#include <linux/netlink.h>
#include <sys/socket.h>

#include <utility>

namespace etun {
namespace {

/// Larger than any answer: the kernel fills a dump's messages up to 32 KB.
constexpr std::size_t answer_bytes = 65536;
/// How often a dump is begun anew. Whoever makes pairs all the time must not stop us for ever.
constexpr int dump_tries = 10;

/// What the end of a dump says: an error that came in the middle of it.
Outcome<bool> read_done(const nlmsghdr *message)
{
	int error = 0;
	if (mnl_nlmsg_get_payload_len(message) >= sizeof(error))
		error = *static_cast<const int *>(mnl_nlmsg_get_payload(message));
	if (error < 0)
		return fail(Error(-error));
	return true;
}

} // namespace

Outcome<RouteSocket> RouteSocket::open(const NetNamespace &where)
{
	const auto visit = NamespaceVisit::enter(where);
	if (!visit)
		return fail(visit.error());
	Owner socket(mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC), mnl_socket_close);
	if (!socket || mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) != 0)
		return system_failure("no netlink socket");
	// Reasons in words, without our request in front of them; and a kernel that refuses what it would ignore.
	int on = 1;
	for (const int option : {NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK})
		mnl_socket_setsockopt(socket.get(), option, &on, sizeof(on));
	return RouteSocket(std::move(socket));
}

Outcome<Done> RouteSocket::send(Message &message)
{
	if (!message.complete())
		return fail(Error(EMSGSIZE, "the request is too long"));
	message.header()->nlmsg_seq = ++sequence_;
	if (mnl_socket_sendto(socket_.get(), message.header(), message.header()->nlmsg_len) < 0)
		return system_failure("the request can't be sent");
	return Done{};
}

Outcome<Done> RouteSocket::receive(const std::function<Outcome<bool>(const nlmsghdr *)> &read)
{
	alignas(nlmsghdr) static std::array<char, answer_bytes> bytes;
	for (;;) {
		const ssize_t size = mnl_socket_recvfrom(socket_.get(), bytes.data(), bytes.size());
		if (size < 0)
			return system_failure("no answer from the kernel");
		int left = static_cast<int>(size);
		// SAFETY: the buffer is aligned for a header; mnl_nlmsg_ok looks no further than what was received.
		const auto *message = reinterpret_cast<const nlmsghdr *>(bytes.data());
		for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
			if (message->nlmsg_seq != sequence_)
				continue;
			auto last = read(message);
			if (!last)
				return fail(last.error());
			if (*last)
				return Done{};
		}
	}
}

Outcome<Done> RouteSocket::ask(Message message)
{
	auto sent = send(message);
	if (!sent)
		return sent;
	return receive([](const nlmsghdr *answer) -> Outcome<bool> {
		if (const auto error = read_answer(answer))
			return fail(*error);
		return true;
	});
}

Outcome<Done> RouteSocket::dump(Message message, const std::function<Outcome<Done>(const nlmsghdr *)> &read)
{
	auto sent = send(message);
	if (!sent)
		return sent;
	bool changed = false;
	auto received = receive([&](const nlmsghdr *answer) -> Outcome<bool> {
		changed |= (answer->nlmsg_flags & NLM_F_DUMP_INTR) != 0;
		if (answer->nlmsg_type == NLMSG_DONE)
			return read_done(answer);
		if (answer->nlmsg_type == NLMSG_ERROR)
			return fail(read_answer(answer).value_or(Error(EBADMSG)));
		const auto done = read(answer);
		if (!done)
			return fail(done.error());
		return false;
	});
	if (received && changed)
		return fail(Error(EINTR, "what was asked for changed meanwhile"));
	return received;
}

Outcome<Done> RouteSocket::dump_unchanged(const Message &message, const std::function<void()> &begin,
					  const std::function<Outcome<Done>(const nlmsghdr *)> &read)
{
	for (int tries = 1;; tries++) {
		begin();
		auto done = dump(message, read);
		if (done || done.error().number() != EINTR || tries == dump_tries)
			return done;
	}
}

Outcome<Done> RouteSocket::query(Message message, const std::function<Outcome<Done>(const nlmsghdr *)> &read)
{
	auto sent = send(message);
	if (!sent)
		return sent;
	return receive([&read](const nlmsghdr *answer) -> Outcome<bool> {
		if (answer->nlmsg_type == NLMSG_ERROR)
			return fail(read_answer(answer).value_or(Error(EBADMSG)));
		const auto done = read(answer);
		if (!done)
			return fail(done.error());
		return true;
	});
}

Outcome<Link> RouteSocket::link(const std::string &name)
{
	Link found;
	const auto done = query(get_link(name), [&found](const nlmsghdr *answer) -> Outcome<Done> {
		auto link = read_link(answer);
		if (!link)
			return fail(link.error());
		found = std::move(*link);
		return Done{};
	});
	if (!done)
		return fail(done.error());
	return found;
}

Outcome<std::vector<Link>> RouteSocket::links(std::string_view kind)
{
	std::vector<Link> found;
	const auto done = dump_unchanged(
		dump_links(kind), [&found] { found.clear(); },
		[&](const nlmsghdr *answer) -> Outcome<Done> {
			auto link = read_link(answer);
			if (!link)
				return fail(link.error());
			// A kernel that knows no such kind does not filter.
			if (kind.empty() || link->kind == kind)
				found.push_back(std::move(*link));
			return Done{};
		});
	if (!done)
		return fail(done.error());
	return found;
}

Outcome<std::vector<DeviceAddress>> RouteSocket::addresses()
{
	std::vector<DeviceAddress> found;
	const auto done = dump_unchanged(
		dump_addresses(), [&found] { found.clear(); },
		[&found](const nlmsghdr *answer) -> Outcome<Done> {
			auto address = read_address(answer);
			if (!address)
				return fail(address.error());
			found.push_back(*address);
			return Done{};
		});
	if (!done)
		return fail(done.error());
	return found;
}

Outcome<std::vector<Route>> RouteSocket::routes(int family)
{
	std::vector<Route> found;
	const auto done = dump_unchanged(
		dump_routes(family), [&found] { found.clear(); },
		[&found](const nlmsghdr *answer) -> Outcome<Done> {
			const auto route = read_route(answer);
			if (!route)
				return fail(route.error());
			found.push_back(*route);
			return Done{};
		});
	if (!done)
		return fail(done.error());
	return found;
}

} // namespace etun
