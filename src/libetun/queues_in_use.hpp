// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// How many of its queues a device uses, as `ethtool -l` shows and `ethtool -L` sets.
#ifndef ETUN_LIBETUN_QUEUES_IN_USE_HPP
#define ETUN_LIBETUN_QUEUES_IN_USE_HPP

#include "libetun/ethtool_socket.hpp"

namespace etun {

/// Queues in use; what there is room for says Link.
struct QueuesInUse {
	unsigned rx = 0, tx = 0;

	bool operator==(const QueuesInUse &) const = default;
};

/// Those of the device \p name.
Outcome<QueuesInUse> read_queues_in_use(const EthtoolSocket &socket, const std::string &name);
/// Uses so many from now on. EINVAL when there is no room for them, or a program does not allow it. Needs
/// CAP_NET_ADMIN.
Outcome<Done> set_queues_in_use(const EthtoolSocket &socket, const std::string &name, QueuesInUse queues);

} // namespace etun

#endif
