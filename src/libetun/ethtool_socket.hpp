// SPDX-License-Identifier: GPL-2.0-only
/// \file
/// Requests of ethtool's older interface (SIOCETHTOOL): netlink does not offer a driver's own counters.
#ifndef ETUN_LIBETUN_ETHTOOL_SOCKET_HPP
#define ETUN_LIBETUN_ETHTOOL_SOCKET_HPP

#include "libetun/descriptor.hpp"
#include "libetun/error.hpp"
#include "libetun/net_namespace.hpp"

#include <string>
#include <string_view>

namespace etun {

/// It belongs to the namespace that it was opened in, wherever its owner goes.
class EthtoolSocket {
public:
	/// Opens one in \p where.
	static Outcome<EthtoolSocket> open(const NetNamespace &where);

	/// Carries out \p request, which the kernel fills in, for the device \p name. \p what says of a failure what
	/// could not be done.
	Outcome<Done> ask(const std::string &name, void *request, std::string_view what) const;

private:
	explicit EthtoolSocket(Descriptor socket) : socket_(std::move(socket)) {}

	Descriptor socket_;
};

} // namespace etun

#endif
