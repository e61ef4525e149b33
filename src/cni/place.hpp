// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// A network namespace that a command works in: the host's or the container's.
#ifndef ETUN_CNI_PLACE_HPP
#define ETUN_CNI_PLACE_HPP

#include "libetun/link.hpp"
#include "libetun/net_namespace.hpp"
#include "libetun/route_socket.hpp"

#include <optional>
#include <string>

namespace etun::cni {

/// A namespace, and a socket for rtnetlink in it.
class Place {
public:
	/// The namespace that the runtime calls us in. Throws a CniError.
	static Place host();
	/// The container's, at \p path. Throws a CniError: unknown_container when it is not there.
	static Place container(const std::string &path);

	const NetNamespace &netns() const { return netns_; }

	/// Carries out \p message. Throws a CniError that names \p what.
	void ask(const Message &message, const std::string &what);
	/// The link called \p name; nothing when there is none.
	std::optional<Link> find(const std::string &name);
	/// The same; it has to be there.
	Link link(const std::string &name);
	RouteSocket &socket() { return socket_; }

	/// Writes a setting, \p path below /proc/sys/net, unless it has that value. One that is not there is left
	/// alone, as its protocol is not there then.
	void set(const std::string &path, const std::string &value);

private:
	Place(NetNamespace netns, RouteSocket socket) : netns_(std::move(netns)), socket_(std::move(socket)) {}

	NetNamespace netns_;
	RouteSocket socket_;
};

} // namespace etun::cni

#endif
