// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// The numbers by which one network namespace knows others.
#ifndef ETUN_LIBETUN_NETNS_ID_HPP
#define ETUN_LIBETUN_NETNS_ID_HPP

#include "libetun/route_socket.hpp"

namespace etun {

/// Asks how the namespace of the socket numbers the one of \p descriptor.
Message get_netns_id(int descriptor);
/// Asks for the namespace of that number.
Message get_netns(int id);
/// Reads the answer to either; -1 for a namespace that has no number. EBADMSG when there is none in it.
Outcome<int> read_netns_id(const nlmsghdr *message);

/// How the namespace of \p socket numbers \p netns; -1 when it has no number for it.
Outcome<int> netns_id(RouteSocket &socket, const NetNamespace &netns);
/// Whether a namespace of the number \p id is there; false for one that is being destroyed.
Outcome<bool> is_netns_there(RouteSocket &socket, int id);

} // namespace etun

#endif
