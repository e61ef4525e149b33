// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// A socket for rtnetlink in a network namespace.
#ifndef ETUN_LIBETUN_ROUTE_SOCKET_HPP
#define ETUN_LIBETUN_ROUTE_SOCKET_HPP

#include "libetun/address_message.hpp"
#include "libetun/error.hpp"
#include "libetun/link.hpp"
#include "libetun/message.hpp"
#include "libetun/net_namespace.hpp"
#include "libetun/route_message.hpp"

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace etun {

/// It belongs to the namespace that it was opened in, wherever its owner goes.
class RouteSocket {
public:
	/// Opens one in \p where.
	static Outcome<RouteSocket> open(const NetNamespace &where);

	/// Sends a request that has NLM_F_ACK, and waits for what became of it.
	Outcome<Done> ask(Message message);
	/// Sends a request that has NLM_F_DUMP, and hands each answer to \p read, which may refuse one. EINTR when what
	/// was read changed meanwhile: then it has to be read anew.
	Outcome<Done> dump(Message message, const std::function<Outcome<Done>(const nlmsghdr *)> &read);
	/// Sends a request that has neither of the two, and hands the one answer to \p read.
	Outcome<Done> query(Message message, const std::function<Outcome<Done>(const nlmsghdr *)> &read);
	/// The link called \p name. ENODEV when there is none.
	Outcome<Link> link(const std::string &name);
	/// All links of the namespace, or those of \p kind.
	Outcome<std::vector<Link>> links(std::string_view kind = {});
	/// The IP addresses of all devices of the namespace.
	Outcome<std::vector<DeviceAddress>> addresses();
	/// The routes of \p family in all tables.
	Outcome<std::vector<Route>> routes(int family);

private:
	using Owner = std::unique_ptr<mnl_socket, int (*)(mnl_socket *)>;
	explicit RouteSocket(Owner socket) : socket_(std::move(socket)) {}

	/// Dumps anew, from \p begin on, until nothing changed meanwhile.
	Outcome<Done> dump_unchanged(const Message &message, const std::function<void()> &begin,
				     const std::function<Outcome<Done>(const nlmsghdr *)> &read);
	Outcome<Done> send(Message &message);
	/// Hands the answers to the last request to \p read, which says whether it was the last.
	Outcome<Done> receive(const std::function<Outcome<bool>(const nlmsghdr *)> &read);

	Owner socket_;
	unsigned sequence_ = 0;
};

} // namespace etun

#endif
